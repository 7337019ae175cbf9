"""Pooling in NumPy: every channel by itself, a window becomes one number."""

from math import prod

import numpy as np

from .im2col import col2im
from .windows import read_windows, window_cells


def max_pool2d(x, y, switches, window):
    """``y[n,i,j,c]`` = the largest value in the window; ``switches`` = its flat place ``h·W + w``.

    NaN counts as largest, and of equals the first wins. Padding never wins: every window must hold
    a pixel.
    """
    rows, columns, inside = window_cells(x.shape, y.shape[1:3], window)
    cols = read_windows(x, y.shape[1:3], window, fill=-np.inf)
    taps = prod(window.kernel)
    cols = cols.reshape(*y.shape[:3], taps, y.shape[3])
    inside = inside.reshape(*y.shape[1:3], taps, 1)
    best = cols.argmax(axis=3)
    found = np.take_along_axis(
        np.broadcast_to(inside, cols.shape[1:])[None], best[:, :, :, None], axis=3
    )[:, :, :, 0]
    best = np.where(found, best, inside.argmax(axis=2))
    y[...] = np.take_along_axis(cols, best[:, :, :, None], axis=3)[:, :, :, 0]
    u, v = np.divmod(best, window.kernel[1])
    i, j = np.arange(y.shape[1])[:, None, None], np.arange(y.shape[2])[:, None]
    switches[...] = rows[i, 0, u, 0] * x.shape[2] + columns[0, j, 0, v]


def fractional_max_pool2d(x, y, switches, rows, cols, overlap):
    """max_pool2d whose window i covers ``rows[i] .. rows[i+1] − 1 + overlap``, and cols alike."""
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


def max_pool2d_backward(dy, switches, dx, window=None):
    """Each ``dy`` goes back to the cell that won; a cell that won several windows adds them up.

    ``window`` is given where it is known, for backends that gain by it.
    """
    N, H, W, C = dx.shape
    dx[...] = 0
    n, c = np.arange(N)[:, None, None, None], np.arange(C)
    np.add.at(dx.reshape(N, H * W, C), (n, switches, c), dy)


def avg_pool2d(x, counts, y, window):
    """``y[n,i,j,c]`` = the sum of the window over ``counts[i,j]``."""
    cells = read_windows(x, y.shape[1:3], window)
    y[...] = cells.sum(axis=(3, 4), dtype=float) / counts[:, :, None]


def avg_pool2d_backward(dy, counts, dx, window):
    """Every cell of a window gets ``dy[n,i,j,c] / counts[i,j]``."""
    share = (dy / counts[:, :, None])[:, :, :, None, None]
    cols = np.broadcast_to(share, (*dy.shape[:3], *window.kernel, dy.shape[3]))
    col2im(cols, dx, window)


def lp_pool2d(x, y, p, window):
    """``y = (sum over the window of |x|^p)^(1/p)``."""
    cols = np.abs(read_windows(x, y.shape[1:3], window)).astype(float)
    largest = cols.max(axis=(3, 4), keepdims=True)  # powers of shares of it always have room
    largest[~((largest > 0) & (largest < np.inf))] = 1
    y[...] = largest[:, :, :, 0, 0] * ((cols / largest) ** p).sum(axis=(3, 4)) ** (1 / p)


def lp_pool2d_backward(dy, x, y, dx, p, window):
    """``dx = dy · sign(x) · (|x| / y)^(p−1)``, and 0 where the whole window is 0."""
    cols = read_windows(x, y.shape[1:3], window)
    whole = y[:, :, :, None, None]
    ratio = np.divide(
        np.abs(cols), whole, out=np.zeros_like(cols), where=(whole != 0) & (cols != 0)
    )
    col2im(dy[:, :, :, None, None] * np.sign(cols) * ratio ** (p - 1), dx, window)
