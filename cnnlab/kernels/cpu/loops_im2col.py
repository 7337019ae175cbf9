"""im2col and its transpose as plain loops, compiled by Numba.

Formulas and arguments: see ``reference.im2col.im2col``.
"""

from .jit import compiled
from .threads import split


@compiled
def _outputs_inside(tap, outputs, W, stride, before, dilation):
    """Which outputs read this tap inside the image, and the cell that output 0 reads.

    The outputs are given as first and last + 1.
    """
    cell = tap * dilation - before
    first = max(0, (stride - 1 - cell) // stride)
    last = (W - 1 - cell) // stride + 1
    return min(first, outputs), min(max(first, last), outputs), cell


@compiled
def copy_windows(x, cols, window, fill):
    N, H, W, C = x.shape
    _, OH, OW, FH, FW, _ = cols.shape
    _, S, P, D = window
    for n in range(N):
        for i in range(OH):
            for u in range(FH):
                h = i * S[0] - P[0] + u * D[0]
                for v in range(FW):
                    first, last, cell = _outputs_inside(v, OW, W, S[1], P[1], D[1])
                    if h < 0 or h >= H:
                        first = last = 0
                    cols[n, i, :first, u, v] = fill
                    cols[n, i, last:, u, v] = fill
                    if C == 1:  # half the time: the loop below would enter a loop of one step
                        for j in range(first, last):
                            cols[n, i, j, u, v, 0] = x[n, h, j * S[1] + cell, 0]
                        continue
                    for j in range(first, last):
                        for c in range(C):
                            cols[n, i, j, u, v, c] = x[n, h, j * S[1] + cell, c]


def im2col(x, cols, window, fill=0):
    """See ``reference.im2col.im2col``."""
    fill = x.dtype.type(fill)
    split(len(x), cols.size, lambda n: copy_windows(x[n], cols[n], window, fill))


@compiled
def add_windows(cols, x, window):
    N, H, W, C = x.shape
    _, OH, OW, FH, FW, _ = cols.shape
    _, S, P, D = window
    x[:] = 0
    for n in range(N):
        for i in range(OH):
            for u in range(FH):
                h = i * S[0] - P[0] + u * D[0]
                if h < 0 or h >= H:
                    continue
                for v in range(FW):
                    first, last, cell = _outputs_inside(v, OW, W, S[1], P[1], D[1])
                    for j in range(first, last):
                        for c in range(C):
                            x[n, h, j * S[1] + cell, c] += cols[n, i, j, u, v, c]


def col2im(cols, x, window):
    """See ``reference.im2col.col2im``."""
    split(len(x), cols.size, lambda n: add_windows(cols[n], x[n], window))
