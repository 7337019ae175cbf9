"""The windows of fractional pooling: regions of one or two cells, mixed so that an axis shrinks by
a ratio.

Source: B. Graham, Fractional Max-Pooling, 2014.
"""

from math import floor


def fractional_out(W, ratio):
    """Output size of fractional pooling that shrinks by ``ratio``, with 1 ≤ ratio ≤ 2:
    ``floor(W / ratio)``.
    """
    if not 1 <= ratio <= 2:
        raise ValueError(
            f"ratio {ratio} is not between 1 and 2: fractional pooling uses windows of 1 and "
            f"2 cells"
        )
    out = floor(W / ratio)
    if 2 * out < W or out < 1:
        out = -(-W // 2)
    return out


def fractional_edges(W, out, u=0.5):
    """Pseudorandom edges of ``out`` regions that cover W cells, each 1 or 2 long: ``out + 1`` ints
    from 0 to W.

    ``edge[i] = ceil(alpha·(i + u)) − ceil(alpha·u)`` with alpha = W/out and 0 < u < 1 (Graham,
    Fractional Max-Pooling, 2014); rounding at the far end is pinned to W.
    """
    if not out <= W <= 2 * out:
        raise ValueError(
            f"{out} regions of 1 or 2 cells cannot cover {W} cells: use {-(-W // 2)} to {W} regions"
        )
    first = -int(-(W * u) // out)
    edges = [-int(-(W * (i + u)) // out) - first for i in range(out)]
    return (*edges, W)
