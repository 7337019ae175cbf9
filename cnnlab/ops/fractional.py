"""Fractional max pooling: windows of one or two cells, mixed so that an image shrinks by a ratio.

Source: B. Graham, Fractional Max-Pooling, 2014.
"""

import numpy as np

from .. import kernels
from ..shapes import fractional_edges, fractional_out
from .pool import images, with_switches


def fractional_max_pool2d(
    x,
    ratio=2**0.5,
    *,
    overlapping=False,
    pattern="pseudorandom",
    rng=None,
    grid=None,
    return_switches=False,
    out=None,
    backend=None,
):
    """Max pooling over windows of 1 or 2 cells a side, mixed so that the image shrinks by
    ``ratio``, 1 to 2.

    ``x (N, H, W, C)`` → ``y (N, floor(H/ratio), floor(W/ratio), C)``. The grid is drawn anew at
    each call from ``rng`` (a seed or a NumPy Generator): ``"pseudorandom"`` spreads the lengths
    evenly, ``"random"`` shuffles them; ``grid=(rows, columns)`` gives the edges themselves.
    ``overlapping`` windows reach one cell further. Backward: ``max_pool2d_backward``. Source: B.
    Graham, Fractional Max-Pooling, 2014.
    """
    x = images(x=x)
    rows, cols = grid or fractional_grid(x.shape[1:3], ratio, pattern=pattern, rng=rng)
    for edges, W in ((rows, x.shape[1]), (cols, x.shape[2])):
        if edges[0] != 0 or edges[-1] != W or min(np.diff(edges)) < 1:
            raise ValueError(f"grid edges {tuple(edges)} do not rise from 0 to {W}")
    y, switches = with_switches(out, (len(x), len(rows) - 1, len(cols) - 1, x.shape[3]), x)
    edges = np.array(rows, np.int64), np.array(cols, np.int64)
    kernels.of(x, backend).fractional_max_pool2d(x, y, switches, *edges, int(bool(overlapping)))
    return (y, switches) if return_switches else y


def fractional_grid(size, ratio=2**0.5, *, pattern="pseudorandom", rng=None):
    """Draw the edges of the windows of fractional pooling over ``size = (H, W)``: two tuples of
    ints.
    """
    rng = np.random.default_rng(rng)
    if pattern not in ("pseudorandom", "random"):
        raise ValueError(f'pattern "{pattern}" is not known: use "pseudorandom" or "random"')
    return tuple(_edges(W, fractional_out(W, ratio), pattern, rng) for W in size)


def _edges(W, out, pattern, rng):
    if pattern == "pseudorandom":
        return fractional_edges(W, out, rng.uniform(0.01, 0.99))
    lengths = rng.permutation([2] * (W - out) + [1] * (2 * out - W))
    return (0, *(int(edge) for edge in np.cumsum(lengths)))
