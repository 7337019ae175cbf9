"""Labels of any integer type count alike, and every refusal says how to get valid labels."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.labels import check_classes
from cnnlab.layers import Flatten, Linear
from cnnlab.losses import multiclass_svm, softmax_cross_entropy
from cnnlab.net import Sequential
from cnnlab.train import steps, train
from helpers.training import images, quiet

KINDS = ["u1", "i1", "<i2", ">i2", "<u4", ">u4", "<i8", ">i8", "<u8", ">u8"]


@given(
    kind=st.sampled_from(KINDS),
    classes=st.integers(2, 300),
    seed=st.integers(0, 2**16),
    step=st.sampled_from([1, 2, -1]),
    writeable=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_labels_of_every_integer_kind_order_and_stride_are_the_same_int64(
    kind, classes, seed, step, writeable
):
    labels = np.random.default_rng(seed).integers(0, min(classes, np.iinfo(kind).max), 30)
    given_labels = np.empty(60, kind)[::2]
    given_labels[...] = labels
    given_labels.flags.writeable = writeable
    taken = check_classes(given_labels[::step], len(labels[::step]), classes)
    assert taken.dtype == np.int64 and taken.dtype.isnative
    np.testing.assert_array_equal(taken, labels[::step])


@pytest.mark.parametrize("loss", [softmax_cross_entropy, multiclass_svm])
def test_losses_are_the_same_for_labels_of_every_kind(loss, rng):
    scores, labels = rng.standard_normal((6, 2)), np.array([0, 1, 1, 0, 1, 0])
    value, dscores = loss(scores, labels)
    for kind in KINDS:
        again, gradient = loss(scores, labels.astype(kind))
        assert again == value
        np.testing.assert_array_equal(gradient, dscores)
    assert loss(scores.astype(">f8"), labels)[0] == pytest.approx(value, rel=1e-6)


def test_a_net_learns_the_same_from_bytes_and_from_big_endian_labels():
    x, y = images()
    histories = [
        train(net_of(3), (x, y.astype(kind)), epochs=2, batch_size=8, **quiet)
        for kind in ("i8", "u1", ">i2")
    ]
    assert histories[0].loss == histories[1].loss == histories[2].loss
    assert histories[0].train_accuracy == histories[1].train_accuracy == histories[2].train_accuracy


def net_of(K):
    return Sequential(Flatten(), Linear(K), input_shape=(4, 3, 1))


Y = np.array([0, 2, 1, 2, 0, 1])
FOLLOWED = {
    "one-hot": np.eye(3)[Y],
    "one-hot bytes": np.eye(3, dtype=np.uint8)[Y],
    "one-hot of bools": np.eye(3, dtype=bool)[Y],
    "a column": Y[:, None],
    "a column of floats": Y[:, None].astype(float),
    "a row": Y[None],
    "a row of text": np.array(["cat", "dog", "owl"])[Y][None],
    "floats": Y.astype(np.float32),
    "bools": Y > 0,
    "objects": Y.astype(object),
    "from one on": Y + 1,
    "from one on, as bytes": (Y + 1).astype(np.uint8),
    "text": np.array(["cat", "dog", "owl"])[Y],
    "text as objects": np.array(["cat", "dog", "owl"], object)[Y],
    "bytes of text": np.array([b"cat", b"dog", b"owl"])[Y],
}


@pytest.mark.parametrize("labels", FOLLOWED.values(), ids=FOLLOWED)
def test_the_way_out_leads_to_labels_that_count(labels):
    wanted = labels.astype(int) if labels.dtype == bool and labels.ndim == 1 else Y
    for _ in range(2):  # a way may lead past a second gate, but not past more
        with pytest.raises(ValueError) as refused:
            check_classes(labels, 6, 3)
        labels = follow(str(refused.value), labels)
        try:
            np.testing.assert_array_equal(check_classes(labels, 6, 3), wanted)
            return
        except ValueError:
            continue
    pytest.fail("the advice led nowhere")


def follow(sentence, labels):
    """What the expression of a refusal makes of the labels."""
    (code,) = re.findall(r"(?:by|use|as in names, labels =|with) ((?:labels|np)\b.*)$", sentence)
    found = eval(code, {"np": np}, {"labels": labels})
    return found[1] if isinstance(found, tuple) else found


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (
            np.eye(3)[Y],
            (
                r"labels have shape \(6, 3\), but 6 images need \(6,\): one-hot .* "
                r"labels.argmax\(axis=1\)"
            ),
        ),
        (Y[:5], r"labels have shape \(5,\), but 6 images need \(6,\): give one label for each"),
        (5, r"labels have shape \(\), but 6 images"),
        (
            Y - 1,
            "label -1 at position 0 is not a class from 0 to 2: 2 of 6 .* leave their images out",
        ),
        (np.where(Y == 2, 9, Y), "label 9 at position 1 .* more outputs, at least 10"),
        (np.array([2**63] * 6, np.uint64), "label 9223372036854775808 at position 0"),
        (
            [0, 1, np.nan, 2, 0, 1],
            "label nan at position 2 is not an integer: give integers from 0 to 2",
        ),
        ([0, 1, 0.5, 2, 0, 1], "label 0.5 at position 2 is not an integer"),
        ([0, 1, np.inf, 2, 0, 1], "label inf at position 2"),
        (np.array([0, None, 1, 2, 0, 1], object), "label None at position 1"),
        (
            np.array(["ox", "cat"] * 3),
            "labels hold text, such as 'ox', not integers: number the classes",
        ),
        (Y.astype(complex), "labels hold complex128 values, not integers: give"),
        (Y.astype("M8[s]"), "labels hold datetime64"),
    ],
)
def test_what_is_no_label_is_refused_by_name(labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        check_classes(labels, 6, 3, "images")


@pytest.mark.parametrize("start", [train, lambda *a, **k: steps(*a, epochs=1, batch_size=2)])
@pytest.mark.parametrize("labels", FOLLOWED.values(), ids=FOLLOWED)
def test_training_refuses_the_same_labels_before_the_first_step(start, labels):
    net, x = net_of(3), np.ones((6, 4, 3, 1))
    before = net.params["1.weight"].copy()
    with pytest.raises(ValueError, match="label"):
        start(net, (x, labels), epochs=1, batch_size=2, **quiet)
    np.testing.assert_array_equal(net.params["1.weight"], before)
