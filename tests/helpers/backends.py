"""The backends that can run in this process: without Numba, the reference alone."""

import importlib.util
import os

import pytest

HAS_NUMBA = importlib.util.find_spec("numba") is not None
BACKENDS = ["numpy", "loops", "im2col", "tiled"] if HAS_NUMBA else ["numpy"]
SIMULATED = os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"
if SIMULATED:
    BACKENDS = ["cuda"]


def has_gpu():
    """Is there a GPU that Numba's CUDA compiler, the extra [cuda], can use?"""
    if SIMULATED or importlib.util.find_spec("numba_cuda") is None:
        return False
    from numba import cuda

    return cuda.is_available()


if has_gpu():
    BACKENDS.append(pytest.param("cuda", marks=pytest.mark.gpu))
