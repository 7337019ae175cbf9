"""The result of a launch: what each thread did, as data and in words, with faults and races."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ..printable import printable
from ..texts import say, say_many
from ..typing import Array
from .memory import index_text
from .threads import position_text

DOES = {"read": "read", "write": "write", "add": "write"}


class Race(NamedTuple):
    """An element that two threads touch with no barrier between, at least one of them writing.

    Which comes first is a matter of luck.

    Attributes:
        array: its name.
        index: the element.
        threads: the two threads.
        kinds: what each does, "read", "write" or "add".
    """

    array: str
    index: tuple
    threads: tuple
    kinds: tuple

    def __str__(self):
        one, other = map(repr, self.threads)
        a, b = map(DOES.get, self.kinds)
        element = _element(self.array, self.index)
        return printable(say(f"cudatrace.race_{a}_{b}", element=element, one=one, other=other))


@dataclass(frozen=True, eq=False, repr=False)
class Launch:
    """A kernel that was run by the trace.

    Attributes:
        kernel: its name.
        blocks: blocks of the grid, along x, y, z.
        size: threads of a block, along x, y, z.
        threads: all threads in the order they ran, each with its reads, writes and fault.
        shapes: of the arrays, by name.
    """

    kernel: str
    blocks: tuple
    size: tuple
    threads: tuple
    shapes: dict
    where = "trace"

    def thread(self, *position: int) -> Any:
        """The thread at this position of the grid; ValueError if there is none.

        Arguments:
            *position: x, or x, y, or x, y, z.
        """
        wanted = (*position, 0, 0)[:3]
        for thread in self.threads:
            if thread.position == wanted:
                return thread
        values = {"place": position_text(position), "grid": _times(self._grid_size())}
        raise ValueError(say("cudatrace.no_thread", **values))

    def written(self, array: str) -> Array:
        """How often each element of the argument ``array`` was written: ints in its shape."""
        return self._counts(array, "writes")

    def read(self, array: str) -> Array:
        """How often each element of the argument ``array`` was read: ints in its shape."""
        return self._counts(array, "reads")

    def _counts(self, array, what):
        if array not in self.shapes:
            values = {"kernel": self.kernel, "array": repr(array), "known": ", ".join(self.shapes)}
            raise ValueError(say("cudatrace.no_such_array", **values))
        counts = np.zeros(self.shapes[array], int)
        for thread in self.threads:
            for name, index in getattr(thread, what):
                if name == array:
                    counts[index] += 1
        return counts

    @cached_property
    def faults(self):
        """The sentence of every thread that was stopped."""
        return tuple(thread.fault for thread in self.threads if thread.fault)

    @cached_property
    def races(self):
        """A Race for each element that threads contend for, in the order they were first
        touched.
        """
        touched = {}
        for thread in self.threads:
            for array, index, kind, phase in thread.accesses:
                touched.setdefault((array, index), {})[thread, kind, phase] = None
        races = [_race(*element, list(touches)) for element, touches in touched.items()]
        return tuple(race for race in races if race)

    @property
    def clean(self):
        """Was no thread stopped, and is there no race?"""
        return not self.faults and not self.races

    def _grid_size(self):
        return [b * n for b, n in zip(self.blocks, self.size, strict=True)]

    def __str__(self):
        return printable(
            "\n".join([f"{self._head()}: {self._actions()}{self._outputs()}.", *self._problems()])
        )

    __repr__ = __str__

    def _head(self):
        threads = say_many("cudatrace.threads", len(self.threads))
        blocks = say_many("cudatrace.blocks", prod(self.blocks))
        return say("cudatrace.head", threads=threads, blocks=blocks, size=_times(self.size))

    def _actions(self):
        did = Counter(thread.did for thread in self.threads)
        writes = [len(set(thread.writes)) for thread in self.threads if thread.did == "wrote"]
        values = {
            "wrote": say("cudatrace.wrote", n=did["wrote"], each=_each(writes)) if writes else "",
            "read": say("cudatrace.only_read", n=did["read"]),
            "nothing": say_many("cudatrace.idle", did["nothing"]),
            "stopped": say_many("cudatrace.stopped", did["stopped"]),
        }
        return ", ".join(values[kind] for kind in values if did[kind])

    def _outputs(self):
        counts = {array: self.written(array) for array in self.shapes}
        return "".join(f"; {_coverage(array, n)}" for array, n in counts.items() if n.any())

    def _problems(self):
        for kind, sentences in (("stopped", self.faults), ("race", self.races)):
            if sentences:
                more = len(sentences) - 1
                values = say("cudatrace.more", n=more) if more else ""
                yield say(f"cudatrace.trouble_{kind}", first=sentences[0], more=values)


def _race(array, index, touches):
    """The first two of the touches ``(thread, kind, phase)`` of an element that clash, as a Race,
    or None.
    """
    writers = [touch for touch in touches if touch[1] != "read"]
    if all(touch[1] == "add" for touch in touches):
        return None
    for one in writers:
        for other in touches:
            if _clash(one, other):
                return Race(array, index, (one[0], other[0]), (one[1], other[1]))
    return None


def _clash(one, other):
    """Is nothing between two touches, the first a write? A barrier orders the threads of one block
    alone.
    """
    apart = one[0].block == other[0].block and one[2] != other[2]
    return one[0] is not other[0] and not apart and (one[1], other[1]) != ("add", "add")


def _coverage(array, counts):
    """How well an array was written, as a clause."""
    least = counts.min()
    most = counts.max()
    missing = int((counts == 0).sum())
    if missing:
        elements = say_many("cudatrace.elements", counts.size)
        return say_many("cudatrace.unwritten", missing, elements=elements, array=array)
    if least == most:
        return say_many("cudatrace.all_written", most, array=array)
    between = _between(least, most)
    return say(f"cudatrace.written_{between}", array=array, least=least, most=most)


def _each(writes):
    least, most = min(writes), max(writes)
    if least < most:
        between = _between(least, most)
        return say(f"cudatrace.each_{between}", least=least, most=most)
    several = "_of_several" if len(writes) > 1 else ""
    return say_many(f"cudatrace.each{several}", most)


def _between(least, most):
    return "or" if most == least + 1 else "to"


def _element(array, index):
    """y[3, 4], or shared1[3] of block (0, 0)."""
    name, _, block = array.partition(" of block ")
    element = f"{name}{index_text(index)}"
    return say("cudatrace.of_block", element=element, block=block) if block else element


def _times(sizes):
    """4 × 4, without the sizes at the end that are 1."""
    while len(sizes) > 1 and sizes[-1] == 1:
        sizes = sizes[:-1]
    return " × ".join(map(str, sizes))
