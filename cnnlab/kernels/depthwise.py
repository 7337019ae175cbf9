"""Depthwise convolution: every channel has one filter of its own, and the channels are the lanes.

There are no sums over channels for a tile to share, so the memory sets the pace: channels run innermost, side by side,
and a row of the output stays in the first cache while all taps are added to it. Formulas: see ``reference``.
"""

import numpy as np

from .loops_pool import _outputs_inside, compiled
from .threads import split


@compiled()
def _forward(x, w, b, y, stride, before, dilation):
    N, H, W, C = x.shape
    FH, FW, _ = w.shape
    _, OH, OW, _ = y.shape
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    y[n, i, j, c] = b[c]
            for u in range(FH):
                h = i * stride[0] - before[0] + u * dilation[0]
                if h < 0 or h >= H:
                    continue
                for v in range(FW):
                    first, last, cell = _outputs_inside(v, OW, W, stride[1], before[1], dilation[1])
                    for j in range(first, last):
                        for c in range(C):
                            y[n, i, j, c] += x[n, h, j * stride[1] + cell, c] * w[u, v, c]


@compiled()
def _dx(dy, w, dx, stride, before, dilation):
    N, H, W, C = dx.shape
    FH, FW, _ = w.shape
    _, OH, OW, _ = dy.shape
    dx[:] = 0
    for n in range(N):
        for i in range(OH):
            for u in range(FH):
                h = i * stride[0] - before[0] + u * dilation[0]
                if h < 0 or h >= H:
                    continue
                for v in range(FW):
                    first, last, cell = _outputs_inside(v, OW, W, stride[1], before[1], dilation[1])
                    for j in range(first, last):
                        for c in range(C):
                            dx[n, h, j * stride[1] + cell, c] += dy[n, i, j, c] * w[u, v, c]


@compiled()
def _dw(x, dy, dw, stride, before, dilation):
    N, H, W, C = x.shape
    FH, FW, _ = dw.shape
    _, OH, OW, _ = dy.shape
    dw[:] = 0
    for n in range(N):
        for i in range(OH):
            for u in range(FH):
                h = i * stride[0] - before[0] + u * dilation[0]
                if h < 0 or h >= H:
                    continue
                for v in range(FW):
                    first, last, cell = _outputs_inside(v, OW, W, stride[1], before[1], dilation[1])
                    for j in range(first, last):
                        for c in range(C):
                            dw[u, v, c] += dy[n, i, j, c] * x[n, h, j * stride[1] + cell, c]


def _channels_last(w):
    """Filters ``(C, FH, FW, 1)`` as ``(FH, FW, C)``."""
    return np.ascontiguousarray(w[..., 0].transpose(1, 2, 0))


def conv2d(x, w, b, y, stride, before, dilation):
    filters = _channels_last(w)
    split(len(x), y.size * filters[..., 0].size, lambda n: _forward(x[n], filters, b, y[n], stride, before, dilation))


def conv2d_dx(dy, w, dx, stride, before, dilation):
    filters = _channels_last(w)
    split(len(dx), dy.size * filters[..., 0].size, lambda n: _dx(dy[n], filters, dx[n], stride, before, dilation))


def conv2d_dw(x, dy, dw, stride, before, dilation):
    """Each thread sums its own images; the sums are added in a fixed order."""

    def of_images(n):
        share = np.empty((*dw.shape[1:3], len(dw)), dw.dtype)
        _dw(x[n], dy[n], share, stride, before, dilation)
        return share

    dw[..., 0] = sum(split(len(x), dy.size * dw[0].size, of_images)).transpose(2, 0, 1)
