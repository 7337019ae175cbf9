"""The two matrices of a convolution: X_col of copied input cells, and a filter's sparse matrix.

``V[:, :, k].ravel() = W_row[k] @ X_col + b[k] = S_k @ x.ravel() + b[k]``.
"""

import numpy as np

from ... import ops
from ...mistakes import REFERENCE


def columns(view, x=None):
    """``X_col (FH·FW·C, OH·OW)`` of the view's input, or of another ``x`` of its shape."""
    x = view.x if x is None else x
    return ops.im2col(x[None], view.w.shape[1:3], **view.settings, **REFERENCE)[0]


def copies(view):
    """Of each entry of X_col the flat number of the input cell it is a copy of; −1 in the
    padding.
    """
    numbered = np.arange(1.0, view.x.size + 1).reshape(view.x.shape)
    return columns(view, numbered).astype("int32") - 1


def sparse(weights, copied, cells):
    """``S (OH·OW, H·W·C)``: in each row the ``weights (FH·FW·C,)`` stand at the cells that the
    window reads.
    """
    matrix = np.zeros((copied.shape[1], cells))
    taps, places = np.nonzero(copied >= 0)
    matrix[places, copied[taps, places]] = weights[taps]
    return matrix
