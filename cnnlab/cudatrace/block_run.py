"""Runs the threads of one block: one after the other, or in turns from barrier to barrier.

In turns each thread runs until it is done or comes to a barrier, and none passes a barrier before
all have come to it.
"""

import threading
from contextlib import suppress

from ..texts import say, say_many
from .memory import OutOfRangeError
from .refusing import refuse_result
from .threads import as_thread


class BlockRun:
    """The threads of a block and what they share: ``arrays``, in the order in which they are asked
    for.

    ``watch`` ends those that do not end by themselves.
    """

    def __init__(self, threads, watch):
        self.threads = threads
        self.watch = watch
        self.arrays = []
        self.workers = {}
        for thread in threads:
            thread.block_run = self

    def one_by_one(self, kernel, memory):
        for thread in self.threads:
            run_thread(kernel, memory, thread)

    def take_turns(self, kernel, memory):
        """As many rounds as there are barriers, and one more; it ends early where some never come
        to a barrier.
        """
        self.workers = {thread: Worker(kernel, memory, thread) for thread in self.threads}
        workers = list(self.workers.values())
        try:
            while not all(worker.done for worker in workers):
                for worker in workers:
                    worker.turn()
                if any(worker.done for worker in workers):
                    break
        finally:
            self._end_waiting([worker for worker in workers if not worker.done])

    def _end_waiting(self, waiting):
        """End those that still wait, each with the sentence why."""
        missing = len(self.threads) - len(waiting)
        for worker in waiting:
            worker.thread.fault = worker.thread.fault or say_many(
                "cudatrace.waits", missing, thread=repr(worker.thread)
            )
            worker.leave()

    def wait(self, thread):
        """A barrier: come back when all have come to it."""
        if self.workers:
            self.workers[thread].wait()
        elif len(self.threads) > 1:
            raise RuntimeError(say("cudatrace.hidden_barrier"))


def run_thread(kernel, memory, thread):
    """Run one thread to its end, or to where it leaves an array."""
    with as_thread(thread), suppress(OutOfRangeError):  # it is noted as the thread's fault
        refuse_result(thread, thread.block_run.watch.call(kernel, memory, thread))


class Leave(BaseException):
    """Ends a thread that would wait for ever."""


class Worker(threading.Thread):
    """A thread of Python that lends itself to one of CUDA's; only one at a time has its turn."""

    def __init__(self, kernel, memory, thread):
        super().__init__(daemon=True)
        self.kernel = kernel
        self.memory = memory
        self.thread = thread
        self.go, self.back = threading.Semaphore(0), threading.Semaphore(0)
        self.done = False
        self.leaving = False
        self.error = None
        self.start()

    def run(self):
        self.go.acquire()
        try:
            if not self.leaving:
                run_thread(self.kernel, self.memory, self.thread)
        except Leave:
            pass
        except BaseException as error:  # it is raised again in the thread that started the launch
            self.error = error
        self.done = True
        self.back.release()

    def turn(self):
        """Let it run to its next barrier or to its end; raises what the kernel raises."""
        self.go.release()
        self.back.acquire()
        if self.error:
            raise self.error

    def wait(self):
        self.back.release()
        self.go.acquire()
        if self.leaving:
            raise Leave
        self.thread.block_run.watch.waited()

    def leave(self):
        self.leaving = True
        self.go.release()
