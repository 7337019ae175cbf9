"""Filters that are not shared: each output position has its own.

Letters as in ``conv``.
"""

from __future__ import annotations

from .. import kernels
from ..kernels.window import window_of
from ..shapes import geometry
from ..typing import Array, ArrayLike, Fit, Padding, Size
from . import check, written


def locally_connected2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    fit: Fit = "floor",
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """A convolution that shares nothing: each output position has filters of its own.

    ``y[n,i,j,k] = b[i,j,k] + sum over u,v,c of x[n, h, w, c] · w[i,j,k,u,v,c]`` with
    ``h = i·S − P + u·D`` and ``w = j·S − P + v·D``

    Arguments:
        x: images ``(N, H, W, C)``.
        w: filters ``(OH, OW, K, FH, FW, C)``.
        b: biases ``(OH, OW, K)``; zeros if None.
        stride, padding, dilation, fit, out, backend: as in ``conv2d``.

    Returns:
        ``y (N, OH, OW, K)``.

    Raises:
        ValueError: as in ``conv2d``, or w holds filters for other positions than there are.

    Examples:
        >>> w = np.array([1.0, 10.0]).reshape(1, 2, 1, 1, 1, 1)
        >>> ops.locally_connected2d([[[[3.0], [4.0]]]], w).ravel()
        array([ 3., 40.])
    """
    x, w, b = check.floats(x=x, w=w, b=b)
    geo = _local_geometry(x, w, stride, padding, dilation, fit)
    b = check.bias(b, w.shape[:3], x)
    y = written.result(out, (len(x), *w.shape[:3]), x, reads=(x, w, b))
    kernels.backend_for(x, backend).locally_connected2d(x, w, b, y, window_of(geo))
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
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    fit: Fit = "floor",
    need_dx: bool = True,
    out: tuple[Array | None, Array, Array] | None = None,
    backend: str | None = None,
) -> tuple[Array | None, Array, Array]:
    """Gradients of locally_connected2d; each filter's gradient comes from its own position alone.

    Arguments:
        dy: gradient of the output, ``(N, OH, OW, K)``.
        x, w, stride, padding, dilation, fit: as in ``locally_connected2d``.
        need_dx, out, backend: as in ``conv2d_backward``.

    Returns:
        ``dx (N, H, W, C), dw (OH, OW, K, FH, FW, C), db (OH, OW, K)``.

    Raises:
        ValueError: as in ``locally_connected2d``, or dy has not the shape of the output.

    Examples:
        >>> w = np.array([1.0, 10.0]).reshape(1, 2, 1, 1, 1, 1)
        >>> dx, dw, db = ops.locally_connected2d_backward([[[[1.0], [1.0]]]], [[[[3.0], [4.0]]]], w)
        >>> dx.ravel(), dw.ravel()
        (array([ 1., 10.]), array([3., 4.]))
    """
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    geo = _local_geometry(x, w, stride, padding, dilation, fit)
    check.same_shape("dy", dy, (len(x), *w.shape[:3]), "the output of this layer")
    dx, dw, db = written.results(
        out, x.shape if need_dx else None, w.shape, w.shape[:3], like=x, reads=(dy, x, w)
    )
    kernel, window = kernels.backend_for(dy, backend), window_of(geo)
    if need_dx:
        kernel.locally_connected2d_dx(dy, w, dx, window)
    kernel.locally_connected2d_dw(x, dy, dw, window)
    kernel.channel_sums(dy.reshape(len(dy), db.size), db.reshape(db.size))
    return dx, dw, db
