"""Shared by all tests: the backends that can run here, and arrays that show swapped axes."""

import numpy as np
import pytest
from hypothesis import settings

from helpers.backends import BACKENDS, SIMULATED
from helpers.download_server import server  # noqa: F401, a fixture

# How long an example takes is the machine's business: others may use it at the same time.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# The longest files, longest first: two workers that begin with them end at the same time.
FIRST = (
    "test_simulated_gpu",
    "test_tile",
    "test_solved_notebooks",
    "12-looking-inside",
    "11-train-one",
    "test_view_truth",
    "test_exercises",
)
LAST = (
    "test_every_view",
    "test_trainer",
    "test_trainer_film",
    "test_convolution",
    "test_lessons_views",
    "test_filterlab",
)

# On the simulator: numerical gradients take hundreds of passes, and threads are the processor's.
NOT_SIMULATED = ("numerical", "threads")


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Longest files first, the browser's last; on the simulator some tests are left out."""
    items.sort(key=_turn)
    if SIMULATED:
        slow = [item for item in items if any(word in item.name for word in NOT_SIMULATED)]
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


def _turn(item):
    """The place of an item's file in the queue of files that the workers take."""
    late = "browser" in item.path.parts
    known = LAST if late else FIRST
    return late, known.index(item.path.stem) if item.path.stem in known else len(known)
