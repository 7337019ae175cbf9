"""Group normalisation on the GPU: a block of threads takes one group of one image.

``x (N, places, groups, C of a group)``. Formulas: see ``reference.norm``.
"""

import math

from numba import cuda, float64

from .boundary import accepts_numpy
from .launch import launch_1d, unwrap
from .memory import scratch
from .simulator import SIMULATED

THREADS = 2 if SIMULATED else 128


def _group_means(term):
    """The kernel of ``means[n, g]``, the mean of ``term(a, b, mean, n, m, g, c)`` over m and c."""

    @cuda.jit
    def kernel(a, b, given, means):
        shared = cuda.shared.array(THREADS, float64)
        t = cuda.threadIdx.x
        n = cuda.blockIdx.x // a.shape[2]
        g = cuda.blockIdx.x % a.shape[2]
        _, places, _, C = a.shape
        total = 0.0
        for p in range(t, places * C, THREADS):
            total += term(a, b, given, n, p // C, g, p % C)
        shared[t] = total
        cuda.syncthreads()
        if t == 0:
            for other in range(1, THREADS):
                total += shared[other]
            means[n, g] = total / (places * C)

    return kernel


@cuda.jit(device=True)
def _itself(a, b, given, n, m, g, c):
    return a[n, m, g, c]


@cuda.jit(device=True)
def _squared_distance(a, b, given, n, m, g, c):
    return (a[n, m, g, c] - given[n, g]) ** 2


@cuda.jit(device=True)
def _product(a, b, given, n, m, g, c):
    return a[n, m, g, c] * b[n, m, g, c]


MEAN, VARIANCE, MEAN_PRODUCT = (
    _group_means(term) for term in (_itself, _squared_distance, _product)
)


def _means(kernel, a, b, given, name):
    means = scratch((a.shape[0], a.shape[2]), a.dtype, name)
    if a.size:
        kernel[a.shape[0] * a.shape[2], THREADS](*unwrap((a, b, given, means)))
    return means


def _moments(x):
    mean = _means(MEAN, x, x, scratch((1, 1), x.dtype, "nothing"), "mean")
    return mean, _means(VARIANCE, x, x, mean, "variance")


@cuda.jit
def _standardise(count, x, mean, var, eps, h):
    _, places, groups, C = x.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n = p // (places * groups * C)
        m = p // (groups * C) % places
        g = p // C % groups
        c = p % C
        h[n, m, g, c] = (x[n, m, g, c] - mean[n, g]) / math.sqrt(var[n, g] + h.dtype.type(eps))


@accepts_numpy(writes=("h",))
def standardise_groups(x, eps, h):
    """See ``reference.norm.standardise_groups``."""
    mean, var = _moments(x)
    launch_1d(_standardise, x.size, x, mean, var, eps, h)


@cuda.jit
def _backward(count, dh, h, var, mean, mean_product, eps, dx):
    _, places, groups, C = h.shape
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        n = p // (places * groups * C)
        m = p // (groups * C) % places
        g = p // C % groups
        c = p % C
        inner = dh[n, m, g, c] - mean[n, g] - h[n, m, g, c] * mean_product[n, g]
        dx[n, m, g, c] = inner / math.sqrt(var[n, g] + dx.dtype.type(eps))


@accepts_numpy(writes=("dx",))
def standardise_groups_backward(dh, x, h, eps, dx):
    """See ``reference.norm.standardise_groups_backward``."""
    _, var = _moments(x)
    means = _means(MEAN, dh, dh, var, "mean"), _means(MEAN_PRODUCT, dh, h, var, "mean of products")
    launch_1d(_backward, x.size, dh, h, var, *means, eps, dx)
