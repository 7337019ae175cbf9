"""The end of a classifier: the fully-connected layer, and scores as probabilities."""

import numpy as np

from .. import kernels
from . import check, written


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
