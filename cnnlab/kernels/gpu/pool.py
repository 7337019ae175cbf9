"""Pooling on the GPU: a thread takes one number of the result, so no write is shared.

The one exception is the way back through max pooling where the windows are not known, only the
switches: several may name the same cell, so what they give is added atomically, in any order.
"""

from numba import cuda

from .boundary import accepts_numpy
from .indexing import first_reader, last_reader, place_of
from .launch import launch_1d


@cuda.jit
def _max_pool2d(count, x, y, switches, window):
    F, S, P, D = window
    _, H, W, C = x.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, i, j, c = place_of(p, y.shape[2], y.shape[1], C)
        best, where = y.dtype.type(0), -1
        for u in range(F[0]):
            h = i * S[0] - P[0] + u * D[0]
            for v in range(F[1]):
                w = j * S[1] - P[1] + v * D[1]
                if 0 <= h < H and 0 <= w < W:
                    value = x[n, h, w, c]
                    if where < 0 or value > best or (value != value and best == best):
                        best, where = value, h * W + w
        y[n, i, j, c] = best
        switches[n, i, j, c] = where


@accepts_numpy(writes=("y", "switches"))
def max_pool2d(x, y, switches, window):
    """See ``reference.pool.max_pool2d``."""
    launch_1d(_max_pool2d, y.size, x, y, switches, window)


@cuda.jit
def _fractional_max_pool2d(count, x, y, switches, rows, cols, overlap):
    _, H, W, C = x.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, i, j, c = place_of(p, y.shape[2], y.shape[1], C)
        best, where = y.dtype.type(0), -1
        for h in range(rows[i], min(rows[i + 1] + overlap, H)):
            for w in range(cols[j], min(cols[j + 1] + overlap, W)):
                value = x[n, h, w, c]
                if where < 0 or value > best or (value != value and best == best):
                    best, where = value, h * W + w
        y[n, i, j, c] = best
        switches[n, i, j, c] = where


@accepts_numpy(writes=("y", "switches"))
def fractional_max_pool2d(x, y, switches, rows, cols, overlap):
    """See ``reference.pool.fractional_max_pool2d``."""
    launch_1d(_fractional_max_pool2d, y.size, x, y, switches, rows, cols, overlap)


@cuda.jit
def _max_pool2d_backward(count, dy, switches, dx, pixels):
    C = dy.shape[3]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, i, j, c = place_of(p, dy.shape[2], dy.shape[1], C)
        if 0 <= switches[n, i, j, c] < pixels:
            cuda.atomic.add(dx, (n * pixels + switches[n, i, j, c]) * C + c, dy[n, i, j, c])


@cuda.jit
def _max_pool2d_gather(count, dy, switches, dx, window):
    F, S, P, D = window
    _, H, W, C = dx.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, h, w, c = place_of(p, W, H, C)
        total = dx.dtype.type(0)
        down, right = h + P[0], w + P[1]
        for i in range(
            first_reader(down, F[0], S[0], D[0]), last_reader(down, dy.shape[1], S[0]) + 1
        ):
            for j in range(
                first_reader(right, F[1], S[1], D[1]), last_reader(right, dy.shape[2], S[1]) + 1
            ):
                if switches[n, i, j, c] == h * W + w:
                    total += dy[n, i, j, c]
        dx[n, h, w, c] = total


@accepts_numpy(writes=("dx",))
def max_pool2d_backward(dy, switches, dx, window=None):
    """See ``reference.pool.max_pool2d_backward``.

    A cell that knows its windows asks them, always in the same order.
    """
    if window is not None:
        launch_1d(_max_pool2d_gather, dx.size, dy, switches, dx, window)
    else:
        dx[...] = 0
        launch_1d(
            _max_pool2d_backward, dy.size, dy, switches, dx.reshape(-1), dx.shape[1] * dx.shape[2]
        )


