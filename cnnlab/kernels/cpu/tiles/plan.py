"""How a convolution is laid out for the register tiles: which tile, which blocks, and where every
number lies.

Convolution forward, its gradient for the input (a convolution of dy, one for every remainder of the
stride) and its gradient for the weights are one walk in three directions. A Plan holds its numbers;
it depends on shapes alone, so it is made once for a layer.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from . import simd
from .choice import IMAGES, batch_tile, tile_for

BLOCK = 1 << 17  # numbers of a padded block of rows: 512 KiB, which the second cache holds
OUTPUTS = 1 << 13  # numbers of a block of dy that the weights' gradient reads again for every tap
# Numbers between images that are read together, lest their lines of the cache all fall on the same
# set.
APART = 16
SPARED = (
    0.05  # share of the multiply-adds that must meet zeros before it pays to leave them out exactly
)


class Sizes(NamedTuple):
    """The whole numbers of a plan. A block is a run of rows of the output, with all that it
    reads.
    """

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
    # Numbers of an image that is written, from one of its rows to the next, and before the first.
    image: int
    line: int
    first: int
    cell: int  # and from one of its places to the next
    tap: int  # steps in the weights from one filter of a group to the next, and from group to group
    group: int


@dataclass(frozen=True, eq=False)
class Plan:
    tile: simd.Tile
    sizes: Sizes
    heights: np.ndarray  # the row of the window that each run lies in
    starts: (
        np.ndarray
    )  # where each run of numbers begins that lie side by side, from the first one a place reads
    length: int  # of a run
    base: np.ndarray  # where the window of each place of a block begins
    where: np.ndarray  # where its result goes
    taps: np.ndarray  # where the numbers of one filter lie, in the order of the runs
    reads: np.ndarray  # which number of the window meets each of them
    rows: np.ndarray  # of the input that a window reads, from the first one
    columns: np.ndarray
    batch: (
        tuple | None
    )  # are the places of a tile one place of many images? Where those begin, read and written
    tasks: int  # blocks of all images, or groups of images

    @cached_property
    def block(self):
        """Numbers of a block that is read."""
        s = self.sizes
        if self.batch:
            return IMAGES * (s.H * s.W * s.C + APART)
        return s.read * s.columns * s.C + self.tile.apart if s.copied else 0

    @cached_property
    def panels(self):
        """Numbers of all weights in panels."""
        return self.sizes.groups * self.sizes.panels * self.tile.lanes * len(self.taps)

    @cached_property
    def work(self):
        """Multiply-adds of all blocks, and more where a vector is read for each."""
        s, places = self.sizes, IMAGES * self.sizes.OH if self.batch else self.sizes.rows
        return (
            self.tasks
            * places
            * s.OW
            * len(self.taps)
            * s.filters
            * s.groups
            * (3 if self.tile.depthwise else 1)
        )

    @cached_property
    def tables(self):
        """Where the walk over the output finds what it reads and puts what it makes."""
        if self.batch:
            return self.rows, self.columns, *self.batch
        return self.heights, self.starts, self.length, self.base, self.where


@lru_cache(maxsize=128)
def forward(x, w, y, stride, before, dilation, groups, threads, weights=False):
    """The plan of ``conv2d`` for arrays of these shapes, or the one of ``conv2d_dw``, the gradient
    of the weights.
    """
    _, FH, FW, C = w
    rows, columns = [u * dilation[0] for u in range(FH)], [v * dilation[1] for v in range(FW)]
    taps = np.arange(FH * FW * C).reshape(FH, FW, C)
    target = (y[1] * y[2] * y[3], y[2] * y[3], y[3], 0)
    where = stride, before, rows, columns
    return _plan(x, y[1:], where, taps, groups, target, (FH * FW * C, w), threads, weights)


@lru_cache(maxsize=128)
def backward(dy, w, dx, stride, before, dilation, groups, threads):
    """The plans of ``conv2d_dx``, one for each remainder of rows and columns divided by the stride.

    A cell at row ``a + k·S`` meets tap ``u`` of output row ``k + (a + P − u·D) / S``, where that is
    whole. None stands for a remainder that no window reads: its cells are 0.
    """
    K, FH, FW, C = w
    _, H, W, channels = dx
    order = (
        np.arange(FH * FW * C * K // groups)
        .reshape(K // groups, FH, FW, C)[..., 0]
        .transpose(1, 2, 0)
    )
    tap = FH * FW if is_depthwise(channels, K, groups) else 1
    plans = {}
    for a in range(min(stride[0], H)):
        for c in range(min(stride[1], W)):
            rows, us = _met(a, FH, stride[0], before[0], dilation[0])
            columns, vs = _met(c, FW, stride[1], before[1], dilation[1])
            if not us or not vs:
                plans[a, c] = None
                continue
            out = -(-(H - a) // stride[0]), -(-(W - c) // stride[1]), channels
            target = (
                H * W * channels,
                stride[0] * W * channels,
                stride[1] * channels,
                (a * W + c) * channels,
            )
            zeros = -min(rows), -min(columns)
            where = (1, 1), zeros, [r + zeros[0] for r in rows], [q + zeros[1] for q in columns]
            plans[a, c] = _plan(
                dy, out, where, order[np.ix_(us, vs)], groups, target, (tap, w), threads
            )
    return plans


def _met(a, F, S, P, D):
    """Rows of dy that a cell with remainder ``a`` meets, in rising order, and the taps it meets
    them with.
    """
    met = sorted(((a + P - u * D) // S, u) for u in range(F) if (a + P - u * D) % S == 0)
    return [row for row, _ in met], [u for _, u in met]


def is_depthwise(C, K, groups):
    """Is there one channel and one filter to a group? Then all of them go side by side, as filters
    of one group.
    """
    return groups > 1 and C == K == groups


def _plan(x, out, where, taps, groups, target, weights, threads, for_weights=False):
    N, H, W, C = x
    OH, OW, K = out
    stride, before, rows, columns = where
    image, line, cell, first = target
    depthwise, channels = is_depthwise(C, K, groups), C // groups
    groups = 1 if depthwise else groups
    filters = K // groups
    batch = (
        groups == 1 and not depthwise and not for_weights and _batch_pays(x, out, where, threads)
    )
    tile = (
        batch_tile(filters)
        if batch
        else tile_for(filters, taps.size if for_weights else None, depthwise)
    )
    span = rows[-1] + 1, columns[-1] + 1
    width = (OW - 1) * stride[1] + span[1]
    inside = before == (0, 0) and (OH - 1) * stride[0] + span[0] <= H and width <= W
    width = W if inside else width
    copied = (
        not inside or depthwise
    )  # a depthwise tile may read beyond the last channel, where x ends
    parts = _parts(N, threads, OH * OW * simd.width() * 2 if for_weights else 0)
    high = _rows(OH, OW, stride[0], span[0], width * C, parts)
    blocks = -(-OH // high)
    sizes = Sizes(
        *(H, W, C, OH, OW, high, blocks, (high - 1) * stride[0] + span[0], width, *stride, *before),
        *(copied, groups, channels, filters, -(-filters // tile.lanes), image, line, first, cell),
        *(weights[0], int(np.prod(weights[1])) // groups),
    )
    starts, length = _runs(rows, columns, width, C, channels)
    i, j = np.divmod(np.arange(high * OW), OW)
    base = (i * stride[0] * width + j * stride[1]) * C
    reads = (starts[:, None] + np.arange(length)).ravel()
    images = np.arange(tile.rows)
    return Plan(
        *(tile, sizes, starts // (width * C), starts, length, base, i * line + j * cell),
        *(taps.ravel().astype(np.int64), reads, np.array(rows), np.array(columns)),
        (images * (H * W * C + APART), images * image) if batch else None,
        -(-N // tile.rows) if batch else N * blocks,
    )


def _parts(images, threads, least):
    """Into how many blocks an image is cut at least: all threads have work, and its gradients fit
    beside a tile.
    """
    return max(1 if images >= threads else threads, -(-least // OUTPUTS))


def _batch_pays(x, out, where, threads):
    """Are there images for all rows of tiles in all threads, and enough taps that meet zeros, to be
    left out?
    """
    N, H, W, C = x
    stride, before, rows, columns = where
    if threads > N // IMAGES or BLOCK < IMAGES * H * W * C:
        return False
    met = _share(H, out[0], stride[0], before[0], rows) * _share(
        W, out[1], stride[1], before[1], columns
    )
    idle = -N % (IMAGES * threads) / N
    return (1 + idle) * met < 1 - SPARED


def _share(size, count, stride, before, offsets):
    """The share of all rows that windows read, which lie inside the image."""
    read = np.arange(count)[:, None] * stride - before + np.array(offsets)
    return np.mean((read >= 0) & (read < size))


def _runs(rows, columns, width, C, channels):
    """Where the runs of numbers begin that a window reads side by side, and how long they are."""
    together = channels == C and np.all(np.diff(columns) == 1)
    along = columns[:1] if together else columns
    starts = [(row * width + column) * C for row in rows for column in along]
    return np.array(starts, np.int64), channels * len(columns) // len(along)


def _rows(OH, OW, stride, span, row, parts):
    """Rows of the output in a block: what it reads fits into the second cache, and every thread has
    some.
    """
    fitting = max(1, (BLOCK // row - span) // stride + 1)
    blocks = -(-OH // fitting // parts) * parts
    return -(-OH // min(blocks, OH))
