"""Pooling: every channel by itself, a window becomes one number.

Letters as in ``conv``; ``stride=None`` means as large as the window, so that windows tile the
image.
"""

import numpy as np

from .. import kernels
from ..shapes import geometry, windows
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
    x,
    kernel_size,
    stride=None,
    padding=0,
    *,
    dilation=1,
    fit="floor",
    return_switches=False,
    out=None,
    backend=None,
):
    """The largest value of each window:
    ``y[n,i,j,c] = max over u,v of x[n, i·S − P + u·D, j·S − P + v·D, c]``.

    ``x (N, H, W, C)`` → ``y (N, OH, OW, C)``. NaN counts as largest, the first of equals wins,
    padding never. ``return_switches=True`` also returns where each winner was found: int32 flat
    places ``h·W + w`` in the unpadded image, which the backward pass needs. ``out`` is
    ``(y, switches)`` to write into.

    Raises MisfitError where no window fits or one would hold padding only.
    """
    x = images(x=x)
    geo = pool_geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit)
    y, switches = with_switches(out, (len(x), *geo.out, x.shape[3]), x)
    kernels.of(x, backend).max_pool2d(
        x, y, switches, geo.kernel, geo.stride, geo.before, geo.dilation
    )
    return (y, switches) if return_switches else y


def with_switches(out, shape, like):
    if out is not None and not (isinstance(out, (tuple, list)) and len(out) == 2):
        raise TypeError("out is not a pair: give two arrays, (y, switches)")
    y, switches = (None, None) if out is None else out
    y = written.result(y, shape, like, reads=(like,))
    return y, written.result(switches, shape, like, np.int32, reads=(like, y))


def max_pool2d_backward(
    dy,
    switches,
    x_shape,
    kernel_size=None,
    stride=None,
    padding=0,
    *,
    dilation=1,
    fit="floor",
    out=None,
    backend=None,
):
    """Gradient of max pooling: each ``dy`` goes to the cell its switch names; a cell that won twice
    adds both.

    The sizes of the window, those of the pooling, may be left out. A GPU that knows them adds in an
    order that never changes, so the result is the same to the last bit every time.
    """
    dy = check.floats(dy=dy)
    check.rank("dy", dy, 4)
    x_shape = check.image_shape(x_shape)
    if (x_shape[0], x_shape[3]) != (dy.shape[0], dy.shape[3]):
        raise ValueError(
            f"dy has shape {dy.shape}, which is no pooling of x_shape {tuple(x_shape)}: N and C "
            f"must agree"
        )
    switches = (
        kernels.to_device(switches, np.int32)
        if kernels.on_device(dy)
        else _in_range(switches, x_shape)
    )
    check.same_shape("switches", switches, dy.shape, "one switch for each value of dy")
    dx = written.result(out, x_shape, dy, reads=(dy, switches))
    window = ()
    if kernel_size is not None:
        geo = pool_geometry(x_shape[1:3], kernel_size, stride, padding, dilation, fit)
        check.same_shape("dy", dy, (x_shape[0], *geo.out, x_shape[3]), "the output of this pooling")
        window = geo.kernel, geo.stride, geo.before, geo.dilation
    kernels.of(dy, backend).max_pool2d_backward(dy, switches, dx, *window)
    return dx


def _in_range(switches, x_shape):
    """The switches as an array, all of them places of the image. (The GPU passes over others by
    itself.)
    """
    switches, last = np.asarray(switches), x_shape[1] * x_shape[2] - 1
    if switches.dtype.kind not in "iu" and switches.size:
        raise TypeError(
            f"switches hold {switches.dtype} values: give the whole numbers that max_pool2d "
            f"returned"
        )
    if switches.size and not 0 <= switches.min() <= switches.max() <= last:
        raise ValueError(
            f"switches must be places between 0 and {last} of images of shape {tuple(x_shape[1:])}"
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
    x,
    kernel_size,
    stride=None,
    padding=0,
    *,
    dilation=1,
    fit="floor",
    count_include_pad=False,
    out=None,
    backend=None,
):
    """The mean of each window, over its pixels alone or, with ``count_include_pad=True``, over
    padding zeros too.

    ``x (N, H, W, C)`` → ``y (N, OH, OW, C)``. What hangs over the padded edge (``fit="ceil"``) is
    never counted. Errors: as max_pool2d.
    """
    x = images(x=x)
    geo = pool_geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit)
    y = written.result(out, (len(x), *geo.out, x.shape[3]), x, reads=(x,))
    counts = _counts(x.shape[1:3], geo, fit, count_include_pad).astype(x.dtype)
    kernels.of(x, backend).avg_pool2d(
        x, counts, y, geo.kernel, geo.stride, geo.before, geo.dilation
    )
    return y


def avg_pool2d_backward(
    dy,
    x_shape,
    kernel_size,
    stride=None,
    padding=0,
    *,
    dilation=1,
    fit="floor",
    count_include_pad=False,
    out=None,
    backend=None,
):
    """Gradient of avg_pool2d: every pixel of a window gets an equal share of its ``dy``."""
    dy = check.floats(dy=dy)
    N, H, W, C = x_shape = check.image_shape(x_shape)
    geo = pool_geometry((H, W), kernel_size, stride, padding, dilation, fit)
    check.same_shape("dy", dy, (N, *geo.out, C), "the output of this pooling")
    dx = written.result(out, x_shape, dy, reads=(dy,))
    counts = _counts((H, W), geo, fit, count_include_pad).astype(dy.dtype)
    kernels.of(dy, backend).avg_pool2d_backward(
        dy, counts, dx, geo.kernel, geo.stride, geo.before, geo.dilation
    )
    return dx
