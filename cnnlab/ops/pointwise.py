"""Activations, dropout and the joining of channels: one value at a time, in arrays of any shape."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import kernels
from ..kernels.cpu.threads import split
from ..typing import Array, ArrayLike
from . import check, written

BLOCK = 1 << 16  # numbers that stay in the cache between one pass over them and the next
COST = 8  # multiply-adds that take as long as the sigmoid of one number


def relu(x: ArrayLike, *, out: Array | None = None, backend: str | None = None) -> Array:
    """``y = max(x, 0)``; NaN stays NaN.

    Arguments:
        x: an array of any shape.
        out: an array to write instead of a new one; it may be x.
        backend: what computes it, such as ``"numpy"``; None for the one in use.

    Returns:
        ``y``, of the shape of x.

    Raises:
        TypeError: x holds no numbers.

    Examples:
        >>> ops.relu([-1.0, 2.0])
        array([0., 2.])
    """
    x = check.floats(x=x)
    y = written.result(out, x.shape, x, replaces=(x,))
    kernels.backend_for(x, backend).relu(x, y)
    return y


def relu_backward(
    dy: ArrayLike, y: ArrayLike, *, out: Array | None = None, backend: str | None = None
) -> Array:
    """Gradient of relu from its output: ``dx = dy`` where ``y > 0``, else 0.

    Arguments:
        dy: gradient of the output.
        y: the output of the forward pass, of the shape of dy.
        out: an array to write instead of a new one; it may be dy or y.
        backend: as in ``relu``.

    Returns:
        ``dx``, of the shape of y.

    Raises:
        ValueError: dy has not the shape of y.

    Examples:
        >>> ops.relu_backward([5.0, 5.0], [0.0, 2.0])
        array([0., 5.])
    """
    dy, y = check.floats(dy=dy, y=y)
    check.same_shape("dy", dy, y.shape, "the output of relu")
    dx = written.result(out, y.shape, y, replaces=(dy, y))
    kernels.backend_for(dy, backend).relu_backward(dy, y, dx)
    return dx


def tanh(x: ArrayLike, *, out: Array | None = None) -> Array:
    """``y = tanh(x)``, between −1 and 1.

    Arguments:
        x: an array of any shape.
        out: an array to write instead of a new one; it may be x.

    Returns:
        ``y``, of the shape of x.

    Raises:
        TypeError: x holds no numbers.

    Examples:
        >>> ops.tanh([0.0, 100.0])
        array([0., 1.])
    """
    x = check.floats(x=x)
    return np.tanh(x, out=written.result(out, x.shape, x, replaces=(x,)))


def tanh_backward(dy: ArrayLike, y: ArrayLike, *, out: Array | None = None) -> Array:
    """Gradient of tanh from its output: ``dx = dy · (1 − y²)``.

    Arguments:
        dy, y, out: as in ``relu_backward``.

    Returns:
        ``dx``, of the shape of y.

    Raises:
        ValueError: dy has not the shape of y.

    Examples:
        >>> ops.tanh_backward([4.0], [0.5])
        array([3.])
    """
    dy, y = check.floats(dy=dy, y=y)
    check.same_shape("dy", dy, y.shape, "the output of tanh")
    return np.multiply(dy, 1 - y * y, out=written.result(out, y.shape, y, replaces=(dy, y)))


def sigmoid(x: ArrayLike, *, out: Array | None = None) -> Array:
    """``y = 1 / (1 + exp(−x))``, between 0 and 1.

    It is computed as ``e / (e + 1)`` with e = exp(min(x, 40)): nothing overflows or is lost.

    Arguments:
        x: an array of any shape.
        out: an array to write instead of a new one; it may be x.

    Returns:
        ``y``, of the shape of x.

    Raises:
        TypeError: x holds no numbers.

    Examples:
        >>> ops.sigmoid([0.0, 100.0])
        array([0.5, 1. ])
    """
    x = check.floats(x=x)
    y = written.result(out, x.shape, x, replaces=(x,))
    if kernels.is_on_gpu(x):
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


def sigmoid_backward(dy: ArrayLike, y: ArrayLike, *, out: Array | None = None) -> Array:
    """Gradient of sigmoid from its output: ``dx = dy · y · (1 − y)``.

    Arguments:
        dy, y, out: as in ``relu_backward``.

    Returns:
        ``dx``, of the shape of y.

    Raises:
        ValueError: dy has not the shape of y.

    Examples:
        >>> ops.sigmoid_backward([4.0], [0.5])
        array([1.])
    """
    dy, y = check.floats(dy=dy, y=y)
    check.same_shape("dy", dy, y.shape, "the output of sigmoid")
    return np.multiply(dy, y * (1 - y), out=written.result(out, y.shape, y, replaces=(dy, y)))


def dropout_mask(p: float, rng: np.random.Generator, *, out: Array) -> Array:
    """Fill an array with 0 at random, else with ``1 / (1 − p)``, so that the mean stays 1.

    Arguments:
        p: probability of a 0, at least 0 and below 1.
        rng: a NumPy Generator.
        out: the array to write.

    Returns:
        ``out``.

    Examples:
        >>> mask = ops.dropout_mask(0.5, np.random.default_rng(0), out=np.empty(1000))
        >>> sorted(set(mask.tolist()))
        [0.0, 2.0]
    """
    if kernels.is_on_gpu(out):
        kernels.backend_for(out).dropout_mask(out, p, int(rng.integers(2**32)))
        return out
    rng.random(out=out, dtype=out.dtype)
    np.greater_equal(out, p, out=out)
    out *= 1 / (1 - p)
    return out


def join_channels(parts: Sequence[Array], *, out: Array) -> Array:
    """Put the channels of all parts next to each other along the last axis.

    Arguments:
        parts: arrays ``(…, C1), (…, C2), …``.
        out: the array to write, ``(…, C1 + C2 + …)``.

    Returns:
        ``out``.

    Examples:
        >>> ops.join_channels([np.ones((1, 2)), np.zeros((1, 1))], out=np.empty((1, 3)))
        array([[1., 1., 0.]])
    """
    if not kernels.is_on_gpu(out):
        return np.concatenate(parts, axis=-1, out=out)
    first = 0
    for part in parts:
        kernels.backend_for(out).write_channels(part, out, first)
        first += part.shape[-1]
    return out


def take_channels(x: Array, start: int, end: int, *, out: Array) -> Array:
    """``out = x[..., start:end]``: the inverse of ``join_channels``.

    Arguments:
        x: an array ``(…, C)``.
        start: the first channel.
        end: the channel after the last.
        out: the array to write, ``(…, end − start)``.

    Returns:
        ``out``.

    Examples:
        >>> ops.take_channels(np.array([[1.0, 2.0, 3.0]]), 1, 3, out=np.empty((1, 2)))
        array([[2., 3.]])
    """
    if kernels.is_on_gpu(x) and kernels.is_on_gpu(out):
        kernels.backend_for(x).take_channels(x, out, start)
    else:
        out[...] = np.asarray(x)[..., start:end]
    return out
