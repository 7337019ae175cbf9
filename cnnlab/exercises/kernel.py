"""The kind of exercise that asks for a CUDA kernel, which is run thread by thread.

A kernel returns nothing: what is checked is the output it has written, and every read and write of
memory on the way.
"""

from copy import deepcopy
from dataclasses import dataclass
from functools import cache

import numpy as np

from ..cudatrace import launch
from ..cudatrace.refusing import NotAKernelError
from .answer_code import gives_name_away, would_write
from .answers import same
from .calling import raised
from .exercise import CodeExercise
from .feedback import ComplaintError, complaint
from .words import number, say


@dataclass(frozen=True, eq=False)
class KernelExercise(CodeExercise):
    """Write a CUDA kernel; each mistake is a kernel, too.

    ``cases`` are the launches it is tried in: dicts of ``blocks``, ``threads`` and ``arrays``,
    whose last is the output, which holds something else when the kernel begins. Every output must
    be written once, by its own thread, and the other arrays are left alone. ``remarks`` are pairs
    of the name of another praise and a test of the kernels that are right and deserve it.
    """

    remarks: tuple = ()

    def examine(self, answer):
        self._check_callable(answer, self.cases[0]["arrays"])
        outcomes = [_tried(answer, case) for case in self.cases]
        if all(_idle(launched) for _, launched in outcomes) and not would_write(answer):
            raise ComplaintError(self.say("task"), "not attempted")
        for case, outcome in zip(self.cases, outcomes, strict=True):
            fault = self._fault(answer, case, *outcome)
            if fault:
                name = self._recognised(outcomes)
                raise ComplaintError(f"{fault} {self.say(name)}" if name else fault, mistake=name)
        return next((name for name, deserves in self.remarks if deserves(answer)), None)

    def _fault(self, answer, case, values, launched):
        """The sentence about the first thing that is wrong in one case, or None."""
        details = {"case": _case_words(case), "output": _output(launched)}
        return (
            _spoilt(launched, details)
            or _stopped(launched, details)
            or _clash(launched, details)
            or _unwritten(answer, launched, details)
            or self._differs(case, values, details)
            or _wasteful(launched, details)
        )

    def _differs(self, case, values, details):
        truth = _outcome(self.reference, case)[0]
        wrong = ~same(values, truth)
        if not wrong.any():
            return None
        index = tuple(np.argwhere(wrong)[0])
        both = {"given": number(values[index]), "truth": number(truth[index])}
        return say("feedback.kernel_differs", place=_first(wrong), **both, **details)

    def _recognised(self, outcomes):
        """The name of the first mistake that leads to all these outcomes."""
        for name, wrong in self.mistakes:
            if all(
                _same(_ours(self, wrong, n), _trace(*outcome)) for n, outcome in enumerate(outcomes)
            ):
                return name
        return None


def _outcome(kernel, case):
    """What the kernel leaves in the output, and the Launch."""
    arrays = deepcopy(case["arrays"])
    launched = launch(kernel, case["blocks"], case["threads"], *arrays.values())
    return list(arrays.values())[-1], launched


def _tried(kernel, case):
    """The outcome of a learner's kernel; a complaint where it raises, or is none."""
    try:
        return _outcome(kernel, case)
    except NotAKernelError as fault:
        raise complaint("feedback.not_a_kernel", "wrong type", why=fault) from None
    except BaseException as error:
        if type(error) is KeyboardInterrupt:  # the learner pressed stop
            raise
        raise raised(error) from None


def _idle(launched):
    return all(thread.did == "nothing" for thread in launched.threads)


def _output(launched):
    """The output, as the learner calls it."""
    return list(launched.shapes)[-1]


def _trace(values, launched):
    """What distinguishes mistakes: the values left, the threads stopped, each thread's writes."""
    return values, len(launched.faults), _writes(launched)


@cache
def _ours(exercise, kernel, n):
    """The trace of one of our kernels in the n-th case."""
    return _trace(*_outcome(kernel, exercise.cases[n]))


def _same(first, second):
    return np.array_equal(first[0], second[0], equal_nan=True) and first[1:] == second[1:]


def _writes(launched):
    """The indices of the output that each thread wrote, in the order of the array."""
    output = _output(launched)
    return [
        sorted(index for name, index in thread.writes if name == output)
        for thread in launched.threads
    ]


def _spoilt(launched, details):
    """The sentence about an input that was written, or None."""
    inputs = list(launched.shapes)[:-1]
    for thread in launched.threads:
        for array, index in thread.writes:
            if array in inputs:
                shown = ", ".join(map(str, index))
                return say(
                    "feedback.kernel_input",
                    thread=repr(thread),
                    array=array,
                    place=shown,
                    **details,
                )
    return None


def _stopped(launched, details):
    return (
        say("feedback.kernel_stopped", fault=launched.faults[0], **details)
        if launched.faults
        else None
    )


def _clash(launched, details):
    """The sentence about a race, or about the threads that cause it by writing several outputs."""
    if not launched.races:
        return None
    return _busy(launched, details) or say(
        "feedback.kernel_race", race=launched.races[0], **details
    )


def _busy(launched, details):
    """The sentence about the thread that writes most outputs, if these are several."""
    counts = [len(set(indices)) for indices in _writes(launched)]
    most = int(np.argmax(counts))
    if counts[most] < 2:
        return None
    return say(
        "feedback.kernel_busy", thread=repr(launched.threads[most]), count=counts[most], **details
    )


def _unwritten(answer, launched, details):
    missing = launched.written(details["output"]) == 0
    if not missing.any():
        return None
    if not missing.all():
        counts = {"count": int(missing.sum()), "size": missing.size}
        return say("feedback.kernel_unwritten", place=_first(missing), **counts, **details)
    if gives_name_away(answer, details["output"]):
        return say("feedback.kernel_renamed", **details)
    return say("feedback.kernel_writes_nothing", **details)


def _wasteful(launched, details):
    """The sentence about right values with too many writes or too few threads, or None."""
    counts = launched.written(details["output"])
    if counts.max() > 1:
        return say("feedback.kernel_often", place=_first(counts > 1), count=counts.max(), **details)
    return _busy(launched, details)


def _first(where):
    return ", ".join(map(str, np.argwhere(where)[0].tolist()))


def _case_words(case):
    *_, output = case["arrays"].items()
    blocks, threads = (" × ".join(map(str, case[name])) for name in ("blocks", "threads"))
    return say(
        "feedback.kernel_case",
        output=output[0],
        shape=output[1].shape,
        blocks=blocks,
        threads=threads,
    )
