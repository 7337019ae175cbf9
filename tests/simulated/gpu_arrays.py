"""Arrays on the simulated GPU: NumPy's arithmetic and types, and no write is lost."""

from copy import copy

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.kernels.gpu import device


def test_arithmetic_of_numpy_runs_there_and_what_it_cannot_do_is_fetched():
    a = np.arange(6.0, dtype=np.float32).reshape(2, 3)
    there, row = device.asarray(a), np.array([1, 2, 3], np.float32)
    for ours, truth in (
        (there * 2 + row, a * 2 + row),
        (2 - there, 2 - a),
        (np.sqrt(there), np.sqrt(a)),
    ):
        assert isinstance(ours, device.DeviceArray)
        np.testing.assert_allclose(np.asarray(ours), truth)
    there += there
    there[1:] = 0
    np.testing.assert_array_equal(there.numpy(), [[0, 2, 4], [0, 0, 0]])
    assert there.sum() == 6 and isinstance(np.isfinite(there), np.ndarray)


def test_arithmetic_has_numpys_types():
    half, double = np.full(3, 0.5, np.float32), np.full(3, 0.1)
    whole, few = np.array([1, 2, 3]), np.array([100, 200], np.uint8)
    for call, arrays in (
        (lambda a, b: a * b, (whole, half)),
        (lambda a, b: a + b, (half, double)),
        (lambda a, b: a + b, (double, half)),
        (lambda a: a / 2, (whole,)),
        (lambda a: a / 255, (few,)),
        (lambda a: np.sqrt(a), (whole,)),
        (lambda a: a + 1, (whole > 1,)),
        (lambda a: a >= 2, (half * whole,)),
    ):
        truth, ours = call(*arrays), call(*map(device.asarray, arrays))
        np.testing.assert_array_equal(np.asarray(ours), truth)
        assert ours.dtype == truth.dtype
    total = np.zeros((3, 2), np.float32).T
    total += device.asarray(np.ones((2, 3), np.float32))
    assert total.sum() == 6
    with pytest.raises(TypeError, match="cannot write"):
        whole = device.asarray(whole)
        whole += device.asarray(half)


@pytest.mark.parametrize("shift", [slice(None, 1), slice(None, -1), slice(1, None)])
def test_arithmetic_in_place_reads_before_it_writes(shift):
    ours, truth = (
        device.asarray(np.array([1, 2, 4, 8], np.float32)),
        np.array([1, 2, 4, 8], np.float32),
    )
    for a in (ours, truth):
        part = a if shift == slice(None, 1) else a[1:] if shift == slice(None, -1) else a[:-1]
        part -= a[shift]
        part = part[1:]
        part[...] = a[: len(part)]
    np.testing.assert_array_equal(ours.numpy(), truth)


def test_nothing_is_written_into_a_fetched_copy_needlessly():
    a = device.asarray(np.array([[1, 2], [4, 8]], np.float32))
    for writing in (
        lambda: np.clip(a, 0, 3, out=a),
        lambda: np.copyto(a, 0),
        lambda: np.add.at(a, 0, 1),
        lambda: np.nan_to_num(a, copy=False),
        lambda: np.sum(a, axis=0, out=a[0:1]),
        lambda: a[0].fill(0),
        lambda: a.T.__setitem__(..., 0),
        lambda: next(iter(a)).__setitem__(..., 0),
    ):
        with pytest.raises((TypeError, ValueError), match=r"cannot write|read-only"):
            writing()
    assert a.sum() == 15


def test_arrays_there_are_true_numbers_and_shapes_as_numpys_are():
    one, two = device.asarray(np.zeros(1, np.float32)), device.asarray(np.ones(2, np.float32))
    assert not one and int(device.asarray(np.full(1, 3.0))) == 3
    with pytest.raises(ValueError, match="ambiguous"):
        bool(two)
    assert np.zeros_like(two, np.float64).dtype == np.float64
    with pytest.raises(ValueError, match=r"shape \(2,\) cannot take the shape \(3,\)"):
        two.reshape(3)
    with pytest.raises(ValueError, match="must agree"):
        device.empty((0, 3)).reshape(7)
    copied = copy(two)
    copied[...] = 5
    assert two.sum() == 2


def test_channels_are_taken_into_either_memory():
    x = np.arange(12, dtype=np.float32).reshape(2, 6)
    for there in (x, device.asarray(x)):
        for out in (np.zeros((3, 2), np.float32).T, device.empty((2, 3))):
            np.testing.assert_array_equal(
                np.asarray(ops.take_channels(there, 1, 4, out=out)), x[:, 1:4]
            )
