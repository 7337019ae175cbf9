"""im2col and its transpose in NumPy: every window laid out side by side, or added back."""

import numpy as np

from .windows import read_windows, window_cells


def im2col(x, cols, window, fill=0):
    """``cols[n,i,j,u,v,c] = x[n, i·S − P + u·D, j·S − P + v·D, c]``, or ``fill`` in the padding."""
    cols[...] = read_windows(x, cols.shape[1:3], window, fill)


def col2im(cols, x, window):
    """The transpose of im2col: each ``cols[n,i,j,u,v,c]`` is added to the cell it was read from."""
    i, j, inside = window_cells(x.shape, cols.shape[1:3], window)
    i, j = np.broadcast_to(i, inside.shape)[inside], np.broadcast_to(j, inside.shape)[inside]
    x[...] = 0
    np.add.at(x, (slice(None), i, j), cols[:, inside])
