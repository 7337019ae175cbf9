"""Pooling: every channel by itself, a window becomes one number.

Letters as in ``conv``; ``stride=None`` means as large as the window, so that windows tile the
image.
"""

from __future__ import annotations

import numpy as np

from .. import kernels
from ..kernels.window import window_of
from ..shapes import geometry, windows
from ..typing import Array, ArrayLike, Fit, Padding, Shape, Size
from . import check, written


def pool_geometry(size, kernel_size, stride, padding, dilation, fit):
    stride = kernel_size if stride is None else stride
    return geometry(size, kernel_size, stride, padding, dilation, fit, pooling=True)


def images(**arrays):
    x = check.floats(**arrays)
    check.rank("x", x, 4)
    check.pixels(x)
    return x


def max_pool2d(
    x: ArrayLike,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding = 0,
    *,
    dilation: Size = 1,
    fit: Fit = "floor",
    return_switches: bool = False,
    out: tuple[Array | None, Array | None] | None = None,
    backend: str | None = None,
) -> Array | tuple[Array, Array]:
    """The largest value of each window.

    ``y[n,i,j,c] = max over u,v of x[n, i·S − P + u·D, j·S − P + v·D, c]``

    NaN counts as largest, the first of equals wins, padding never.

    Arguments:
        x: images ``(N, H, W, C)``.
        kernel_size: extent of the window, an int or ``(FH, FW)``.
        stride: cells from one window to the next; None for ``kernel_size``, so that windows tile
            the image.
        padding: cells around the image, which never win: see ``shapes.pads``.
        dilation: cells from one tap of the window to the next; 1 is dense.
        fit: what becomes of cells that no window reaches: see ``shapes.out_size``.
        return_switches: also return where each winner was found, which the backward pass needs:
            int32 flat positions ``h·W + w`` in the unpadded image.
        out: arrays to write instead of new ones, ``(y, switches)``.
        backend: what computes it, such as ``"numpy"``; None for the one in use.

    Returns:
        ``y (N, OH, OW, C)``, or ``y, switches`` of the same shape.

    Raises:
        MisfitError: no window fits, or one would hold padding only.

    Examples:
        >>> x = np.array([[1.0, 5.0, 2.0, 0.0], [4.0, 3.0, 7.0, 6.0]]).reshape(1, 2, 4, 1)
        >>> y, switches = ops.max_pool2d(x, 2, return_switches=True)
        >>> y.ravel(), switches.ravel().tolist()
        (array([5., 7.]), [1, 6])
    """
    x = images(x=x)
    geo = pool_geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit)
    y, switches = with_switches(out, (len(x), *geo.out, x.shape[3]), x)
    kernels.backend_for(x, backend).max_pool2d(x, y, switches, window_of(geo))
    return (y, switches) if return_switches else y


def with_switches(out, shape, like):
    if out is not None and not (isinstance(out, (tuple, list)) and len(out) == 2):
        raise TypeError("out is not a pair: give two arrays, (y, switches)")
    y, switches = (None, None) if out is None else out
    y = written.result(y, shape, like, reads=(like,))
    return y, written.result(switches, shape, like, np.int32, reads=(like, y))


