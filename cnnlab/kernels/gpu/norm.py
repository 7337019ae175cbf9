"""Batch and local response normalisation on the GPU, and the sums down columns for the former.

A sum over millions of rows goes in two steps: every block adds up a run of rows, then a thread for
each column adds the runs in float64, always in the same order. Formulas: see ``reference.norm``.
"""

from numba import cuda, float64

from .boundary import accepts_numpy
from .launch import launch_1d, unwrap
from .memory import scratch
from .simulator import SIMULATED

# Threads of a block: neighbouring columns, and rows that take turns.
ACROSS, DOWN = (2, 2) if SIMULATED else (32, 8)
ROWS = 5 if SIMULATED else 256  # that one block adds up


def _column_sums(term):
    """The kernel of ``parts[block, c] = sum of term(a, b, m, c, numbers)`` over its rows m."""

    @cuda.jit
    def kernel(a, b, numbers, parts, rows):
        shared = cuda.shared.array((DOWN, ACROSS), float64)
        tx, ty = cuda.threadIdx.x, cuda.threadIdx.y
        c, first = cuda.blockIdx.y * ACROSS + tx, cuda.blockIdx.x * ROWS
        total = 0.0
        if c < parts.shape[1]:
            for m in range(first + ty, min(first + ROWS, rows), DOWN):
                total += term(a, b, m, c, numbers)
        shared[ty, tx] = total
        cuda.syncthreads()
        if ty == 0 and c < parts.shape[1]:
            for other in range(1, DOWN):
                total += shared[other, tx]
            parts[cuda.blockIdx.x, c] = total

    return kernel


@cuda.jit
def _add_parts(count, parts, total, scale):
    for c in range(cuda.grid(1), count, cuda.gridsize(1)):
        column = parts[0, c]
        for part in range(1, parts.shape[0]):
            column += parts[part, c]
        total[c] = column * scale


def _sums(kernel, a, b, numbers, total, scale=1.0):
    """``total[c] = scale · sum over m of term(…)`` with a kernel of ``_column_sums``."""
    rows, C = a.shape
    if not rows:
        total[...] = 0
        return
    parts = scratch((-(-rows // ROWS), C), "float64", "parts")
    # The blocks of rows go along x, where there may be 2³¹ − 1 of them; along y only 65,535.
    kernel[(len(parts), -(-C // ACROSS)), (ACROSS, DOWN)](*unwrap((a, b, numbers, parts)), rows)
    launch_1d(_add_parts, C, parts, total, scale)


@cuda.jit(device=True)
def _itself(a, b, m, c, numbers):
    return a[m, c]


@cuda.jit(device=True)
def _squared_distance(a, b, m, c, numbers):
    return (a[m, c] - numbers[c]) ** 2


@cuda.jit(device=True)
def _product(a, b, m, c, numbers):
    return a[m, c] * b[m, c]


SUM, DISTANCE, PRODUCT = (_column_sums(term) for term in (_itself, _squared_distance, _product))


@accepts_numpy(writes=("total",))
def channel_sums(x, total):
    """See ``reference.norm.channel_sums``."""
    _sums(SUM, x, x, total, total)


@accepts_numpy(writes=("mean", "var"))
def moments(x, mean, var):
    """See ``reference.norm.moments``."""
    _sums(SUM, x, x, mean, mean, 1 / max(1, len(x)))
    _sums(DISTANCE, x, x, mean, var, 1 / max(1, len(x)))


@cuda.jit
def _normalise(count, x, mean, inverse_std, weight, bias, y):
    C = x.shape[1]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        m, c = p // C, p % C
        y[m, c] = (x[m, c] - mean[c]) * (inverse_std[c] * weight[c]) + bias[c]


@accepts_numpy(writes=("y",))
def normalise(x, mean, inverse_std, weight, bias, y):
    """See ``reference.norm.normalise``."""
    launch_1d(_normalise, x.size, x, mean, inverse_std, weight, bias, y)


@cuda.jit
def _standardise(count, x, mean, inverse_std, h):
    C = x.shape[1]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        m, c = p // C, p % C
        h[m, c] = (x[m, c] - mean[c]) * inverse_std[c]


@cuda.jit
def _normalise_backward(count, dy, h, inverse_std, weight, dx, dweight, dbias):
    M, C = dy.shape
    share = dx.dtype.type(1 / M)  # of its own type: GPUs are slow at float64
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        m, c = p // C, p % C
        dx[m, c] = (
            weight[c] * inverse_std[c] * (dy[m, c] - (dbias[c] + h[m, c] * dweight[c]) * share)
        )


@accepts_numpy(writes=("dx", "dweight", "dbias"))
def normalise_backward(dy, x, mean, inverse_std, weight, dx, dweight, dbias):
    """See ``reference.norm.normalise_backward``. ``dx`` first holds the standardised x."""
    launch_1d(_standardise, x.size, x, mean, inverse_std, dx)
    _sums(SUM, dy, dy, dbias, dbias)
    _sums(PRODUCT, dy, dx, dweight, dweight)
    launch_1d(_normalise_backward, x.size, dy, dx, inverse_std, weight, dx, dweight, dbias)


@cuda.jit(device=True)
def _power_around(x, m, c, size, alpha, k):
    """``k + alpha/size · sum of x² over the channels around c``, and the factor of its own type."""
    total = x.dtype.type(0)
    for other in range(max(0, c - size // 2), min(x.shape[1], c + (size - 1) // 2 + 1)):
        total += x[m, other] ** 2
    return x.dtype.type(k) + x.dtype.type(alpha / size) * total


@cuda.jit
def _local_response_norm(count, x, y, size, alpha, beta, k):
    C = x.shape[1]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        m, c = p // C, p % C
        y[m, c] = x[m, c] * _power_around(x, m, c, size, alpha, k) ** x.dtype.type(-beta)


@accepts_numpy(writes=("y",))
def local_response_norm(x, y, size, alpha, beta, k):
    """See ``reference.norm.local_response_norm``."""
    launch_1d(_local_response_norm, x.size, x, y, size, alpha, beta, k)


@cuda.jit
def _local_response_norm_backward(count, dy, x, dx, size, alpha, beta, k):
    C = x.shape[1]
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        m, c = p // C, p % C
        others = x.dtype.type(0)
        for other in range(max(0, c - (size - 1) // 2), min(C, c + size // 2 + 1)):
            around = _power_around(x, m, other, size, alpha, k)
            others += dy[m, other] * x[m, other] * around ** x.dtype.type(-beta - 1)
        own = dy[m, c] * _power_around(x, m, c, size, alpha, k) ** x.dtype.type(-beta)
        dx[m, c] = own - x.dtype.type(2 * alpha * beta / size) * x[m, c] * others


@accepts_numpy(writes=("dx",))
def local_response_norm_backward(dy, x, dx, size, alpha, beta, k):
    """See ``reference.norm.local_response_norm_backward``."""
    launch_1d(_local_response_norm_backward, x.size, dy, x, dx, size, alpha, beta, k)
