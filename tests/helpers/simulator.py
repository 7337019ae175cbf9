"""Numba's simulated GPU without its polling: the threads of a block take turns in one thread.

Each runs to its next barrier, where the next one takes over. Numba starts a thread of the system
for each and asks all of them, again and again, whether they wait.
"""

from contextlib import nullcontext
from types import SimpleNamespace

import numpy as np
from greenlet import getcurrent, greenlet
from numba.cuda.simulator import kernel, kernelapi


class Turn(kernel.BlockThread):
    """One thread of a block, as ``threading.current_thread()`` gives it to the kernel."""

    def __init__(self, manager, block, thread):
        self._manager = manager
        self.blockIdx = kernel.Dim3(*block)
        self.threadIdx = kernel.Dim3(*thread)
        width, height, _ = manager._block_dim
        self.thread_id = thread[0] + width * (thread[1] + height * thread[2])

    def syncthreads(self):
        getcurrent().parent.switch()


class Turns(kernel.BlockManager):
    """Runs a block: all threads to their first barrier, then all to the next, to their end."""

    running = None

    def run(self, grid_point, *args):
        turns = {}
        for point in np.ndindex(*self._block_dim):
            turns[greenlet(self._f)] = Turn(self, grid_point, point)
        start = args
        while turns:
            for thread, turn in list(turns.items()):
                self._switch(thread, turn, start)
                if thread.dead:
                    del turns[thread]
            start = ()

    def _switch(self, thread, turn, arguments):
        Turns.running = turn
        try:
            thread.switch(*arguments)
        except Exception as error:
            place = f"tid={list(turn.threadIdx)} ctaid={list(turn.blockIdx)}"
            text = f"{place}: {error}" if str(error) else place
            raise type(error)(text).with_traceback(error.__traceback__) from None


def swapped(function, module):
    """As numba's, which looks through all globals at every call of a device function, but at once
    where ``cuda`` is the simulator's already."""
    done = function.__globals__.get("cuda") is module
    return nullcontext() if done else kernelapi.swapped_cuda_module(function, module)


def take_turns():
    """From now on the simulator runs its threads in turn."""
    kernel.swapped_cuda_module = swapped
    kernel.BlockManager = Turns
    kernelapi.threading = SimpleNamespace(current_thread=lambda: Turns.running)
