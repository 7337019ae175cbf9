"""A learner's answer as an array of floats, and the comparison of two arrays.

An answer may be written as a number, a list or an array. One without numbers, one that is not
filled in yet and one of another shape raise a complaint.
"""

from math import prod
from numbers import Number

import numpy as np

from .feedback import complaint
from .words import shape_words

CLOSE = 1e-4  # of a value, or of 1: float32 sums pass, another formula does not


def nothing(value):
    """Is it what an unanswered question holds? By identity, for arrays redefine ``==``."""
    return value is None or value is ...


def same(a, b):
    """Where two arrays hold the same number: integers exactly, others roughly, NaN never."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    with np.errstate(all="ignore"):
        whole = (a == np.round(a)) & (b == np.round(b))
        return np.where(whole, a == b, np.isclose(a, b, rtol=CLOSE, atol=CLOSE))


def alike(a, b):
    """Have two arrays one shape and the same numbers, NaN equal to NaN?"""
    return a.shape == b.shape and bool((same(a, b) | (np.isnan(a) & np.isnan(b))).all())


def numbers(value, fits, wanted):
    """``value`` as a float array, if ``fits(shape)``; else a complaint with ``wanted``."""
    if _has_gaps(value):
        raise complaint("feedback.gaps", "not attempted")
    array = _array(value, wanted)
    if not fits(array.shape):
        raise complaint(
            "feedback.shape",
            "wrong shape",
            given=shape_words(array.shape),
            wanted=shape_words(wanted),
        )
    # Only now is it copied: an array of another shape may be huge.
    return _floats(array, value, wanted)


def like(shape):
    """The test for ``numbers`` that accepts ``shape``; for one number also any array of size 1."""
    return lambda given: given == shape or (not shape and prod(given) == 1)


def _has_gaps(value):
    return isinstance(value, (list, tuple)) and any(
        nothing(item) or _has_gaps(item) for item in value
    )


def _array(value, wanted):
    if not (isinstance(value, (Number, list, tuple)) or hasattr(type(value), "__array__")):
        raise _no_numbers(value, wanted)
    try:
        array = np.asarray(value)
    except ValueError:
        raise complaint("feedback.ragged", "wrong shape", wanted=shape_words(wanted)) from None
    if array.dtype.kind in "US" and array.ndim:
        raise complaint("feedback.holds_text", "wrong type", wanted=shape_words(wanted))
    if array.dtype.kind not in "iufO":
        raise _no_numbers(value, wanted)
    return array


def _floats(array, value, wanted):
    try:
        return array.astype(float)
    except OverflowError:  # a whole number of hundreds of digits
        return np.full(array.shape, np.inf)
    except (TypeError, ValueError):
        raise _no_numbers(value, wanted) from None


def _no_numbers(value, wanted):
    return complaint(
        "feedback.type", "wrong type", type=type(value).__name__, wanted=shape_words(wanted)
    )


def finite(values):
    """``values``; a complaint if one of them is NaN or infinite."""
    odd = values[~np.isfinite(values)]
    if odd.size:
        raise complaint("feedback.not_finite", value=str(odd[0]))
    return values
