"""The types of public functions tell right calls from wrong ones, as a type checker sees it.

The calls stand in ``tests/helpers/typed_calls.py``; the checker also reads the modules that
pyproject.toml names. The types travel with the library (py.typed).
"""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.skipif(not importlib.util.find_spec("mypy"), reason='needs mypy: the extra "test"')
def test_a_type_checker_tells_right_calls_from_wrong_ones():
    result = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_types_travel_with_the_library():
    assert (ROOT / "cnnlab" / "py.typed").exists()
