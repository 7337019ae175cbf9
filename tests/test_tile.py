"""The tiled kernels against the reference in float64: every shape, no write out of bounds."""

import json
import os
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

pytest.importorskip("numba")
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.kernels import threads
from cnnlab.kernels.cpu.tiles import conv as tile
from cnnlab.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnlab.losses import softmax_cross_entropy
from cnnlab.net import Sequential
from cnnlab.optim import Adam
from cnnlab.shapes import MisfitError
from cnnlab.train.stream import train_step

GUARD = np.float32(12345.0)


def guarded(shape):
    """An array that lies between guards, and the array with the guards."""
    size = int(np.prod(shape))
    whole = np.full(size + 128, GUARD)
    return whole[64 : 64 + size].reshape(shape), whole


def untouched(whole):
    return (whole[:64] == GUARD).all() and (whole[-64:] == GUARD).all()


@pytest.fixture
def spied(monkeypatch):
    """Every work array of the kernels lies between guards, too; gives the list of them."""
    made = []

    def scratch(shape, dtype, name=""):
        array, whole = guarded(shape)
        made.append((name, whole))
        return array

    monkeypatch.setattr(tile, "scratch", scratch)
    return made


@st.composite
def convolutions(draw):
    number = lambda low, high: draw(st.integers(low, high))  # noqa: E731
    groups = draw(st.sampled_from([1, 1, 1, 2, 3, 17]))
    images, channels = draw(st.sampled_from([1, 2, 3, 19])), 1 if groups == 17 else number(1, 18)
    x = images, number(1, 14), number(1, 14), groups * channels
    w = (
        groups * (number(1, 2) if groups == 17 else number(1, 40)),
        number(1, 4),
        number(1, 4),
        x[3] // groups,
    )
    options = {
        name: (number(low, high), number(low, high))
        for name, low, high in (("stride", 1, 3), ("dilation", 1, 2))
    }
    return (
        x,
        w,
        {
            **options,
            "padding": ((number(0, 3), number(0, 3)), (number(0, 3), number(0, 3))),
            "groups": groups,
        },
    )


def assert_same(ours, truth, terms):
    """Equal up to what float32 rounds in a sum of so many products; NaN and infinities at the same
    places.

    The products are about as large as 1, and so is what is rounded, however small the sum.
    """
    size = np.abs(truth[np.isfinite(truth)]).max(initial=1)
    np.testing.assert_allclose(ours, truth, rtol=1e-5, atol=1e-6 * np.sqrt(terms) * size)


def compared(x_shape, w_shape, options, seed, hole=None):
    """y, dx, dw of tiles and of the reference in float64, from numbers among which ``hole`` is one.

    With a hole nothing is padded: whether NaN times the 0 outside counts is left open.
    """
    options = {**options, "padding": 0} if hole is not None else options
    rng = np.random.default_rng(seed)
    x, w = (rng.standard_normal(shape).astype(np.float32) for shape in (x_shape, w_shape))
    b = rng.standard_normal(w_shape[0]).astype(np.float32)
    if hole is not None:
        x.ravel()[rng.integers(x.size)] = hole
    truth = ops.conv2d(
        x.astype(float), w.astype(float), b.astype(float), **options, backend="numpy"
    )
    dy = rng.standard_normal(truth.shape).astype(np.float32)
    if hole is not None:
        dy.ravel()[rng.integers(dy.size)] = hole
    gradients = ops.conv2d_backward(
        dy.astype(float), x.astype(float), w.astype(float), **options, backend="numpy"
    )
    outs = [guarded(shape) for shape in (truth.shape, x_shape, w_shape, w_shape[:1])]
    (y, _), *rest = outs
    ops.conv2d(x, w, b, **options, out=y, backend="tiled")
    ops.conv2d_backward(dy, x, w, **options, out=tuple(array for array, _ in rest), backend="tiled")
    assert all(untouched(whole) for _, whole in outs)
    terms = w[0].size, dy[0, ..., 0].size * w_shape[0], dy[..., 0].size
    return zip([array for array, _ in outs[:3]], [truth, *gradients[:2]], terms, strict=True)


