"""The sort of exercise that asks for a CUDA kernel: it is run thread by thread, and every touch of memory is judged.

A kernel gives nothing back; what counts is what it leaves in its output, and how it got there.
"""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np

from ..cudatrace import launch
from .answers import same
from .calling import call
from .exercise import CodeExercise
from .verdict import Complaint, complaint
from .words import number


@dataclass(frozen=True, eq=False)
class KernelExercise(CodeExercise):
    """Write a kernel, and each mistake is one too.

    ``cases`` are the launches it is tried in: dicts of ``blocks``, ``threads`` and ``arrays``, whose last is the
    output, which holds something else when the kernel begins. Every output must be written once, by its own thread.
    """

    def examine(self, answer):
        self._check_callable(answer, self.cases[0]["arrays"])
        found = [call(_outcome, (answer, case)) for case in self.cases]
        if not any(thread.accesses for _, launched in found for thread in launched.threads):
            raise Complaint(self.say("task"), "not attempted")
        for case, outcome in zip(self.cases, found, strict=True):
            fault = self._fault(case, *outcome)
            if fault:
                name = self._recognised(found)
                raise Complaint(f"{fault} {self.say(name)}" if name else fault, mistake=name)

    def _fault(self, case, values, launched):
        """The sentence about the first thing that is wrong in one case, or None."""
        output = list(launched.shapes)[-1]  # as the learner calls it
        said = {"case": _case_words(case), "output": output}
        if launched.faults:
            return complaint("verdict.kernel_stopped", fault=launched.faults[0], **said).sentence
        if launched.races:
            return complaint("verdict.kernel_race", race=launched.races[0], **said).sentence
        counts = launched.written(output)
        if not counts.all():
            return complaint("verdict.kernel_unwritten", place=_first(counts == 0), **said).sentence
        truth = _outcome(self.reference, case)[0]
        wrong = ~same(values, truth)
        if wrong.any():
            at = tuple(np.argwhere(wrong)[0])
            both = {"given": number(values[at]), "truth": number(truth[at])}
            return complaint("verdict.kernel_differs", place=_first(wrong), **both, **said).sentence
        return _wasteful(counts, launched, said)

    def _recognised(self, found):
        """The name of the first mistake that leads to all these outcomes."""
        for name, wrong in self.mistakes:
            if all(_alike(_outcome(wrong, case), one) for case, one in zip(self.cases, found, strict=True)):
                return name
        return None


def _outcome(kernel, case):
    """What the kernel leaves in the output, and the Launch."""
    arrays = deepcopy(case["arrays"])
    launched = launch(kernel, case["blocks"], case["threads"], *arrays.values())
    return list(arrays.values())[-1], launched


def _alike(one, other):
    """Have two kernels left the same, having written as often, and been stopped as often?"""
    (a, first), (b, second) = one, other
    output = list(first.shapes)[-1], list(second.shapes)[-1]
    writes = [launched.written(name) for launched, name in zip((first, second), output, strict=True)]
    return np.array_equal(a, b, equal_nan=True) and np.array_equal(*writes) and len(first.faults) == len(second.faults)


def _wasteful(counts, launched, said):
    """The sentence about right values that took too many writes, or too few threads; None if there is none."""
    if counts.max() > 1:
        return complaint("verdict.kernel_often", place=_first(counts > 1), count=counts.max(), **said).sentence
    most = max(launched.threads, key=lambda thread: len(thread.writes))
    if len(most.writes) > 1:
        return complaint("verdict.kernel_busy", thread=repr(most), count=len(most.writes), **said).sentence
    return None


def _first(where):
    return ", ".join(map(str, np.argwhere(where)[0].tolist()))


def _case_words(case):
    *_, output = case["arrays"].items()
    blocks, threads = (" × ".join(map(str, case[name])) for name in ("blocks", "threads"))
    return f"{output[0]} of shape {output[1].shape}, {blocks} blocks of {threads} threads"
