"""Where the windows of all outputs lie in an image, and what they read."""

import numpy as np


def _taps(W, out, F, S, P, D):
    """Input position of tap u of output i along one axis, (out, F) ints, and whether it is inside.

    Outside 0..W−1 lies the padding.
    """
    position = np.arange(out)[:, None] * S - P + np.arange(F) * D
    return position, (position >= 0) & (position < W)


def window_cells(x_shape, out, window):
    """Rows ``(OH, 1, FH, 1)`` and columns ``(1, OW, 1, FW)`` that windows read, and if inside.

    ``inside`` has shape ``(OH, OW, FH, FW)``.
    """
    F, S, P, D = window
    rows, row_inside = _taps(x_shape[1], out[0], F[0], S[0], P[0], D[0])
    cols, col_inside = _taps(x_shape[2], out[1], F[1], S[1], P[1], D[1])
    inside = row_inside[:, None, :, None] & col_inside[None, :, None, :]
    return rows[:, None, :, None], cols[None, :, None, :], inside


def read_windows(x, out, window, fill=0):
    """``cols[n,i,j,u,v,c] = x[n, i·S − P + u·D, j·S − P + v·D, c]``, ``fill`` in the padding."""
    _, H, W, _ = x.shape
    i, j, inside = window_cells(x.shape, out, window)
    cols = x[:, i.clip(0, H - 1), j.clip(0, W - 1)]
    cols[:, ~inside] = fill
    return cols
