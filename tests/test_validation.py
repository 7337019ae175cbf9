"""Numbers of any type mean the same everywhere; seeds and dtypes are refused in one sentence."""

import numpy as np
import pytest

from cnnlab import validation
from cnnlab.layers import Dropout, Flatten, FractionalMaxPool2d, Linear
from cnnlab.net import Sequential, load
from cnnlab.train import steps, train
from helpers.training import images, quiet, same, small_net, values

WHOLE = [2, np.int64(2), np.uint8(2), np.array(2)]
REAL = [2.0, np.float32(2), np.float64(2), np.array(2.0)]
NEITHER = [True, np.True_, np.array(True), "2", None, [2], np.array([2]), 2j, np.complex64(2)]


@pytest.mark.parametrize("value", WHOLE + REAL + NEITHER, ids=repr)
def test_what_is_a_number_and_what_is_an_integer(value):
    kinds = [any(value is one for one in kind) for kind in (WHOLE, REAL)]
    assert validation.is_integer(value) == kinds[0]
    assert validation.is_number(value) == any(kinds)
    if kinds[0]:
        assert validation.integer("size", value) == 2
    else:
        with pytest.raises(ValueError, match="size must be a positive integer, not "):
            validation.integer("size", value)


BAD_SEEDS = ["a", -1, 2.0, True, np.array(2.0), np.nan, np.array([1, -1])]


@pytest.mark.parametrize("seed", BAD_SEEDS, ids=repr)
@pytest.mark.parametrize(
    "call", [small_net, lambda seed: steps(small_net(), images(), epochs=1, seed=seed)]
)
def test_a_seed_that_is_none_is_refused_at_once(call, seed):
    with pytest.raises(
        ValueError, match=r"seed must be a non-negative integer, or None for another each time"
    ):
        call(seed=seed)


def test_a_seed_is_the_same_whatever_kind_of_whole_number_it_is():
    nets = [small_net(seed=seed) for seed in WHOLE]
    for net in nets:
        train(net, images(), epochs=1, seed=net.seed, **quiet)
    assert all(same(values(net), values(nets[0])) for net in nets)
    assert all(type(net.seed) is int for net in nets)


def test_without_a_seed_every_net_and_every_order_is_another(tmp_path):
    one, other = (
        Sequential(Flatten(), Linear(3), input_shape=(4, 3, 1), seed=None) for _ in range(2)
    )
    assert not np.array_equal(one.params["1.weight"], other.params["1.weight"])
    again = load(one.save(tmp_path / "net.npz"))
    assert again.seed is None and np.array_equal(again.params["1.weight"], one.params["1.weight"])
    losses = [
        train(small_net(), images(40), epochs=1, batch_size=10, seed=None, **quiet).loss
        for _ in range(2)
    ]
    assert losses[0] != losses[1]


@pytest.mark.parametrize(
    "dtype", ["banana", None, True, np.float16, int, ">f4", 3, complex], ids=repr
)
def test_a_dtype_that_no_net_has_is_refused_at_once(dtype):
    with pytest.raises(ValueError, match=r"dtype must be float32 or float64, not "):
        small_net(dtype=dtype)


@pytest.mark.parametrize(
    "dtype", [float, "float32", np.float64, np.dtype("f4"), "double"], ids=repr
)
def test_a_dtype_may_be_written_in_any_way(dtype):
    assert small_net(dtype=dtype).forward(images()[0]).dtype == np.dtype(dtype)


@pytest.mark.parametrize("seed", ["a", -1, None, 2.0, True], ids=repr)
def test_a_pooling_needs_a_seed_of_its_own(seed):
    with pytest.raises(ValueError, match=r"seed must be a non-negative integer, not "):
        Sequential(FractionalMaxPool2d(seed=seed), Dropout(0.1), input_shape=(6, 6, 1))
