"""Checks of arguments: one function for each kind of argument, with one form of error.

``True`` is no number, ``2.0`` is no integer, and NumPy's own numbers count like Python's. Every
function returns the value as the rest of the library uses it.
"""

from math import inf, isfinite, nan
from numbers import Real
from operator import index

import numpy as np

LARGEST = 2**31 - 1  # no image is larger, and no kernel could count further
LONGEST = 40  # characters of a value that an error still quotes


def is_number(value):
    """Is it a real number of Python or NumPy? Neither a bool nor an array with axes is one."""
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iuf"
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_))


def is_flag(value):
    """Is it True or False, and not a number that stands for them?"""
    return isinstance(value, (bool, np.bool_))


def is_integer(value):
    """Is it an integer of an integer type?"""
    return as_int(value) is not None


def as_int(value):
    """The integer that ``value`` is, as an int, or None: True, 2.0 and "2" are none."""
    if type(value) is int:
        return value
    if is_flag(value) or getattr(getattr(value, "dtype", None), "kind", "") == "b":
        return None
    try:
        return index(value)
    except TypeError:
        return None


def shown(value):
    """``value`` as an error quotes it: its type where it is long or has several lines."""
    text = repr(value)
    return text if len(text) <= LONGEST and "\n" not in text else _a(type(value))


def _a(kind):
    return f"{'an' if kind.__name__[0] in 'AEIOUaeiou' else 'a'} {kind.__name__}"


def integer(name, value, least=1, most=inf):
    """``value`` as an int. Raises ValueError unless it is an integer from ``least`` to ``most``."""
    if type(value) is int and least <= value <= most:
        return value  # as nearly always
    number = as_int(value)
    if number is None or not least <= number <= most:
        raise ValueError(f"{name} must be {_integers(least, most)}, not {shown(value)}")
    return number


def _integers(least, most=inf):
    if most < inf:
        return f"an integer from {least} to {most}"
    usual = {0: "a non-negative integer", 1: "a positive integer"}
    return usual.get(least, f"an integer of at least {least}")


def number(name, value, least=-inf, most=inf, *, above=-inf, below=inf):
    """``value`` as a float. Raises ValueError unless it is finite and within all the limits."""
    try:
        real = float(value) if is_number(value) else nan
    except OverflowError:  # an integer beyond all floats
        real = inf
    if not (isfinite(real) and least <= real <= most and above < real < below):
        raise ValueError(
            f"{name} must be {_numbers(least, most, above, below)}, not {shown(value)}"
        )
    return real


def _numbers(least, most, above, below):
    if least > -inf and most < inf:
        return f"a number from {least:g} to {most:g}"
    limits = {"above": above, "of at least": least, "below": below, "at most": most}
    words = [f"{word} {limit:g}" for word, limit in limits.items() if isfinite(limit)]
    return f"a {'finite ' if len(words) < 2 else ''}number {' and '.join(words)}".strip()


def flag(name, value):
    """``value`` as a bool. Raises ValueError for anything but True and False."""
    if not is_flag(value):
        raise ValueError(f"{name} must be True or False, not {shown(value)}")
    return bool(value)


def choice(name, value, known, also=""):
    """``value``, one of the texts ``known``. Raises ValueError, which names them, for another.

    ``also`` names, for the error, what else may be given.
    """
    if isinstance(value, str) and value in known:
        return value
    *most, last = [f'"{text}"' for text in known] + ([also] if also else [])
    ways = f"{', '.join(most)} or {last}" if most else last
    given = f'"{value}"' if isinstance(value, str) else shown(value)
    raise ValueError(f"{name} {given} is not known: use {ways}")


def pair(name, value, least=1):
    """``value`` as two ints (height, width); one int serves for both.

    Raises ValueError for anything else, for integers below ``least`` and beyond any image.
    """
    if type(value) is int and least <= value <= LARGEST:
        return value, value  # as nearly always
    both = value if isinstance(value, (tuple, list)) else (value, value)
    both = tuple(map(as_int, both))
    if len(both) != 2 or None in both or min(both) < least:
        raise ValueError(
            f"{name} must be {_integers(least)} or a pair of them (height, width), "
            f"not {shown(value)}"
        )
    if max(both) > LARGEST:
        raise ValueError(f"{name} must be at most {LARGEST}, not {shown(value)}")
    return both


def seed(value):
    """A seed as NumPy takes it: an int, None for another each time, or a Generator."""
    if value is None or isinstance(value, np.random.Generator):
        return value
    number = as_int(value)
    if number is None or number < 0:
        raise ValueError(
            f"seed must be a non-negative integer, or None for another each time, "
            f"not {shown(value)}"
        )
    return number


def float_dtype(value):
    """float32 or float64 as a NumPy dtype. Raises ValueError for any other."""
    try:
        dtype = None if value is None else np.dtype(value)
    except TypeError:
        dtype = None
    if dtype not in (np.float32, np.float64):
        given = shown(value) if dtype is None else dtype
        raise ValueError(f"dtype must be float32 or float64, not {given}")
    return dtype


def instance(name, value, kind, way_out=""):
    """``value``, if it is of the class ``kind``. Raises TypeError, with the way out, if not."""
    if not isinstance(value, kind):
        given = f"{name} must be {_a(kind)}, not {_a(type(value))}"
        raise TypeError(f"{given}: {way_out}" if way_out else given)
    return value


def arguments(owner, given, known, instead=None):
    """Raise TypeError for the first of the names ``given`` that ``owner`` does not take.

    ``instead`` says for some names of other libraries what to write; for others the error names the
    nearest of the ``known``, or all of them.
    """
    for name in given:
        if name not in known:
            way_out = (instead or {}).get(name) or _nearest(name, known)
            raise TypeError(f"{owner} has no argument {name!r}: {way_out}")


def _nearest(name, known):
    from difflib import get_close_matches  # needed only for a wrong name

    near = get_close_matches(name, known, 1, 0.5)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"it takes {', '.join(known) or 'no arguments'}"
