"""Where the windows of all outputs lie in an image, and what they read."""

import numpy as np


def _taps(W, out, F, S, P, D):
    """Input position of tap u of output i along one axis, (out, F) ints, and whether it is inside.

    Outside 0..W−1 lies the padding.
    """
    position = np.arange(out)[:, None] * S - P + np.arange(F) * D
    return position, (position >= 0) & (position < W)


def window_cells(x_shape, out, kernel, stride, before, dilation):
    """Rows and columns each window reads, and which taps lie inside: (OH, OW, FH, FW), or 1 for
    some.
    """
    rows, row_inside = _taps(x_shape[1], out[0], kernel[0], stride[0], before[0], dilation[0])
    cols, col_inside = _taps(x_shape[2], out[1], kernel[1], stride[1], before[1], dilation[1])
    inside = row_inside[:, None, :, None] & col_inside[None, :, None, :]
    return rows[:, None, :, None], cols[None, :, None, :], inside


def read_windows(x, out, kernel, stride, before, dilation, fill=0):
    """``x[n, i·S − P + u·D, j·S − P + v·D, c]`` for every ``[n,i,j,u,v,c]``, ``fill`` in the
    padding.
    """
    _, H, W, _ = x.shape
    i, j, inside = window_cells(x.shape, out, kernel, stride, before, dilation)
    cols = x[:, i.clip(0, H - 1), j.clip(0, W - 1)]
    cols[:, ~inside] = fill
    return cols
