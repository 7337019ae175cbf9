"""Checks whether there is a GPU, and waits until it has done its work."""

from functools import lru_cache

from numba import cuda

from .simulator import SIMULATED

WAY_OUT = (
    'install the compiler with pip install "cnnlab[cuda]" on a machine with an NVIDIA GPU, '
    '"cnnlab[cuda12]" if its '
    "driver is before 580, or set the environment variable NUMBA_ENABLE_CUDASIM=1 before Python "
    "starts, which "
    "simulates one slowly"
)


class NoGPUError(RuntimeError):
    """The sentence that says why the GPU cannot be used."""


@lru_cache(maxsize=1)
def require():
    """Raise NoGPUError where there is neither a GPU nor its simulator."""
    if not cuda.is_available():
        reason = getattr(cuda, "cuda_error", lambda: None)()
        reason = str(reason).strip().splitlines()[0] if reason else "no CUDA driver was found"
        raise NoGPUError(f'backend "cuda" cannot be used here ({reason.rstrip(":. ")}): {WAY_OUT}')


def require_real():
    """Raise NoGPUError where there is no GPU but the simulated one."""
    require()
    if SIMULATED:
        raise NoGPUError(
            "this GPU is only simulated, so its times mean nothing: start Python without the "
            "simulator"
        )


def synchronize():
    """Wait until the GPU has done all its work."""
    cuda.synchronize()
