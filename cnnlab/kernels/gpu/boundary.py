"""Lets a GPU kernel take NumPy arrays too: sends them, and fetches what the kernel has written."""

from functools import wraps
from inspect import signature

import numpy as np

from .device import asarray, empty


def accepts_numpy(writes):
    """Decorate a kernel that writes the arguments ``writes``: its arrays may lie in either memory.

    What lies in the processor's is sent, and what was written is fetched again.
    """

    def wrapper(function):
        parameters = list(signature(function).parameters)

        @wraps(function)
        def called(*args):
            results = {parameters.index(name) for name in writes}
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
