"""Numba's simulator of a GPU, every thread one of Python's: is it used, and two repairs.

It is switched on by the environment variable NUMBA_ENABLE_CUDASIM=1, before Numba is imported.
"""

import os
import sys
from threading import Lock

import numpy as np

SIMULATED = os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"
_lock = Lock()


def repair():
    """Make shared arrays one for all threads of a block, always, and waiting threads cheap.

    The simulator finds a shared array by the line that asks for it, and makes it where there is
    none yet; two threads that ask at the same time would get one each. And a thread that waits
    would hold the others up for 5 ms.
    """
    from numba.core import types
    from numba.cuda.simulator.kernelapi import FakeCUDAShared
    from numba.np import numpy_support

    def array(self, shape, dtype):
        asking = sys._getframe(1)
        line = asking.f_code.co_filename, asking.f_lineno
        with _lock:
            if line not in self._allocations:
                kind = numpy_support.as_dtype(dtype) if isinstance(dtype, types.Type) else dtype
                self._allocations[line] = np.empty(shape, kind)
            return self._allocations[line]

    FakeCUDAShared.array = array
    sys.setswitchinterval(1e-5)


if SIMULATED:
    repair()
