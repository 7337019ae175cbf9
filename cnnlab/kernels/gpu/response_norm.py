"""Local response normalisation on the GPU. Formulas: see ``reference.norm``."""

from numba import cuda

from .boundary import accepts_numpy
from .launch import launch_1d


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
