"""The arguments of a sliding window as plain ints, from any form they may be written in.

Every value is converted here before a result is cached, so a result never depends on earlier calls.
"""

from __future__ import annotations

from ..typing import Padding, Pads
from ..validation import choice, pair
from .counting import extent

FITS = ("floor", "exact", "ceil")


def padding_of(padding):
    """``padding`` in any form, as ``"same"`` or as ``((top, bottom), (left, right))``."""
    if isinstance(padding, str):
        choice("padding", padding, ("same", "valid"), "integers")
        return padding if padding == "same" else ((0, 0), (0, 0))
    if (
        isinstance(padding, (tuple, list))
        and len(padding) == 2
        and all(isinstance(p, (tuple, list)) for p in padding)
    ):
        return tuple(pair("padding", p, least=0) for p in padding)
    ph, pw = pair("padding", padding, least=0)
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
