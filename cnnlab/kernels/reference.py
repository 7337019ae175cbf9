"""Every operation in NumPy, short enough to check by eye: the truth the other backends are tested
against.

All of it rests on two moves: ``im2col`` lays the window of each output side by side, ``col2im``
adds the windows back into the image. Arguments: ``kernel, stride, before, dilation`` are pairs
(height, width), ``before`` being the padding above and to the left; the last array is written.
"""

import numpy as np

from .reference_dense import (  # noqa: F401  (the rest of the reference)
    linear,
    linear_dw,
    linear_dx,
    multiclass_svm,
    softmax_cross_entropy,
)
from .reference_norm import (  # noqa: F401  (the rest of the reference)
    channel_sums,
    local_response_norm,
    local_response_norm_backward,
    moments,
    normalise,
    normalise_backward,
    relu,
    relu_backward,
    standardise_groups,
    standardise_groups_backward,
)


def _taps(W, out, F, S, P, D):
    """Input position of tap u of output i along one axis: (out, F) ints, outside 0..W−1 in the
    padding.
    """
    position = np.arange(out)[:, None] * S - P + np.arange(F) * D
    return position, (position >= 0) & (position < W)


def _places(x_shape, out, kernel, stride, before, dilation):
    """Rows and columns read by each window, and which taps lie inside the image (OH, OW, FH,
    FW).
    """
    rows, row_inside = _taps(x_shape[1], out[0], kernel[0], stride[0], before[0], dilation[0])
    cols, col_inside = _taps(x_shape[2], out[1], kernel[1], stride[1], before[1], dilation[1])
    inside = row_inside[:, None, :, None] & col_inside[None, :, None, :]
    return rows[:, None, :, None], cols[None, :, None, :], inside


def im2col(x, cols, kernel, stride, before, dilation, fill=0):
    """``cols[n,i,j,u,v,c] = x[n, i·S − P + u·D, j·S − P + v·D, c]``, or ``fill`` outside the
    image.
    """
    _, H, W, _ = x.shape
    i, j, inside = _places(x.shape, cols.shape[1:3], kernel, stride, before, dilation)
    cols[...] = x[:, i.clip(0, H - 1), j.clip(0, W - 1)]
    cols[:, ~inside] = fill


def col2im(cols, x, kernel, stride, before, dilation):
    """The transpose of im2col: each ``cols[n,i,j,u,v,c]`` is added to the input cell it came
    from.
    """
    i, j, inside = _places(x.shape, cols.shape[1:3], kernel, stride, before, dilation)
    i, j = np.broadcast_to(i, inside.shape)[inside], np.broadcast_to(j, inside.shape)[inside]
    x[...] = 0
    np.add.at(x, (slice(None), i, j), cols[:, inside])


def _columns(x, y, kernel, stride, before, dilation, fill=0):
    cols = np.empty((*y.shape[:3], *kernel, x.shape[3]), x.dtype)
    im2col(x, cols, kernel, stride, before, dilation, fill)
    return cols