@cuda.jit
def _avg_pool2d(count, x, counts, y, window):
    F, S, P, D = window
    _, H, W, C = x.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, i, j, c = place_of(p, y.shape[2], y.shape[1], C)
        total = y.dtype.type(0)
        for u in range(F[0]):
            h = i * S[0] - P[0] + u * D[0]
            for v in range(F[1]):
                w = j * S[1] - P[1] + v * D[1]
                if 0 <= h < H and 0 <= w < W:
                    total += x[n, h, w, c]
        y[n, i, j, c] = total / counts[i, j]


@accepts_numpy(writes=("y",))
def avg_pool2d(x, counts, y, window):
    """See ``reference.pool.avg_pool2d``."""
    launch_1d(_avg_pool2d, y.size, x, counts, y, window)


@cuda.jit
def _avg_pool2d_backward(count, dy, counts, dx, window):
    F, S, P, D = window
    _, H, W, C = dx.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, h, w, c = place_of(p, W, H, C)
        total = dx.dtype.type(0)
        down, right = h + P[0], w + P[1]
        for i in range(
            first_reader(down, F[0], S[0], D[0]), last_reader(down, dy.shape[1], S[0]) + 1
        ):
            for j in range(
                first_reader(right, F[1], S[1], D[1]), last_reader(right, dy.shape[2], S[1]) + 1
            ):
                if (down - i * S[0]) % D[0] == 0 and (right - j * S[1]) % D[1] == 0:
                    total += dy[n, i, j, c] / counts[i, j]
        dx[n, h, w, c] = total


@accepts_numpy(writes=("dx",))
def avg_pool2d_backward(dy, counts, dx, window):
    """See ``reference.pool.avg_pool2d_backward``."""
    launch_1d(_avg_pool2d_backward, dx.size, dy, counts, dx, window)


@cuda.jit
def _lp_pool2d(count, x, y, power, window):
    F, S, P, D = window
    _, H, W, C = x.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, i, j, c = place_of(p, y.shape[2], y.shape[1], C)
        total = y.dtype.type(0)
        for u in range(F[0]):
            h = i * S[0] - P[0] + u * D[0]
            for v in range(F[1]):
                w = j * S[1] - P[1] + v * D[1]
                if 0 <= h < H and 0 <= w < W:
                    total += abs(x[n, h, w, c]) ** y.dtype.type(power)
        y[n, i, j, c] = total ** y.dtype.type(1 / power)


@accepts_numpy(writes=("y",))
def lp_pool2d(x, y, p, window):
    """See ``reference.pool.lp_pool2d``."""
    launch_1d(_lp_pool2d, y.size, x, y, p, window)


@cuda.jit
def _lp_pool2d_backward(count, dy, x, y, dx, power, window):
    F, S, P, D = window
    _, H, W, C = dx.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, h, w, c = place_of(p, W, H, C)
        total, value = dx.dtype.type(0), x[n, h, w, c]
        down, right = h + P[0], w + P[1]
        for i in range(
            first_reader(down, F[0], S[0], D[0]), last_reader(down, dy.shape[1], S[0]) + 1
        ):
            for j in range(
                first_reader(right, F[1], S[1], D[1]), last_reader(right, dy.shape[2], S[1]) + 1
            ):
                if (
                    (down - i * S[0]) % D[0] == 0
                    and (right - j * S[1]) % D[1] == 0
                    and y[n, i, j, c] != 0
                ):
                    share = dy[n, i, j, c] * (abs(value) / y[n, i, j, c]) ** dx.dtype.type(
                        power - 1
                    )
                    total += share if value >= 0 or value != value else -share
        dx[n, h, w, c] = total if value != 0 else dx.dtype.type(0)


@accepts_numpy(writes=("dx",))
def lp_pool2d_backward(dy, x, y, dx, p, window):
    """See ``reference.pool.lp_pool2d_backward``."""
    launch_1d(_lp_pool2d_backward, dx.size, dy, x, y, dx, p, window)
