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
        def kernel(*args):
            written = {parameters.index(name) for name in writes}
            on_gpu = [_sent(a, n in written) for n, a in enumerate(args)]
            function(*on_gpu)
            for n in written:
                if isinstance(args[n], np.ndarray):
                    args[n][...] = on_gpu[n].numpy()

        return kernel

    return wrapper


def _sent(a, is_result):
    if not isinstance(a, np.ndarray):
        return a
    return empty(a.shape, a.dtype) if is_result else asarray(a)
