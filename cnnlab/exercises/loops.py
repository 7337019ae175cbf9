"""The kind of exercise that asks for plain loops: it checks the numbers, then how they came.

In one more call, the arguments log how they are read: number by number, or many at once.
"""

from dataclasses import dataclass

import numpy as np

from .answer_code import has_loop
from .exercise import FunctionExercise
from .feedback import ComplaintError

WATCHED = "x", "w"  # arguments whose numbers are to be read one by one
# What one may ask NumPy without having it compute: sizes, and arrays to fill.
SHAPES = (np.shape, np.ndim, np.size, np.zeros_like, np.empty_like, np.ones_like, np.full_like)


@dataclass(frozen=True, eq=False)
class LoopsExercise(FunctionExercise):
    """Write a function in plain loops; slices and NumPy's sums give the numbers, but not credit."""

    def examine(self, answer):
        super().examine(answer)
        way = way_of(answer, self.cases[0])
        if way:
            raise ComplaintError(self.say(way), mistake=way)


def way_of(function, case):
    """``"slices"`` if it takes many numbers at once, ``"not_read"`` if it leaves the reading to
    others, or None.
    """
    function = getattr(function, "py_func", function)  # of loops that Numba compiles, the Python
    log = set()
    try:
        function(
            *(_watched(value, log) if name in WATCHED else value for name, value in case.items())
        )
    except Exception:  # it takes plain arrays alone
        return None
    if "many" in log:
        return "slices"
    # Loops over a copy of the array leave no trace.
    return None if "one" in log or has_loop(function) else "not_read"


def _watched(value, log):
    watched = value.copy().view(Watched)
    watched.log = log
    return watched


class Watched(np.ndarray):
    """An array that logs whether it is read number by number or many at once, as do its parts."""

    log = None

    def __array_finalize__(self, source):
        self.log = getattr(source, "log", None)

    def __getitem__(self, index):
        parts = index if isinstance(index, tuple) else (index,)
        if any(part is ... or isinstance(part, (slice, list, np.ndarray)) for part in parts):
            self._note("many")
        value = super().__getitem__(index)
        if not np.ndim(value):
            self._note("one")
        return value

    def item(self, *index):
        self._note("one")
        return super().item(*index)

    def tolist(self):
        self._note("one")
        return super().tolist()

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        if any(np.ndim(value) for value in inputs):
            self._note("many")
        plain = [np.asarray(value) if isinstance(value, Watched) else value for value in inputs]
        return getattr(ufunc, method)(*plain, **_plain(options))

    def __array_function__(self, function, types, arguments, options):
        if function in SHAPES:
            return function(*map(np.asarray, arguments[:1]), *arguments[1:], **options)
        self._note("many")
        return super().__array_function__(function, types, arguments, options)

    def _note(self, way):
        if self.log is not None:
            self.log.add(way)


def _plain(options):
    """A ufunc's options without watched outputs."""
    if "out" in options:
        options["out"] = tuple(
            np.asarray(out) if isinstance(out, Watched) else out for out in options["out"]
        )
    return options
