"""Convolution and its kin: check, allocate, call a kernel.

Letters: N images, H×W pixels, C channels, K filters of FH×FW, OH×OW outputs; stride S, padding P,
dilation D.
"""

from __future__ import annotations

import numpy as np

from .. import kernels
from ..kernels.window import Window, window_of
from ..shapes import geometry, pads, transposed_out
from ..typing import Array, ArrayLike, Fit, Padding, Size
from ..validation import integer, pair
from . import check, written


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    fit: Fit = "floor",
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """Slide K filters over images.

    ``y[n,i,j,k] = b[k] + sum over u,v,c of x[n, i·S − P + u·D, j·S − P + v·D, c] · w[k,u,v,c]``

    Cells outside the image count as 0. The filter is not flipped: a cross-correlation, as in every
    framework.

    Arguments:
        x: images ``(N, H, W, C)``.
        w: filters ``(K, FH, FW, C // groups)``.
        b: biases ``(K,)``; zeros if None.
        stride: cells from one window to the next, S: an int or ``(height, width)``.
        padding: zeros around the image, P: see ``shapes.pads``.
        dilation: cells from one tap of the filter to the next, D; 1 is dense.
        groups: runs of channels that are convolved apart; it divides C and K.
        fit: what becomes of cells that no window reaches: see ``shapes.out_size``.
        out: an array to write instead of a new one.
        backend: what computes it, such as ``"numpy"``; None for the one in use.

    Returns:
        ``y (N, OH, OW, K)``.

    Raises:
        MisfitError: no window fits.
        ValueError: ranks, channels or groups disagree.
        TypeError: an array holds no numbers.

    Examples:
        >>> x = np.arange(16.0).reshape(1, 4, 4, 1)
        >>> ops.conv2d(x, np.ones((1, 3, 3, 1)), [0.5])[0, :, :, 0]
        array([[45.5, 54.5],
               [81.5, 90.5]])
    """
    x, w, b = check.floats(x=x, w=w, b=b)
    geo = _geometry(x, w, stride, padding, dilation, groups, fit)
    b = check.bias(b, (len(w),), x)
    y = written.result(out, (len(x), *geo.out, len(w)), x, reads=(x, w, b))
    kernels.backend_for(x, backend).conv2d(x, w, b, y, window_of(geo), groups)
    return y


def _geometry(x, w, stride, padding, dilation, groups, fit):
    check.rank("x", x, 4)
    check.rank("w", w, 4)
    check.pixels(x)
    check.channels(x.shape[3], w, groups)
    return geometry(x.shape[1:3], w.shape[1:3], stride, padding, dilation, fit)


def conv2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    groups: int = 1,
    fit: Fit = "floor",
    need_dx: bool = True,
    out: tuple[Array | None, Array, Array] | None = None,
    backend: str | None = None,
) -> tuple[Array | None, Array, Array]:
    """Gradients of conv2d.

    ``dw[k,u,v,c] = sum over n,i,j of dy[n,i,j,k] · x[n, i·S − P + u·D, j·S − P + v·D, c]``,
    ``db[k] = sum over n,i,j of dy[n,i,j,k]``, and dx adds ``dy[n,i,j,k] · w[k,u,v,c]`` to every
    cell the window read (at stride 1: a convolution of dy with the flipped filters).

    Arguments:
        dy: gradient of the output, ``(N, OH, OW, K)``.
        x, w, stride, padding, dilation, groups, fit, backend: as in ``conv2d``.
        need_dx: False leaves out dx, which is then None.
        out: arrays to write instead of new ones, ``(dx, dw, db)``.

    Returns:
        ``dx (N, H, W, C), dw (K, FH, FW, C // groups), db (K,)``.

    Raises:
        ValueError: as in ``conv2d``, or dy has not the shape of the output.

    Examples:
        >>> x, w = np.arange(4.0).reshape(1, 2, 2, 1), np.ones((1, 2, 2, 1))
        >>> dx, dw, db = ops.conv2d_backward([[[[2.0]]]], x, w)
        >>> dx.ravel(), dw.ravel(), db
        (array([2., 2., 2., 2.]), array([0., 2., 4., 6.]), array([2.]))
    """
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    geo = _geometry(x, w, stride, padding, dilation, groups, fit)
    check.same_shape("dy", dy, (len(x), *geo.out, len(w)), "the output of this convolution")
    dx, dw, db = written.results(
        out, x.shape if need_dx else None, w.shape, (len(w),), like=x, reads=(dy, x, w)
    )
    kernel, window = kernels.backend_for(dy, backend), window_of(geo)
    if need_dx:
        kernel.conv2d_dx(dy, w, dx, window, groups)
    kernel.channel_sums(dy.reshape(-1, dy.shape[3]), db)
    _exact_on_zeros(kernel, db).conv2d_dw(x, dy, dw, window, groups)
    return dx, dw, db


