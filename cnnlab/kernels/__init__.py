"""The kernels, and which of them are in use.

A backend is a module whose functions have the same names and arguments as those of ``reference``:
they write into arrays they are given and trust their callers. ``ops`` checks and allocates.
"""

import warnings
from functools import lru_cache
from importlib import import_module

import numpy as np

MODULES = {
    "numpy": "reference",
    "numba": "tile",
    "loops": "loops",
    "im2col": "im2col",
    "tiled": "tile",
    "cuda": "gpu",
}

_chosen = None


class use:
    """Choose the backend: ``use("numpy")`` for good, ``with use("numpy"): ...`` for a while.

    ``"numba"`` is the fastest on this machine's processor, ``"numpy"`` the readable reference;
    ``"loops"``, ``"im2col"`` and ``"tiled"`` (which is what "numba" takes) are the rungs of the
    Numba ladder; ``"cuda"`` sends every array to the GPU and fetches the result, see ``net.to`` for
    arrays that stay there. Raises ValueError for another name, ImportError where Numba is missing
    or must not compile and NoGPUError, a RuntimeError, where there is no GPU.
    """

    def __init__(self, name):
        global _chosen
        module(name)
        self.before, _chosen = _chosen, name

    def __enter__(self):
        return self

    def __exit__(self, *error):
        global _chosen
        _chosen = self.before


def backend():
    """Name of the backend in use: ``"numba"`` if Numba can be imported and nothing else was
    chosen.
    """
    return _chosen or _default()


@lru_cache(maxsize=1)
def _default():
    try:
        module("numba")
    except ImportError as error:
        why = (
            "Numba is not installed"
            if isinstance(error.__cause__, ModuleNotFoundError)
            else error.__cause__
        )
        warnings.warn(f"{why}; cnnlab runs on its NumPy reference, correct but slow.", stacklevel=3)
        return "numpy"
    return "numba"


def module(name=None):
    """The backend called ``name``, or the one in use, as a module."""
    name = name or backend()
    if name not in MODULES:
        known = ", ".join(f'"{known}"' for known in MODULES)
        raise ValueError(f'backend "{name}" is not known: use one of {known}')
    try:
        found = import_module(f"{__name__}.{MODULES[name]}")
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError)
        way_out = (
            'needs Numba: install it with "pip install numba"'
            if missing
            else f"cannot be used: {error}"
        )
        raise ImportError(f'backend "{name}" {way_out}') from error
    if name == "cuda":
        found.require()
    return found


def on_device(a):
    """Does the array lie in the memory of the GPU?"""
    return type(a) is not np.ndarray and (
        hasattr(a, "on_gpu") or hasattr(a, "__cuda_array_interface__")
    )


def of(a, name=None):
    """The backend for work on the array ``a``: the GPU's where it lies there, else the one called
    ``name``.
    """
    return module("cuda" if on_device(a) else name)


def to_device(a, dtype=None):
    """The array on the GPU: itself, where it is there already, else a copy."""
    return module("cuda").asarray(a, dtype)


def moved(a, device):
    """The array in the memory of ``device``, "cpu" or "cuda"."""
    if device == "cuda":
        return to_device(a)
    return module("cuda").asarray(a).numpy() if on_device(a) else a


def address(a):
    """Where the memory of the array begins."""
    return module("cuda").span(a)[0] if on_device(a) else a.__array_interface__["data"][0]


def overlap(a, b):
    """Do two contiguous arrays share memory?"""
    if not type(a) is type(b) is np.ndarray and (on_device(a) or on_device(b)):
        return on_device(a) and on_device(b) and module("cuda").overlap(a, b)
    return np.may_share_memory(a, b)


def empty(shape, dtype, like=None):
    """A new array, in the memory where ``like`` is."""
    return module("cuda").empty(shape, dtype) if on_device(like) else np.empty(shape, dtype)
