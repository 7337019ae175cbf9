"""The GPU's kernels in the simulator: sizes that no tile divides, every number written once."""

from collections import Counter
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba.cuda.simulator.cudadrv.devicearray import FakeWithinKernelCUDAArray
from numba.cuda.simulator.kernel import FakeCUDAKernel

import cnnlab
from cnnlab import kernels, ops
from cnnlab.kernels.gpu import device, gemm
from cnnlab.kernels.window import Window

REFERENCE = kernels.get_backend("numpy")


@pytest.fixture
def launches(monkeypatch):
    """What every launch writes: a list of Counters of (array, place)."""
    found, configure, write = [], FakeCUDAKernel.__getitem__, FakeWithinKernelCUDAArray.__setitem__

    def configured(kernel, shape):
        found.append(Counter())
        return configure(kernel, shape)

    def written(array, place, value):
        item = array.__dict__["_item"]
        found[-1][
            item._ary.ctypes.data if hasattr(item, "_ary") else item.ctypes.data, str(place)
        ] += 1
        write(array, place, value)

    monkeypatch.setattr(FakeCUDAKernel, "__getitem__", configured)
    monkeypatch.setattr(FakeWithinKernelCUDAArray, "__setitem__", written)
    return found


X, DY = (2, 5, 7, 3), (2, 3, 3, 5)
WINDOW = Window(kernel=(3, 2), stride=(1, 2), pad_before=(0, 1), dilation=(1, 1))
CALLS = {
    "conv2d": ([X, (5, 3, 2, 3), (5,)], [(2, 3, 4, 5)], (WINDOW, 1)),
    "conv2d_dx": ([(2, 3, 4, 5), (5, 3, 2, 3)], [X], (WINDOW, 1)),
    "conv2d_dw": ([X, (2, 3, 4, 5)], [(5, 3, 2, 3)], (WINDOW, 1)),
    "im2col": ([X], [(2, 3, 4, 3, 2, 3)], (WINDOW,)),
    "col2im": ([(2, 3, 4, 3, 2, 3)], [X], (WINDOW,)),
    "locally_connected2d": ([X, (3, 4, 2, 3, 2, 3), (3, 4, 2)], [(2, 3, 4, 2)], (WINDOW,)),
    "locally_connected2d_dx": ([(2, 3, 4, 2), (3, 4, 2, 3, 2, 3)], [X], (WINDOW,)),
    "locally_connected2d_dw": ([X, (2, 3, 4, 2)], [(3, 4, 2, 3, 2, 3)], (WINDOW,)),
    "max_pool2d": ([X], [(2, 3, 4, 3), (2, 3, 4, 3)], (WINDOW,)),
    "avg_pool2d": ([X, (3, 4)], [(2, 3, 4, 3)], (WINDOW,)),
    "avg_pool2d_backward": ([(2, 3, 4, 3), (3, 4)], [X], (WINDOW,)),
    "lp_pool2d": ([X], [(2, 3, 4, 3)], (3.0, WINDOW)),
    "relu": ([X], [X], ()),
    "relu_backward": ([X, X], [X], ()),
    "linear": ([(5, 7), (3, 7), (3,)], [(5, 3)], ()),
    "linear_dx": ([(5, 3), (3, 7)], [(5, 7)], ()),
    "linear_dw": ([(5, 7), (5, 3)], [(3, 7)], ()),
    "channel_sums": ([(23, 5)], [(5,)], ()),
    "moments": ([(23, 5)], [(5,), (5,)], ()),
    "normalise": ([(9, 5), (5,), (5,), (5,), (5,)], [(9, 5)], ()),
    "normalise_backward": ([(9, 5), (9, 5), (5,), (5,), (5,)], [(9, 5), (5,), (5,)], ()),
}


