"""The work that benchmarks/gpu.py measures: our calls on arrays that lie on the GPU, and PyTorch's
of the same.
"""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from cnnlab import SGD, kernels, ops
from cnnlab.kernels.window import Window

try:
    import torch
    import torch_side

    LAYOUTS = torch_side.LAYOUTS if torch.cuda.is_available() else {}
except ImportError:
    LAYOUTS = {}

DEVICE = "cuda"  # of PyTorch
LIKE = (
    1e-3  # of the largest number: as near PyTorch's result must be, else its work is not the same
)
FEW = 4  # images that are drawn and compared; a batch repeats them
RANDOM = np.random.default_rng(0)


class Job(NamedTuple):
    """A call of ours, the array it writes, the truth of the FEW images, and its work: operations or
    bytes.
    """

    call: Callable
    found: object
    truth: np.ndarray
    amount: float
    fresh: bool = True  # does the call write all of ``found`` without reading it?


def error(found, truth):
    """The largest difference, as a part of the largest number; a batch repeats the truth of a few
    images.
    """
    return float(
        np.abs(np.asarray(found).reshape(-1, *truth.shape) - truth).max() / np.abs(truth).max()
    )


def error_of(job):
    if job.fresh:
        job.found[...] = float("nan")  # what is not written shows
    job.call()
    return error(job.found, job.truth)


def same_work(call, truth):
    """Does PyTorch's call give the same?"""
    result = call()
    return result is None or error(torch_side.as_ours(result), truth) < LIKE


