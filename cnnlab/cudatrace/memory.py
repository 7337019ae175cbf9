"""Arrays as a thread sees them: each element read or written is recorded with its thread."""

from numbers import Integral, Number

import numpy as np

from ..texts import say, say_many
from .opaque import Opaque
from .threads import Access, running


class OutOfRangeError(IndexError):
    """A thread touched an element that its array does not have; the launch stops that thread."""


class Memory(Opaque):
    """``values`` behind a counter: ``x[i, j]`` takes a whole number for each axis, from 0 to one
    below the size.

    It has ``shape``, ``ndim``, ``size``, ``dtype`` and ``len``; all else that NumPy's arrays can is
    refused in one sentence, for a thread works on single numbers. ``key`` is its name in the notes,
    ``watched`` says whether there are any: what belongs to one thread alone needs none.
    """

    def __init__(self, name, values, key=None, watched=True):
        own = {each: getattr(values, each) for each in ("shape", "ndim", "size", "dtype")}
        vars(self).update(own, name=name, key=key or name, watched=watched, _values=values)

    def __len__(self):
        return self.shape[0]

    def __getitem__(self, index):
        return self._values[self._note(index, "read")].item()

    def __setitem__(self, index, value):
        index = self._note(index, "write")
        self._values[index] = self._number(value)

    def add_atomically(self, index, value):
        """The atomic addition: the number that was there before."""
        index = self._note(index, "add")
        before = self._values[index].item()
        self._values[index] += self._number(value)
        return before

    def _note(self, index, kind):
        thread = running(f"{self.name}[…]")
        index = self._checked(index)
        if not all(0 <= number < n for number, n in zip(index, self.shape, strict=True)):
            thread.fault = thread.fault or self._fault(
                thread, index, kind
            )  # though the kernel may catch the error
            raise OutOfRangeError(thread.fault)
        if self.watched:
            thread.accesses.append(Access(self.key, index, kind, thread.phase))
        return index

    def _checked(self, index):
        index = index if isinstance(index, tuple) else (index,)
        if any(
            isinstance(number, slice) or number is Ellipsis or number is None for number in index
        ):
            raise TypeError(say("cudatrace.slice", name=self.name))
        for number in index:
            if isinstance(number, Opaque):
                raise TypeError(number._instead())
        if not all(
            isinstance(number, Integral) and not isinstance(number, bool) for number in index
        ):
            raise TypeError(say("cudatrace.index", name=self.name, index=index_text(index)))
        if len(index) != self.ndim:
            values = {"name": self.name, "index": index_text(index)}
            raise TypeError(say_many("cudatrace.axes", self.ndim, **values))
        return tuple(map(int, index))

    def _number(self, value):
        if isinstance(value, Number) and (self.dtype.kind == "c" or not np.iscomplexobj(value)):
            return value
        given = repr(value)
        if value is not None and not isinstance(value, Opaque):
            given = say("cudatrace.a_type", type=type(value).__name__)
        raise TypeError(say("cudatrace.one_number", name=self.name, given=given))

    def _fault(self, thread, index, kind):
        return say(
            "cudatrace.reads_outside" if kind == "read" else "cudatrace.writes_outside",
            thread=repr(thread),
            name=self.name,
            index=index_text(index),
            shape=self.shape,
            negative=say("cudatrace.from_the_end") if min(index) < 0 else "",
        )

    def __iter__(self):
        raise TypeError(say("cudatrace.walk_over", name=self.name))

    def _instead(self):
        one = f"{self.name}[{', '.join('ijklmn'[: self.ndim])}]"
        return say("cudatrace.an_array", name=self.name, one=one)

    def __repr__(self):
        return say("cudatrace.array", name=self.name)

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(say("cudatrace.not_for_a_thread", name=self.name, attribute=name))


def index_text(index):
    """[3, 4], as it stands behind an array's name."""
    return f"[{', '.join(map(str, index))}]"


def blank(shape, dtype):
    """An array of memory that is not written yet: NaN, or the lowest whole number, so that it
    shows.
    """
    dtype = dtype_of(dtype)
    return np.full(
        shape,
        np.nan if dtype.kind in "fc" else np.iinfo(dtype).min if dtype.kind in "iu" else 0,
        dtype,
    )


def dtype_of(dtype):
    """The NumPy type; a Numba type is named alike."""
    return np.dtype(dtype if isinstance(dtype, (type, np.dtype, str)) else str(dtype))
