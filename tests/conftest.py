"""Shared by all tests: the backends that can run here, and arrays that show swapped axes."""

import numpy as np
import pytest

from helpers.backends import BACKENDS, SIMULATED
from helpers.download_server import server  # noqa: F401, a fixture


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


def pytest_sessionstart(session):
    """Tests need no simulator that asks its threads all the time whether they wait."""
    if SIMULATED:
        from helpers.simulator import take_turns

        take_turns()


def pytest_collection_modifyitems(config, items):
    """Not simulated: numerical gradients, which take hundreds of passes, and what is about the
    processor's threads.
    """
    if SIMULATED:
        slow = [
            item for item in items if any(word in item.name for word in ("numerical", "threads"))
        ]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]