@pytest.mark.slow
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(convolutions(), st.integers(0, 99), st.sampled_from([None, None, np.nan, np.inf]))
def test_tiles_give_what_the_reference_gives_and_write_nowhere_else(spied, shapes, seed, hole):
    spied.clear()
    try:
        with np.errstate(invalid="ignore"):
            for ours, truth, terms in compared(*shapes, seed, hole):
                assert_same(ours, truth, terms)
    except MisfitError:
        return  # no window fits: other tests ask what is said then
    assert all(untouched(whole) for _, whole in spied), [
        name for name, whole in spied if not untouched(whole)
    ]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_one_large_image_and_many_are_cut_over_threads_the_same_from_run_to_run(count, monkeypatch):
    monkeypatch.setattr(threads, "_count", count)
    for shape in ((1, 40, 40, 16), (7, 24, 24, 16)):
        options = {"padding": 1}
        first, again = (list(compared(shape, (32, 3, 3, 16), options, 0)) for _ in range(2))
        for (ours, truth, terms), (second, _, _) in zip(first, again, strict=True):
            assert_same(ours, truth, terms)
            np.testing.assert_array_equal(ours, second)


@pytest.mark.slow
def test_threads_that_convolve_at_the_same_time_do_not_share_their_work_arrays():
    def many(seed):
        return [
            list(compared((4, 20, 20, 8), (24, 3, 3, 8), {"padding": 1}, seed + k))
            for k in range(20)
        ]

    with ThreadPoolExecutor(3) as pool:
        for results in pool.map(many, (0, 100, 200)):
            for ours, truth, terms in (one for result in results for one in result):
                assert_same(ours, truth, terms)


def test_blocks_of_rows_that_do_not_divide_the_image_are_whole(monkeypatch):
    monkeypatch.setattr("cnnlab.kernels.cpu.tiles.plan.BLOCK", 2000)
    for stride in (1, 2):
        for ours, truth, terms in compared(
            (2, 23, 19, 13), (21, 3, 3, 13), {"padding": 2, "stride": stride}, 1
        ):
            assert_same(ours, truth, terms)


def small_net():
    layers = (
        Conv2d(20, 3, padding=1),
        ReLU(),
        MaxPool2d(2),
        Conv2d(24, 3),
        ReLU(),
        Flatten(),
        Linear(3),
    )
    return Sequential(*layers, input_shape=(12, 12, 1))


@pytest.mark.slow
def test_a_step_of_training_keeps_its_arrays():
    rng = np.random.default_rng(0)
    x, y, net, optimizer = (
        rng.random((64, 12, 12, 1), np.float32),
        rng.integers(0, 3, 64),
        small_net(),
        Adam(1e-3),
    )
    for _ in range(3):
        train_step(net, x, y, optimizer, softmax_cross_entropy)
    tracemalloc.start()
    try:
        train_step(net, x, y, optimizer, softmax_cross_entropy)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        train_step(net, x, y, optimizer, softmax_cross_entropy)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak < 64 * 12 * 12 * 4  # less than one channel of the first layer's output


TRAIN = """
import numpy as np
from cnnlab import Adam, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, train
net = Sequential(Conv2d(20, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(3), input_shape=(12, 12, 1))
rng = np.random.default_rng(0)
data = rng.random((8, 12, 12, 1), np.float32), rng.integers(0, 3, 8)
train(net, data, epochs=1, batch_size=4, progress=False)
"""
SWEEP = """
import json, numpy as np
from cnnlab import ops
from cnnlab.kernels.cpu.tiles import simd
rng, worst = np.random.default_rng(0), 0
for C, K, S in ((1, 5, 1), (3, 20, 2), (16, 33, 1)):
    x = rng.standard_normal((2, 9, 10, C)).astype("f4")
    w = rng.standard_normal((K, 3, 3, C)).astype("f4")
    y = ops.conv2d(x, w, stride=S, padding=1, backend="tiled")
    truth = ops.conv2d(x.astype(float), w.astype(float), stride=S, padding=1, backend="numpy")
    found = [(y, truth)]
    dy = rng.standard_normal(y.shape).astype("f4")
    ours = ops.conv2d_backward(dy, x, w, stride=S, padding=1, backend="tiled")
    given = [a.astype(float) for a in (dy, x, w)]
    found += zip(ours, ops.conv2d_backward(*given, stride=S, padding=1, backend="numpy"))
    worst = max(worst, *(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in found))
print(json.dumps([simd.width(), worst]))
"""


def python(code, **environment):
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_second_process_compiles_nothing(tmp_path):
    environment = {"NUMBA_CACHE_DIR": str(tmp_path), "NUMBA_DEBUG_CACHE": "1"}
    first, second = python(TRAIN, **environment), python(TRAIN, **environment)
    assert "walk.convolve" in first and "data saved" in first
    assert "data loaded" in second and "data saved" not in second


@pytest.mark.slow
@pytest.mark.parametrize("width", [4, 8, 16])
def test_vectors_of_another_width_give_the_same(width):
    found, worst = json.loads(python(SWEEP, CNNLAB_VECTOR=str(width)))
    assert found == width and worst < 1e-5
