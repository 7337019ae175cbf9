"""Activations, dropout and the joining of channels: one value at a time, in arrays of any shape."""

import numpy as np

from .. import kernels
from ..kernels.cpu.threads import split
from . import check, written

BLOCK = 1 << 16  # numbers that stay in the cache between one pass over them and the next
COST = 8  # multiply-adds that take as long as the sigmoid of one number


def relu(x, *, out=None, backend=None):
    """``y = max(x, 0)``; NaN stays NaN."""
    x = check.floats(x=x)
    y = written.result(out, x.shape, x, replaces=(x,))
    kernels.of(x, backend).relu(x, y)
    return y


def relu_backward(dy, y, *, out=None, backend=None):
    """Gradient of relu from its output: ``dx = dy`` where ``y > 0``, else 0."""
    dy, y = check.floats(dy=dy, y=y)
    check.same_shape("dy", dy, y.shape, "the output of relu")
    dx = written.result(out, y.shape, y, replaces=(dy, y))
    kernels.of(dy, backend).relu_backward(dy, y, dx)
    return dx


def tanh(x, *, out=None):
    """``y = tanh(x)``."""
    x = check.floats(x=x)
    return np.tanh(x, out=written.result(out, x.shape, x, replaces=(x,)))


def tanh_backward(dy, y, *, out=None):
    """Gradient of tanh from its output: ``dx = dy · (1 − y²)``."""
    dy, y = check.floats(dy=dy, y=y)
    check.same_shape("dy", dy, y.shape, "the output of tanh")
    return np.multiply(dy, 1 - y * y, out=written.result(out, y.shape, y, replaces=(dy, y)))


def sigmoid(x, *, out=None):
    """``y = 1 / (1 + exp(−x))``, computed as ``e / (e + 1)`` with e = exp(min(x, 40)): nothing
    overflows or is lost.
    """
    x = check.floats(x=x)
    y = written.result(out, x.shape, x, replaces=(x,))
    if kernels.on_device(x):
        return _sigmoid(x, y)
    numbers, results = x.reshape(-1), y.reshape(-1)

    def part(all_of_it):
        for first in range(all_of_it.start, all_of_it.stop, BLOCK):
            block = slice(first, min(first + BLOCK, all_of_it.stop))
            _sigmoid(numbers[block], results[block])

    split(x.size, COST * x.size, part)
    return y


def _sigmoid(x, y):
    with np.errstate(under="ignore"):
        e = np.minimum(x, 40)  # from there on, e / (e + 1) is 1 in float64, too
        np.exp(e, out=e)
        return np.divide(e, e + 1, out=y)


def sigmoid_backward(dy, y, *, out=None):
    """Gradient of sigmoid from its output: ``dx = dy · y · (1 − y)``."""
    dy, y = check.floats(dy=dy, y=y)
    check.same_shape("dy", dy, y.shape, "the output of sigmoid")
    return np.multiply(dy, y * (1 - y), out=written.result(out, y.shape, y, replaces=(dy, y)))


def dropout_mask(p, rng, *, out):
    """Fill ``out``: 0 with probability ``p``, else ``1 / (1 − p)``. ``rng`` is a NumPy
    Generator.
    """
    if kernels.on_device(out):
        kernels.of(out).dropout_mask(out, p, int(rng.integers(2**32)))
        return out
    rng.random(out=out, dtype=out.dtype)
    np.greater_equal(out, p, out=out)
    out *= 1 / (1 - p)
    return out


def join_channels(parts, *, out):
    """``out[..., :] =`` the channels of all parts, one after another."""
    if not kernels.on_device(out):
        return np.concatenate(parts, axis=-1, out=out)
    first = 0
    for part in parts:
        kernels.of(out).put_channels(part, out, first)
        first += part.shape[-1]
    return out


def take_channels(x, start, end, *, out):
    """``out = x[..., start:end]``."""
    if kernels.on_device(x) and kernels.on_device(out):
        kernels.of(x).take_channels(x, out, start)
    else:
        out[...] = np.asarray(x)[..., start:end]
    return out
