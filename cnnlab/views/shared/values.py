"""Arrays as traits: two of them compare as a whole, so that views can be linked by arrays.

What a view shows cannot be written into behind its back: a copy can, and setting the copy shows it.
"""

import numpy as np
import traitlets


class _Handed(np.ndarray):
    """An array of which only the whole is special: what is computed or cut from it is a plain
    one.
    """

    def __array_wrap__(self, array, context=None, return_scalar=False):
        plain = np.asarray(array)
        return plain[()] if plain.ndim == 0 else plain

    def __getitem__(self, place):
        found = super().__getitem__(place)
        return found.view(np.ndarray) if isinstance(found, np.ndarray) else found

    def __repr__(self):
        return repr(np.asarray(self))


class Compared(_Handed):
    """Element by element, as NumPy compares; asked as a whole, ``if a == b``, it answers for the
    whole arrays.
    """

    truth = None

    def __bool__(self):
        return bool(np.asarray(self)) if self.truth is None else self.truth


class Values(_Handed):
    """An array that a view shows. NaN is the same as NaN where two are compared as a whole.

    It refuses to be written into, but is not read-only for the kernels, which are compiled for
    arrays that are not.
    """

    shown = False  # a copy is not

    def __eq__(self, other):
        return self._compared(np.equal, other, same(self, other))

    def __ne__(self, other):
        return self._compared(np.not_equal, other, not same(self, other))

    __hash__ = None

    def _compared(self, compare, other, truth):
        try:
            found = np.asarray(compare(np.asarray(self), other))
        except (TypeError, ValueError):  # what does not compare element by element
            return truth
        found = found.view(Compared)
        found.truth = truth
        return found

    def __setitem__(self, place, value):
        if self.shown:
            raise ValueError(
                "this array is what a view shows: change a copy of it and set that, "
                "as in x = view.x.copy(); x[...] = 0; view.x = x"
            )
        super().__setitem__(place, value)

    # ``view.x += 1`` sets a new array.
    def __iadd__(self, other):
        return self + other

    def __isub__(self, other):
        return self - other

    def __imul__(self, other):
        return self * other

    def __itruediv__(self, other):
        return self / other


def same(a, b):
    """Are both the same arrays, NaN counting as equal to NaN? False for what is no array."""
    if a is b:
        return True
    try:
        a, b = np.asarray(a), np.asarray(b)
        return a.shape == b.shape and bool(np.all((a == b) | ((a != a) & (b != b))))
    except (TypeError, ValueError):
        return False


class Array(traitlets.TraitType):
    """An array, or None. Its validator in the view makes an array of what is set; it is kept as
    ``Values``.
    """

    def _validate(self, obj, value):
        return kept(super()._validate(obj, value))

    def _cross_validate(self, obj, value):
        return kept(super()._cross_validate(obj, value))


def kept(value):
    """An array as Values that a view shows; all else as it is."""
    if not isinstance(value, np.ndarray) or getattr(value, "shown", False):
        return value
    value = value.view(Values)
    value.shown = True
    return value
