"""The matrix of im2col on the GPU, its transpose, and the turning of matrices."""

from numba import cuda

from .boundary import accepts_numpy
from .indexing import place_of, reader_of
from .launch import launch_1d


@cuda.jit
def _im2col(count, x, cols, window, fill):
    _, S, P, D = window
    _, H, W, C = x.shape
    _, OH, OW, FH, FW, _ = cols.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        c = p % C
        v = p // C % FW
        u = p // (C * FW) % FH
        n, i, j, _ = place_of(p // (C * FW * FH), OW, OH, 1)
        h, w = i * S[0] - P[0] + u * D[0], j * S[1] - P[1] + v * D[1]
        inside = 0 <= h < H and 0 <= w < W
        cols[n, i, j, u, v, c] = x[n, h, w, c] if inside else cols.dtype.type(fill)


@accepts_numpy(writes=("cols",))
def im2col(x, cols, window, fill=0):
    """See ``reference.im2col.im2col``."""
    launch_1d(_im2col, cols.size, x, cols, window, fill)


@cuda.jit
def _transpose(count, a, transposed):
    _, rows, columns = a.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n = p // (rows * columns)
        i = p // columns % rows
        j = p % columns
        transposed[n, j, i] = a[n, i, j]


@accepts_numpy(writes=("transposed",))
def transpose(a, transposed):
    """``transposed[n, j, i] = a[n, i, j]``."""
    launch_1d(_transpose, a.size, a, transposed)


@cuda.jit
def _col2im(count, cols, x, window):
    _, S, P, D = window
    _, H, W, C = x.shape
    _, OH, OW, FH, FW, _ = cols.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n, h, w, c = place_of(p, W, H, C)
        total = x.dtype.type(0)
        for u in range(FH):
            i = reader_of(h, u, OH, S[0], P[0], D[0])
            for v in range(FW):
                j = reader_of(w, v, OW, S[1], P[1], D[1])
                if i >= 0 and j >= 0:
                    total += cols[n, i, j, u, v, c]
        x[n, h, w, c] = total


@accepts_numpy(writes=("x",))
def col2im(cols, x, window):
    """See ``reference.im2col.col2im``. A cell gathers, so no write is shared."""
    launch_1d(_col2im, x.size, cols, x, window)
