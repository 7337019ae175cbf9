"""Pauses training by itself: the kernel is interrupted, or no browser shows the view any more.

The kernel hears an interrupt only while a cell runs; as long as a Trainer runs, interrupts between
cells are heard, too.
"""

import asyncio
import signal
import sys
from contextlib import suppress
from time import monotonic
from weakref import WeakSet

GRACE = 3  # seconds in which another view of the same Trainer may answer
CHECK = 0.3  # seconds from one look at the handler of interrupts to the next
BESIDE = (
    "pause",
    "seen",
    "hello",
)  # messages that need not wait for a running cell: they only leave a note

_running = WeakSet()
_shells = WeakSet()


def running_loop():
    """The loop of the kernel's main thread; None outside of a notebook."""
    with suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None


def allow_while_busy(comm):
    """Let messages that only leave a note pass a running cell, where the kernel has threads beside
    it (subshells).

    All others go to the main thread. ipykernel asks for the way from 7.4 on; before, all of them
    passed.
    """
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, asked: asked if _kind(data) in BESIDE else None


def _kind(data):
    content = data.get("content") if isinstance(data, dict) else None
    return content.get("kind") if isinstance(content, dict) else None


def heed_interrupts(view):
    """Pause ``view`` when the kernel is interrupted, whether a cell runs or none."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None or not hasattr(shell, "events"):
        return
    _running.add(view)
    if shell not in _shells:
        _shells.add(shell)
        shell.events.register("post_run_cell", _after_cell)
    if view.loop is not None and view.loop.is_running():
        view.loop.call_soon_threadsafe(_keep_watch, view.loop)


def _after_cell(result):
    if isinstance(result.error_in_exec or result.error_before_exec, KeyboardInterrupt):
        _pause_all()


def _keep_watch(loop):
    """While anything trains, interrupts between the cells are heard; then they are ignored
    again.
    """
    if any(view.training_run.running for view in list(_running)):
        if (
            signal.getsignal(signal.SIGINT) == signal.SIG_IGN
        ):  # no cell runs, which would hear it itself
            signal.signal(signal.SIGINT, _pause_all)
        loop.call_later(CHECK, _keep_watch, loop)
    elif signal.getsignal(signal.SIGINT) is _pause_all:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _pause_all(*signal_and_frame):
    for view in list(_running):
        if view.training_run.running:
            view.training_run.stop_soon()


class Audience:
    """The browsers that show ``view``: training pauses when the last of them shows it no longer."""

    def __init__(self, view, clock=monotonic):
        self._view = view
        self._clock = clock
        self.heard = clock()

    def answer(self):
        """A browser shows the view."""
        self.heard = self._clock()

    def gone(self):
        """A browser shows it no longer: is there another one?"""
        loop = self._view.loop
        if self._view.training_run.running and loop is not None:
            asked = self._clock()
            self._view.send({"kind": "roll"})
            loop.call_soon_threadsafe(loop.call_later, GRACE, self.decide, asked, asked + GRACE)

    def decide(self, asked, due):
        """Pause if no browser has answered since; answers may wait where the kernel was busy."""
        if self.heard >= asked:
            return
        now = self._clock()
        if now > due + 1:
            self._view.loop.call_later(GRACE, self.decide, asked, now + GRACE)
        else:
            self._view.pause()
