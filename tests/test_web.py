"""The JavaScript of the views is formatted, linted, its types are checked, its functions tested.

The tools come with ``npm ci``, which ``make test`` runs where there is npm.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ROOT / "node_modules"
CACHE = TOOLS / ".cache"  # what a run has found right is not read again
NODE = shutil.which("node")
WAY_OUT = "install Node.js, which has it, and run npm ci"

TESTS = sorted(str(path) for path in (ROOT / "tests" / "web").glob("*.test.js"))


def node(*arguments):
    """Run Node in the project's folder; skip where it or the tools are missing, but not in CI."""
    missing = "node" if NODE is None else "node_modules" if not TOOLS.is_dir() else None
    if missing and os.environ.get("CI"):
        pytest.fail(f"no {missing} found: {WAY_OUT}")
    if missing:
        pytest.skip(f"no {missing} found: {WAY_OUT} to check the views' JavaScript")
    done = subprocess.run(
        [NODE, *arguments], cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300
    )
    assert done.returncode == 0, done.stdout + done.stderr


def cached(tool):
    return "--cache", "--cache-strategy", "content", "--cache-location", CACHE / f"{tool}.json"


def test_the_pure_functions_of_the_views():
    assert TESTS
    node("--test", *TESTS)


def test_the_javascript_is_formatted():
    files = "cnnlab/**/*.js", "tests/web/**/*.js", "eslint.config.js"
    node(TOOLS / "prettier/bin/prettier.cjs", "--check", *cached("prettier"), *files)


def test_the_javascript_keeps_the_rules():
    files = "cnnlab", "tests/web"
    node(TOOLS / "eslint/bin/eslint.js", *files, "--max-warnings", "0", *cached("eslint"))


def test_the_types_of_the_javascript_fit():
    cache = "--incremental", "--tsBuildInfoFile", CACHE / "tsc.json"
    node(TOOLS / "typescript/bin/tsc", "--project", "tsconfig.json", *cache)
