"""The nearest sizes that fit where a window does not, as numbers and in a sentence.

A repair is an argument with its new value, tried before it is offered; the sentence has the same
numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..validation import pair
from .counting import all_meet_pixels, count, extent, travel

REACH = 64  # steps to another stride, kernel_size, dilation or padding that are tried
# Of the arguments in an axis (W, F, S, P, D).
POSITIONS = {"kernel_size": 1, "stride": 2, "padding": 3, "dilation": 4}


class MisfitError(ValueError):
    """A window that does not fit the input; the message holds the numbers and the nearest choice.

    Arguments:
        message: the sentence.
        repairs: the ways out as dicts of arguments: each fits in place of what was given.

    Examples:
        >>> try:
        ...     shapes.out_size(10, 3, S=2, fit="exact")
        ... except shapes.MisfitError as error:
        ...     print(error.repairs[0])
        {'stride': 1}
    """

    def __init__(self, message: str, repairs: Iterable[dict[str, Any]] = ()) -> None:
        super().__init__(message)
        self.repairs = tuple(repairs)


def repairs(W: int, F: int, S: int = 1, P: int | tuple[int, int] = 0, D: int = 1) -> dict[str, Any]:
    """The nearest stride, padding and kernel_size that fit exactly, each alone.

    Arguments:
        W: input size.
        F: extent of the filter.
        S: stride.
        P: padding, an int or ``(before, after)``.
        D: dilation.

    Returns:
        A dict of those that exist.

    Examples:
        >>> shapes.repairs(10, 3, S=2)
        {'stride': 1, 'padding': (0, 1), 'kernel_size': 2}
    """
    axis = W, F, S, pair("padding", P, least=0), D
    values = {
        name: nearest(name, axis, lambda *other: count(*other, "exact") > 0)
        for name in list(POSITIONS)[:3]
    }
    values["padding"] = _short(values["padding"])
    return {
        name: values[name]
        for name in ("stride", "padding", "kernel_size")
        if values[name] is not None
    }


def _short(padding):
    return padding[0] if padding is not None and padding[0] == padding[1] else padding


def _changed(axis, name, value):
    return (*axis[: POSITIONS[name]], value, *axis[POSITIONS[name] + 1 :])


def nearest(name, axis, good):
    """The nearest other value of one argument with which ``good(W, F, S, P, D)`` holds, or None."""
    now = axis[POSITIONS[name]]
    values = (
        _paddings(*axis)
        if name == "padding"
        else _around(now, _largest(*axis) if name == "kernel_size" else now)
    )
    return next(
        (value for value in values if value != now and good(*_changed(axis, name, value))), None
    )


def _largest(W, F, S, P, D):
    """The largest kernel_size that fits."""
    return (W + sum(P) - 1) // D + 1


def _around(value, most):
    """Integers from 1 on, nearest to ``value`` first, none above ``most``; and 1."""
    if most < value:
        yield from range(most, max(0, most - REACH), -1)
    else:
        for step in range(1, REACH):
            yield from (v for v in (value - step, value + step) if v >= 1)
    yield 1


def _paddings(W, F, S, P, D):
    """Paddings that may help: a little more (as symmetric as before), just enough, then less."""
    (before, after), left = P, travel(W, F, P, D)
    if before == after and (left < 0 or left % S):
        least = before - left // 2 if left < 0 else before + 1
        yield from ((p, p) for p in range(least, least + 2))
    yield before, after + (-left if left < 0 else -left % S)
    for most in range(max(P) - 1, max(-1, max(P) - REACH), -1):
        yield min(before, most), min(after, most)
    yield 0, 0


class Fitting:
    """Whether axes fit, by the rules of a ``fit`` and, in pooling, with a pixel in every window."""

    def __init__(self, fit, pooling):
        self.fit, self.pooling = fit, pooling

    def __call__(self, *axis):
        return count(*axis, self.fit) > 0 and (not self.pooling or all_meet_pixels(*axis, self.fit))


def alternatives(axes, fits):
    """Dicts of changed arguments with which all ``axes`` fit: a single one where that is enough."""
    names = [
        "stride",
        "padding",
        "kernel_size",
        *(["dilation"] if any(axis[4] > 1 for axis in axes) else []),
    ]
    choices = [{name: value} for name in names if (value := _for_all(name, axes, fits)) is not None]
    if fits.fit == "exact" and all(Fitting("floor", fits.pooling)(*axis) for axis in axes):
        choices.append({"fit": "floor"})
    return choices or [{"kernel_size": 1, "stride": 1, "padding": 0}]


def _for_all(name, axes, fits):
    """One value of an argument with which all axes fit, the same for both if possible, or None."""
    values = [axis[POSITIONS[name]] if fits(*axis) else nearest(name, axis, fits) for axis in axes]
    if None in values:
        return None
    if name == "padding":
        return _padding(values, axes, fits)
    shared = (
        v for v in sorted(set(values)) if all(fits(*_changed(axis, name, v)) for axis in axes)
    )
    return next(shared, tuple(values))


def _padding(values, axes, fits):
    """The padding of all axes in its shortest form: one number for all sides, where that fits."""
    if len(values) == 1:
        return _short(values[0])
    alike = (
        max(sides)
        for sides in sorted(values)
        if all(fits(*_changed(a, "padding", (max(sides),) * 2)) for a in axes)
    )
    if any(before != after for before, after in values):
        return next(alike, tuple(values))
    return next(alike, _short(tuple(before for before, _ in values)))


def misfit(axes, names, fits):
    """The MisfitError for axes of these names, at least one of which does not fit."""
    wrong, name = next((axis, n) for axis, n in zip(axes, names, strict=True) if not fits(*axis))
    choices = alternatives(axes, fits)
    words = " or ".join(_words(changes, axes, fits) for changes in choices)
    words = words.replace(" or fit=", ", or fit=")
    return MisfitError(f"{reason(*wrong, name, fits)}: use {words}", choices)


def _words(changes, axes, fits):
    """A way out as it is said; "at most" where all that is smaller fits as well."""
    if changes == {"fit": "floor"}:
        return 'fit="floor" to ignore the leftover'
    (name, value), *more = changes.items()
    if not more and name in ("kernel_size", "padding") and isinstance(value, int) and value < REACH:
        smaller = range(1 if name == "kernel_size" else 0, value + 1)
        tried = [(v, v) if name == "padding" else v for v in smaller]
        if all(fits(*_changed(axis, name, v)) for v in tried for axis in axes):
            return f"a {'kernel' if name == 'kernel_size' else name} of at most {value}"
    return " and ".join(f"{name} {value}" for name, value in changes.items())


def reason(W, F, S, P, D, axis, fits):
    """Why the window does not fit along the axis, with the numbers."""
    padding, left = _short(P), travel(W, F, P, D)
    if left < 0:
        dilated = f" (dilated to {extent(F, D)})" if D > 1 else ""
        return (
            f"kernel_size {F}{dilated} does not fit an input of {axis} {W} with padding {padding}"
        )
    if not count(W, F, S, P, D, fits.fit):
        outputs = f"give {left / S + 1:g} outputs along an input of {axis} {W}"
        return f"kernel_size {F}, stride {S}, padding {padding} {outputs}"
    dilated = f" and dilation {D}" if D > 1 else ""
    return (
        f"padding {max(P)} with kernel_size {F}{dilated} makes a window of padding only, with "
        f"nothing to pool"
    )