@pytest.mark.parametrize("name", CALLS)
def test_results_are_those_of_the_reference_and_each_is_written_once(name, launches):
    shapes, results, numbers = CALLS[name]
    rng = np.random.default_rng(0)
    inputs = [rng.uniform(0.5, 2, shape).astype(np.float32) for shape in shapes]
    kinds = [np.float32, np.int32] if name == "max_pool2d" else [np.float32] * len(results)
    ours, truth = (
        [np.full(shape, 7, kind) for shape, kind in zip(results, kinds, strict=True)]
        for _ in range(2)
    )
    getattr(kernels.get_backend("cuda"), name)(*inputs, *ours, *numbers)
    getattr(REFERENCE, name)(*inputs, *truth, *numbers)
    for a, b in zip(ours, truth, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-4)
    assert launches and all(set(launch.values()) == {1} for launch in launches)
    assert sum(len(launch) for launch in launches) >= sum(a.size for a in ours)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_convolutions_of_random_shapes_are_those_of_the_reference(data):
    number = lambda low, high: data.draw(st.integers(low, high))  # noqa: E731
    groups = number(1, 2)
    x, w = (
        (number(1, 2), number(3, 6), number(3, 6), groups * number(1, 3)),
        (groups * number(1, 3), *(number(1, 3),) * 2),
    )
    options = {"stride": number(1, 3), "padding": number(0, 2), "dilation": 1, "groups": groups}
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal(x), rng.standard_normal((*w, x[3] // groups))
    y = ops.conv2d(x, w, **options, backend="numpy")
    np.testing.assert_allclose(ops.conv2d(x, w, **options, backend="cuda"), y, atol=1e-9)
    truth = ops.conv2d_backward(y, x, w, **options, backend="numpy")
    for ours, theirs in zip(
        ops.conv2d_backward(y, x, w, **options, backend="cuda"), truth, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, atol=1e-9)


@pytest.mark.parametrize("tile", [gemm.SMALL, gemm.LARGE], ids=["small", "large"])
def test_the_tiles_of_a_real_gpu_give_the_same(tile, monkeypatch):
    monkeypatch.setattr(gemm, "tile_for", lambda M, N, batches: tile)
    rng = np.random.default_rng(0)
    tall, deep = tile.rows + 2, tile.depth + 1  # more than one block, and more than one slice
    shapes = {
        "linear": ((tall, deep), (3, deep), (3,), (tall, 3)),
        "linear_dx": ((3, deep), (deep, tall), (3, tall)),
        "linear_dw": ((deep, tall), (deep, 3), (3, tall)),
    }
    for name, (*inputs, shape) in shapes.items():
        inputs = [rng.standard_normal(one).astype(np.float32) for one in inputs]
        ours, truth = np.full(shape, 7, np.float32), np.empty(shape, np.float32)
        getattr(kernels.get_backend("cuda"), name)(*inputs, ours)
        getattr(REFERENCE, name)(*inputs, truth)
        np.testing.assert_allclose(ours, truth, rtol=1e-4, atol=1e-4, err_msg=name)


def test_the_gradient_of_weights_in_many_shares_is_the_same(monkeypatch):
    monkeypatch.setattr("cnnlab.kernels.gpu.conv.SHARE", 4)
    rng = np.random.default_rng(0)
    x, dy = rng.standard_normal((2, 5, 5, 2)), rng.standard_normal((2, 3, 3, 4))
    ours, truth = np.empty((4, 3, 3, 2)), np.empty((4, 3, 3, 2))
    for module, dw in ((kernels.get_backend("cuda"), ours), (REFERENCE, truth)):
        module.conv2d_dw(x, dy, dw, Window((3, 3), (1, 1), (0, 0), (1, 1)), 1)
    np.testing.assert_allclose(ours, truth)


@pytest.mark.parametrize("stride, padding, dilation", [(2, 1, 1), (1, 0, 2), (3, 0, 1)])
def test_max_pooling_with_windows_that_are_known_writes_each_gradient_once(
    stride, padding, dilation, launches
):
    x = np.random.default_rng(0).integers(0, 3, (2, 7, 8, 3)).astype(np.float32)
    sizes, options = (3, stride, padding), {"dilation": dilation}
    y, switches = ops.max_pool2d(x, *sizes, **options, return_switches=True, backend="numpy")
    dy = np.random.default_rng(1).standard_normal(y.shape).astype(np.float32)
    dx = ops.max_pool2d_backward(dy, switches, x.shape, *sizes, **options, backend="cuda")
    truth = ops.max_pool2d_backward(dy, switches, x.shape, backend="numpy")
    np.testing.assert_allclose(dx, truth, atol=1e-6)
    (launch,) = launches
    assert len(launch) == dx.size and set(launch.values()) == {1}


def test_what_a_step_tells_is_what_numpy_finds_and_a_loss_without_end_closes_the_gate():
    gpu, rng = kernels.get_backend("cuda"), np.random.default_rng(0)
    scores, labels, losses = (
        rng.integers(0, 3, (11, 4)).astype(np.float32),
        rng.integers(0, 4, 11),
        rng.random(11),
    )
    scores[2, 1] = np.nan
    metrics, active = gpu.asarray(np.zeros((2, 2))), gpu.asarray(np.ones(1, np.int32))
    arrays = [gpu.asarray(a) for a in (scores, labels, losses)]
    gpu.record_metrics(*arrays, metrics, 0, active)
    assert active.numpy().tolist() == [1]
    arrays[2][...] = np.where(np.arange(11) == 7, np.inf, losses)
    gpu.record_metrics(*arrays, metrics, 1, active)
    assert active.numpy().tolist() == [0]
    right = (scores.argmax(1) == labels).mean()
    np.testing.assert_allclose(metrics.numpy(), [[losses.mean(), right], [np.inf, right]])


@pytest.mark.parametrize("name", ["avg_pool2d", "lp_pool2d"])
@pytest.mark.parametrize("sizes", [(7, 1, 3, 1), (3, 2, 1, 1), (2, 3, 0, 2), (2, 1, 1, 3)])
def test_pooling_goes_back_to_every_cell_that_a_window_read(name, sizes):
    size, stride, padding, dilation = sizes
    x, options = np.random.default_rng(0).uniform(1, 2, (2, 7, 8, 2)), {"dilation": dilation}
    y = getattr(ops, name)(x, size, stride, padding, **options)
    rest = (x.shape,) if name == "avg_pool2d" else (x, y)
    back = partial(getattr(ops, f"{name}_backward"), y, *rest, size, stride, padding, **options)
    np.testing.assert_allclose(back(backend="cuda"), back(backend="numpy"), atol=1e-12)


def test_columns_of_images_that_lie_there_are_those_of_the_processor_and_go_back():
    x = np.random.default_rng(0).standard_normal((2, 4, 5, 3))
    truth = ops.im2col(x, (2, 3), padding=1)
    columns = ops.im2col(device.asarray(x), (2, 3), padding=1)
    np.testing.assert_array_equal(columns.numpy(), truth)
    back = ops.col2im(columns, x.shape, (2, 3), padding=1)
    np.testing.assert_allclose(back.numpy(), ops.col2im(truth, x.shape, (2, 3), padding=1))


def test_half_of_a_mask_is_dropped_and_another_seed_drops_others():
    masks = [np.empty(400, np.float32) for _ in range(3)]
    for mask, seed in zip(masks, (1, 1, 2), strict=True):
        kernels.get_backend("cuda").dropout_mask(mask, 0.5, seed)
    assert set(masks[0]) == {0, 2} and 140 < (masks[0] == 0).sum() < 260
    assert (masks[0] == masks[1]).all() and 120 < (masks[0] == masks[2]).sum() < 280


def test_times_of_copies_are_measured_on_a_real_gpu_only(monkeypatch):
    with pytest.raises(RuntimeError, match="this GPU is only simulated"):
        cnnlab.copies()
    monkeypatch.setattr(kernels.get_backend("cuda"), "require_real", lambda: None)
    found = cnnlab.copies((1, 3, 3, 1), (1, 2, 2, 1), seconds=0.01)
    assert min(found.send, found.compute, found.fetch) > 0 and str(found).startswith("send ")
