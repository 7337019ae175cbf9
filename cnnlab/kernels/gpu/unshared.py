"""What the GPU does with windows that share no filter: the matrix of im2col, and filters of each
place's own.
"""

from numba import cuda

from .launching import per_place, writes
from .pool import _place


@cuda.jit(device=True)
def _reader(cell, tap, outputs, S, P, D):
    """The output whose window reads ``cell`` with ``tap`` along one axis, or -1."""
    i = cell + P - tap * D
    return i // S if i >= 0 and i % S == 0 and i // S < outputs else -1


@cuda.jit
def _im2col(count, x, cols, S, P, D, fill):
    _, H, W, C = x.shape
    _, OH, OW, FH, FW, _ = cols.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        c = p % C
        v = p // C % FW
        u = p // (C * FW) % FH
        n, i, j, _ = _place(p // (C * FW * FH), OW, OH, 1)
        h, w = i * S[0] - P[0] + u * D[0], j * S[1] - P[1] + v * D[1]
        inside = 0 <= h < H and 0 <= w < W
        cols[n, i, j, u, v, c] = x[n, h, w, c] if inside else cols.dtype.type(fill)


@writes("cols")
def im2col(x, cols, kernel, stride, before, dilation, fill=0):
    """See ``reference.im2col``."""
    per_place(_im2col, cols.size, x, cols, stride, before, dilation, fill)


@cuda.jit
def _turn(count, a, turned):
    _, rows, columns = a.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n = p // (rows * columns)
        i = p // columns % rows
        j = p % columns
        turned[n, j, i] = a[n, i, j]


@writes("turned")
def turn(a, turned):
    """``turned[n, j, i] = a[n, i, j]``."""
    per_place(_turn, a.size, a, turned)


@cuda.jit
def _col2im(count, cols, x, S, P, D):
    _, H, W, C = x.shape
    _, OH, OW, FH, FW, _ = cols.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, h, w, c = _place(p, W, H, C)
        total = x.dtype.type(0)
        for u in range(FH):
            i = _reader(h, u, OH, S[0], P[0], D[0])
            for v in range(FW):
                j = _reader(w, v, OW, S[1], P[1], D[1])
                if i >= 0 and j >= 0:
                    total += cols[n, i, j, u, v, c]
        x[n, h, w, c] = total


@writes("x")
def col2im(cols, x, kernel, stride, before, dilation):
    """See ``reference.col2im``. A cell gathers what its windows hold, so no write is shared."""
    per_place(_col2im, x.size, cols, x, stride, before, dilation)


@cuda.jit
def _locally_connected2d(count, x, w, b, y, S, P, D):
    _, H, W, C = x.shape
    _, OH, OW, K = y.shape
    FH, FW = w.shape[3], w.shape[4]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, i, j, k = _place(p, OW, OH, K)
        total = b[i, j, k]
        for u in range(FH):
            h = i * S[0] - P[0] + u * D[0]
            for v in range(FW):
                q = j * S[1] - P[1] + v * D[1]
                if 0 <= h < H and 0 <= q < W:
                    for c in range(C):
                        total += x[n, h, q, c] * w[i, j, k, u, v, c]
        y[n, i, j, k] = total


@writes("y")
def locally_connected2d(x, w, b, y, stride, before, dilation):
    """See ``reference.locally_connected2d``."""
    per_place(_locally_connected2d, y.size, x, w, b, y, stride, before, dilation)


@cuda.jit
def _locally_connected2d_dx(count, dy, w, dx, S, P, D):
    _, H, W, C = dx.shape
    _, OH, OW, K = dy.shape
    FH, FW = w.shape[3], w.shape[4]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, h, q, c = _place(p, W, H, C)
        total = dx.dtype.type(0)
        for u in range(FH):
            i = _reader(h, u, OH, S[0], P[0], D[0])
            for v in range(FW):
                j = _reader(q, v, OW, S[1], P[1], D[1])
                if i >= 0 and j >= 0:
                    for k in range(K):
                        total += dy[n, i, j, k] * w[i, j, k, u, v, c]
        dx[n, h, q, c] = total


@writes("dx")
def locally_connected2d_dx(dy, w, dx, stride, before, dilation):
    """See ``reference.locally_connected2d_dx``."""
    per_place(_locally_connected2d_dx, dx.size, dy, w, dx, stride, before, dilation)


@cuda.jit
def _locally_connected2d_dw(count, x, dy, dw, S, P, D):
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


@writes("dw")
def locally_connected2d_dw(x, dy, dw, stride, before, dilation):
    """See ``reference.locally_connected2d_dw``."""
    per_place(_locally_connected2d_dw, dw.size, x, dy, dw, stride, before, dilation)
