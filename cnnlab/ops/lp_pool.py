"""Pooling by the p-norm: L2 is p = 2, and large p come near the maximum."""

from .. import kernels
from . import check, written
from .pool import images, pool_geometry


def lp_pool2d(
    x, kernel_size, stride=None, padding=0, *, p=2, dilation=1, fit="floor", out=None, backend=None
):
    """The p-norm of each window: ``y = (sum over u,v of |x|^p)^(1/p)``, p ≥ 1 and finite.

    ``x (N, H, W, C)`` → ``y (N, OH, OW, C)``. Errors: as max_pool2d, and ValueError for another p.
    """
    x = images(x=x)
    geo = pool_geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit)
    y = written.result(out, (len(x), *geo.out, x.shape[3]), x, reads=(x,))
    kernels.of(x, backend).lp_pool2d(
        x, y, _power(p), geo.kernel, geo.stride, geo.before, geo.dilation
    )
    return y


def _power(p):
    try:
        return check.number("p", p, 1)
    except ValueError as error:
        raise ValueError(f"{error}: for infinity use max_pool2d of |x|") from None


def lp_pool2d_backward(
    dy,
    x,
    y,
    kernel_size,
    stride=None,
    padding=0,
    *,
    p=2,
    dilation=1,
    fit="floor",
    out=None,
    backend=None,
):
    """Gradient of lp_pool2d: ``dx = dy · sign(x) · (|x|/y)^(p−1)``, and 0 where a window is all
    zeros.
    """
    dy, x, y = check.floats(dy=dy, x=x, y=y)
    check.rank("x", x, 4)
    check.pixels(x)
    geo = pool_geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit)
    check.same_shape("dy", dy, (len(x), *geo.out, x.shape[3]), "the output of this pooling")
    check.same_shape("y", y, dy.shape, "the output of this pooling")
    dx = written.result(out, x.shape, dy, reads=(dy, x, y))
    kernels.of(dy, backend).lp_pool2d_backward(
        dy, x, y, dx, _power(p), geo.kernel, geo.stride, geo.before, geo.dilation
    )
    return dx