def max_pool2d_backward(
    dy: ArrayLike,
    switches: ArrayLike,
    x_shape: Shape,
    kernel_size: Size | None = None,
    stride: Size | None = None,
    padding: Padding = 0,
    *,
    dilation: Size = 1,
    fit: Fit = "floor",
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """Gradient of max pooling: each dy goes to the cell that won; a cell that won twice adds both.

    The sizes of the window may be left out. A GPU that knows them adds in an order that never
    changes, so the result is the same to the last bit every time.

    Arguments:
        dy: gradient of the output, ``(N, OH, OW, C)``.
        switches: where the winners are, as ``max_pool2d`` returned them.
        x_shape: the shape ``(N, H, W, C)`` of the images.
        kernel_size, stride, padding, dilation, fit: of the pooling, as in ``max_pool2d``.
        out: an array to write instead of a new one.
        backend: as in ``max_pool2d``.

    Returns:
        ``dx (N, H, W, C)``.

    Raises:
        ValueError: the shapes do not belong to one pooling, or a switch lies outside the image.
        TypeError: the switches are not integers.

    Examples:
        >>> ops.max_pool2d_backward([[[[1.0], [2.0]]]], [[[[1], [6]]]], (1, 2, 4, 1))[0, :, :, 0]
        array([[0., 1., 0., 0.],
               [0., 0., 2., 0.]])
    """
    dy = check.floats(dy=dy)
    check.rank("dy", dy, 4)
    x_shape = check.image_shape(x_shape)
    if (x_shape[0], x_shape[3]) != (dy.shape[0], dy.shape[3]):
        raise ValueError(
            f"dy has shape {dy.shape}, which is not a pooling of x_shape {tuple(x_shape)}: N and C "
            f"must agree"
        )
    switches = (
        kernels.to_gpu(switches, np.int32)
        if kernels.is_on_gpu(dy)
        else _in_range(switches, x_shape)
    )
    check.same_shape("switches", switches, dy.shape, "one switch for each value of dy")
    dx = written.result(out, x_shape, dy, reads=(dy, switches))
    window = None
    if kernel_size is not None:
        geo = pool_geometry(x_shape[1:3], kernel_size, stride, padding, dilation, fit)
        check.same_shape("dy", dy, (x_shape[0], *geo.out, x_shape[3]), "the output of this pooling")
        window = window_of(geo)
    kernels.backend_for(dy, backend).max_pool2d_backward(dy, switches, dx, window)
    return dx


def _in_range(switches, x_shape):
    """The switches as an array, all of them places of the image. (The GPU passes over others by
    itself.)
    """
    switches, last = np.asarray(switches), x_shape[1] * x_shape[2] - 1
    if switches.dtype.kind not in "iu" and switches.size:
        raise TypeError(
            f"switches hold {switches.dtype} values: give the integers that max_pool2d returned"
        )
    if switches.size and not 0 <= switches.min() <= switches.max() <= last:
        raise ValueError(
            f"switches must be positions from 0 to {last} of images of shape {tuple(x_shape[1:])}"
        )
    return check.plain(switches, np.int32)


def _counts(size, geo, fit, count_include_pad):
    """How many cells each average divides by: the pixels of its window, or pixels and padding."""
    along = []
    axes = zip(size, geo.kernel, geo.stride, geo.pads, geo.dilation, strict=True)
    for W, F, S, P, D in axes:
        first, last = (-P[0], W + P[1]) if count_include_pad else (0, W)
        along.append(
            [sum(first <= p < last for p in window) for window in windows(W, F, S, P, D, fit)]
        )
    return np.outer(*along)


def avg_pool2d(
    x: ArrayLike,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding = 0,
    *,
    dilation: Size = 1,
    fit: Fit = "floor",
    count_include_pad: bool = False,
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """The mean of each window, over its pixels alone or over zeros of padding too.

    ``y[n,i,j,c] = sum over u,v of x[n, i·S − P + u·D, j·S − P + v·D, c] / cells``

    What reaches beyond the padded edge (``fit="ceil"``) is never counted.

    Arguments:
        x, kernel_size, stride, padding, dilation, fit, backend: as in ``max_pool2d``.
        count_include_pad: True divides by the cells of padding as well.
        out: an array to write instead of a new one.

    Returns:
        ``y (N, OH, OW, C)``.

    Raises:
        MisfitError: as in ``max_pool2d``.

    Examples:
        >>> ops.avg_pool2d(np.arange(8.0).reshape(1, 2, 4, 1), 2).ravel()
        array([2.5, 4.5])
    """
    x = images(x=x)
    geo = pool_geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit)
    y = written.result(out, (len(x), *geo.out, x.shape[3]), x, reads=(x,))
    counts = _counts(x.shape[1:3], geo, fit, count_include_pad).astype(x.dtype)
    kernels.backend_for(x, backend).avg_pool2d(x, counts, y, window_of(geo))
    return y


def avg_pool2d_backward(
    dy: ArrayLike,
    x_shape: Shape,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding = 0,
    *,
    dilation: Size = 1,
    fit: Fit = "floor",
    count_include_pad: bool = False,
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """Gradient of avg_pool2d: every pixel of a window gets an equal share of its dy.

    Arguments:
        dy: gradient of the output, ``(N, OH, OW, C)``.
        x_shape: the shape ``(N, H, W, C)`` of the images.
        kernel_size, stride, padding, dilation, fit, count_include_pad: as in ``avg_pool2d``.
        out, backend: as in ``avg_pool2d``.

    Returns:
        ``dx (N, H, W, C)``.

    Raises:
        ValueError: dy has not the shape of the output.

    Examples:
        >>> ops.avg_pool2d_backward([[[[4.0], [8.0]]]], (1, 2, 4, 1), 2)[0, :, :, 0]
        array([[1., 1., 2., 2.],
               [1., 1., 2., 2.]])
    """
    dy = check.floats(dy=dy)
    N, H, W, C = x_shape = check.image_shape(x_shape)
    geo = pool_geometry((H, W), kernel_size, stride, padding, dilation, fit)
    check.same_shape("dy", dy, (N, *geo.out, C), "the output of this pooling")
    dx = written.result(out, x_shape, dy, reads=(dy,))
    counts = _counts((H, W), geo, fit, count_include_pad).astype(dy.dtype)
    kernels.backend_for(dy, backend).avg_pool2d_backward(dy, counts, dx, window_of(geo))
    return dx
