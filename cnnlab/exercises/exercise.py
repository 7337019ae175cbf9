"""The kinds of exercises: find numbers, write a function, make something that passes a check.

Each has its reference and its mistakes, the named wrong answers that many people give and that
get a hint of their own.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from math import prod
from textwrap import dedent

import numpy as np

from .answer_code import data_outside
from .answers import alike, finite, like, nothing, numbers, same
from .calling import EndlessError, call, check_arguments
from .feedback import ComplaintError, complaint
from .words import listed, number, say

MOST = 10_000  # numbers in a result: larger ones are no mistake that has a name
TRAINING = 120.0  # seconds that a function may take which trains a net
FEW = 12  # numbers in an argument that are written out, so that one can recompute by hand


@dataclass(frozen=True, eq=False)
class Exercise:
    """What all kinds of exercises share.

    ``mistakes`` are pairs of a name and a wrong answer, in the order they are looked for.
    ``facts`` are the numbers its texts may name, ``given`` the arrays it is about.

    ``name`` is the variable that a solution sets, ``source`` the code of our solution.
    ``examine(answer)`` raises a complaint unless the answer is right, and may return the name of
    the sentence that praises it.
    """

    key: str
    reference: object
    mistakes: tuple = ()
    facts: dict = field(default_factory=dict)
    given: dict = field(default_factory=dict)

    def say(self, name, /, **values):
        """The exercise's sentence of this name, with its facts and the values put in."""
        return say(f"{self.key}.{name}", **self.facts, **values)


@dataclass(frozen=True, eq=False)
class ValueExercise(Exercise):
    """Find numbers: ``reference`` holds them, ``solution`` is code that binds them to ``answer``.

    Where several answers are right, ``check(values)`` raises a complaint at those that are not, and
    ``fits(shape)`` says which shapes it takes. ``labels`` has a ``label`` for each number; with
    ``separate=True`` each is a question by itself, and a mistake is recognised in some of them
    alone.
    """

    solution: str = ""
    check: Callable | None = None
    fits: Callable | None = None
    labels: tuple = ()
    separate: bool = False

    @property
    def name(self):
        return "answer"

    @property
    def source(self):
        return dedent(self.solution).strip()

    def examine(self, answer):
        if callable(answer):
            raise complaint("feedback.not_a_value", "wrong type")
        shape = np.shape(self.reference)
        values = finite(numbers(answer, self.fits or like(shape), shape))
        if self.check:
            self.check(values if shape else values.reshape(()))  # one number may come as [7]
        else:
            self._compare(values.reshape(shape))

    def _compare(self, values):
        right = same(values, self.reference)
        if right.all():
            return
        index = tuple(np.argwhere(~right)[0].tolist()) if right.ndim else ()
        details = {"label": self._label(index), "given": number(values[index])}
        name = self._recognised(values, right, index)
        raise ComplaintError(self.say(name or "wrong", **details), mistake=name)

    def _recognised(self, values, right, index):
        """The first mistake that gives all the values; failing that all the wrong ones, or at least
        the first.
        """
        only = np.zeros(right.shape, bool)
        only[index] = True
        for where in (np.ones(right.shape, bool), ~right, only)[: 3 if self.separate else 1]:
            for name, wrong in self.mistakes:
                if same(values, wrong)[where].all():
                    return name
        return None

    def _label(self, index):
        if not self.labels:
            return "answer" + "".join(f"[{i}]" for i in index)
        name, values = self.labels[index[0]]
        return self.say(name, **values)


def label(name, /, **values):
    """How one number of an answer is called: the text ``label_NAME`` with these values."""
    return f"label_{name}", values


@dataclass(frozen=True, eq=False)
class CodeExercise(Exercise):
    """Write code: ``reference`` is our function, its source the solution; mistakes are functions.

    ``cases`` are what it is tried with: they must tell all mistakes apart. ``imports`` stand before
    the solution.
    """

    cases: tuple = ()
    imports: str = ""

    @property
    def name(self):
        return self.reference.__name__

    @property
    def source(self):
        return f"{self.imports}\n\n\n{inspect.getsource(self.reference)}".strip()

    def _check_callable(self, answer, arguments):
        if not callable(answer):
            raise complaint("feedback.not_a_function", "wrong type", key=self.key, name=self.name)
        check_arguments(answer, self.name, tuple(arguments))


