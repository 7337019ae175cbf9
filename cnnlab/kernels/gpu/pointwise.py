"""What the GPU does with every number by itself: NumPy's arithmetic, activations, and the masks of
dropout.
"""

import math
from functools import cache

import numpy as np
from numba import cuda

from .device import DeviceArray, asarray, empty
from .launching import per_place, writes

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
def _kernel(ufunc, kinds):
    """The kernel of a function of NumPy's; ``kinds`` says which of its arguments are arrays, "a",
    or numbers, "n".

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


def elementwise(ufunc, inputs, out):
    """``ufunc(*inputs, out=out)`` on the GPU, or NotImplemented where that is not known how."""
    if ufunc not in FUNCTIONS or not all(_numeric(a) for a in inputs):
        return NotImplemented
    inputs = [
        float(a) if np.ndim(a) == 0 and not isinstance(a, DeviceArray) else asarray(a)
        for a in inputs
    ]
    arrays = [a for a in inputs if isinstance(a, DeviceArray)]
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    dtype = np.result_type(*(a.dtype for a in arrays))
    if not all(_repeats(a.shape, shape) for a in arrays) or not _takes(out, ufunc, shape):
        return NotImplemented
    if out is not None:
        inputs = [a.copy() if isinstance(a, DeviceArray) and _meets(a, out) else a for a in inputs]
    y = empty(shape, dtype) if out is None else out
    kinds = "".join("a" if isinstance(a, DeviceArray) else "n" for a in inputs)
    flat = [a.reshape(-1) if isinstance(a, DeviceArray) else a for a in inputs]
    per_place(_kernel(ufunc, kinds), y.size, *flat, y.reshape(-1))
    return y


def _numeric(a):
    """A number, or an array of the floats that the kernels know: NumPy has rules of its own for
    whole numbers.
    """
    if isinstance(a, (DeviceArray, np.ndarray)) and a.ndim:
        return a.dtype in (np.float32, np.float64) and a.dtype.isnative
    return isinstance(a, (int, float, np.number))


def _takes(out, ufunc, shape):
    """Can the result be written to ``out``? Without it, comparisons would need an array of truth
    values.
    """
    if out is None:
        return ufunc is not np.greater_equal
    return (
        isinstance(out, DeviceArray)
        and out.shape == shape
        and out.dtype in (np.float32, np.float64)
    )


def _meets(a, y):
    """Do the two share memory, but not number for number? Then some would be changed before they
    are read.
    """
    return overlap(a, y) and span(a) != span(y)


def overlap(a, y):
    """Do the two share memory?"""
    (start, stop), (first, last) = span(a), span(y)
    return start < last and first < stop


def span(a):
    """Where the memory of an array begins and ends."""
    told = getattr(a.data, "__cuda_array_interface__", None)  # the simulator has none
    first = told["data"][0] if told else a.data.ctypes.data
    return first, first + a.nbytes


def _repeats(shape, whole):
    """Is an array of ``whole`` shape one of ``shape``, again and again?"""
    shape = tuple(shape)
    return shape == whole[len(whole) - len(shape) :] or shape == (1,)


def assign(target, value):
    """``target[...] = value``: an array that is copied or sent, or one number everywhere."""
    if (
        isinstance(value, DeviceArray)
        and value.shape == target.shape
        and value.dtype == target.dtype
    ):
        target.data.copy_to_device((value.copy() if _meets(value, target) else value).data)
    elif np.ndim(value) == 0 and not isinstance(value, DeviceArray):
        per_place(_fill, target.size, float(value), target.reshape(-1))
    else:
        whole = np.broadcast_to(np.asarray(value, target.dtype), target.shape)
        target.data.copy_to_device(np.ascontiguousarray(whole))


@cuda.jit
def _fill(count, value, y):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        y[p] = y.dtype.type(value)


@cuda.jit
def _relu(count, x, y):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        value = x[p]
        y[p] = value if value > 0 or value != value else y.dtype.type(0)


@writes("y")
def relu(x, y):
    """See ``reference.relu``."""
    per_place(_relu, y.size, x.reshape(-1), y.reshape(-1))


@cuda.jit
def _relu_backward(count, dy, y, dx):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        dx[p] = dy[p] if y[p] > 0 else dx.dtype.type(0)


@writes("dx")
def relu_backward(dy, y, dx):
    """See ``reference.relu_backward``."""
    per_place(_relu_backward, y.size, dy.reshape(-1), y.reshape(-1), dx.reshape(-1))


@cuda.jit(device=True)
def _mixed(bits):
    """32 bits, mixed until each depends on all of them; the factors keep the products below
    2^63.
    """
    bits = (bits ^ (bits >> 16)) * 0x7FEB352D & 0xFFFFFFFF
    bits = (bits ^ (bits >> 15)) * 0x31848BAB & 0xFFFFFFFF
    return bits ^ (bits >> 14)


@cuda.jit
def _dropout_mask(count, mask, p, seed):
    for place in range(cuda.grid(1), count, cuda.gridsize(1)):
        drawn = _mixed(_mixed(place & 0xFFFFFFFF) ^ seed) / 4294967296.0
        mask[place] = mask.dtype.type(1 / (1 - p) if drawn >= p else 0)


@writes("mask")
def dropout_mask(mask, p, seed):
    """0 with probability ``p``, else ``1/(1 − p)``: drawn from the place and ``seed``, a number of
    32 bits.
    """
    per_place(_dropout_mask, mask.size, mask.reshape(-1), p, seed)


@cuda.jit
def _concatenate(count, part, y, first, width, whole):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        y[p // width * whole + first + p % width] = part[p]


@cuda.jit
def _split(count, y, part, first, width, whole):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        part[p] = y[p // width * whole + first + p % width]


def put_channels(part, y, first):
    """``y[..., first : first + width] = part``."""
    width, whole = part.shape[-1], y.shape[-1]
    per_place(_concatenate, part.size, part.reshape(-1), y.reshape(-1), first, width, whole)


def take_channels(y, part, first):
    """``part[...] = y[..., first : first + width]``."""
    width, whole = part.shape[-1], y.shape[-1]
    per_place(_split, part.size, y.reshape(-1), part.reshape(-1), first, width, whole)
