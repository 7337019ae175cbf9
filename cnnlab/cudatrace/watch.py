"""Ends a kernel that runs too long: an endless loop would hold up the notebook for ever."""

import ctypes
import threading
from time import monotonic

from ..texts import say

LIMIT = 4.0  # seconds that one thread may take
INTERVAL = 0.25  # seconds between two checks


class TooLong(BaseException):
    """Raised inside the kernel, which cannot catch it by accident."""


class Watch:
    """While it is entered, a thread of Python's checks now and then how long the present kernel
    has been running.
    """

    def __init__(self, limit=None):
        self._limit = LIMIT if limit is None else limit
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._running = None

    def __enter__(self):
        threading.Thread(target=self._check, daemon=True).start()
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
            values = {"thread": repr(thread), "limit": f"{self._limit:g}"}
            raise TimeoutError(say("cudatrace.endless", **values)) from None
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

    def _check(self):
        while not self._over.wait(INTERVAL):
            with self._lock:
                if self._running and monotonic() - self._running[1] > self._limit:
                    thread, self._running = ctypes.c_ulong(self._running[0]), None
                    ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, ctypes.py_object(TooLong))
