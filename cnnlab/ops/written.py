"""The arrays an operation writes: new ones, or those given as ``out`` after a check.

What is written must lie apart from what is read, so that no number changes before it is read: the
same on every backend.
"""

import numpy as np

from .. import kernels


def result(out, shape, like, dtype=None, reads=(), replaces=()):
    """The array to write: ``out`` if one was given, else a fresh one, where ``like`` is and of its
    dtype.

    ``out`` shares no memory with the arrays ``reads``; it may be one of ``replaces``, each number
    of which is read just before it is written.
    """
    dtype = np.dtype(like.dtype if dtype is None else dtype)
    if out is None:
        return kernels.empty(shape, dtype, like)
    if not isinstance(out, np.ndarray) and not kernels.is_on_gpu(out):
        raise ValueError(
            f"out is a {type(out).__name__}: give a NumPy array of {dtype} {tuple(shape)}, or "
            f"leave it out"
        )
    if kernels.is_on_gpu(out) != kernels.is_on_gpu(like):
        raise ValueError("x and out are on different devices: bring both to the same")
    if out.shape != tuple(shape) or out.dtype != dtype or not out.flags.c_contiguous:
        raise ValueError(
            f"out is {out.dtype} {out.shape}, but a contiguous {dtype} {tuple(shape)} is needed"
        )
    if isinstance(out, np.ndarray):
        if not (out.flags.carray and not isinstance(out, np.ma.MaskedArray)):
            raise ValueError(
                "out cannot be written (read-only, unaligned or masked): give a new array"
            )
        out = np.asarray(out)
    _apart(out, reads, replaces)
    return out


def _apart(out, reads, replaces):
    read_too = any(a is not None and kernels.overlap(out, a) for a in reads)
    if read_too or any(kernels.overlap(out, a) and not _is(out, a) for a in replaces):
        raise ValueError(
            "out shares memory with an array that is read or written too: give it an array of "
            "its own"
        )


def _is(out, a):
    """Are the two the same memory, read as the same numbers?"""
    return (
        out.shape == a.shape and out.dtype == a.dtype and kernels.address(out) == kernels.address(a)
    )


def results(out, *shapes, like, reads=(), replaces=()):
    """The arrays to write, each apart from all others; a shape of None stays None."""
    out = (None,) * len(shapes) if out is None else out
    if not isinstance(out, (tuple, list)) or len(out) != len(shapes):
        raise ValueError(
            f"out is not a tuple of {len(shapes)} arrays: give one for each result, or leave it out"
        )
    arrays = []
    for given, shape in zip(out, shapes, strict=True):
        taken = (*reads, *(a for a in arrays if a is not None))
        arrays.append(
            None if shape is None else result(given, shape, like, reads=taken, replaces=replaces)
        )
    return tuple(arrays)
