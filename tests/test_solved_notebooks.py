"""A student who solves everything gets only right answers: each lesson with our solutions.

As the lessons are committed, nothing is solved yet, and no check says that it is.
"""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from cnnlab import exercises
from helpers.cells import affected

LESSONS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
CHECK = re.compile(r'^check\("([\w.]+)"', re.MULTILINE)


def checks(notebook):
    """The cells that check an exercise, each with its key."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return [(found[1], cell) for cell in cells if (found := CHECK.search(cell.source))]


WITH_EXERCISES = [path for path in LESSONS if checks(nbformat.read(path, as_version=4))]
lessons = pytest.mark.parametrize("path", WITH_EXERCISES, ids=lambda path: path.stem)


def feedback(notebook):
    """What each check says, as text, after a run from top to bottom.

    Cells that no solution reaches are left out: they run with the notebooks as committed.
    """
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    solved = [i for i, cell in enumerate(cells) if CHECK.search(cell.source)]
    notebook.cells = [cells[i] for i in affected([cell.source for cell in cells], solved)]
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute(cwd=str(LESSONS[0].parent))
    return {key: cell.outputs[-1]["data"]["text/plain"] for key, cell in checks(notebook)}


def test_a_cell_is_left_out_only_where_no_solution_reaches_it():
    source = """
import numpy as np
x = np.zeros(3)
y = x
x += 1
def f(a): return a + x
print(f(1))
print(y)
z = np.ones(2)
"""
    cells = [cell for cell in re.split(r"\n(?=\S)", source) if cell.strip()]
    assert affected(cells, [4]) == [0, 1, 2, 3, 4, 5]
    assert affected(cells, [2]) == [0, 1, 2, 3, 4, 6]
    assert affected(cells, [7]) == [0, 7]


@pytest.mark.slow
@lessons
def test_with_our_solutions_every_check_is_right(path):
    notebook = nbformat.read(path, as_version=4)
    for _, cell in checks(notebook):
        cell.source = exercises.solved(cell.source)
    said = feedback(notebook)
    assert said and [sentence for sentence in said.values() if not sentence.startswith("✓")] == []


@lessons
def test_a_lesson_has_at_least_three_exercises_all_its_own_and_lesson_00_one(path):
    found = [key for key, _ in checks(nbformat.read(path, as_version=4))]
    least = 1 if path.stem.startswith("00") else 3  # lesson 00 shows with one how they work
    assert len(found) >= least and found == list(dict.fromkeys(found))
    assert set(found) == set(exercises.keys(path.stem[:2]))


def test_no_exercise_is_solved_in_advance():
    for path in WITH_EXERCISES:
        for key, cell in checks(nbformat.read(path, as_version=4)):
            assert "..." in cell.source, key