def _group_slices(C, groups):
    return [slice(g * C // groups, (g + 1) * C // groups) for g in range(groups)]


def conv2d(x, w, b, y, stride, before, dilation, groups):
    """``y[n,i,j,k] = b[k] + sum over u,v,c of x[n, i·S − P + u·D, j·S − P + v·D, c] · w[k,u,v,c]``.

    Strictly this is a cross-correlation: the filter is not flipped. With groups, filter k of group
    g sees only the channels of group g.
    """
    cols = _columns(x, y, w.shape[1:3], stride, before, dilation)
    for k, c in zip(_group_slices(len(w), groups), _group_slices(x.shape[3], groups), strict=True):
        y[..., k] = np.einsum("nijuvc,kuvc->nijk", cols[..., c], w[k], optimize=True)
    y += b


def conv2d_dx(dy, w, dx, stride, before, dilation, groups):
    """``dx`` of conv2d: every window gets back ``dy[n,i,j,k] · w[k,u,v,c]``, summed over k where
    windows overlap.
    """
    cols = np.empty((*dy.shape[:3], *w.shape[1:3], dx.shape[3]), dx.dtype)
    for k, c in zip(_group_slices(len(w), groups), _group_slices(dx.shape[3], groups), strict=True):
        cols[..., c] = np.einsum("nijk,kuvc->nijuvc", dy[..., k], w[k], optimize=True)
    col2im(cols, dx, w.shape[1:3], stride, before, dilation)


def conv2d_dw(x, dy, dw, stride, before, dilation, groups):
    """``dw[k,u,v,c] = sum over n,i,j of dy[n,i,j,k] · x[n, i·S − P + u·D, j·S − P + v·D, c]``."""
    cols = _columns(x, dy, dw.shape[1:3], stride, before, dilation).astype(float)
    dy = dy.astype(float)
    for k, c in zip(_group_slices(len(dw), groups), _group_slices(x.shape[3], groups), strict=True):
        dw[k] = np.einsum("nijk,nijuvc->kuvc", dy[..., k], cols[..., c], optimize=True)


def locally_connected2d(x, w, b, y, stride, before, dilation):
    """conv2d whose filter ``w[i,j,k]`` and bias ``b[i,j,k]`` differ at every output place: nothing
    is shared.
    """
    cols = _columns(x, y, w.shape[3:5], stride, before, dilation)
    y[...] = np.einsum("nijuvc,ijkuvc->nijk", cols, w, optimize=True) + b


def locally_connected2d_dx(dy, w, dx, stride, before, dilation):
    """``dx`` of locally_connected2d."""
    cols = np.einsum("nijk,ijkuvc->nijuvc", dy, w, optimize=True)
    col2im(cols, dx, w.shape[3:5], stride, before, dilation)


def locally_connected2d_dw(x, dy, dw, stride, before, dilation):
    """``dw[i,j,k,u,v,c] = sum over n of dy[n,i,j,k] · x[n, i·S − P + u·D, j·S − P + v·D, c]``."""
    cols = _columns(x, dy, dw.shape[3:5], stride, before, dilation)
    dw[...] = np.einsum("nijk,nijuvc->ijkuvc", dy, cols, optimize=True)


def max_pool2d(x, y, switches, kernel, stride, before, dilation):
    """``y[n,i,j,c]`` = the largest value in the window; ``switches`` = its flat place ``h·W + w``
    in the image.

    NaN counts as largest, and of equals the first wins. Padding never wins: every window must hold
    a pixel.
    """
    rows, columns, inside = _places(x.shape, y.shape[1:3], kernel, stride, before, dilation)
    cols = _columns(x, y, kernel, stride, before, dilation, fill=-np.inf)
    taps = kernel[0] * kernel[1]
    cols = cols.reshape(*y.shape[:3], taps, y.shape[3])
    inside = inside.reshape(*y.shape[1:3], taps, 1)
    best = cols.argmax(axis=3)
    found = np.take_along_axis(
        np.broadcast_to(inside, cols.shape[1:])[None], best[:, :, :, None], axis=3
    )[:, :, :, 0]
    best = np.where(found, best, inside.argmax(axis=2))
    y[...] = np.take_along_axis(cols, best[:, :, :, None], axis=3)[:, :, :, 0]
    u, v = np.divmod(best, kernel[1])
    i, j = np.arange(y.shape[1])[:, None, None], np.arange(y.shape[2])[:, None]
    switches[...] = rows[i, 0, u, 0] * x.shape[2] + columns[0, j, 0, v]


def fractional_max_pool2d(x, y, switches, rows, cols, overlap):
    """max_pool2d whose window (i, j) covers ``rows[i] .. rows[i+1] − 1 + overlap`` and the like of
    ``cols``.
    """
    _, H, W, C = x.shape
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            r = slice(rows[i], min(rows[i + 1] + overlap, H))
            c = slice(cols[j], min(cols[j + 1] + overlap, W))
            window = x[:, r, c].reshape(len(x), (r.stop - r.start) * (c.stop - c.start), C)
            best = window.argmax(axis=1)
            y[:, i, j] = np.take_along_axis(window, best[:, None], axis=1)[:, 0]
            u, v = np.divmod(best, c.stop - c.start)
            switches[:, i, j] = (r.start + u) * W + c.start + v


def max_pool2d_backward(dy, switches, dx, *window):
    """Each ``dy`` goes back to the cell that won; a cell that won several windows adds them up.

    ``window``: kernel, stride, before and dilation where they are known, for backends that gain by
    it.
    """
    N, H, W, C = dx.shape
    dx[...] = 0
    n, c = np.arange(N)[:, None, None, None], np.arange(C)
    np.add.at(dx.reshape(N, H * W, C), (n, switches, c), dy)


def avg_pool2d(x, counts, y, kernel, stride, before, dilation):
    """``y[n,i,j,c]`` = the sum of the window over ``counts[i,j]``."""
    y[...] = (
        _columns(x, y, kernel, stride, before, dilation).sum(axis=(3, 4), dtype=float)
        / counts[:, :, None]
    )


def avg_pool2d_backward(dy, counts, dx, kernel, stride, before, dilation):
    """Every cell of a window gets ``dy[n,i,j,c] / counts[i,j]``."""
    share = (dy / counts[:, :, None])[:, :, :, None, None]
    cols = np.broadcast_to(share, (*dy.shape[:3], *kernel, dy.shape[3]))
    col2im(cols, dx, kernel, stride, before, dilation)


def lp_pool2d(x, y, p, kernel, stride, before, dilation):
    """``y = (sum over the window of |x|^p)^(1/p)``."""
    cols = np.abs(_columns(x, y, kernel, stride, before, dilation)).astype(float)
    largest = cols.max(axis=(3, 4), keepdims=True)  # powers of shares of it always have room
    largest[~((largest > 0) & (largest < np.inf))] = 1
    y[...] = largest[:, :, :, 0, 0] * ((cols / largest) ** p).sum(axis=(3, 4)) ** (1 / p)


def lp_pool2d_backward(dy, x, y, dx, p, kernel, stride, before, dilation):
    """``dx = dy · sign(x) · (|x| / y)^(p−1)``, and 0 where the whole window is 0."""
    cols = _columns(x, y, kernel, stride, before, dilation)
    whole = y[:, :, :, None, None]
    ratio = np.divide(
        np.abs(cols), whole, out=np.zeros_like(cols), where=(whole != 0) & (cols != 0)
    )
    col2im(
        dy[:, :, :, None, None] * np.sign(cols) * ratio ** (p - 1),
        dx,
        kernel,
        stride,
        before,
        dilation,
    )
