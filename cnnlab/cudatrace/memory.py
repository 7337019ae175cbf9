"""An array as a thread sees it: single numbers, each touch of which is noted down with the thread
that did it.
"""

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
        place = self._note(index, "write")
        self._values[place] = self._number(value)

    def add_atomically(self, index, value):
        """The atomic addition: the number that was there before."""
        place = self._note(index, "add")
        before = self._values[place].item()
        self._values[place] += self._number(value)
        return before

    def _note(self, index, kind):
        thread = running(f"{self.name}[…]")
        place = self._place(index)
        if not all(0 <= at < n for at, n in zip(place, self.shape, strict=True)):
            thread.fault = thread.fault or self._fault(
                thread, place, kind
            )  # though the kernel may catch the error
            raise OutOfRangeError(thread.fault)
        if self.watched:
            thread.accesses.append(Access(self.key, place, kind, thread.phase))
        return place

    def _place(self, index):
        place = index if isinstance(index, tuple) else (index,)
        if any(isinstance(at, slice) or at is Ellipsis or at is None for at in place):
            raise TypeError(say("cudatrace.slice", name=self.name))
        for at in place:
            if isinstance(at, Opaque):
                raise TypeError(at._instead())
        if not all(isinstance(at, Integral) and not isinstance(at, bool) for at in place):
            raise TypeError(say("cudatrace.index", name=self.name, index=words(place)))
        if len(place) != self.ndim:
            said = {"name": self.name, "index": words(place)}
            raise TypeError(say_many("cudatrace.axes", self.ndim, **said))
        return tuple(map(int, place))

    def _number(self, value):
        if isinstance(value, Number) and (self.dtype.kind == "c" or not np.iscomplexobj(value)):
            return value
        given = repr(value)
        if value is not None and not isinstance(value, Opaque):
            given = say("cudatrace.a_type", type=type(value).__name__)
        raise TypeError(say("cudatrace.one_number", name=self.name, given=given))

    def _fault(self, thread, place, kind):
        return say(
            "cudatrace.reads_outside" if kind == "read" else "cudatrace.writes_outside",
            thread=repr(thread),
            name=self.name,
            index=words(place),
            shape=self.shape,
            negative=say("cudatrace.from_the_end") if min(place) < 0 else "",
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


def words(place):
    """[3, 4], as it stands behind an array's name."""
    return f"[{', '.join(map(str, place))}]"


def blank(shape, dtype):
    """An array of memory that nobody has written yet: NaN, or the lowest whole number, so that it
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
