"""The arguments of a sliding window, in any form they may be written in, as plain ints.

What is taken never depends on what was asked before: every value comes by here before anything is
remembered of it.
"""

from __future__ import annotations

from operator import index
from typing import Any

from ..typing import Padding, Pads, Size
from .counting import extent

FITS = ("floor", "exact", "ceil")
LARGEST = 2**31 - 1  # beyond it no image reaches, and no kernel could count


def whole(value: Any) -> int | None:
    """The integer that ``value`` is, as an int, or None: True, 2.0 and "2" are none.

    Arguments:
        value: anything.

    Returns:
        An int, or None.

    Examples:
        >>> shapes.whole(np.int64(2)), shapes.whole(2.0)
        (2, None)
    """
    if type(value) is int:
        return value
    if isinstance(value, bool):
        return None
    try:
        return index(value)
    except TypeError:
        return None


def pair(value: Size, name: str, minimum: int = 1) -> tuple[int, int]:
    """Return ``value`` as two plain ints (height, width); an int serves for both.

    Arguments:
        value: an int, or a pair of ints.
        name: what to call it in an error.
        minimum: the smallest int that is possible.

    Returns:
        ``(height, width)``.

    Raises:
        ValueError: it is neither, smaller than the minimum or larger than any image.

    Examples:
        >>> shapes.pair(3, "stride")
        (3, 3)
    """
    if type(value) is int and minimum <= value <= LARGEST:
        return value, value  # as nearly always
    given = value if isinstance(value, (tuple, list)) else (value, value)
    both = tuple(map(whole, given))
    if len(both) != 2 or None in both:
        raise ValueError(f"{name} {value!r} is not an int or a pair of ints (height, width)")
    if min(both) < minimum:
        raise ValueError(f"{name} {value!r} is too small: use at least {minimum}")
    if max(both) > LARGEST:
        raise ValueError(f"{name} {value!r} is too large: use at most {LARGEST}")
    return both


def word(value, name, known):
    """Refuse a ``value`` that is none of the words ``known``."""
    if not isinstance(value, str) or value not in known:
        *most, last = (f'"{one}"' for one in known)
        said = f'"{value}"' if isinstance(value, str) else repr(value)
        raise ValueError(f"{name} {said} is not known: use {', '.join(most)} or {last}")


def padding_of(padding):
    """``padding`` as ``"same"``, or as ``((top, bottom), (left, right))`` whatever the form it is
    written in.
    """
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise ValueError(
                f'padding "{padding}" is not known: use "same", "valid", an int or pairs of ints'
            )
        return padding if padding == "same" else ((0, 0), (0, 0))
    if (
        isinstance(padding, (tuple, list))
        and len(padding) == 2
        and all(isinstance(p, (tuple, list)) for p in padding)
    ):
        return tuple(pair(p, "padding", 0) for p in padding)
    ph, pw = pair(padding, "padding", 0)
    return (ph, ph), (pw, pw)


def pads(
    padding: Padding,
    size: tuple[int, int] = (1, 1),
    kernel: tuple[int, int] = (1, 1),
    stride: tuple[int, int] = (1, 1),
    dilation: tuple[int, int] = (1, 1),
) -> Pads:
    """Return any form of padding as ``((top, bottom), (left, right))``.

    Arguments:
        padding: an int, ``(ph, pw)``, ``((top, bottom), (left, right))``, ``"valid"`` (none) or
            ``"same"``: as much as makes the output ``ceil(W / S)`` long, the odd cell going to the
            bottom or right.
        size: height and width of the input, which only ``"same"`` needs, like all that follow.
        kernel: extent of the window.
        stride: cells from one window to the next.
        dilation: cells from one tap to the next.

    Returns:
        ``((top, bottom), (left, right))``.

    Raises:
        ValueError: padding has none of these forms.

    Examples:
        >>> shapes.pads(1)
        ((1, 1), (1, 1))
        >>> shapes.pads("same", (5, 6), (2, 3))
        ((0, 1), (1, 1))
    """
    both = padding_of(padding)
    if both != "same":
        return both
    return tuple(_same(*axis) for axis in zip(size, kernel, stride, dilation, strict=True))


def _same(W, F, S, D):
    total = max(0, (-(-W // S) - 1) * S + extent(F, D) - W)
    return total // 2, total - total // 2
