"""Split a batch over the processor's cores.

The kernels are compiled with ``nogil``, so plain Python threads run them side by side: every thread
takes a run of whole images, or of blocks of their rows, and no two write the same place, which also
makes results the same from run to run.
"""

import os
import threading
from functools import lru_cache
from math import prod

import numpy as np

from ...validation import integer

SMALL = 1_000_000  # multiply-adds below which waking another thread costs more than it saves
LINE = 64  # bytes
VIEWS = 64  # shapes that are remembered of one work array
KEPT = 1 << 25  # bytes of the largest work array that is kept

NOTHING = np.empty(0, np.uint8)

_kept = threading.local()


def _available():
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _chosen():
    """What CNNLAB_THREADS says, or the cores there are where it says nothing."""
    setting = os.environ.get("CNNLAB_THREADS", "").strip()
    if setting and not (setting.isdecimal() and int(setting)):
        raise ValueError(
            f"CNNLAB_THREADS must be a positive integer, not {setting!r}: set it to the number of "
            f"threads, or not at all"
        )
    return int(setting) if setting else _available()


_count = _chosen()


def count():
    """How many threads a kernel uses: the cores this process may run on, or CNNLAB_THREADS."""
    return _count


def set_count(n):
    """Use ``n`` threads from now on, a whole number from 1. Raises ValueError for anything else."""
    global _count
    _count = integer("the number of threads", n)


@lru_cache(maxsize=1)
def single_blas():
    """Keep BLAS to one thread, once: its own pool would fight with ours for the same cores."""
    from threadpoolctl import threadpool_limits  # not needed to import cnnlab

    threadpool_limits(1, user_api="blas")


@lru_cache(maxsize=1)
def _pool():
    from concurrent.futures import ThreadPoolExecutor  # brings logging

    return ThreadPoolExecutor(max_workers=64, thread_name_prefix="cnnlab")


if hasattr(os, "register_at_fork"):
    # The parent's threads do not exist in a child.
    os.register_at_fork(after_in_child=_pool.cache_clear)


def ranges(n, work):
    """Slices that cut ``n`` images into equal runs, one a thread; one alone for little ``work``."""
    parts = max(1, min(_count, n)) if work >= SMALL else 1
    return [slice(n * p // parts, n * (p + 1) // parts) for p in range(parts)]


def split(n, work, job):
    """Call ``job(images)`` for every slice of ``ranges(n, work)``, side by side; the results."""
    single_blas()
    first, *others = ranges(n, work)
    if not others:
        return [job(first)]
    waiting = [_pool().submit(job, images) for images in others]
    return [job(first), *(w.result() for w in waiting)]


def scratch(shape, dtype, name=""):
    """A work array this thread keeps between calls, for fresh ones cost page faults; not cleared.

    Arrays in use at the same time need names of their own. They begin on a line of the cache, so
    that no vector that is loaded lies across two.
    """
    whole, views = vars(_kept).get(name) or (NOTHING, {})
    if (shape, dtype) not in views:
        size = prod(shape) * np.dtype(dtype).itemsize
        if size > KEPT:
            return np.empty(shape, dtype)
        if whole.size < size + LINE or len(views) == VIEWS:
            whole, views = vars(_kept)[name] = np.empty(max(size + LINE, whole.size), np.uint8), {}
        first = -whole.ctypes.data % LINE
        views[shape, dtype] = whole[first : first + size].view(dtype).reshape(shape)
    return views[shape, dtype]
