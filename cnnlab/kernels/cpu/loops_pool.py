"""Pooling as plain loops, compiled by Numba: the channels run innermost, side by side in memory.

Formulas and arguments: see ``reference``.
"""

from math import prod

import numpy as np

from .jit import compiled
from .threads import split

FEW = 16  # cells of a window that single precision adds up well enough
SMALLEST, LARGEST = 1e-290, 1e300  # sums of powers between these have kept their digits
# No number of the type lies below 10 to minus this.
DEEPEST = {np.dtype(np.float32): 45, np.dtype(np.float64): 324}


@compiled
def _max_pool2d(x, y, switches, window):
    N, H, W, C = x.shape
    _, OH, OW, _ = y.shape
    F, S, P, D = window
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                fresh = True  # no pixel of this window seen yet
                for u in range(F[0]):
                    h = i * S[0] - P[0] + u * D[0]
                    for v in range(F[1]):
                        q = j * S[1] - P[1] + v * D[1]
                        if not (0 <= h < H and 0 <= q < W):
                            continue
                        for c in range(C):
                            value, best = x[n, h, q, c], y[n, i, j, c]
                            # value != value: NaN wins, and the first NaN stays
                            if fresh or value > best or (value != value and best == best):
                                y[n, i, j, c] = value
                                switches[n, i, j, c] = h * W + q
                        fresh = False


def max_pool2d(x, y, switches, window):
    """See ``reference.pool.max_pool2d``."""
    work = y.size * prod(window.kernel)
    split(
        len(x),
        work,
        lambda n: _max_pool2d(x[n], y[n], switches[n], window),
    )


@compiled
def _fractional_max_pool2d(x, y, switches, rows, cols, overlap):
    N, H, W, C = x.shape
    _, OH, OW, _ = y.shape
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for h in range(rows[i], min(rows[i + 1] + overlap, H)):
                    for q in range(cols[j], min(cols[j + 1] + overlap, W)):
                        fresh = h == rows[i] and q == cols[j]
                        for c in range(C):
                            value, best = x[n, h, q, c], y[n, i, j, c]
                            if fresh or value > best or (value != value and best == best):
                                y[n, i, j, c] = value
                                switches[n, i, j, c] = h * W + q


def fractional_max_pool2d(x, y, switches, rows, cols, overlap):
    """See ``reference.pool.fractional_max_pool2d``."""
    split(
        len(x),
        x.size,
        lambda n: _fractional_max_pool2d(x[n], y[n], switches[n], rows, cols, overlap),
    )


@compiled
def _max_pool2d_backward(dy, switches, dx):
    N, H, W, C = dx.shape
    _, OH, OW, _ = dy.shape
    dx[:] = 0
    cells = dx.reshape(N, H * W, C)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    cells[n, switches[n, i, j, c], c] += dy[n, i, j, c]


def max_pool2d_backward(dy, switches, dx, window=None):
    """See ``reference.pool.max_pool2d_backward``."""
    split(len(dx), dx.size, lambda n: _max_pool2d_backward(dy[n], switches[n], dx[n]))


@compiled
def _avg_pool2d(x, counts, y, window):
    N, H, W, C = x.shape
    _, OH, OW, _ = y.shape
    F, S, P, D = window
    y[:] = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for u in range(F[0]):
                    h = i * S[0] - P[0] + u * D[0]
                    for v in range(F[1]):
                        q = j * S[1] - P[1] + v * D[1]
                        if 0 <= h < H and 0 <= q < W:
                            for c in range(C):
                                y[n, i, j, c] += x[n, h, q, c]
                for c in range(C):
                    y[n, i, j, c] /= counts[i, j]


@compiled
def _avg_pool2d_far(x, counts, y, window):
    """The same for windows of many cells, whose sums need double precision."""
    N, H, W, C = x.shape
    _, OH, OW, _ = y.shape
    F, S, P, D = window
    total = np.zeros(C)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                total[:] = 0
                for u in range(F[0]):
                    h = i * S[0] - P[0] + u * D[0]
                    for v in range(F[1]):
                        q = j * S[1] - P[1] + v * D[1]
                        if 0 <= h < H and 0 <= q < W:
                            for c in range(C):
                                total[c] += x[n, h, q, c]
                for c in range(C):
                    y[n, i, j, c] = total[c] / counts[i, j]


