"""NumPy's arithmetic as kernels of the GPU, and what two arrays must be like to take part in it.

An array is here whatever has ``on_gpu``, ``data``, ``size`` and ``reshape``: see ``device``.
"""

import math
from functools import cache

import numpy as np
from numba import cuda

from .launch import launch_1d

FUNCTIONS = {
    np.add: lambda a, b: a + b,
    np.subtract: lambda a, b: a - b,
    np.multiply: lambda a, b: a * b,
    np.divide: lambda a, b: a / b,
    np.power: lambda a, b: a**b,
    np.maximum: lambda a, b: a if a > b or a != a else b,
    np.minimum: lambda a, b: a if a < b or a != a else b,
    np.greater_equal: lambda a, b: 1 if a >= b else 0,
    np.negative: lambda a: -a,
    np.sqrt: lambda a: math.sqrt(a),
    np.exp: lambda a: math.exp(a),
    np.tanh: lambda a: math.tanh(a),
}


@cache
def kernel_for(ufunc, kinds):
    """The kernel of a function of NumPy; ``kinds``: "a" for each array, "n" for each number.

    An array is read again from its beginning where it is shorter: that is how a number for each
    channel meets images.
    """
    function = cuda.jit(device=True)(FUNCTIONS[ufunc])
    if kinds == "a":

        @cuda.jit
        def kernel(count, a, y):
            for p in range(cuda.grid(1), count, cuda.gridsize(1)):
                y[p] = function(a[p % a.size])

    elif kinds == "aa":

        @cuda.jit
        def kernel(count, a, b, y):
            for p in range(cuda.grid(1), count, cuda.gridsize(1)):
                y[p] = function(a[p % a.size], b[p % b.size])

    elif kinds == "an":

        @cuda.jit
        def kernel(count, a, b, y):
            for p in range(cuda.grid(1), count, cuda.gridsize(1)):
                y[p] = function(a[p % a.size], y.dtype.type(b))

    else:

        @cuda.jit
        def kernel(count, a, b, y):
            for p in range(cuda.grid(1), count, cuda.gridsize(1)):
                y[p] = function(y.dtype.type(a), b[p % b.size])

    return kernel


def takes(out, ufunc, shape):
    """Can the result be written to ``out``? Without it, comparisons would need arrays of bools."""
    if out is None:
        return ufunc is not np.greater_equal
    return (
        getattr(out, "on_gpu", False)
        and out.shape == shape
        and out.dtype in (np.float32, np.float64)
    )


def meets(a, y):
    """Do the two overlap, but not number for number? Some would change before they are read."""
    return overlap(a, y) and span(a) != span(y)


def overlap(a, y):
    """Do the two share memory?"""
    (start, stop), (first, last) = span(a), span(y)
    return start < last and first < stop


def span(a):
    """Where the memory of an array begins and ends."""
    described = getattr(a.data, "__cuda_array_interface__", None)  # the simulator has none
    first = described["data"][0] if described else a.data.ctypes.data
    return first, first + a.nbytes


def repeats(shape, whole):
    """Is an array of ``whole`` shape one of ``shape``, again and again?"""
    shape = tuple(shape)
    return shape == whole[len(whole) - len(shape) :] or shape == (1,)


@cuda.jit
def _fill(count, value, y):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        y[p] = y.dtype.type(value)


def fill(y, value):
    """``y[...] = value``, a number."""
    launch_1d(_fill, y.size, float(value), y.reshape(-1))
