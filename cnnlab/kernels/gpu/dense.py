"""The fully-connected layer on the GPU, and the losses that follow it."""

import math

from numba import cuda

from .boundary import accepts_numpy
from .gemm import Operand, Result, gemm
from .launch import launch_1d


@cuda.jit(device=True)
def _index(g, index, size):
    return index, 0, 0


@cuda.jit(device=True)
def _by_rows(a, index, depth, size):
    """``a[index, depth]``, a having as many columns as the depth."""
    return a[index[0] * size[2] + depth[0]]


@cuda.jit(device=True)
def _left_by_columns(a, index, depth, size):
    """``a[depth, index]``, a having a column for each row of the result."""
    return a[depth[0] * size[0] + index[0]]


@cuda.jit(device=True)
def _right_by_columns(a, index, depth, size):
    """``a[depth, index]``, a having a column for each column of the result."""
    return a[depth[0] * size[1] + index[0]]


@cuda.jit(device=True)
def _nothing(g, size):
    return 0


@cuda.jit(device=True)
def _write_with_bias(y, b, first, m, n, value, size):
    y[m * size[1] + n] = value + b[n]


@cuda.jit(device=True)
def _write(y, extra, first, m, n, value, size):
    y[m * size[1] + n] = value


ROWS = Operand(_index, _index, _by_rows, True)
LEFT, RIGHT = (
    Operand(_index, _index, fetch, False) for fetch in (_left_by_columns, _right_by_columns)
)


OUTPUT, GRADIENT = Result(_nothing, _write_with_bias), Result(_nothing, _write)


def _gemm(left, right, result, A, B, out, extra, size):
    gemm(left, right, result, A.reshape(-1), B.reshape(-1), out.reshape(-1), extra, size, 1, size)


@accepts_numpy(writes=("y",))
def linear(x, w, b, y):
    """See ``reference.dense.linear``."""
    _gemm(ROWS, ROWS, OUTPUT, x, w, y, b, (len(x), len(w), x.shape[1]))


@accepts_numpy(writes=("dx",))
def linear_dx(dy, w, dx):
    """See ``reference.dense.linear_dx``."""
    _gemm(ROWS, RIGHT, GRADIENT, dy, w, dx, dx, (len(dy), w.shape[1], len(w)))


@accepts_numpy(writes=("dw",))
def linear_dw(x, dy, dw):
    """See ``reference.dense.linear_dw``."""
    if len(x):
        _gemm(LEFT, RIGHT, GRADIENT, dy, x, dw, dw, (dy.shape[1], x.shape[1], len(x)))
    else:
        dw[...] = 0


@cuda.jit
def _softmax_cross_entropy(count, scores, labels, losses, dscores):
    for n in range(cuda.grid(1), count, cuda.gridsize(1)):
        K, label = scores.shape[1], labels[n]
        largest = scores[n, 0]
        for k in range(1, K):
            if scores[n, k] > largest or scores[n, k] != scores[n, k]:
                largest = scores[n, k]
        total = scores.dtype.type(0)
        for k in range(K):
            dscores[n, k] = math.exp(scores[n, k] - largest)
            total += dscores[n, k]
        losses[n] = math.log(total) - (scores[n, label] - largest)
        for k in range(K):
            dscores[n, k] = (dscores[n, k] / total - (1 if k == label else 0)) / count


@accepts_numpy(writes=("losses", "dscores"))
def softmax_cross_entropy(scores, labels, losses, dscores):
    """See ``reference.dense.softmax_cross_entropy``. Few classes: a thread takes an image."""
    launch_1d(_softmax_cross_entropy, len(scores), scores, labels, losses, dscores)


@cuda.jit
def _multiclass_svm(count, scores, labels, losses, dscores, margin):
    for n in range(cuda.grid(1), count, cuda.gridsize(1)):
        label = labels[n]
        excess = scores.dtype.type(0)
        pushes = 0
        for k in range(scores.shape[1]):
            over = scores[n, k] - scores[n, label] + scores.dtype.type(margin)
            if k != label:
                excess += over if over > 0 or over != over else scores.dtype.type(0)
                pushes += 1 if over > 0 else 0
                dscores[n, k] = scores.dtype.type((1 if over > 0 else 0) / count)
        dscores[n, label] = scores.dtype.type(-pushes / count)
        losses[n] = excess


@accepts_numpy(writes=("losses", "dscores"))
def multiclass_svm(scores, labels, losses, dscores, margin):
    """See ``reference.dense.multiclass_svm``."""
    launch_1d(_multiclass_svm, len(scores), scores, labels, losses, dscores, margin)
