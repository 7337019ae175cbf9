"""The windows of fractional pooling: regions of one or two cells that shrink an axis by a ratio.

Source: B. Graham, Fractional Max-Pooling, 2014.
"""

from __future__ import annotations

from math import floor

from ..validation import number


def fractional_out(W: int, ratio: float) -> int:
    """Output size of fractional pooling: ``floor(W / ratio)``.

    Arguments:
        W: input size.
        ratio: input size over output size, 1 to 2.

    Returns:
        Windows along the axis.

    Raises:
        ValueError: the ratio is not between 1 and 2.

    Examples:
        >>> shapes.fractional_out(10, 1.5)
        6
    """
    out = floor(W / number("ratio", ratio, 1, 2))
    if 2 * out < W or out < 1:
        out = -(-W // 2)
    return out


def fractional_edges(W: int, out: int, u: float = 0.5) -> tuple[int, ...]:
    """Pseudorandom edges of regions that cover an axis, each 1 or 2 cells long.

    ``edge[i] = ceil(alpha·(i + u)) − ceil(alpha·u)`` with alpha = W/out; rounding at the far end is
    pinned to W. Source: B. Graham, Fractional Max-Pooling, 2014.

    Arguments:
        W: cells of the axis.
        out: regions.
        u: where the pattern begins, above 0 and below 1.

    Returns:
        ``out + 1`` ints from 0 to W.

    Raises:
        ValueError: so many regions of 1 or 2 cells cannot cover W cells.

    Examples:
        >>> shapes.fractional_edges(6, 4)
        (0, 2, 3, 5, 6)
    """
    if not out <= W <= 2 * out:
        raise ValueError(
            f"{out} regions of 1 or 2 cells cannot cover {W} cells: use {-(-W // 2)} to {W} regions"
        )
    first = -int(-(W * u) // out)
    edges = [-int(-(W * (i + u)) // out) - first for i in range(out)]
    return (*edges, W)
