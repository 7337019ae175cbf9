"""Activations and normalisations as plain loops, compiled by Numba.

Formulas and arguments: see ``reference_norm``. Places run outermost, so that a row of channels is read once.
"""

import numpy as np

from .compiling import compiled
from .threads import split

ROW = 128  # numbers that are worth a loop of their own


@compiled()
def _relu(x, y):
    for m in range(x.size):
        value = x[m]
        y[m] = value if value > 0 or value != value else 0  # value != value: NaN stays NaN


def relu(x, y):
    """See ``reference.relu``."""
    x, y = x.reshape(-1), y.reshape(-1)
    split(x.size, x.size, lambda m: _relu(x[m], y[m]))


@compiled()
def _relu_backward(dy, y, dx):
    for m in range(y.size):
        dx[m] = dy[m] if y[m] > 0 else 0


def relu_backward(dy, y, dx):
    """See ``reference.relu_backward``."""
    dy, y, dx = dy.reshape(-1), y.reshape(-1), dx.reshape(-1)
    split(y.size, y.size, lambda m: _relu_backward(dy[m], y[m], dx[m]))


@compiled()
def _channel_sums(x, sums):
    long, rest = sums.size, x.size // sums.size * sums.size
    for first in range(0, rest, long):
        for k in range(long):
            sums[k] += x[first + k]
    for k in range(x.size - rest):
        sums[k] += x[rest + k]


def channel_sums(x, total):
    """See ``reference.channel_sums``. Added up in float64: M may be millions.

    Few channels make short rows: several rows are added as one long one, and their sums in the end. Every thread sums
    its own rows; the shares are added in a fixed order.
    """
    C = len(total)

    def share(rows):
        sums = np.zeros(max(1, ROW // C) * C)
        _channel_sums(x[rows].reshape(-1), sums)
        return sums.reshape(-1, C).sum(0)

    total[:] = sum(split(len(x), x.size, share))


@compiled()
def _squares(x, mean, sums):
    long, rest = sums.size, x.size // sums.size * sums.size
    for first in range(0, rest, long):
        for k in range(long):
            distance = x[first + k] - mean[k]
            sums[k] += distance * distance
    for k in range(x.size - rest):
        distance = x[rest + k] - mean[k]
        sums[k] += distance * distance


def moments(x, mean, var):
    """See ``reference.moments``. Rows are joined and added up as in ``channel_sums``."""
    M, C = x.shape
    joined = max(1, ROW // C)
    channel_sums(x, mean)
    mean /= M
    means = np.tile(mean, joined)

    def share(rows):
        sums = np.zeros(joined * C)
        _squares(x[rows].reshape(-1), means, sums)
        return sums.reshape(-1, C).sum(0)

    var[:] = sum(split(M, x.size, share)) / M


@compiled()
def _normalise(x, mean, inverse_std, weight, bias, y):
    M, C = x.shape
    for m in range(M):
        for c in range(C):
            y[m, c] = (x[m, c] - mean[c]) * (inverse_std[c] * weight[c]) + bias[c]


def normalise(x, mean, inverse_std, weight, bias, y):
    """See ``reference.normalise``."""
    split(len(x), x.size, lambda m: _normalise(x[m], mean, inverse_std, weight, bias, y[m]))


@compiled()
def _products(dy, x, mean, sums):
    long, rest = sums.size, x.size // sums.size * sums.size
    for first in range(0, rest, long):
        for k in range(long):
            sums[k] += dy[first + k] * (x[first + k] - mean[k])
    for k in range(x.size - rest):
        sums[k] += dy[rest + k] * (x[rest + k] - mean[k])


@compiled()
def _towards_input(dy, x, mean, scale, offset, slope, dx):
    M, C = x.shape
    for m in range(M):
        for c in range(C):
            dx[m, c] = scale[c] * dy[m, c] - offset[c] - slope[c] * (x[m, c] - mean[c])


def normalise_backward(dy, x, mean, inverse_std, weight, dx, dweight, dbias):
    """See ``reference.normalise_backward``. Rows are joined and added up as in ``channel_sums``."""
    M, C = x.shape
    joined = max(1, ROW // C)
    means = np.tile(mean, joined)

    def share(rows):
        sums = np.zeros(joined * C)
        _products(dy[rows].reshape(-1), x[rows].reshape(-1), means, sums)
        return sums.reshape(-1, C).sum(0)

    channel_sums(dy, dbias)
    along = sum(split(M, x.size, share)) * inverse_std
    dweight[:] = along
    scale = np.multiply(weight, inverse_std, dtype=float)
    constants = scale, scale * dbias / M, scale * inverse_std * along / M
    scale, offset, slope = (constant.astype(x.dtype) for constant in constants)
    split(M, x.size, lambda m: _towards_input(dy[m], x[m], mean, scale, offset, slope, dx[m]))


@compiled()
def _neighbours(a, around, left, right):
    """``around[c]`` = sum of a over c − left .. c + right."""
    C = len(a)
    for c in range(C):
        total = a[c] * 0
        for other in range(max(0, c - left), min(C, c + right + 1)):
            total += a[other]
        around[c] = total


@compiled()
def _local_response_norm(x, y, size, alpha, beta, k):
    M, C = x.shape
    squares, around = np.empty(C), np.empty(C)  # in double precision: squares of large numbers have room
    for m in range(M):
        for c in range(C):
            squares[c] = np.float64(x[m, c]) ** 2
        _neighbours(squares, around, size // 2, (size - 1) // 2)
        for c in range(C):
            y[m, c] = x[m, c] * (k + alpha / size * around[c]) ** -beta


def local_response_norm(x, y, size, alpha, beta, k):
    """See ``reference.local_response_norm``."""
    split(len(x), x.size * size, lambda m: _local_response_norm(x[m], y[m], size, alpha, beta, k))


@compiled()
def _local_response_norm_backward(dy, x, dx, size, alpha, beta, k):
    M, C = x.shape
    squares, around, others, s = np.empty(C), np.empty(C), np.empty(C), np.empty(C)
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
    """See ``reference.local_response_norm_backward``."""
    split(
        len(x),
        x.size * size,
        lambda m: _local_response_norm_backward(dy[m], x[m], dx[m], size, alpha, beta, k),
    )
