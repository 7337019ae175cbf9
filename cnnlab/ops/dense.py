"""The end of a classifier: the fully-connected layer, and scores as probabilities."""

from __future__ import annotations

import numpy as np

from .. import kernels
from ..typing import Array, ArrayLike
from . import check, written


def log_softmax(x: ArrayLike) -> Array:
    """``y = x − log(sum of exp(x))`` along the last axis.

    It is shifted by the largest value so that nothing overflows.

    Arguments:
        x: scores ``(…, K)``.

    Returns:
        ``y``, of the shape of x: natural logarithms of probabilities.

    Raises:
        TypeError: x holds no numbers.

    Examples:
        >>> ops.log_softmax([0.0, 1000.0])
        array([-1000.,     0.])
    """
    x = check.floats(x=x)
    if kernels.is_on_gpu(x):
        return kernels.to_gpu(
            log_softmax(x.numpy())
        )  # a row for each image: too small to be worth a kernel
    shifted = x - x.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def softmax(x: ArrayLike) -> Array:
    """``y = exp(x) / sum of exp(x)`` along the last axis: positive numbers that add up to 1.

    Arguments:
        x: scores ``(…, K)``.

    Returns:
        ``y``, of the shape of x: probabilities.

    Raises:
        TypeError: x holds no numbers.

    Examples:
        >>> ops.softmax([7.0, 7.0])
        array([0.5, 0.5])
    """
    return np.exp(log_softmax(x))


def linear(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """The fully-connected layer: ``y[n,k] = b[k] + sum over d of x[n,d] · w[k,d]``.

    Arguments:
        x: inputs ``(N, D)``.
        w: weights ``(K, D)``.
        b: biases ``(K,)``; zeros if None.
        out: an array to write instead of a new one.
        backend: what computes it, such as ``"numpy"``; None for the one in use.

    Returns:
        ``y (N, K)``.

    Raises:
        ValueError: the shapes disagree.

    Examples:
        >>> ops.linear([[1.0, 2.0]], [[3.0, 4.0]], [100.0])
        array([[111.]])
    """
    x, w, b = check.floats(x=x, w=w, b=b)
    check.rank("x", x, 2)
    check.rank("w", w, 2)
    if x.shape[1] != w.shape[1]:
        raise ValueError(f"w expects {w.shape[1]} inputs, but x has {x.shape[1]}")
    b = check.bias(b, (len(w),), x)
    y = written.result(out, (len(x), len(w)), x, reads=(x, w, b))
    kernels.backend_for(x, backend).linear(x, w, b, y)
    return y


def linear_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    need_dx: bool = True,
    out: tuple[Array | None, Array, Array] | None = None,
    backend: str | None = None,
) -> tuple[Array | None, Array, Array]:
    """Gradients of linear: ``dx = dy · w``, ``dw = dyᵀ · x``, ``db`` = sum of dy.

    Arguments:
        dy: gradient of the output, ``(N, K)``.
        x, w, backend: as in ``linear``.
        need_dx: False leaves out dx, which is then None.
        out: arrays to write instead of new ones, ``(dx, dw, db)``.

    Returns:
        ``dx (N, D), dw (K, D), db (K,)``.

    Raises:
        ValueError: the shapes disagree.

    Examples:
        >>> dx, dw, db = ops.linear_backward([[10.0]], [[1.0, 2.0]], [[3.0, 4.0]])
        >>> dx.tolist(), dw.tolist(), db.tolist()
        ([[30.0, 40.0]], [[10.0, 20.0]], [10.0])
    """
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    check.rank("x", x, 2)
    check.rank("w", w, 2)
    check.same_shape("dy", dy, (len(x), len(w)), "the output of linear")
    dx, dw, db = written.results(
        out, x.shape if need_dx else None, w.shape, (len(w),), like=x, reads=(dy, x, w)
    )
    kernel = kernels.backend_for(x, backend)
    if need_dx:
        kernel.linear_dx(dy, w, dx)
    kernel.linear_dw(x, dy, dw)
    kernel.channel_sums(dy, db)
    return dx, dw, db
