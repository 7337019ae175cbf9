"""Numbers as they come: what counts as a real number, a whole number, a seed or a kind of floats,
wherever it is given.

``True`` is no number, ``2.0`` is no whole number, and NumPy's own numbers count like Python's.
"""

from numbers import Real
from operator import index

import numpy as np


def is_number(value):
    """Is it a real number of Python or NumPy, no bool and no array but one without axes?"""
    if isinstance(value, np.ndarray):
        return value.ndim == 0 and value.dtype.kind in "iuf"
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_))


def is_flag(value):
    """Is it True or False, and not a number that stands for them?"""
    return isinstance(value, (bool, np.bool_))


def is_whole(value):
    """Is it a whole number of a type for whole numbers?"""
    if (
        isinstance(value, (bool, np.bool_))
        or getattr(getattr(value, "dtype", None), "kind", "") == "b"
    ):
        return False
    try:
        index(value)
    except TypeError:
        return False
    return True


def at_least(value, name, least=1):
    """Refuse what is not a whole number of at least ``least``."""
    if not is_whole(value) or value < least:
        raise ValueError(f"{name} {value!r} is not a whole number of at least {least}")


def seed(value):
    """A seed as NumPy takes it: whole numbers become ints; None, for chance itself, and Generators
    stay.
    """
    if value is None or isinstance(value, np.random.Generator):
        return value
    if not is_whole(value) or value < 0:
        raise ValueError(
            f"seed {value!r} is not possible: use a whole number of at least 0, or None for a "
            f"new one"
        )
    return index(value)


def float_dtype(dtype):
    """float32 or float64 as a NumPy dtype; anything else is refused."""
    try:
        found = None if dtype is None else np.dtype(dtype)
    except TypeError:
        found = None
    if found not in (np.float32, np.float64):
        said = repr(dtype) if found is None else found
        raise ValueError(f"dtype {said} is not supported: use float32 or float64")
    return found
