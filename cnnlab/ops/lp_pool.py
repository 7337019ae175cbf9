"""Pooling by the p-norm: L2 is p = 2, and large p come near the maximum."""

from __future__ import annotations

from .. import kernels
from ..kernels.window import window_of
from ..typing import Array, ArrayLike, Fit, Padding, Size
from ..validation import number
from . import check, written
from .pool import images, pool_geometry


def lp_pool2d(
    x: ArrayLike,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding = 0,
    *,
    p: float = 2,
    dilation: Size = 1,
    fit: Fit = "floor",
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """The p-norm of each window: ``y = (sum over u,v of |x|^p)^(1/p)``.

    Arguments:
        x, kernel_size, stride, padding, dilation, fit, backend: as in ``max_pool2d``.
        p: the power, finite and at least 1.
        out: an array to write instead of a new one.

    Returns:
        ``y (N, OH, OW, C)``.

    Raises:
        MisfitError: as in ``max_pool2d``.
        ValueError: p is out of its range.

    Examples:
        >>> ops.lp_pool2d([[[[3.0], [4.0]]]], (1, 2)).item()
        5.0
    """
    x = images(x=x)
    geo = pool_geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit)
    y = written.result(out, (len(x), *geo.out, x.shape[3]), x, reads=(x,))
    kernels.backend_for(x, backend).lp_pool2d(x, y, _power(p), window_of(geo))
    return y


def _power(p):
    try:
        return number("p", p, 1)
    except ValueError as error:
        raise ValueError(f"{error}: for infinity use max_pool2d of |x|") from None


def lp_pool2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Padding = 0,
    *,
    p: float = 2,
    dilation: Size = 1,
    fit: Fit = "floor",
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """Gradient of lp_pool2d: ``dx = dy · sign(x) · (|x|/y)^(p−1)``, 0 where a window is all zeros.

    Arguments:
        dy: gradient of the output, ``(N, OH, OW, C)``.
        y: the output of the forward pass, ``(N, OH, OW, C)``.
        x, kernel_size, stride, padding, p, dilation, fit, out, backend: as in ``lp_pool2d``.

    Returns:
        ``dx (N, H, W, C)``.

    Raises:
        ValueError: as in ``lp_pool2d``, or dy or y has not the shape of the output.

    Examples:
        >>> ops.lp_pool2d_backward([[[[10.0]]]], [[[[3.0], [4.0]]]], [[[[5.0]]]], (1, 2)).ravel()
        array([6., 8.])
    """
    dy, x, y = check.floats(dy=dy, x=x, y=y)
    check.rank("x", x, 4)
    check.pixels(x)
    geo = pool_geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit)
    check.same_shape("dy", dy, (len(x), *geo.out, x.shape[3]), "the output of this pooling")
    check.same_shape("y", y, dy.shape, "the output of this pooling")
    dx = written.result(out, x.shape, dy, reads=(dy, x, y))
    kernels.backend_for(dy, backend).lp_pool2d_backward(dy, x, y, dx, _power(p), window_of(geo))
    return dx
