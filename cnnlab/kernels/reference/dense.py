"""The fully-connected layer and the losses in NumPy: an output depends on all inputs of its row."""

import numpy as np


def linear(x, w, b, y):
    """``y[n,k] = b[k] + sum over d of x[n,d] · w[k,d]``."""
    np.dot(x, w.T, out=y)
    y += b


def linear_dx(dy, w, dx):
    """``dx[n,d] = sum over k of dy[n,k] · w[k,d]``."""
    np.dot(dy, w, out=dx)


def linear_dw(x, dy, dw):
    """``dw[k,d] = sum over n of dy[n,k] · x[n,d]``."""
    np.dot(dy.T, x, out=dw)


def softmax_cross_entropy(scores, labels, losses, dscores):
    """``losses[n] = log(sum over k of exp(s[n,k])) − s[n, label[n]]``.

    ``dscores`` is the gradient of their mean.
    """
    rows = np.arange(len(scores))
    # The same loss, and exp cannot overflow.
    np.subtract(scores, scores.max(axis=1, keepdims=True), out=dscores)
    losses[...] = dscores[rows, labels]
    np.exp(dscores, out=dscores)
    sums = dscores.sum(axis=1, keepdims=True)
    np.subtract(np.log(sums[:, 0]), losses, out=losses)
    dscores /= sums
    dscores[rows, labels] -= 1
    dscores /= len(scores)


def multiclass_svm(scores, labels, losses, dscores, margin):
    """``losses[n] = sum over k ≠ label of max(0, s[n,k] − s[n, label] + margin)``.

    ``dscores`` is the gradient of their mean.
    """
    rows = np.arange(len(scores))
    excess = np.maximum(0, scores - scores[rows, labels, None] + scores.dtype.type(margin))
    excess[rows, labels] = 0
    losses[...] = excess.sum(axis=1)
    dscores[...] = excess > 0
    dscores[rows, labels] = -dscores.sum(axis=1)
    dscores /= len(scores)
