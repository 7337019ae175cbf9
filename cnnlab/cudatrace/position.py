"""What ``cuda.grid`` returns: a number or a tuple that explains itself where it is misused."""

from numbers import Integral, Number

from ..texts import say

NAMES = {2: "j, i", 3: "k, j, i"}
ARITHMETIC = "lt le gt ge add radd sub rsub mul rmul truediv floordiv mod"


class OneNumber(int):
    """The number of ``cuda.grid(1)``; unpacked like a tuple it raises a TypeError that says so."""

    def __new__(cls, number, word):
        self = super().__new__(cls, number)
        self.word = word
        return self

    def __iter__(self):
        raise TypeError(say("cudatrace.one_for_two", word=self.word))


class SeveralNumbers(tuple):
    """The tuple of ``cuda.grid(2)`` or ``cuda.grid(3)``; used like a number it raises a TypeError
    that says so.
    """

    def __new__(cls, numbers, word):
        self = super().__new__(cls, numbers)
        self.word = word
        return self


def position(numbers, ndim, word):
    """The first ``ndim`` of three numbers, a number or a tuple; ValueError unless ``ndim`` is 1,
    2 or 3.
    """
    if not isinstance(ndim, Integral) or isinstance(ndim, bool) or ndim not in (1, 2, 3):
        raise ValueError(say("cudatrace.how_many_axes", word=word, ndim=repr(ndim)))
    return OneNumber(numbers[0], word) if ndim == 1 else SeveralNumbers(numbers[:ndim], word)


def _refusing_numbers(name):
    """The tuple's own method, which refuses numbers."""
    own = getattr(tuple, name, lambda self, other: NotImplemented)

    def method(self, other):
        if not isinstance(other, Number):
            return own(self, other)
        n = len(self)
        call = f"cuda.{self.word}({n})"
        raise TypeError(say("cudatrace.take_apart", call=call, n=n, names=NAMES[n]))

    return method


for _name in ARITHMETIC.split():
    setattr(SeveralNumbers, f"__{_name}__", _refusing_numbers(f"__{_name}__"))
