"""The fully-connected layer by BLAS, its rows split over threads: see ``reference.dense``."""

import numpy as np

from .threads import split


def linear(x, w, b, y):
    """See ``reference.dense.linear``."""
    split(len(x), x.size * len(w), lambda n: np.dot(x[n], w.T, out=y[n]))
    y += b


def linear_dx(dy, w, dx):
    """See ``reference.dense.linear_dx``."""
    split(len(dx), dx.size * len(w), lambda n: np.dot(dy[n], w, out=dx[n]))


def linear_dw(x, dy, dw):
    """See ``reference.dense.linear_dw``."""
    split(len(dw), x.size * len(dw), lambda k: np.dot(dy[:, k].T, x, out=dw[k]))
