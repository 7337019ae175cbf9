"""How a kernel is started: on how many threads, and with what Numba takes for an array."""

from numba.core import config

from .simulator import SIMULATED

THREADS = 4 if SIMULATED else 256  # of a block; the simulator starts each as a thread of Python
config.CUDA_LOW_OCCUPANCY_WARNINGS = 0  # which every small net would call forth, at every layer
MOST_BLOCKS = 3 if SIMULATED else 4096  # threads take further places in turns


def launch_1d(kernel, count, *args):
    """Start ``kernel(count, *args)`` on threads that take ``count`` places in turns."""
    if count:
        blocks = min(-(-count // THREADS), MOST_BLOCKS)
        kernel[blocks, THREADS](count, *unwrap(args))


def unwrap(args):
    """The arguments as Numba takes them."""
    return tuple(a.data if getattr(a, "on_gpu", False) else a for a in args)
