"""The kernels, and which of them are in use.

A backend is a module whose functions have the same names and arguments as those of ``reference``: they write
into arrays they are given and trust their callers. ``ops`` checks and allocates.
"""

import warnings
from functools import lru_cache
from importlib import import_module

MODULES = {"numpy": "reference", "numba": "tile", "loops": "loops", "im2col": "im2col", "tiled": "tile"}

_chosen = None


class use:
    """Choose the backend: ``use("numpy")`` for good, ``with use("numpy"): ...`` for a while.

    ``"numba"`` is the fastest on this machine's processor, ``"numpy"`` the readable reference; ``"loops"``,
    ``"im2col"`` and ``"tiled"`` (which is what "numba" takes) are the rungs of the Numba ladder. Raises ValueError for
    another name and ImportError where Numba is missing.
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
    """Name of the backend in use: ``"numba"`` if Numba can be imported and nothing else was chosen."""
    return _chosen or _default()


@lru_cache(maxsize=1)
def _default():
    try:
        module("numba")
    except ImportError:
        warnings.warn("Numba is not installed: cnnlab runs on its NumPy reference, correct but slow.", stacklevel=3)
        return "numpy"
    return "numba"


def module(name=None):
    """The backend called ``name``, or the one in use, as a module."""
    name = name or backend()
    if name not in MODULES:
        known = ", ".join(f'"{known}"' for known in MODULES)
        raise ValueError(f'backend "{name}" is not known: use one of {known}')
    try:
        return import_module(f"{__name__}.{MODULES[name]}")
    except ImportError as error:
        raise ImportError(f'backend "{name}" needs Numba: install it with "pip install numba"') from error