def avg_pool2d(x, counts, y, window):
    """See ``reference.pool.avg_pool2d``."""
    cells = prod(window.kernel)
    pool = _avg_pool2d_far if cells > FEW else _avg_pool2d
    split(len(x), y.size * cells, lambda n: pool(x[n], counts, y[n], window))


@compiled
def _avg_pool2d_backward(dy, counts, dx, window):
    N, H, W, C = dx.shape
    _, OH, OW, _ = dy.shape
    F, S, P, D = window
    dx[:] = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for u in range(F[0]):
                    h = i * S[0] - P[0] + u * D[0]
                    for v in range(F[1]):
                        q = j * S[1] - P[1] + v * D[1]
                        if 0 <= h < H and 0 <= q < W:
                            for c in range(C):
                                dx[n, h, q, c] += dy[n, i, j, c] / counts[i, j]


def avg_pool2d_backward(dy, counts, dx, window):
    """See ``reference.pool.avg_pool2d_backward``."""
    work = dy.size * prod(window.kernel)
    split(
        len(dx),
        work,
        lambda n: _avg_pool2d_backward(dy[n], counts, dx[n], window),
    )


@compiled
def _scaled_norm(x, c, i, j, p, window):
    """The norm of one window whose powers overflow: computed by shares of its largest number."""
    H, W, _ = x.shape
    F, S, P, D = window
    largest, total = np.float64(0), np.float64(0)
    for turn in range(2):
        for u in range(F[0]):
            h = i * S[0] - P[0] + u * D[0]
            for v in range(F[1]):
                q = j * S[1] - P[1] + v * D[1]
                if 0 <= h < H and 0 <= q < W:
                    size = abs(np.float64(x[h, q, c]))
                    if turn == 0:
                        largest = size if size > largest or size != size else largest
                    elif size > 0:
                        total += (size / largest) ** p if largest < np.inf else size
    return largest * total ** (1 / p)


@compiled
def _lp_pool2d(x, y, p, deep, window):
    N, H, W, C = x.shape
    _, OH, OW, _ = y.shape
    F, S, P, D = window
    total = np.zeros(C)
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                total[:] = 0
                for u in range(F[0]):
                    h = i * S[0] - P[0] + u * D[0]
                    for v in range(F[1]):
                        q = j * S[1] - P[1] + v * D[1]
                        if 0 <= h < H and 0 <= q < W:
                            for c in range(C):
                                total[c] += abs(x[n, h, q, c]) ** p
                for c in range(C):
                    y[n, i, j, c] = total[c] ** (1 / p)
                    if not SMALLEST < total[c] < LARGEST and (deep or total[c] > 0):
                        y[n, i, j, c] = _scaled_norm(x[n], c, i, j, p, window)


def lp_pool2d(x, y, p, window):
    """See ``reference.pool.lp_pool2d``."""
    deep = p * DEEPEST[x.dtype] > 324  # may a power be lost altogether?
    split(len(x), y.size * prod(window.kernel), lambda n: _lp_pool2d(x[n], y[n], p, deep, window))


@compiled
def _lp_pool2d_backward(dy, x, y, dx, p, window):
    N, H, W, C = x.shape
    _, OH, OW, _ = y.shape
    F, S, P, D = window
    dx[:] = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for u in range(F[0]):
                    h = i * S[0] - P[0] + u * D[0]
                    for v in range(F[1]):
                        q = j * S[1] - P[1] + v * D[1]
                        if 0 <= h < H and 0 <= q < W:
                            for c in range(C):
                                value, whole = x[n, h, q, c], y[n, i, j, c]
                                if whole != 0 and value != 0:
                                    slope = (abs(value) / whole) ** (p - 1)
                                    dx[n, h, q, c] += dy[n, i, j, c] * (
                                        slope if value > 0 else -slope
                                    )


def lp_pool2d_backward(dy, x, y, dx, p, window):
    """See ``reference.pool.lp_pool2d_backward``."""
    work = dy.size * prod(window.kernel)
    split(
        len(dx),
        work,
        lambda n: _lp_pool2d_backward(dy[n], x[n], y[n], dx[n], p, window),
    )
