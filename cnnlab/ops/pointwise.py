"""Activations and the fully-connected layer: one value at a time, or all with all.

Arrays may have any shape for the activations; softmax runs along the last axis.
"""

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


def log_softmax(x):
    """``y = x − log(sum of exp(x))`` along the last axis, shifted by the largest value so that
    nothing overflows.
    """
    x = check.floats(x=x)
    if kernels.on_device(x):
        return kernels.to_device(
            log_softmax(x.numpy())
        )  # a row for each image: too small to be worth a kernel
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax(x):
    """``y = exp(x) / sum of exp(x)`` along the last axis: positive numbers that add up to 1."""
    return np.exp(log_softmax(x))


def linear(x, w, b=None, *, out=None, backend=None):
    """``y[n,k] = b[k] + sum over d of x[n,d] · w[k,d]``: ``x (N, D)``, ``w (K, D)``, ``b (K,)`` →
    ``(N, K)``.
    """
    x, w, b = check.floats(x=x, w=w, b=b)
    check.rank("x", x, 2)
    check.rank("w", w, 2)
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"w expects {w.shape[1]} inputs, but x has {x.shape[1]}")
    b = check.bias(b, (len(w),), x)
    y = written.result(out, (len(x), len(w)), x, reads=(x, w, b))
    kernels.of(x, backend).linear(x, w, b, y)
    return y


def linear_backward(dy, x, w, *, need_dx=True, out=None, backend=None):
    """Gradients of linear: ``dx = dy · w`` (None if not needed), ``dw = dyᵀ · x``, ``db`` = sum of
    dy.
    """
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    check.rank("x", x, 2)
    check.rank("w", w, 2)
    check.same_shape("dy", dy, (len(x), len(w)), "the output of linear")
    dx, dw, db = written.results(
        out, x.shape if need_dx else None, w.shape, (len(w),), like=x, reads=(dy, x, w)
    )
    kernel = kernels.of(x, backend)
    if need_dx:
        kernel.linear_dx(dy, w, dx)
    kernel.linear_dw(x, dy, dw)
    kernel.channel_sums(dy, db)
    return dx, dw, db


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
