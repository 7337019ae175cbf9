"""Activations and normalisations as plain loops, compiled by Numba.

Formulas and arguments: see ``reference.norm``. Places run outermost, so that a row of channels is
read once.
"""

import numpy as np

from .jit import compiled
from .threads import split

ROW = 128  # numbers that are worth a loop of their own


@compiled
def _relu(x, y):
    for m in range(x.size):
        value = x[m]
        y[m] = value if value > 0 or value != value else 0  # value != value: NaN stays NaN


def relu(x, y):
    """See ``reference.norm.relu``."""
    x, y = x.reshape(-1), y.reshape(-1)
    split(x.size, x.size, lambda m: _relu(x[m], y[m]))


@compiled
def _relu_backward(dy, y, dx):
    for m in range(y.size):
        dx[m] = dy[m] if y[m] > 0 else 0


def relu_backward(dy, y, dx):
    """See ``reference.norm.relu_backward``."""
    dy = dy.reshape(-1)
    y = y.reshape(-1)
    dx = dx.reshape(-1)
    split(y.size, y.size, lambda m: _relu_backward(dy[m], y[m], dx[m]))


def _summed(kernel, arrays, columns):
    """What ``kernel(*arrays, *columns, sums)`` adds to each channel, in float64.

    There may be millions of rows. Few channels make short ones: several rows are added as one long
    row, and their sums in the end. Every thread sums its own rows; the shares are added in a fixed
    order.
    """
    M, C = arrays[0].shape
    joined = max(1, ROW // C)
    wide = [np.tile(column, joined) for column in columns]

    def share(rows):
        sums, parts = np.zeros(joined * C), [a[rows] for a in arrays]
        whole = len(parts[0]) // joined * joined
        kernel(*(part[:whole].reshape(-1, joined * C) for part in parts), *wide, sums)
        kernel(*(part[whole:] for part in parts), *columns, sums[:C])
        return sums.reshape(-1, C).sum(0)

    return sum(split(M, arrays[0].size, share))


@compiled
def _values(x, sums):
    M, C = x.shape
    for m in range(M):
        for c in range(C):
            sums[c] += x[m, c]


def channel_sums(x, total):
    """See ``reference.norm.channel_sums``."""
    total[:] = _summed(_values, (x,), ())


@compiled
def _squares(x, mean, sums):
    M, C = x.shape
    for m in range(M):
        for c in range(C):
            distance = x[m, c] - mean[c]
            sums[c] += distance * distance


def moments(x, mean, var):
    """See ``reference.norm.moments``."""
    mean[:] = _summed(_values, (x,), ()) / len(x)
    var[:] = _summed(_squares, (x,), (mean,)) / len(x)


@compiled
def _normalise(x, mean, inverse_std, weight, bias, y):
    M, C = x.shape
    for m in range(M):
        for c in range(C):
            y[m, c] = (x[m, c] - mean[c]) * (inverse_std[c] * weight[c]) + bias[c]


def normalise(x, mean, inverse_std, weight, bias, y):
    """See ``reference.norm.normalise``."""
    split(len(x), x.size, lambda m: _normalise(x[m], mean, inverse_std, weight, bias, y[m]))


@compiled
def _products(dy, x, mean, sums):
    M, C = x.shape
    for m in range(M):
        for c in range(C):
            sums[c] += dy[m, c] * (x[m, c] - mean[c])


@compiled
def _towards_input(dy, x, mean, scale, offset, slope, dx):
    M, C = x.shape
    for m in range(M):
        for c in range(C):
            dx[m, c] = scale[c] * dy[m, c] - offset[c] - slope[c] * (x[m, c] - mean[c])


def normalise_backward(dy, x, mean, inverse_std, weight, dx, dweight, dbias):
    """See ``reference.norm.normalise_backward``."""
    M = len(x)
    channel_sums(dy, dbias)
    along = _summed(_products, (dy, x), (mean.astype(float),)) * inverse_std
    dweight[:] = along
    scale = np.multiply(weight, inverse_std, dtype=float)
    constants = scale, scale * dbias / M, scale * inverse_std * along / M
    scale, offset, slope = (constant.astype(x.dtype) for constant in constants)
    split(M, x.size, lambda m: _towards_input(dy[m], x[m], mean, scale, offset, slope, dx[m]))


@compiled
def _neighbours(a, around, left, right):
    """``around[c]`` = sum of a over c − left .. c + right."""
    C = len(a)
    for c in range(C):
        total = a[c] * 0
        for other in range(max(0, c - left), min(C, c + right + 1)):
            total += a[other]
        around[c] = total


@compiled
def _local_response_norm(x, y, size, alpha, beta, k):
    M, C = x.shape
    # In double precision, so that squares of large numbers do not overflow.
    squares, around = np.empty(C), np.empty(C)
    for m in range(M):
        for c in range(C):
            squares[c] = np.float64(x[m, c]) ** 2
        _neighbours(squares, around, size // 2, (size - 1) // 2)
        for c in range(C):
            y[m, c] = x[m, c] * (k + alpha / size * around[c]) ** -beta


def local_response_norm(x, y, size, alpha, beta, k):
    """See ``reference.norm.local_response_norm``."""
    split(len(x), x.size * size, lambda m: _local_response_norm(x[m], y[m], size, alpha, beta, k))


@compiled
def _local_response_norm_backward(dy, x, dx, size, alpha, beta, k):
    M, C = x.shape
    squares = np.empty(C)
    around = np.empty(C)
    others = np.empty(C)
    s = np.empty(C)
    for m in range(M):
        for c in range(C):
            squares[c] = np.float64(x[m, c]) ** 2
        _neighbours(squares, around, size // 2, (size - 1) // 2)
        for c in range(C):
            s[c] = k + alpha / size * around[c]
            around[c] = dy[m, c] * x[m, c] * s[c] ** (-beta - 1)
        _neighbours(around, others, (size - 1) // 2, size // 2)
        for c in range(C):
            dx[m, c] = dy[m, c] * s[c] ** -beta - 2 * alpha * beta / size * x[m, c] * others[c]


def local_response_norm_backward(dy, x, dx, size, alpha, beta, k):
    """See ``reference.norm.local_response_norm_backward``."""
    split(
        len(x),
        x.size * size,
        lambda m: _local_response_norm_backward(dy[m], x[m], dx[m], size, alpha, beta, k),
    )
