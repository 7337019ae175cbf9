"""The kernels, and which of them are in use.

A backend is a chain of modules: the first that has a kernel serves. All have the names and
arguments of ``reference``, write into arrays they are given and trust their callers; ``ops`` checks
and allocates.
"""

from __future__ import annotations

import warnings
from functools import cache, lru_cache
from importlib import import_module
from types import SimpleNamespace

import numpy as np

from ..validation import choice
from .cpu import threads as threads  # how many there are is for everyone to set

REFERENCE = tuple(f"reference.{name}" for name in ("conv", "im2col", "pool", "norm", "dense"))
LOOPS = (*(f"cpu.loops_{name}" for name in ("conv", "im2col", "pool", "norm")), "cpu.dense")
GPU = ("conv", "locally_connected", "im2col", "pool", "norm", "group_norm", "pointwise", "dense")
GPU += ("optim", "metrics", "ufuncs", "device", "driver")

CHAINS = {
    "numpy": REFERENCE,
    "numba": ("cpu.tiles.conv", "cpu.im2col", *LOOPS, *REFERENCE),
    "loops": (*LOOPS, *REFERENCE),
    "im2col": ("cpu.im2col", *LOOPS, *REFERENCE),
    "tiled": ("cpu.tiles.conv", "cpu.im2col", *LOOPS, *REFERENCE),
    "cuda": tuple(f"gpu.{name}" for name in GPU),
}

_chosen = None


class use:
    """Choose the backend: ``use("numpy")`` for good, ``with use("numpy"): ...`` for a while.

    Arguments:
        name: ``"numba"`` is the fastest on this machine's processor, ``"numpy"`` the readable
            reference; ``"loops"``, ``"im2col"`` and ``"tiled"`` (which is what "numba" takes) are
            the three versions of the Numba kernels; ``"cuda"`` sends every array to the GPU and
            fetches the result, see ``net.to`` for arrays that stay there.

    Raises:
        ValueError: there is no backend of this name.
        ImportError: Numba is missing or must not compile.
        NoGPUError: there is no GPU.

    Examples:
        >>> with cnnlab.use("numpy"):
        ...     cnnlab.backend()
        'numpy'
    """

    def __init__(self, name: str) -> None:
        global _chosen
        get_backend(name)
        self.before, _chosen = _chosen, name

    def __enter__(self):
        return self

    def __exit__(self, *error):
        global _chosen
        _chosen = self.before


def backend() -> str:
    """The name of the backend in use: ``"numba"`` where it can be imported and none was chosen.

    Examples:
        >>> cnnlab.backend() in ("numba", "numpy")
        True
    """
    return _chosen or _default()


@lru_cache(maxsize=1)
def _default():
    try:
        get_backend("numba")
    except ImportError as error:
        why = (
            "Numba is not installed"
            if isinstance(error.__cause__, ModuleNotFoundError)
            else error.__cause__
        )
        warnings.warn(f"{why}; cnnlab runs on its NumPy reference, correct but slow.", stacklevel=3)
        return "numpy"
    return "numba"


def get_backend(name=None):
    """The kernels of the backend called ``name``, or of the one in use, as attributes."""
    name = choice("backend", name or backend(), CHAINS)
    kernels = _kernels(name)
    if name == "cuda":
        import_module(f"{__name__}.gpu.driver").require()
    return kernels


@cache
def _kernels(name):
    """All public names that the modules of a chain define; of equal ones the first is taken."""
    modules = [_load(name, module) for module in CHAINS[name]]
    return SimpleNamespace(
        **{
            key: value
            for module in reversed(modules)
            for key, value in vars(module).items()
            if not key.startswith("_") and getattr(value, "__module__", None) == module.__name__
        }
    )


def _load(backend, module):
    try:
        return import_module(f"{__name__}.{module}")
    except ImportError as error:
        missing = isinstance(error, ModuleNotFoundError)
        way_out = (
            'needs Numba: install it with "pip install numba"'
            if missing
            else f"cannot be used: {error}"
        )
        raise ImportError(f'backend "{backend}" {way_out}') from error


def is_on_gpu(a):
    """Does the array lie in the memory of the GPU?"""
    return type(a) is not np.ndarray and (
        hasattr(a, "on_gpu") or hasattr(a, "__cuda_array_interface__")
    )


def backend_for(a, name=None):
    """The backend for work on ``a``: the GPU's if it lies there, else the one called ``name``."""
    return get_backend("cuda" if is_on_gpu(a) else name)


def to_gpu(a, dtype=None):
    """The array on the GPU: itself, where it is there already, else a copy."""
    return get_backend("cuda").asarray(a, dtype)


def to(a, device):
    """The array in the memory of ``device``, "cpu" or "cuda"."""
    if device == "cuda":
        return to_gpu(a)
    return get_backend("cuda").asarray(a).numpy() if is_on_gpu(a) else a


def address(a):
    """Where the memory of the array begins."""
    return get_backend("cuda").span(a)[0] if is_on_gpu(a) else a.__array_interface__["data"][0]


def overlap(a, b):
    """Do two contiguous arrays share memory?"""
    if not type(a) is type(b) is np.ndarray and (is_on_gpu(a) or is_on_gpu(b)):
        return is_on_gpu(a) and is_on_gpu(b) and get_backend("cuda").overlap(a, b)
    return np.may_share_memory(a, b)


def empty(shape, dtype, like=None):
    """A new array, in the memory where ``like`` is."""
    return get_backend("cuda").empty(shape, dtype) if is_on_gpu(like) else np.empty(shape, dtype)
