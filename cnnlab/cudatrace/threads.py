"""One thread of a launch: its position in the grid, what it has read and written, its fault.

Which thread is running is remembered for each thread of Python, so the functions of ``cuda`` know
for which thread they are called.
"""

import threading
from typing import NamedTuple

from ..texts import say

_running = threading.local()


class Access(NamedTuple):
    """One touch of one element: ``kind`` is "read", "write" or "add" (atomic), ``phase`` the
    barriers passed before.
    """

    array: str
    index: tuple
    kind: str
    phase: int


class Thread:
    """A thread of the grid. ``position`` is what ``cuda.grid`` gives it; all of x, y, z are kept,
    the unused ones 0.

    ``reads`` and ``writes``: pairs of an array's name and an index, in the order in which they
    happened. ``fault``: the sentence about why it was stopped, or None. ``block_run``: the
    BlockRun that runs it.
    """

    def __init__(self, block, thread, size, grid):
        self.block = block
        self.thread = thread
        self.size = size
        self.grid = grid
        self.block_run = None
        self.position = tuple(b * n + t for b, n, t in zip(block, size, thread, strict=True))
        self.accesses = []
        self.shared = 0
        self.phase = 0
        self.fault = None

    @property
    def reads(self):
        return tuple((a.array, a.index) for a in self.accesses if a.kind == "read")

    @property
    def writes(self):
        return tuple((a.array, a.index) for a in self.accesses if a.kind != "read")

    @property
    def did(self):
        """What it did: "stopped", "wrote", "read" (and wrote nothing) or "nothing"."""
        if self.fault:
            return "stopped"
        return "wrote" if self.writes else "read" if self.accesses else "nothing"

    @property
    def axes(self):
        """How many of x, y, z the launch uses, and so how many numbers name this thread."""
        return max(n for n in (1, 2, 3) if n == 1 or self.size[n - 1] * self.grid[n - 1] > 1)

    def __repr__(self):
        return say("cudatrace.thread", place=position_text(self.position[: self.axes]))


def position_text(position):
    """(x=3, y=4), but 3 alone: a position in the grid, which is not the index of an element."""
    named = [f"{axis}={number}" for axis, number in zip("xyz", position, strict=False)]
    return f"({', '.join(named)})" if len(position) > 1 else str(position[0])


def running(word):
    """The thread that is running; RuntimeError where there is none, naming the ``word`` that
    asked.
    """
    thread = getattr(_running, "thread", None)
    if thread is None:
        raise RuntimeError(say("cudatrace.not_running", word=word))
    return thread


class as_thread:
    """``with as_thread(thread): ...``: what runs inside is the work of this thread."""

    def __init__(self, thread):
        self.thread = thread

    def __enter__(self):
        _running.thread = self.thread

    def __exit__(self, *error):
        _running.thread = None
