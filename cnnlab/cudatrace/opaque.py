"""The base of arrays and of ``cuda`` in a kernel: what they cannot do is refused in a sentence.

Python's own error would name classes that a learner has never heard of.
"""

TWO = "add sub mul matmul truediv floordiv mod divmod pow lshift rshift and or xor"
OTHERS = (
    "lt le gt ge eq ne neg pos invert abs bool int float complex index round call len iter contains"
)
KEYS = "getitem setitem delitem array array_ufunc"


class Opaque:
    """Refuses all that it does not define with the sentence of ``_instead()``, which names the way
    out.
    """

    __hash__ = object.__hash__

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(self._instead())

    def __setattr__(self, name, value):
        raise AttributeError(self._instead())

    def __format__(self, wanted):
        return format(repr(self), wanted)


def _refuse(self, *others, **options):
    raise TypeError(self._instead())


_two = TWO.split()
for _name in (*_two, *("r" + name for name in _two), *OTHERS.split(), *KEYS.split()):
    setattr(Opaque, f"__{_name}__", _refuse)
