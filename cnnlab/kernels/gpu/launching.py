"""How a kernel is started: on how many threads, and on arrays that may lie on either side of the
bus.
"""

from functools import wraps
from inspect import signature

import numpy as np
from numba.core import config

from .device import DeviceArray, asarray, empty
from .simulator import SIMULATED

THREADS = 4 if SIMULATED else 256  # of a block; the simulator starts each as a thread of Python
config.CUDA_LOW_OCCUPANCY_WARNINGS = 0  # which every small net would call forth, at every layer
MOST_BLOCKS = 3 if SIMULATED else 4096  # threads take further places in turns


def per_place(kernel, count, *args):
    """Start ``kernel(count, *args)`` on threads that take ``count`` places in turns."""
    if count:
        blocks = min(-(-count // THREADS), MOST_BLOCKS)
        kernel[blocks, THREADS](count, *bare(args))


def bare(args):
    """The arguments as Numba takes them."""
    return tuple(a.data if isinstance(a, DeviceArray) else a for a in args)


def writes(*names):
    """For a function of the backend that writes the arguments ``names``: its arrays may lie in
    either memory.

    What lies in the processor's is sent, and what was written is fetched again.
    """

    def wrapper(function):
        parameters = list(signature(function).parameters)

        @wraps(function)
        def called(*args):
            results = {parameters.index(name) for name in names}
            there = [_sent(a, place in results) for place, a in enumerate(args)]
            function(*there)
            for place in results:
                if isinstance(args[place], np.ndarray):
                    args[place][...] = there[place].numpy()

        return called

    return wrapper


def _sent(a, result):
    if not isinstance(a, np.ndarray):
        return a
    return empty(a.shape, a.dtype) if result else asarray(a)
