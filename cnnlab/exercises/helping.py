"""Help with an exercise: hints one at a time, the solution, its arrays, and a solved cell.

How many hints were given is remembered as long as the kernel runs.
"""

from __future__ import annotations

import ast
from collections import Counter
from copy import deepcopy
from dataclasses import dataclass
from html import escape
from typing import Any

from ..printable import printable
from .feedback import ComplaintError, box
from .table import find, find_for
from .words import hint_keys, say

_given = Counter()


@dataclass(frozen=True, repr=False)
class Hint:
    """The hints given so far, the newest last. ``last`` says that there are no more."""

    key: str
    texts: tuple
    last: bool

    def _lines(self):
        lines = [say("feedback.hint", n=n, text=text) for n, text in enumerate(self.texts, 1)]
        return [
            *lines,
            say("feedback.last_hint" if self.last else "feedback.more_hints", key=self.key),
        ]

    def __repr__(self):
        return printable("\n".join(self._lines()))

    def _repr_html_(self):
        return box(self.key, "\n" + "\n".join(self._lines()))


@dataclass(frozen=True, repr=False)
class Solution:
    """Our code for an exercise: ``source`` replaces the learner's part of the cell."""

    key: str
    source: str

    def __repr__(self):
        return printable(self.source)

    def _repr_html_(self):
        return f"<pre><code>{escape(self.source)}</code></pre>"


@dataclass(frozen=True, repr=False)
class Unknown:
    """What ``hint`` and ``solution`` return for an unknown key."""

    sentence: str
    source: str = ""

    def __repr__(self):
        return printable(self.sentence)

    def _repr_html_(self):
        return box("?", self.sentence)


def hint(key: str) -> Hint | Unknown:
    """The next hint of an exercise, under those given before.

    Arguments:
        key: the exercise, such as "02.out_size".

    Returns:
        A Hint; each call gives one more, until the last.

    Examples:
        >>> from cnnlab.exercises import hint
        >>> len(hint("01.predict").texts) >= 1
        True
    """
    try:
        exercise = find(key)
    except ComplaintError as unknown:
        return Unknown(unknown.sentence)
    names = [name.rpartition(".")[2] for name in hint_keys(exercise.key)]
    _given[exercise.key] = n = min(_given[exercise.key] + 1, len(names))
    return Hint(exercise.key, tuple(map(exercise.say, names[:n])), n == len(names))


def solution(key: str) -> Solution | Unknown:
    """Our solution of an exercise: its repr is the code, and so is its ``source``.

    Arguments:
        key: the exercise, such as "02.out_size".

    Returns:
        A Solution.

    Examples:
        >>> from cnnlab.exercises import solution
        >>> "def out_size" in solution("02.out_size").source
        True
    """
    try:
        exercise = find(key)
    except ComplaintError as unknown:
        return Unknown(unknown.sentence)
    return Solution(exercise.key, exercise.source)


def given(key: str) -> dict[str, Any]:
    """The arrays an exercise is about.

    Arguments:
        key: the exercise, such as "01.edge".

    Returns:
        A dict of new copies.

    Raises:
        ValueError: there is no such exercise.

    Examples:
        >>> from cnnlab.exercises import given, keys
        >>> isinstance(given(keys()[0]), dict)
        True
    """
    try:
        return deepcopy(find(key).given)
    except ComplaintError as unknown:
        raise ValueError(unknown.sentence) from None


def solved(source: str) -> str:
    """The source of a cell that ends in ``check(…)``, with our solution above the check.

    Arguments:
        source: of the cell. Its imports stay; one that does not end so is returned as it is.

    Returns:
        The source of a cell.

    Raises:
        ValueError: the check names no exercise, or checks another name than the solution binds.

    Examples:
        >>> from cnnlab.exercises import solved
        >>> solved("x = 1")  # which ends in no check
        'x = 1'
    """
    imports, call = _imports_and_check(source)
    if call is None:
        return source
    exercise, checked = _checked(call)
    if checked != exercise.name:
        raise ValueError(
            f"the cell checks {checked}, but the solution of {exercise.key} binds {exercise.name}"
        )
    check = source.splitlines()[call.lineno - 1 :]
    return "\n".join([*imports, exercise.source, "", "", *check])


def _imports_and_check(source):
    """The imports of a cell, and the call of ``check`` that is its last statement, or None."""
    if "check(" not in source:  # no need to read cells that may hold IPython's own commands
        return [], None
    body = ast.parse(source).body
    imports = [ast.unparse(node) for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
    call = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    is_check = isinstance(call, ast.Call) and ast.unparse(call.func).split(".")[-1] == "check"
    return imports, call if is_check else None


def _checked(call):
    """The exercise of ``check("KEY", name)`` or ``check(name)``, and the name."""
    first, *rest = call.args
    name = ast.unparse(rest[0] if rest else first)
    try:
        return (find(ast.literal_eval(first)) if rest else find_for(_Named(name))), name
    except ComplaintError as unknown:
        raise ValueError(unknown.sentence) from None


class _Named:
    """A stand-in for a function of which only the name is known."""

    def __init__(self, name):
        self.__name__ = name
