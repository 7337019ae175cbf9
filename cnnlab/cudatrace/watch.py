"""Ends a kernel that does not come to an end: a loop without one would hold up the notebook for
ever.
"""

import ctypes
import threading
from time import monotonic

from ..texts import say

LIMIT = 4.0  # seconds that one thread may take
LOOK = 0.25  # seconds between two looks


class TooLong(BaseException):
    """Raised inside the kernel, which cannot catch it by accident."""


class Watch:
    """While it is entered, a thread of Python's looks now and then for how long the present kernel
    has been running.
    """

    def __init__(self, limit=None):
        self._limit = LIMIT if limit is None else limit
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._running = None

    def __enter__(self):
        threading.Thread(target=self._look, daemon=True).start()
        return self

    def __exit__(self, *error):
        self._over.set()

    def call(self, kernel, memory, thread):
        """What the kernel gives back; TimeoutError, with the thread's name, if it takes too
        long.
        """
        try:
            return self.run(kernel, memory)
        except TooLong:
            said = {"thread": repr(thread), "limit": f"{self._limit:g}"}
            raise TimeoutError(say("cudatrace.endless", **said)) from None
        except RecursionError:
            raise RecursionError(say("cudatrace.endless_calls", thread=repr(thread))) from None

    def run(self, function, arguments):
        """What the function gives back; TooLong is raised inside it where it takes longer than the
        limit.
        """
        self._running = threading.get_ident(), monotonic()
        try:
            return function(*arguments)
        finally:
            with self._lock:
                self._running = None

    def waited(self):
        """A barrier was passed: the time until then does not count."""
        self._running = threading.get_ident(), monotonic()

    def _look(self):
        while not self._over.wait(LOOK):
            with self._lock:
                if self._running and monotonic() - self._running[1] > self._limit:
                    thread, self._running = ctypes.c_ulong(self._running[0]), None
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TooLong))
