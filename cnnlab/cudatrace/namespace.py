"""The ``cuda`` of the trace: the names of ``numba.cuda``, answered for the thread that runs."""

import inspect
from difflib import get_close_matches
from math import prod

from ..texts import say
from .memory import Memory, blank, dtype_of
from .opaque import Opaque
from .position import position
from .threads import position_text, running

WORDS = (
    *("grid", "gridsize", "threadIdx", "blockIdx", "blockDim", "gridDim"),
    *("syncthreads", "shared", "local", "atomic"),
)
MEMORY_SIZES = {
    "shared": 48 * 1024,
    "local": 512 * 1024,
}  # bytes that every GPU has, for a block and for a thread


class Triple(Opaque):
    """Three numbers with the names x, y and z."""

    def __init__(self, word, numbers):
        vars(self).update(zip("xyz", numbers, strict=True), _word=word)

    def _instead(self):
        return say("cudatrace.triple", own=f"cuda.{self._word}")

    def __repr__(self):
        return f"(x={self.x}, y={self.y}, z={self.z})"


class Word(Opaque):
    """A word that is called; called otherwise than its ``example`` it says how."""

    def __init__(self, name, function, example):
        vars(self).update(
            _name=name, _function=function, _example=example, _signature=inspect.signature(function)
        )

    def __call__(self, *given, **named):
        try:
            self._signature.bind(*given, **named)
        except TypeError:
            raise TypeError(self._instead()) from None
        return self._function(*given, **named)

    def _instead(self):
        return say("cudatrace.called", name=self._name, example=self._example)

    def __repr__(self):
        return f"cuda.{self._name}"


class Submodule(Opaque):
    """One word that stands behind another, as ``array`` in ``cuda.shared.array``."""

    def __init__(self, name, word, function, example):
        vars(self).update(
            {"_name": name, "_word": word, word: Word(f"{name}.{word}", function, example)}
        )

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        own = f"cuda.{self._name}"
        raise AttributeError(say("cudatrace.not_in_submodule", own=own, name=name, word=self._word))

    def _instead(self):
        return getattr(self, self._word)._instead()

    def __repr__(self):
        return f"cuda.{self._name}"


def _grid(ndim):
    return position(running("cuda.grid").position, ndim, "grid")


def _gridsize(ndim):
    thread = running("cuda.gridsize")
    return position(
        [b * n for b, n in zip(thread.grid, thread.size, strict=True)], ndim, "gridsize"
    )


def _syncthreads():
    thread = running("cuda.syncthreads")
    thread.block_run.wait(thread)
    thread.phase += 1


def _shared(shape, dtype):
    """An array of the whole block: the n-th call of each of its threads gives the same one, not yet
    written.
    """
    thread = running("cuda.shared.array")
    arrays, n = thread.block_run.arrays, thread.shared
    thread.shared += 1
    if n == len(arrays):
        name, block = f"shared{n + 1}", position_text(thread.block[: thread.axes])
        arrays.append(Memory(name, _fresh("shared", shape, dtype), f"{name} of block {block}"))
    return arrays[n]


def _local(shape, dtype):
    """An array of this thread alone, not yet written."""
    running("cuda.local.array")
    return Memory("local", _fresh("local", shape, dtype), watched=False)


def _add(array, index, value):
    """``array[index] += value`` that no other thread can come between; gives what was there
    before.
    """
    running("cuda.atomic.add")
    if not isinstance(array, Memory):
        raise TypeError(say("cudatrace.add_arguments", called=Cuda.atomic.add._instead()))
    return array.add_atomically(index, value)


def _fresh(space, shape, dtype):
    """Blank memory of ``space``, "shared" or "local"; TypeError for shapes and types that there
    are not, ValueError for a size that does not fit.
    """
    try:
        sizes = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
        size = prod(max(int(n), 0) for n in sizes) * dtype_of(dtype).itemsize
        if size <= MEMORY_SIZES[space]:
            return blank(shape, dtype)
    except (TypeError, ValueError, AttributeError, OverflowError):
        called = getattr(Cuda, space)._instead()
        raise TypeError(say("cudatrace.memory_arguments", called=called)) from None
    raise ValueError(say(f"cudatrace.{space}_too_large", size=size, most=MEMORY_SIZES[space]))


def _triple(word, attribute):
    return property(lambda self: Triple(word, getattr(running(f"cuda.{word}"), attribute)))


class Cuda(Opaque):
    """What a thread can ask and do. Outside a launch every word answers with a RuntimeError that
    says so.

    - ``grid(n)``: the thread's position in the whole grid, x or (x, y) or (x, y, z), each
      ``blockIdx · blockDim + threadIdx``. Threads whose x are neighbours run side by side, so x is
      best the last index of an array: ``j, i = cuda.grid(2)`` for ``y[i, j]``. ``gridsize(n)``: how
      many threads there are along each.
    - ``threadIdx``, ``blockIdx``, ``blockDim``, ``gridDim``: each with x, y and z.
    - ``syncthreads()``: wait for all threads of the block.
    - ``shared.array(shape, dtype)``, ``local.array(shape, dtype)``: memory of the block, or of the
      thread.
    - ``atomic.add(array, index, value)``: an addition that no other thread comes between.
    """

    grid = Word("grid", _grid, "j, i = cuda.grid(2)")
    gridsize = Word("gridsize", _gridsize, "columns, rows = cuda.gridsize(2)")
    syncthreads = Word("syncthreads", _syncthreads, "cuda.syncthreads()")
    shared = Submodule("shared", "array", _shared, "cuda.shared.array((4, 4), np.float32)")
    local = Submodule("local", "array", _local, "cuda.local.array((4, 4), np.float32)")
    atomic = Submodule("atomic", "add", _add, "cuda.atomic.add(y, (i, j), value)")

    threadIdx = _triple("threadIdx", "thread")
    blockIdx = _triple("blockIdx", "block")
    blockDim = _triple("blockDim", "size")
    gridDim = _triple("gridDim", "grid")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "jit":
            raise AttributeError(say("cudatrace.no_jit"))
        values = {"name": name, "meant": _meant(name), "words": _words()}
        raise AttributeError(say("cudatrace.no_word", **values))

    def __setattr__(self, name, value):
        raise AttributeError(say("cudatrace.set_word", name=name))

    def __deepcopy__(self, memo):
        return self

    def _instead(self):
        return say("cudatrace.cuda_itself", words=_words())

    def __repr__(self):
        return "cuda"


def _words():
    *others, last = WORDS
    return say("cudatrace.words", first=", ".join(others), last=last)


def _meant(name):
    """The word that is written nearly so, as a question."""
    plain = {word.lower(): word for word in WORDS}
    found = get_close_matches(name.replace("_", "").lower(), plain, n=1)
    return say("cudatrace.meant", word=plain[found[0]]) if found else ""


cuda = Cuda()
