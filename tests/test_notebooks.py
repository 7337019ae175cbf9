"""The rules for lessons: no outputs, a fixed kernel, short code cells, nothing foreign."""

import ast
import json
import re
from pathlib import Path

import nbformat
import pytest

LESSONS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
lessons = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def cells(path, kind):
    return [
        cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == kind
    ]


def code(path):
    return ["".join(cell["source"]) for cell in cells(path, "code")]


def defines_a_function(source):
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(source)))


@lessons
def test_it_is_a_valid_notebook_with_the_usual_kernel(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "python3"


@lessons
def test_it_is_committed_without_outputs(path):
    assert [
        cell
        for cell in cells(path, "code")
        if cell["outputs"] or cell["execution_count"] is not None
    ] == []


@lessons
def test_code_cells_have_at_most_eight_lines_unless_they_are_exercises(path):
    long = [
        source
        for source in code(path)
        if len(source.splitlines()) > 8 and not defines_a_function(source)
    ]
    assert long == []


@lessons
def test_only_exercises_define_functions(path):
    assert [s for s in code(path) if defines_a_function(s) and "check(" not in s] == []


@lessons
def test_it_has_no_plumbing(path):
    assert [s for s in code(path) if "sys.path" in s or "%matplotlib" in s or "pyplot" in s] == []


@lessons
def test_it_is_named_after_its_heading_and_touches_something_within_three_cells(path):
    first, *_ = cells(path, "markdown")
    assert "".join(first["source"]).startswith(f"# {path.stem[:2]} · ")
    kinds = [cell["cell_type"] for cell in json.loads(path.read_text("utf-8"))["cells"]]
    assert "code" in kinds[:3]


LESSON = re.compile(r"\b[Ll]essons?\s+((?:\d\d(?:,\s*|\s+and\s+|\s+to\s+)?)+)")


@lessons
def test_every_lesson_that_it_speaks_of_is_there(path):
    prose = "\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))
    spoken_of = {number for group in LESSON.findall(prose) for number in re.findall(r"\d\d", group)}
    assert spoken_of <= {other.stem[:2] for other in LESSONS}
