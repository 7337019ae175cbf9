"""``cuda``, the words that a kernel is written in: those of ``numba.cuda``, answered for the running thread."""

from .memory import Memory, blank
from .threads import place_words, running

WORDS = "grid, gridsize, threadIdx, blockIdx, blockDim, gridDim, syncthreads, shared, local and atomic"


class _Triple:
    """Three numbers with the names x, y and z."""

    def __init__(self, numbers):
        self.x, self.y, self.z = numbers


class _Shared:
    def array(self, shape, dtype):
        """An array of the whole block: the n-th call of each of its threads gives the same one, not yet written."""
        thread = running("cuda.shared.array")
        arrays, n = thread.team.arrays, thread.shared
        thread.shared += 1
        if n == len(arrays):
            name, block = f"shared{n + 1}", place_words(thread.block[: thread.axes])
            arrays.append(Memory(name, blank(shape, dtype), f"{name} of block {block}"))
        return arrays[n]


class _Local:
    def array(self, shape, dtype):
        """An array of this thread alone, not yet written."""
        running("cuda.local.array")
        return Memory("local", blank(shape, dtype), watched=False)


class _Atomic:
    def add(self, array, index, value):
        """``array[index] += value`` that no other thread can come between; gives what was there before."""
        running("cuda.atomic.add")
        return array.add(index, value)


class Cuda:
    """What a thread can ask and do. Outside a launch every word answers with a RuntimeError that says so.

    - ``grid(n)``: the thread's place in the whole grid, x or (x, y) or (x, y, z), each ``blockIdx · blockDim +
      threadIdx``. Threads whose x are neighbours run side by side, so x is best the last index of an array:
      ``j, i = cuda.grid(2)`` for ``y[i, j]``. ``gridsize(n)``: how many threads there are along each.
    - ``threadIdx``, ``blockIdx``, ``blockDim``, ``gridDim``: each with x, y and z.
    - ``syncthreads()``: wait for all threads of the block.
    - ``shared.array(shape, dtype)``, ``local.array(shape, dtype)``: memory of the block, or of the thread.
    - ``atomic.add(array, index, value)``: an addition that nobody comes between.
    """

    shared, local, atomic = _Shared(), _Local(), _Atomic()

    def grid(self, ndim):
        return _first(running("cuda.grid").place, ndim, "grid")

    def gridsize(self, ndim):
        thread = running("cuda.gridsize")
        return _first([b * n for b, n in zip(thread.grid, thread.size, strict=True)], ndim, "gridsize")

    threadIdx = property(lambda self: _Triple(running("cuda.threadIdx").thread))
    blockIdx = property(lambda self: _Triple(running("cuda.blockIdx").block))
    blockDim = property(lambda self: _Triple(running("cuda.blockDim").size))
    gridDim = property(lambda self: _Triple(running("cuda.gridDim").grid))

    def syncthreads(self):
        thread = running("cuda.syncthreads")
        thread.team.wait(thread)
        thread.phase += 1

    def __getattr__(self, name):
        raise AttributeError(f"cuda.{name} is not among the words of this small cuda: it has {WORDS}")

    def __deepcopy__(self, memo):
        return self


def _first(numbers, ndim, word):
    if ndim not in (1, 2, 3):
        raise ValueError(f"cuda.{word} takes 1, 2 or 3, not {ndim!r}")
    return numbers[0] if ndim == 1 else tuple(numbers[:ndim])


cuda = Cuda()
