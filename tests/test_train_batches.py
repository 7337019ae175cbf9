"""The batches of an epoch: a last one of a single image, small data sets, drop_last."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.layers import BatchNorm2d, Flatten, Linear
from cnnlab.net import Sequential
from cnnlab.train import steps, train
from cnnlab.train.stream import batch_spans
from helpers.training import images, quiet, same, small_net, values


def flat_norm():
    return Sequential(Flatten(), Linear(4), BatchNorm2d(), Linear(3), input_shape=(4, 3, 1))


NETS = {True: flat_norm(), False: small_net()}


@given(N=st.integers(1, 40), size=st.integers(1, 12), drop=st.booleans(), needs_two=st.booleans())
def test_spans_cover_every_image_once_and_no_normalisation_meets_a_single_one(
    N, size, drop, needs_two
):
    size = min(size, N)
    if needs_two and size == 1:
        with pytest.raises(ValueError, match=r"layer 2, BatchNorm2d\(\), .* at least 2 images"):
            batch_spans(NETS[True], N, size, drop)
        return
    spans = batch_spans(NETS[needs_two], N, size, drop)
    assert [i for start, end in spans for i in range(start, end)] == list(
        range(N - N % size if drop else N)
    )
    lengths = [end - start for start, end in spans]
    assert set(lengths[:-1]) <= {size} and lengths[-1] <= size + needs_two
    assert not needs_two or min(lengths) > 1


@pytest.mark.parametrize(("N", "sizes"), [(9, [4, 5]), (10, [4, 4, 2]), (8, [4, 4]), (5, [5])])
def test_a_single_image_left_over_joins_the_batch_before_and_is_counted(N, sizes):
    taken = list(steps(flat_norm(), images(N), epochs=2, batch_size=4))
    assert [step.images for step in taken] == 2 * sizes
    assert [step.last for step in taken] == 2 * ([False] * (len(sizes) - 1) + [True])
    assert len(train(flat_norm(), images(N), epochs=2, batch_size=4, **quiet).loss) == 2 * len(
        sizes
    )


def test_drop_last_leaves_the_smaller_batch_out():
    taken = list(steps(flat_norm(), images(9), epochs=1, batch_size=4, drop_last=True))
    assert [step.images for step in taken] == [4, 4] and taken[-1].last
    history = train(small_net(), images(10), epochs=2, batch_size=4, drop_last=True, **quiet)
    assert len(history.loss) == 4 and len(history.train_loss) == 2


def test_what_no_batch_can_serve_is_refused_before_anything_changes():
    net = flat_norm()
    before = values(net)
    for data, options in (
        (images(1), {}),
        (images(6), {"batch_size": 1}),
        (images(6), {"batch_size": 1, "drop_last": True}),
    ):
        with pytest.raises(ValueError, match=r"layer 2, BatchNorm2d\(\)"):
            train(net, data, epochs=1, **options, **quiet)
    assert same(values(net), before)


@pytest.mark.parametrize("N", [1, 7, 70])
def test_the_usual_batch_fits_few_images(N):
    sizes = [step.images for step in steps(small_net(), images(N), epochs=1)]
    assert sizes == [64, 6] if N == 70 else sizes == [N]
    assert np.isfinite(train(small_net(), images(N), epochs=1, **quiet).loss).all()
