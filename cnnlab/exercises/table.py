"""The table of all exercises by key, from the EXERCISES of every module called lessonNN.

A new lesson needs its module and its texts, and nothing here.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from .feedback import complaint


@cache
def exercises():
    """Every exercise by its key, lesson by lesson."""
    package = import_module(__package__)
    names = sorted(
        module.name for module in iter_modules(package.__path__) if module.name.startswith("lesson")
    )
    listed = [
        exercise for name in names for exercise in import_module(f".{name}", __package__).EXERCISES
    ]
    return {exercise.key: exercise for exercise in listed}


def keys(lesson: str | int | None = None) -> tuple[str, ...]:
    """The keys of all exercises, or of one lesson.

    Arguments:
        lesson: "01" or 1; all if None.

    Returns:
        Keys such as "01.predict".

    Examples:
        >>> from cnnlab.exercises import keys
        >>> "01.predict" in keys(1)
        True
    """
    wanted = f"{lesson:02d}" if isinstance(lesson, int) else lesson
    return tuple(key for key in exercises() if wanted is None or key.partition(".")[0] == wanted)


def find(key):
    """The exercise of this key; a complaint that lists the keys of its lesson if there is none."""
    if type(key) is str and key in exercises():
        return exercises()[key]
    lesson = key.partition(".")[0] if type(key) is str else None
    known = ", ".join(f"`{known}`" for known in keys(lesson) or keys())
    shown = f"`{key[:40]}`" if type(key) is str else type(key).__name__
    raise complaint("feedback.unknown_key", "unknown", key=shown, known=known)


def find_for(function):
    """The only exercise that asks for a function of this name; otherwise a complaint."""
    name = getattr(function, "__name__", type(function).__name__)
    matching = [exercise for exercise in exercises().values() if exercise.name == name]
    if len(matching) != 1:
        known = ", ".join(f"`{exercise.key}`" for exercise in matching or exercises().values())
        raise complaint("feedback.unknown_function", "unknown", name=str(name)[:40], known=known)
    return matching[0]