@dataclass(frozen=True, eq=False)
class FunctionExercise(CodeExercise):
    """Write a function; its ``cases`` are dicts of arguments.

    ``even`` is a case whose sizes are all the same: indices that have changed places raise no error
    there, so a mistake is looked for in it where the answer raises in the others.
    """

    even: dict | None = None

    def examine(self, answer):
        self._check_callable(answer, self.cases[0])
        results = [_result(answer, case) for case in self.cases]
        if all(result is ... for result in results):
            raise ComplaintError(self.say("task"), "not attempted")
        faults = [
            self._fault(case, result) for case, result in zip(self.cases, results, strict=True)
        ]
        first = next(filter(None, faults), None)
        if first:
            name = self._recognised(results, self.cases) or self._recognised_in_even(answer, first)
            raise ComplaintError(
                f"{first.sentence} {self._why(name, answer, first)}".strip(), first.kind, name
            )

    def _why(self, name, answer, fault):
        """What the mistake is, or what may have led to it; where the arrays can be looked at."""
        if name:
            return self.say(name)
        if outside := data_outside(answer):
            return say(
                "feedback.outside", names=", ".join(outside), arguments=", ".join(self.cases[0])
            )
        return say("feedback.given", key=self.key) if self.given and fault.kind == "wrong" else ""

    def _fault(self, case, result):
        """What is wrong with the result of one case, as a complaint; None if it is right."""
        truth = np.asarray(self.reference(**case), float)
        try:
            values = _numbers(result, truth.shape)
        except ComplaintError as fault:
            return ComplaintError(
                say("feedback.case", case=self._words(case), sentence=fault.sentence), fault.kind
            )
        return _difference(values, truth, self._words(case))

    def _words(self, case):
        """W=10, F=3, S=2, P=0; of a large array the shape, nothing if it is the one that was
        given.
        """
        return ", ".join(
            _argument(name, value)
            for name, value in case.items()
            if value is not self.given.get(name)
        )

    def _recognised(self, results, cases):
        """The name of the first mistake that gives all these results."""
        try:
            answers = [numbers(result, lambda shape: prod(shape) <= MOST, ()) for result in results]
        except ComplaintError:
            return None
        for name, wrong in self.mistakes:
            theirs = [np.asarray(wrong(**case), float) for case in cases]
            if all(alike(*pair) for pair in zip(answers, theirs, strict=True)):
                return name
        return None

    def _recognised_in_even(self, answer, fault):
        if self.even is None or fault.kind != "raised":
            return None
        return self._recognised([_result(answer, self.even)], [self.even])


@dataclass(frozen=True, eq=False)
class OpenExercise(FunctionExercise):
    """Write a function that makes something with many right answers, such as a trained net.

    It is called once, with copies of ``setting()``, a dict of arguments made when they are needed.
    ``check(result, **arguments)`` raises a complaint unless the result will do, and names the
    mistakes, which are functions too.
    """

    setting: Callable | None = None
    check: Callable | None = None

    def examine(self, answer):
        arguments = self.setting()
        self._check_callable(answer, arguments)
        result = call(answer, tuple(arguments.values()), TRAINING)
        if result is ...:
            raise ComplaintError(self.say("task"), "not attempted")
        if result is None:
            raise complaint("feedback.nothing", "wrong type")
        self.check(result, **arguments)


def _result(function, case):
    """What a learner's function gives, or the complaint about it."""
    try:
        return call(function, tuple(case.values()))
    except EndlessError:
        raise
    except ComplaintError as fault:
        return fault


def _numbers(result, shape):
    if isinstance(result, ComplaintError):
        raise result
    if nothing(result):
        raise complaint("feedback.nothing", "wrong type")
    return numbers(result, like(shape), shape).reshape(shape)


def _difference(values, truth, case):
    """The complaint about the first number that differs, with both; None if there is none."""
    wrong = np.argwhere(~same(values, truth))
    if not len(wrong):
        return None
    index = tuple(wrong[0].tolist()) if truth.ndim else ()
    details = {"case": case, "given": number(values[index]), "truth": number(truth[index])}
    if index:
        return complaint("feedback.differs_at", place=", ".join(map(str, index)), **details)
    return complaint("feedback.differs", **details)


def _argument(name, value):
    array = np.asarray(value)
    if array.size > FEW:
        return say("feedback.argument", name=name, shape=array.shape)
    return f"{name}={listed(array.tolist())}"
