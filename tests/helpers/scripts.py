"""The scripts of other folders as modules, for the tests that use them."""

import importlib
import sys
from pathlib import Path


def benchmark(name):
    """The module ``benchmarks/NAME.py``, which finds its neighbours while it is imported."""
    folder = str(Path(__file__).parents[2] / "benchmarks")
    sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(folder)
