"""Convolution on the GPU whose places share no filter: a thread takes one number of the result."""

from numba import cuda

from .boundary import accepts_numpy
from .indexing import place_of, reader_of
from .launch import launch_1d


@cuda.jit
def _locally_connected2d(count, x, w, b, y, window):
    _, S, P, D = window
    _, H, W, C = x.shape
    _, OH, OW, K = y.shape
    FH, FW = w.shape[3], w.shape[4]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, i, j, k = place_of(p, OW, OH, K)
        total = b[i, j, k]
        for u in range(FH):
            h = i * S[0] - P[0] + u * D[0]
            for v in range(FW):
                q = j * S[1] - P[1] + v * D[1]
                if 0 <= h < H and 0 <= q < W:
                    for c in range(C):
                        total += x[n, h, q, c] * w[i, j, k, u, v, c]
        y[n, i, j, k] = total


@accepts_numpy(writes=("y",))
def locally_connected2d(x, w, b, y, window):
    """See ``reference.conv.locally_connected2d``."""
    launch_1d(_locally_connected2d, y.size, x, w, b, y, window)


@cuda.jit
def _locally_connected2d_dx(count, dy, w, dx, window):
    _, S, P, D = window
    _, H, W, C = dx.shape
    _, OH, OW, K = dy.shape
    FH, FW = w.shape[3], w.shape[4]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, h, q, c = place_of(p, W, H, C)
        total = dx.dtype.type(0)
        for u in range(FH):
            i = reader_of(h, u, OH, S[0], P[0], D[0])
            for v in range(FW):
                j = reader_of(q, v, OW, S[1], P[1], D[1])
                if i >= 0 and j >= 0:
                    for k in range(K):
                        total += dy[n, i, j, k] * w[i, j, k, u, v, c]
        dx[n, h, q, c] = total


@accepts_numpy(writes=("dx",))
def locally_connected2d_dx(dy, w, dx, window):
    """See ``reference.conv.locally_connected2d_dx``."""
    launch_1d(_locally_connected2d_dx, dx.size, dy, w, dx, window)


@cuda.jit
def _locally_connected2d_dw(count, x, dy, dw, window):
    _, S, P, D = window
    N, H, W, C = x.shape
    _, OW, K, FH, FW, _ = dw.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        c = p % C
        v = p // C % FW
        u = p // (C * FW) % FH
        k = p // (C * FW * FH) % K
        j, i = p // (C * FW * FH * K) % OW, p // (C * FW * FH * K * OW)
        h, q = i * S[0] - P[0] + u * D[0], j * S[1] - P[1] + v * D[1]
        total = dw.dtype.type(0)
        if 0 <= h < H and 0 <= q < W:
            for n in range(N):
                total += dy[n, i, j, k] * x[n, h, q, c]
        dw[i, j, k, u, v, c] = total


@accepts_numpy(writes=("dw",))
def locally_connected2d_dw(x, dy, dw, window):
    """See ``reference.conv.locally_connected2d_dw``."""
    launch_1d(_locally_connected2d_dw, dw.size, x, dy, dw, window)
