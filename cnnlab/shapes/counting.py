"""How many windows fit along one axis, and whether all of them meet the image.

Letters: W input size, F filter extent, S stride, P padding (before, after), D dilation.
"""

from __future__ import annotations


def extent(F: int, D: int = 1) -> int:
    """Cells from the first to the last tap of a dilated filter: ``D·(F − 1) + 1``.

    Arguments:
        F: taps of the filter.
        D: dilation; 1 is dense.

    Returns:
        Cells.

    Examples:
        >>> shapes.extent(3, D=2)
        5
    """
    return D * (F - 1) + 1


def travel(W, F, P, D):
    """Cells over which the first window can still move; below 0 where it does not fit."""
    return W + sum(P) - extent(F, D)


def count(W, F, S, P, D, fit):
    """How many windows fit along the axis, by ``shapes.out_size``; 0 where none fits."""
    steps, left = divmod(travel(W, F, P, D), S)
    if steps < 0 or (left and fit == "exact"):
        return 0
    if left and fit == "ceil" and (steps + 1) * S < W + P[0]:
        steps += 1
    return steps + 1


def all_meet_pixels(W, F, S, P, D, fit):
    """Does every window of the axis hold at least one pixel?"""
    # Only windows that begin in the padding before the image, or behind its end, can miss it.
    windows = count(W, F, S, P, D, fit)
    early, late = -(-P[0] // S), max(0, (W - 1 + P[0]) // S + 1)
    return late >= windows and all(
        _meets(i * S - P[0], W, F, D) for i in range(min(early, windows))
    )


def _meets(start, W, F, D):
    first = max(0, -(start // D))  # the first tap at or after cell 0
    return first < F and start + first * D < W
