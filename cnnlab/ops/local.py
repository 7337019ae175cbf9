"""Filters that are not shared: each output position has its own.

Letters as in ``conv``.
"""

from .. import kernels
from ..shapes import geometry
from . import check, written


def locally_connected2d(
    x, w, b=None, *, stride=1, padding=0, dilation=1, fit="floor", out=None, backend=None
):
    """A convolution that shares nothing: every output place has filters of its own.

    ``y[n,i,j,k] = b[i,j,k] + sum over u,v,c of x[n, h, w, c] · w[i,j,k,u,v,c]`` with
    ``h = i·S − P + u·D`` and ``w = j·S − P + v·D``

    ``x (N, H, W, C)``, ``w (OH, OW, K, FH, FW, C)``, ``b (OH, OW, K)`` → ``y (N, OH, OW, K)``.
    Errors: as conv2d.
    """
    x, w, b = check.floats(x=x, w=w, b=b)
    geo = _local_geometry(x, w, stride, padding, dilation, fit)
    b = check.bias(b, w.shape[:3], x)
    y = written.result(out, (len(x), *w.shape[:3]), x, reads=(x, w, b))
    kernels.of(x, backend).locally_connected2d(x, w, b, y, geo.stride, geo.before, geo.dilation)
    return y


def _local_geometry(x, w, stride, padding, dilation, fit):
    check.rank("x", x, 4)
    check.rank("w", w, 6)
    check.pixels(x)
    check.channels(x.shape[3], w, 1)
    geo = geometry(x.shape[1:3], w.shape[3:5], stride, padding, dilation, fit)
    if w.shape[:2] != geo.out:
        raise ValueError(
            f"w holds filters for {w.shape[0]}x{w.shape[1]} places, but "
            f"{geo.out[0]}x{geo.out[1]} fit"
        )
    return geo


def locally_connected2d_backward(
    dy, x, w, *, stride=1, padding=0, dilation=1, fit="floor", need_dx=True, out=None, backend=None
):
    """Gradients of locally_connected2d: ``dx, dw, db``; each filter's gradient comes from its own
    place alone.
    """
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    geo = _local_geometry(x, w, stride, padding, dilation, fit)
    check.same_shape("dy", dy, (len(x), *w.shape[:3]), "the output of this layer")
    dx, dw, db = written.results(
        out, x.shape if need_dx else None, w.shape, w.shape[:3], like=x, reads=(dy, x, w)
    )
    kernel = kernels.of(dy, backend)
    if need_dx:
        kernel.locally_connected2d_dx(dy, w, dx, geo.stride, geo.before, geo.dilation)
    kernel.locally_connected2d_dw(x, dy, dw, geo.stride, geo.before, geo.dilation)
    kernel.channel_sums(dy.reshape(len(dy), db.size), db.reshape(db.size))
    return dx, dw, db
