"""What ``cuda.grid`` gives: numbers as they are, which say how to take them where they are taken
wrongly.
"""

from numbers import Integral, Number

from ..texts import say

NAMES = {2: "j, i", 3: "k, j, i"}
APART = "lt le gt ge add radd sub rsub mul rmul truediv floordiv mod"


class Alone(int):
    """The one number of ``cuda.grid(1)``; unlike other numbers it tells whoever takes it for
    two.
    """

    def __new__(cls, number, word):
        self = super().__new__(cls, number)
        self.word = word
        return self

    def __iter__(self):
        raise TypeError(say("cudatrace.one_for_two", word=self.word))


class Together(tuple):
    """The numbers of ``cuda.grid(2)`` or ``cuda.grid(3)``; unlike other tuples it tells whoever
    takes it for one.
    """

    def __new__(cls, numbers, word):
        self = super().__new__(cls, numbers)
        self.word = word
        return self


def places(numbers, ndim, word):
    """The first ``ndim`` of three numbers, a number or a tuple; ValueError unless it is 1, 2 or
    3.
    """
    if not isinstance(ndim, Integral) or isinstance(ndim, bool) or ndim not in (1, 2, 3):
        raise ValueError(say("cudatrace.how_many_axes", word=word, ndim=repr(ndim)))
    return Alone(numbers[0], word) if ndim == 1 else Together(numbers[:ndim], word)


def _apart(name):
    """The tuple's own method, which refuses numbers."""
    own = getattr(tuple, name, lambda self, other: NotImplemented)

    def method(self, other):
        if not isinstance(other, Number):
            return own(self, other)
        n = len(self)
        call = f"cuda.{self.word}({n})"
        raise TypeError(say("cudatrace.take_apart", call=call, n=n, names=NAMES[n]))

    return method


for _name in APART.split():
    setattr(Together, f"__{_name}__", _apart(f"__{_name}__"))
