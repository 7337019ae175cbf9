"""Work arrays on the GPU that every thread keeps between calls, for its memory is slow to get."""

import threading

import numpy as np

from .device import empty

_kept = threading.local()


def scratch(shape, dtype, name):
    """A work array that this thread keeps between calls; it is not cleared.

    Arrays in use at the same time need names of their own.
    """
    key, size = (name, np.dtype(dtype)), int(np.prod(shape))
    memory = kept(key, lambda: empty(size, dtype))
    if len(memory) < size:
        memory = vars(_kept)[key] = empty(size, dtype)
    return memory[:size].reshape(shape)


def kept(key, make):
    """What ``make()`` has made for this thread, the first time that it was asked for ``key``."""
    if key not in vars(_kept):
        vars(_kept)[key] = make()
    return vars(_kept)[key]