def _exact_on_zeros(kernel, db):
    """The backend for dw: the reference where ``db`` holds NaN or infinity, because the others
    skip the zeros of padding, and 0 · NaN is NaN.
    """
    finite = kernels.is_on_gpu(db) or np.isfinite(db).all()
    return kernel if finite else kernels.get_backend("numpy")


def conv_transpose2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """The transpose of a convolution: each input value adds its filter to the output.

    ``OH = (H − 1)·S − top − bottom + D·(FH − 1) + 1 + output_padding``

    The filters of neighbouring values lie S cells apart. With the same w it is the dx of
    ``conv2d``, plus the bias.

    Arguments:
        x: images ``(N, H, W, C)``.
        w: filters ``(C, FH, FW, K // groups)``, as in the convolution it transposes.
        b: biases ``(K,)``; zeros if None.
        output_padding: cells added at the bottom and right, fewer than the stride or the dilation.
        stride, padding, dilation, groups, out, backend: as in ``conv2d``, whose padding it removes.

    Returns:
        ``y (N, OH, OW, K)``.

    Raises:
        ValueError: as in ``conv2d``.

    Examples:
        >>> ops.conv_transpose2d(np.ones((1, 2, 2, 1)), np.ones((1, 2, 2, 1)))[0, :, :, 0]
        array([[1., 2., 1.],
               [2., 4., 2.],
               [1., 2., 1.]])
    """
    x, w, b = check.floats(x=x, w=w, b=b)
    K, size, window = _transposed(x, w, stride, padding, output_padding, dilation, groups)
    b = check.bias(b, (K,), x)
    y = written.result(out, (len(x), *size, K), x, reads=(x, w, b))
    kernels.backend_for(x, backend).conv2d_dx(x, w, y, window, groups)
    y += b
    return y


def _transposed(x, w, stride, padding, output_padding, dilation, groups):
    check.rank("x", x, 4)
    if w.ndim != 4:
        raise ValueError(f"w has shape {w.shape}, but (C, FH, FW, K // groups) is needed")
    check.pixels(x)
    if x.shape[3] != len(w):
        raise ValueError(f"the filters expect {len(w)} input channels, but x has {x.shape[3]}")
    K = w.shape[3] * integer("groups", groups)
    check.channels(K, w, groups)
    size = transposed_out(x.shape[1:3], w.shape[1:3], stride, padding, output_padding, dilation)
    (top, _), (left, _) = pads(padding)
    window = Window(
        kernel=w.shape[1:3],
        stride=pair("stride", stride),
        pad_before=(top, left),
        dilation=pair("dilation", dilation),
    )
    return K, size, window


def conv_transpose2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
    groups: int = 1,
    need_dx: bool = True,
    out: tuple[Array | None, Array, Array] | None = None,
    backend: str | None = None,
) -> tuple[Array | None, Array, Array]:
    """Gradients of conv_transpose2d: dx is the convolution of dy with w; dw and db as in conv2d.

    Arguments:
        dy: gradient of the output, ``(N, OH, OW, K)``.
        x, w, stride, padding, output_padding, dilation, groups: as in ``conv_transpose2d``.
        need_dx, out, backend: as in ``conv2d_backward``.

    Returns:
        ``dx (N, H, W, C), dw (C, FH, FW, K // groups), db (K,)``.

    Raises:
        ValueError: as in ``conv_transpose2d``, or dy has not the shape of the output.

    Examples:
        >>> x = w = np.ones((1, 2, 2, 1))
        >>> dx, dw, db = ops.conv_transpose2d_backward(np.ones((1, 3, 3, 1)), x, w)
        >>> dx.ravel(), dw.ravel(), db
        (array([4., 4., 4., 4.]), array([4., 4., 4., 4.]), array([9.]))
    """
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    K, size, window = _transposed(x, w, stride, padding, output_padding, dilation, groups)
    check.same_shape("dy", dy, (len(x), *size, K), "the output of this transposed convolution")
    dx, dw, db = written.results(
        out, x.shape if need_dx else None, w.shape, (K,), like=x, reads=(dy, x, w)
    )
    kernel = kernels.backend_for(dy, backend)
    if need_dx:
        kernel.conv2d(dy, w, check.bias(None, (len(w),), x), dx, window, groups)
    _exact_on_zeros(kernel, x).conv2d_dw(dy, x, dw, window, groups)
    kernel.channel_sums(dy.reshape(-1, dy.shape[3]), db)
    return dx, dw, db
