"""How a convolution is laid out for the register tiles: which tile, which blocks, and where every number lies.

Convolution forward, its gradient for the input (a convolution of dy, one for every remainder of the stride) and its
gradient for the weights are one walk in three directions. A Plan holds its numbers; it depends on shapes alone, so it
is made once for a layer.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from . import simd

BLOCK = 1 << 17  # numbers of a padded block of rows: 512 KiB, which the second cache holds
OUTPUTS = 1 << 13  # numbers of a block of dy that the weights' gradient reads again for every tap
LAST_ROWS = 14  # more rows than that gain nothing
TAPS = (9, 5)  # rows for the few taps of a first layer, 3x3x3 or 5x5: every tile more is one more to compile


class Sizes(NamedTuple):
    """The whole numbers of a plan. A block is a run of rows of the output, with all that it reads."""

    H: int  # rows, columns and channels of what is read
    W: int
    C: int
    OH: int  # rows and columns that are computed
    OW: int
    rows: int  # of the output in a block
    blocks: int  # of an image
    read: int  # rows read for one block
    columns: int  # of the block that is read
    stride: int  # rows of what is read from one output row to the next
    across: int  # the same for columns
    top: int  # rows and columns of zeros before the image; below 0: cells left out
    left: int
    copied: bool  # is the block copied, with zeros around it?
    groups: int
    channels: int  # read by a group
    filters: int  # of a group
    panels: int  # tiles side by side that hold the filters of a group
    image: int  # numbers of an image that is written, from one of its rows to the next, and before the first
    line: int
    first: int
    tap: int  # steps in the weights from one filter of a group to the next, and from group to group
    group: int


class Plan(NamedTuple):
    tile: simd.Tile
    sizes: Sizes
    heights: np.ndarray  # the row of the window that each run lies in
    starts: np.ndarray  # where each run of numbers begins that lie side by side, from the first one a place reads
    length: int  # of a run
    base: np.ndarray  # where the window of each place of a block begins
    where: np.ndarray  # where its result goes
    taps: np.ndarray  # where the numbers of one filter lie, in the order of the runs
    reads: np.ndarray  # which number of the window meets each of them

    @property
    def block(self):
        """Numbers of a block that is read."""
        return self.sizes.read * self.sizes.columns * self.sizes.C if self.sizes.copied else 0


@lru_cache(maxsize=128)
def forward(x, w, y, stride, before, dilation, groups, parts=1):
    """The plan of ``conv2d``; ``x (H, W, C)``, ``w (K, FH, FW, C // groups)``, ``y (OH, OW, K)`` are shapes."""
    K, FH, FW, C = w
    rows, columns = [u * dilation[0] for u in range(FH)], [v * dilation[1] for v in range(FW)]
    taps = np.arange(FH * FW * C).reshape(FH, FW, C)
    target = (y[0] * y[1] * y[2], y[1] * y[2], y[2], 0)
    return _plan(x, y[:2], stride, before, rows, columns, taps, K // groups, groups, target, (FH * FW * C, w), parts)


@lru_cache(maxsize=128)
def backward(dy, w, dx, stride, before, dilation, groups, parts=1):
    """The plans of ``conv2d_dx``, one for each remainder of rows and columns divided by the stride.

    A cell at row ``a + k·S`` meets tap ``u`` of output row ``k + (a + P − u·D) / S``, where that is whole. None stands
    for a remainder that no window reads: its cells are 0.
    """
    K, FH, FW, C = w
    order = np.arange(FH * FW * C * K // groups).reshape(K // groups, FH, FW, C)[..., 0].transpose(1, 2, 0)
    plans = {}
    for a in range(min(stride[0], dx[0])):
        for c in range(min(stride[1], dx[1])):
            rows, us = _met(a, FH, stride[0], before[0], dilation[0])
            columns, vs = _met(c, FW, stride[1], before[1], dilation[1])
            if not us or not vs:
                plans[a, c] = None
                continue
            out = -(-(dx[0] - a) // stride[0]), -(-(dx[1] - c) // stride[1])
            target = (dx[0] * dx[1] * dx[2], stride[0] * dx[1] * dx[2], stride[1] * dx[2], (a * dx[1] + c) * dx[2])
            zeros = -min(rows), -min(columns)
            rows, columns = [r + zeros[0] for r in rows], [q + zeros[1] for q in columns]
            taps = order[np.ix_(us, vs)]
            plans[a, c] = _plan(dy, out, (1, 1), zeros, rows, columns, taps, C, groups, target, (1, w), parts)
    return plans


def _met(a, F, S, P, D):
    """Rows of dy that a cell with remainder ``a`` meets, in rising order, and the taps it meets them with."""
    met = sorted(((a + P - u * D) // S, u) for u in range(F) if (a + P - u * D) % S == 0)
    return [row for row, _ in met], [u for _, u in met]


def _plan(x, out, stride, before, rows, columns, taps, filters, groups, target, weights, parts):
    H, W, C = x
    OH, OW = out
    image, line, cell, first = target
    span = rows[-1] + 1, columns[-1] + 1
    width = (OW - 1) * stride[1] + span[1]
    inside = before == (0, 0) and (OH - 1) * stride[0] + span[0] <= H and width <= W
    width = W if inside else width
    high = _rows(OH, OW, stride[0], span[0], width * C, parts)
    tile = tile_for(filters)
    sizes = Sizes(
        *(H, W, C, OH, OW, high, -(-OH // high), (high - 1) * stride[0] + span[0], width, *stride, *before),
        *(not inside, groups, C // groups, filters, -(-filters // tile.lanes), image, line, first),
        *(weights[0], int(np.prod(weights[1])) // groups),
    )
    starts, length = _runs(rows, columns, width, C, C // groups)
    i, j = np.divmod(np.arange(high * OW), OW)
    base = (i * stride[0] * width + j * stride[1]) * C
    reads = (starts[:, None] + np.arange(length)).ravel()
    heights = starts // (width * C)
    return Plan(tile, sizes, heights, starts, length, base, i * line + j * cell, taps.ravel().astype(np.int64), reads)


def _runs(rows, columns, width, C, channels):
    """Where the runs of numbers begin that a window reads side by side, and how long they are."""
    together = channels == C and np.all(np.diff(columns) == 1)
    along = columns[:1] if together else columns
    starts = [(row * width + column) * C for row in rows for column in along]
    return np.array(starts, np.int64), channels * len(columns) // len(along)


def _rows(OH, OW, stride, span, row, parts):
    """Rows of the output in a block: what it reads fits into the second cache, and every thread has some."""
    fitting = max(1, (BLOCK // row - span) // stride + 1)
    blocks = max(parts, -(-OH // fitting))
    return -(-OH // min(blocks, OH))


@lru_cache(maxsize=256)
def tile_for(filters, places=None):
    """The tile that wastes the fewest lanes on so many filters, with as many sums as there are registers for.

    Eight registers are left for the rows of weights and the numbers they meet (four, where there are but sixteen).
    ``places``: rather fewer rows, if they divide so many taps with less waste.
    """
    width, sums = simd.width(), simd.registers() - (8 if simd.registers() > 16 else 4)
    most = min(4 if sums > 12 else 2, -(-filters // width))
    vectors = min(range(most, 0, -1), key=lambda v: -(-filters // (v * width)) * v)
    rows = min(LAST_ROWS, sums // vectors)
    if places is not None:
        rows = min([rows, *(r for r in TAPS if r < rows)], key=lambda r: -(-places // r) * r)
    return simd.Tile(rows, vectors, width)
