"""pip, conda, Binder, make and CI must all set up the same project.

These tests hold environment.yml to pyproject.toml and the Makefile to what it promises, without a
network.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PROJECT = PYPROJECT["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
SPECS = [spec for spec in ENVIRONMENT["dependencies"] if isinstance(spec, str)]
# What conda itself needs to run pip; the project names neither.
ONLY_CONDA = {"python", "pip"}

needs_make = pytest.mark.skipif(
    not shutil.which("make") or os.name == "nt", reason="needs make and a shell"
)


def lower_bounds(specs):
    """{"numpy": "1.26", ...} from specs such as "numpy >=1.26"; None where there is no bound."""
    found = {}
    for spec in specs:
        name, bound = re.match(r"([A-Za-z0-9_.-]+)\s*(?:>=\s*([\d.]+))?", spec).groups()
        found[name] = bound
    return found


def test_conda_names_what_pip_names_with_the_same_lower_bounds():
    extras = PROJECT["optional-dependencies"]
    nbval = [spec for spec in extras["test"] if spec.startswith("nbval")]
    pip = lower_bounds(PROJECT["dependencies"] + extras["lab"] + nbval)
    conda = lower_bounds(SPECS)
    assert {name: conda[name] for name in conda if name not in ONLY_CONDA} == pip


def test_every_pip_requirement_has_a_lower_bound():
    extras = PROJECT["optional-dependencies"]
    bounds = lower_bounds(PROJECT["dependencies"] + extras["lab"])
    assert [name for name, bound in bounds.items() if bound is None] == []


def test_every_file_the_library_reads_travels_with_it():
    library, patterns = ROOT / "cnnlab", PYPROJECT["tool"]["setuptools"]["package-data"]["cnnlab"]
    made = {".py", ".pyc", ".nbi", ".nbc"}  # modules, and what Python and Numba keep
    files = [
        path.relative_to(library)
        for path in library.rglob("*")
        if path.is_file() and path.suffix not in made
    ]
    assert len(files) > 30 and [file for file in files if not any(map(file.match, patterns))] == []


def test_conda_starts_from_a_python_that_the_project_supports():
    lowest = re.search(r"[\d.]+", next(spec for spec in SPECS if spec.startswith("python ")))[0]
    supported = PROJECT["requires-python"].removeprefix(">=")
    assert tuple(map(int, lowest.split("."))) >= tuple(map(int, supported.split(".")))


@pytest.mark.parametrize("spec", SPECS)
def test_conda_can_read_the_spec(spec):
    rattler = pytest.importorskip("rattler")
    parsed = rattler.MatchSpec(spec, strict=True)
    assert parsed.name.normalized == re.match(r"[\w.-]+", spec)[0]


def test_conda_installs_the_project_itself():
    assert {"pip": ["-e ."]} in ENVIRONMENT["dependencies"]


def test_ci_runs_make_test_and_nothing_after_it():
    script = ROOT / ".ci" / "run"
    assert script.read_text("utf-8").splitlines()[-1] == "make test"
    assert os.access(script, os.X_OK)


def test_the_makefile_has_the_promised_targets():
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {"lab", "test", "bench", "docs", "format", "binder", "clean"} <= set(targets)


@pytest.fixture
def checkout(tmp_path):
    """A copy that make can work in: only what the set-up itself reads."""
    for name in ("Makefile", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make(checkout, *arguments):
    return subprocess.run(["make", *arguments], cwd=checkout, capture_output=True, text=True)


@needs_make
@pytest.mark.parametrize("extra", ["lab", "test", "bench", "docs"])
def test_a_second_run_installs_nothing_until_pyproject_changes(checkout, extra):
    stamp = checkout / ".venv" / f"{extra}.stamp"
    assert make(checkout, "-q", f".venv/{extra}.stamp").returncode == 1
    stamp.parent.mkdir()
    stamp.touch()
    assert make(checkout, "-q", f".venv/{extra}.stamp").returncode == 0
    later = stamp.stat().st_mtime + 10
    os.utime(checkout / "pyproject.toml", (later, later))
    assert make(checkout, "-q", f".venv/{extra}.stamp").returncode == 1


@needs_make
def test_the_lab_uses_what_the_tests_installed(checkout):
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "test.stamp").touch()
    printed = make(checkout, "-n", "lab").stdout
    assert "jupyter lab" in printed
    assert "pip install" not in printed


@needs_make
def test_an_old_python_gets_one_sentence_with_the_way_out(checkout):
    old = checkout / "old-python"
    code = "import sys; sys.version_info = (3, 9, 6); exec(sys.argv[1])"
    old.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{code}" "$2"\n')
    old.chmod(0o755)
    result = make(checkout, "lab", "PYTHON=./old-python")
    assert result.returncode != 0
    assert "needs Python 3.11 or newer, but ./old-python is 3.9.6: add PYTHON=" in result.stderr
    assert not (checkout / ".venv").exists()
