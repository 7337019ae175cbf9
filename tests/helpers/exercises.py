"""What the tests of the exercises share: the exercises, their mistakes, code bound as in a cell."""

import linecache

import numpy as np
import pytest

from cnnlab.exercises.exercise import FunctionExercise
from cnnlab.exercises.table import exercises

ALL = exercises()
VALUES = [key for key in ALL if not isinstance(ALL[key], FunctionExercise)]
FUNCTIONS = [key for key in ALL if isinstance(ALL[key], FunctionExercise)]
MISTAKES = [
    pytest.param(key, name, wrong, id=f"{key}-{name}-{n}")
    for key, exercise in ALL.items()
    for n, (name, wrong) in enumerate(exercise.mistakes)
]


def bound(source, name, filename="/tmp/ipykernel_42/cell.py"):
    """The object called ``name`` that a cell of this source binds, as IPython runs it."""
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    space = {"np": np}
    exec(compile(source, filename, "exec"), space)
    return space[name]


def out_size(W, F, S, P):
    return (W - F + 2 * P) // S + 1
