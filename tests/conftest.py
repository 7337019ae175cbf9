"""Shared by all tests: the backends that can run here, and arrays that show swapped axes."""

import importlib.util

import numpy as np
import pytest
from download_server import server  # noqa: F401, a fixture

HAS_NUMBA = importlib.util.find_spec("numba") is not None
BACKENDS = ["numpy", "loops", "im2col"] if HAS_NUMBA else ["numpy"]


@pytest.fixture(params=BACKENDS)
def backend(request):
    """Every backend runs the same test body."""
    return request.param


@pytest.fixture(params=[np.float32, np.float64], ids=["float32", "float64"])
def dtype(request):
    return request.param


@pytest.fixture
def rng():
    return np.random.default_rng(0)
