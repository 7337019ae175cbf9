"""Shared by all tests: the backends that can run here, and arrays that show swapped axes."""

import numpy as np
import pytest
from backends import BACKENDS
from download_server import server  # noqa: F401, a fixture


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