def room(shape):
    """Bytes of the GPU that the arrays of both sides take."""
    y = -(-shape.size // shape.stride)
    return 20 * shape.N * (shape.size**2 * shape.C + y**2 * shape.K)


def sides(name, arrays, *sizes, layouts=True):
    """PyTorch's calls by layout and direction, by the function of torch_side called ``name``; {}
    without PyTorch.
    """
    arrays = [np.asarray(a) for a in arrays]
    if LAYOUTS and not layouts:
        return {"torch": getattr(torch_side, name)(*arrays, *sizes, device=DEVICE)}
    return {
        key: getattr(torch_side, name)(*arrays, *sizes, layout, device=DEVICE)
        for key, layout in LAYOUTS.items()
    }


def drawn(*shape):
    return RANDOM.standard_normal(shape, np.float32)


def batch_of(few, N):
    """N images on the GPU: the few again and again."""
    return kernels.to_gpu(np.tile(few, (N // len(few), *(1,) * (few.ndim - 1))))


def exact(*arrays):
    return [a.astype(np.float64) for a in arrays]


def square_window(kernel, stride=1, padding=0, dilation=1):
    """The Window that is as high as it is wide."""
    return Window(*((size, size) for size in (kernel, stride, padding, dilation)))


def convolution(shape):
    """Our jobs by direction, and PyTorch's calls by layout and direction."""
    few = min(FEW, shape.N)
    K = shape.K
    F = shape.kernel
    x = drawn(few, shape.size, shape.size, shape.C)
    w = drawn(K, F, F, shape.C // shape.groups)
    b = drawn(K)
    y = ops.conv2d(*exact(x, w, b), **shape.options)
    dy = drawn(*y.shape)
    dx, dw, _ = ops.conv2d_backward(*exact(dy, x, w), **shape.options)
    read = X, W, B, DY = (
        batch_of(x, shape.N),
        *map(kernels.to_gpu, (w, b)),
        batch_of(dy, shape.N),
    )
    Y, DX, DW = (np.empty_like(a) for a in (DY, X, W))
    place = square_window(F, shape.stride, shape.padding, shape.dilation), shape.groups
    kernel, work = kernels.get_backend("cuda"), 2 * Y.size * w[0].size
    return {
        "forward": Job(partial(kernel.conv2d, X, W, B, Y, *place), Y, y, work),
        "dX": Job(partial(kernel.conv2d_dx, DY, W, DX, *place), DX, dx, work),
        "dW": Job(partial(kernel.conv2d_dw, X, DY, DW, *place), DW, dw * (shape.N // few), work),
    }, sides("convolution", read, shape)


def linear(N, D, K):
    few = min(FEW, N)
    x = drawn(few, D)
    w = drawn(K, D)
    b = drawn(K)
    dy = drawn(few, K)
    read = X, W, B, DY = batch_of(x, N), *map(kernels.to_gpu, (w, b)), batch_of(dy, N)
    Y, DX, DW = (np.empty_like(a) for a in (DY, X, W))
    y, (dx, dw, _) = ops.linear(*exact(x, w, b)), ops.linear_backward(*exact(dy, x, w))
    kernel, work = kernels.get_backend("cuda"), 2 * N * D * K
    return {
        "forward": Job(partial(kernel.linear, X, W, B, Y), Y, y, work),
        "dX": Job(partial(kernel.linear_dx, DY, W, DX), DX, dx, work),
        "dW": Job(partial(kernel.linear_dw, X, DY, DW), DW, dw * (N // few), work),
    }, sides("linear", read, layouts=False)


def pooling(N, H, W, C, size, stride):
    x = drawn(min(FEW, N), H, W, C)
    y, switches = ops.max_pool2d(*exact(x), size, stride, return_switches=True)
    dy = drawn(*y.shape)
    dx = ops.max_pool2d_backward(*exact(dy), switches, x.shape)
    read = X, DY = batch_of(x, N), batch_of(dy, N)
    Y = np.empty_like(DY)
    DX = np.empty_like(X)
    S = np.empty_like(DY, dtype=np.int32)
    kernel, window = kernels.get_backend("cuda"), square_window(size, stride)
    moved = X.nbytes + Y.nbytes + S.nbytes
    return {
        "forward": Job(partial(kernel.max_pool2d, X, Y, S, window), Y, y, moved),
        "backward": Job(partial(kernel.max_pool2d_backward, DY, S, DX, window), DX, dx, moved),
    }, sides("pooling", read, size, stride)


def relu(N, H, W, C):
    x, dy = (drawn(min(FEW, N), H, W, C) for _ in range(2))
    read = X, DY = batch_of(x, N), batch_of(dy, N)
    Y = np.empty_like(X)
    DX = np.empty_like(X)
    total = kernels.empty((C,), np.float32, like=X)
    (truth,), sums, kernel = (
        exact(dy),
        dy.sum((0, 1, 2), np.float64) * (N // len(dy)),
        kernels.get_backend("cuda"),
    )
    return {
        "forward": Job(partial(kernel.relu, X, Y), Y, np.maximum(*exact(x), 0), 2 * X.nbytes),
        "backward": Job(
            partial(kernel.relu_backward, DY, X, DX), DX, truth * (x > 0), 3 * X.nbytes
        ),
        "sums": Job(partial(kernel.channel_sums, DY.reshape(-1, C), total), total, sums, X.nbytes),
    }, sides("relu", read)


def norm(N, H, W, C):
    x = drawn(min(FEW, N), H, W, C)
    weight = drawn(C)
    bias = drawn(C)
    dy = drawn(min(FEW, N), H, W, C)
    read = X, WEIGHT, BIAS, DY = (
        batch_of(x, N),
        *map(kernels.to_gpu, (weight, bias)),
        batch_of(dy, N),
    )
    Y, out = np.empty_like(X), tuple(np.empty_like(a) for a in (X, WEIGHT, BIAS))
    y, (dx, _, _) = (
        ops.batch_norm(*exact(x, weight, bias)),
        ops.batch_norm_backward(*exact(dy, x, weight)),
    )
    forward = partial(ops.batch_norm, X, WEIGHT, BIAS, out=Y)
    backward = partial(ops.batch_norm_backward, DY, X, WEIGHT, out=out)
    jobs = {
        "forward": Job(forward, Y, y, 2 * X.nbytes),
        "backward": Job(backward, out[0], dx, 3 * X.nbytes),
    }
    return jobs, sides("norm", read)


def optimiser(count):
    w, g = drawn(count), drawn(count)
    read = W, G = [kernels.to_gpu(a) for a in (w, g)]
    other = sides("sgd", read, layouts=False)
    step, truth = partial(SGD(0.01, 0.9).step, {"w": W}, {"w": G}), w - 0.01 * g.astype(np.float64)
    return {"step": Job(step, W, truth, 5 * W.nbytes, fresh=False)}, other


def same_steps(build, x, labels, step):
    """The largest error of a net's weights on the GPU after a step, by the processor's."""
    here, there = build(), build().to("cuda")
    for net in (here, there):
        step(net, x, labels, SGD(0.01, 0.9))
    return max(error(there.params[name], value) for name, value in here.params.items())
