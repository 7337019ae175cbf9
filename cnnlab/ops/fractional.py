"""Fractional max pooling: windows of one or two cells, mixed so that an image shrinks by a ratio.

Source: B. Graham, Fractional Max-Pooling, 2014.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from .. import kernels
from ..shapes import fractional_edges, fractional_out
from ..typing import Array, ArrayLike, Seed
from ..validation import choice
from .pool import images, with_switches

PATTERNS = ("pseudorandom", "random")


def fractional_max_pool2d(
    x: ArrayLike,
    ratio: float = 2**0.5,
    *,
    overlapping: bool = False,
    pattern: Literal["pseudorandom", "random"] = "pseudorandom",
    rng: Seed = None,
    grid: tuple[tuple[int, ...], tuple[int, ...]] | None = None,
    return_switches: bool = False,
    out: tuple[Array | None, Array | None] | None = None,
    backend: str | None = None,
) -> Array | tuple[Array, Array]:
    """Max pooling over windows of 1 or 2 cells a side, mixed so that the image shrinks by a ratio.

    The backward pass is ``max_pool2d_backward``. Source: B. Graham, Fractional Max-Pooling, 2014.

    Arguments:
        x: images ``(N, H, W, C)``.
        ratio: input size over output size, 1 to 2.
        overlapping: True for windows that reach one cell further.
        pattern: ``"pseudorandom"`` spreads the lengths evenly, ``"random"`` shuffles them.
        rng: a seed or a NumPy Generator, from which each call draws a new grid.
        grid: the edges of the windows, ``(rows, columns)`` as ``fractional_grid`` gives them,
            instead of new ones.
        return_switches, out, backend: as in ``max_pool2d``.

    Returns:
        ``y (N, floor(H/ratio), floor(W/ratio), C)``, or ``y, switches``.

    Raises:
        ValueError: the ratio or the pattern is not possible, or the edges do not cover the image.

    Examples:
        >>> x = np.arange(6.0).reshape(1, 2, 3, 1)
        >>> ops.fractional_max_pool2d(x, grid=((0, 1, 2), (0, 2, 3)))[0, :, :, 0]
        array([[1., 2.],
               [4., 5.]])
    """
    x = images(x=x)
    rows, cols = grid or fractional_grid(x.shape[1:3], ratio, pattern=pattern, rng=rng)
    for edges, W in ((rows, x.shape[1]), (cols, x.shape[2])):
        if edges[0] != 0 or edges[-1] != W or min(np.diff(edges)) < 1:
            raise ValueError(f"grid edges {tuple(edges)} do not rise from 0 to {W}")
    y, switches = with_switches(out, (len(x), len(rows) - 1, len(cols) - 1, x.shape[3]), x)
    edges = np.array(rows, np.int64), np.array(cols, np.int64)
    kernels.backend_for(x, backend).fractional_max_pool2d(
        x, y, switches, *edges, int(bool(overlapping))
    )
    return (y, switches) if return_switches else y


def fractional_grid(
    size: tuple[int, int],
    ratio: float = 2**0.5,
    *,
    pattern: Literal["pseudorandom", "random"] = "pseudorandom",
    rng: Seed = None,
) -> tuple[tuple[int, ...], ...]:
    """Draw the edges of the windows of fractional pooling: two rising tuples, from 0 to H and to W.

    Arguments:
        size: height and width ``(H, W)`` of the input.
        ratio, pattern, rng: as in ``fractional_max_pool2d``.

    Returns:
        ``rows, columns``: ``OH + 1`` and ``OW + 1`` ints.

    Raises:
        ValueError: the ratio or the pattern is not possible.

    Examples:
        >>> ops.fractional_grid((4, 8), 2)
        ((0, 2, 4), (0, 2, 4, 6, 8))
    """
    rng = np.random.default_rng(rng)
    choice("pattern", pattern, PATTERNS)
    return tuple(_edges(W, fractional_out(W, ratio), pattern, rng) for W in size)


def _edges(W, out, pattern, rng):
    if pattern == "pseudorandom":
        return fractional_edges(W, out, rng.uniform(0.01, 0.99))
    lengths = rng.permutation([2] * (W - out) + [1] * (2 * out - W))
    return (0, *(int(edge) for edge in np.cumsum(lengths)))
