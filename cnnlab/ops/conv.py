"""Convolution and its kin: check, allocate, call a kernel.

Letters: N images, H×W pixels, C channels, K filters of FH×FW, OH×OW outputs; stride S, padding P,
dilation D.
"""

import numpy as np

from .. import kernels
from ..shapes import geometry, pads, pair, transposed_out
from . import check, written


def conv2d(
    x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, fit="floor", out=None, backend=None
):
    """Slide K filters over images.

    ``y[n,i,j,k] = b[k] + sum over u,v,c of x[n, i·S − P + u·D, j·S − P + v·D, c] · w[k,u,v,c]``

    ``x (N, H, W, C)``, ``w (K, FH, FW, C // groups)``, ``b (K,)`` → ``y (N, OH, OW, K)``. Cells
    outside the image count as 0; the filter is not flipped (a cross-correlation, as in every
    framework). ``padding`` and ``fit``: see ``shapes.pads`` and ``shapes.out_size``. ``out`` is an
    array to write instead of a new one.

    Raises MisfitError where no window fits, ValueError for ranks, channels or groups that disagree
    and TypeError for arrays that hold no numbers.
    """
    x, w, b = check.floats(x=x, w=w, b=b)
    geo = _geometry(x, w, stride, padding, dilation, groups, fit)
    b = check.bias(b, (len(w),), x)
    y = written.result(out, (len(x), *geo.out, len(w)), x, reads=(x, w, b))
    kernels.of(x, backend).conv2d(x, w, b, y, geo.stride, geo.before, geo.dilation, groups)
    return y


def _geometry(x, w, stride, padding, dilation, groups, fit):
    check.rank("x", x, 4)
    check.rank("w", w, 4)
    check.pixels(x)
    check.channels(x.shape[3], w, groups)
    return geometry(x.shape[1:3], w.shape[1:3], stride, padding, dilation, fit)


def conv2d_backward(
    dy,
    x,
    w,
    *,
    stride=1,
    padding=0,
    dilation=1,
    groups=1,
    fit="floor",
    need_dx=True,
    out=None,
    backend=None,
):
    """Gradients of conv2d: ``dx, dw, db`` from ``dy (N, OH, OW, K)``.

    ``dw[k,u,v,c] = sum over n,i,j of dy[n,i,j,k] · x[n, i·S − P + u·D, j·S − P + v·D, c]``,
    ``db[k] = sum over n,i,j of dy[n,i,j,k]``, and dx adds ``dy[n,i,j,k] · w[k,u,v,c]`` to every
    cell the window read (at stride 1: a convolution of dy with the flipped filters).
    ``need_dx=False`` returns None for dx. ``out`` is a tuple of arrays to write (dx, dw, db).
    """
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    geo = _geometry(x, w, stride, padding, dilation, groups, fit)
    check.same_shape("dy", dy, (len(x), *geo.out, len(w)), "the output of this convolution")
    dx, dw, db = written.results(
        out, x.shape if need_dx else None, w.shape, (len(w),), like=x, reads=(dy, x, w)
    )
    kernel = kernels.of(dy, backend)
    if need_dx:
        kernel.conv2d_dx(dy, w, dx, geo.stride, geo.before, geo.dilation, groups)
    kernel.channel_sums(dy.reshape(-1, dy.shape[3]), db)
    _exact_on_zeros(kernel, db).conv2d_dw(x, dy, dw, geo.stride, geo.before, geo.dilation, groups)
    return dx, dw, db


def _exact_on_zeros(kernel, told):
    """The backend for dw: the reference where ``told`` holds NaN or infinity, for others pass by
    zeros of padding.
    """
    return kernel if kernels.on_device(told) or np.isfinite(told).all() else kernels.module("numpy")


def conv_transpose2d(
    x,
    w,
    b=None,
    *,
    stride=1,
    padding=0,
    output_padding=0,
    dilation=1,
    groups=1,
    out=None,
    backend=None,
):
    """The transpose of a convolution: every input value stamps its filter onto the output, S cells
    apart.

    ``x (N, H, W, C)``, ``w (C, FH, FW, K // groups)`` (as in the convolution it transposes),
    ``b (K,)`` → ``y (N, OH, OW, K)`` with
    ``OH = (H − 1)·S − top − bottom + D·(FH − 1) + 1 + output_padding``. With the same w it is the
    dx of ``conv2d``, plus the bias. Errors: as conv2d.
    """
    x, w, b = check.floats(x=x, w=w, b=b)
    K, size, stride, before, dilation = _transposed(
        x, w, stride, padding, output_padding, dilation, groups
    )
    b = check.bias(b, (K,), x)
    y = written.result(out, (len(x), *size, K), x, reads=(x, w, b))
    kernels.of(x, backend).conv2d_dx(x, w, y, stride, before, dilation, groups)
    y += b
    return y


def _transposed(x, w, stride, padding, output_padding, dilation, groups):
    check.rank("x", x, 4)
    if w.ndim != 4:
        raise ValueError(f"w has shape {w.shape}, but (C, FH, FW, K // groups) is needed")
    check.pixels(x)
    if x.shape[3] != len(w):
        raise ValueError(f"the filters expect {len(w)} input channels, but x has {x.shape[3]}")
    K = w.shape[3] * check.at_least_one("groups", groups, "whole number")
    check.channels(K, w, groups)
    size = transposed_out(x.shape[1:3], w.shape[1:3], stride, padding, output_padding, dilation)
    (top, _), (left, _) = pads(padding)
    return K, size, pair(stride, "stride"), (top, left), pair(dilation, "dilation")


def conv_transpose2d_backward(
    dy,
    x,
    w,
    *,
    stride=1,
    padding=0,
    output_padding=0,
    dilation=1,
    groups=1,
    need_dx=True,
    out=None,
    backend=None,
):
    """Gradients of conv_transpose2d: ``dx`` is the convolution of ``dy`` with w, ``dw`` and ``db``
    as in conv2d.
    """
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    K, size, stride, before, dilation = _transposed(
        x, w, stride, padding, output_padding, dilation, groups
    )
    check.same_shape("dy", dy, (len(x), *size, K), "the output of this transposed convolution")
    dx, dw, db = written.results(
        out, x.shape if need_dx else None, w.shape, (K,), like=x, reads=(dy, x, w)
    )
    kernel = kernels.of(dy, backend)
    if need_dx:
        kernel.conv2d(dy, w, check.bias(None, (len(w),), x), dx, stride, before, dilation, groups)
    _exact_on_zeros(kernel, x).conv2d_dw(dy, x, dw, stride, before, dilation, groups)
    kernel.channel_sums(dy.reshape(-1, dy.shape[3]), db)
    return dx, dw, db
