"""What the GPU does with every number by itself: activations, dropout, and channels moved."""

from numba import cuda

from .boundary import accepts_numpy
from .launch import launch_1d


@cuda.jit
def _relu(count, x, y):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        value = x[p]
        y[p] = value if value > 0 or value != value else y.dtype.type(0)


@accepts_numpy(writes=("y",))
def relu(x, y):
    """See ``reference.norm.relu``."""
    launch_1d(_relu, y.size, x.reshape(-1), y.reshape(-1))


@cuda.jit
def _relu_backward(count, dy, y, dx):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        dx[p] = dy[p] if y[p] > 0 else dx.dtype.type(0)


@accepts_numpy(writes=("dx",))
def relu_backward(dy, y, dx):
    """See ``reference.norm.relu_backward``."""
    launch_1d(_relu_backward, y.size, dy.reshape(-1), y.reshape(-1), dx.reshape(-1))


@cuda.jit(device=True)
def _mixed(bits):
    """32 bits, mixed until each depends on all; the factors keep the products below 2^63."""
    bits = (bits ^ (bits >> 16)) * 0x7FEB352D & 0xFFFFFFFF
    bits = (bits ^ (bits >> 15)) * 0x31848BAB & 0xFFFFFFFF
    return bits ^ (bits >> 14)


@cuda.jit
def _dropout_mask(count, mask, p, seed):
    for index in range(cuda.grid(1), count, cuda.gridsize(1)):
        drawn = _mixed(_mixed(index & 0xFFFFFFFF) ^ seed) / 4294967296.0
        mask[index] = mask.dtype.type(1 / (1 - p) if drawn >= p else 0)


@accepts_numpy(writes=("mask",))
def dropout_mask(mask, p, seed):
    """0 with probability ``p``, else ``1/(1 − p)``: by the index and 32 bits of ``seed``."""
    launch_1d(_dropout_mask, mask.size, mask.reshape(-1), p, seed)


@cuda.jit
def _concatenate(count, part, y, first, width, whole):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        y[p // width * whole + first + p % width] = part[p]


@cuda.jit
def _split(count, y, part, first, width, whole):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        part[p] = y[p // width * whole + first + p % width]


def write_channels(part, y, first):
    """``y[..., first : first + width] = part``."""
    width, whole = part.shape[-1], y.shape[-1]
    launch_1d(_concatenate, part.size, part.reshape(-1), y.reshape(-1), first, width, whole)


def take_channels(y, part, first):
    """``part[...] = y[..., first : first + width]``."""
    width, whole = part.shape[-1], y.shape[-1]
    launch_1d(_split, part.size, y.reshape(-1), part.reshape(-1), first, width, whole)
