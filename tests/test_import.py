"""Importing cnnlab is quick, for it brings little: the list of what it may bring is here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import cnnlab

ROOT = Path(__file__).parents[1]

# Beside NumPy and what NumPy brings. They take a few milliseconds together.
BROUGHT = {"copy", "dataclasses", "decimal", "html", "json", "signal", "threading", "zlib"}
KERNELS = {"cnnlab.kernels.cpu", "cnnlab.kernels.cpu.threads", "cnnlab.kernels.window"}

CODE = """
import json, sys
import numpy
before = set(sys.modules)
import cnnlab
print(json.dumps(sorted(set(sys.modules) - before - {"json"})))
"""


@pytest.fixture(scope="module")
def modules():
    """The names of all modules that ``import cnnlab`` brings in a fresh Python."""
    run = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


def test_it_brings_no_package_but_numpy_and_little_of_python(modules):
    packages = {name.partition(".")[0] for name in modules} - {"numpy", "cnnlab"}
    assert {name for name in packages if not name.startswith("_")} <= BROUGHT


def test_it_brings_no_random_numbers(modules):
    assert "numpy.random" not in modules


def test_it_brings_no_kernels_and_nothing_that_is_imported_late(modules):
    assert {name for name in modules if name.startswith("cnnlab.kernels.")} <= KERNELS
    late = {f"cnnlab.{name}" for name in cnnlab.LATE} | {"cnnlab.data.remote", "cnnlab.trace"}
    assert late.isdisjoint(modules)
