"""Run a CUDA kernel in plain Python and see what each of its threads reads and writes.

A kernel is written in numba.cuda's own words.

``launch`` runs it in plain Python and keeps watch, ``run`` takes the GPU where there is one,
``ptx`` shows what the compiler makes of it.
"""

from . import samples
from .compiled import ptx, run, stored_ptx
from .launching import launch
from .namespace import cuda
from .result import Launch, Race

__all__ = ["Launch", "Race", "cuda", "launch", "ptx", "run", "samples", "stored_ptx"]
