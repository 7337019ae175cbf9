"""How a convolution is laid out for the register tiles: which blocks, and where every number lies.

Convolution forward, its gradient for the input (a convolution of dy, one for every remainder of the
stride) and its gradient for the weights are one walk in three directions. A Plan holds its numbers;
it depends on shapes alone, so it is made once for a layer.

    what is read (H, W, C)          what is computed (OH, OW, K)
    +---------------------+         +---------------------+
    | read_rows of        |  ---->  | block 0, rows of it |   a block is a task: a thread takes
    | block 0             |         +---------------------+   a run of them, and reads each in
    +- - - - - - - - - - -+  ---->  | block 1             |   one piece that fits in its cache,
    | those of block 1    |         +---------------------+   where need be a copy with zeros
    | begin further up    |  ---->  | block 2, the rest   |   around it
    +---------------------+         +---------------------+

    the outputs of one block, row after row, in tiles:        the filters of a group, in panels:

                places 0-5   places 6-11   ...  the last:               panel 0     panel 1
               +------------+------------+     some twice              filters     filters
      panel 0  | tile       | tile       |                     tap 0   0 1 2 ..    32 33 .. 39 0 0
               +------------+------------+                     tap 1   0 1 2 ..    32 33 .. 39 0 0
      panel 1  | tile       | tile       |                     ...     tile.lanes numbers a line
               +------------+------------+

    one tile, tile.rows places by tile.lanes filters, all its sums in registers:

      for every tap (u, v, c) of the window:  sums[r, :] += x[place r, tap] * panel[tap, :]
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from . import directions, simd
from .choice import IMAGES, batch_tile, tile_for

BLOCK = 1 << 17  # numbers of a padded block of rows: 512 KiB, which the second cache holds
OUTPUTS = 1 << 13  # numbers of a block of dy that the weights' gradient reads again for every tap
# Numbers between images that are read together, so that their cache lines fall on different sets.
APART = 16
# The share of the multiply-adds that must meet zeros before it pays to leave them out exactly.
SPARED = 0.05


class Sizes(NamedTuple):
    """The whole numbers of a plan. A block is a run of rows of the output, with all it reads."""

    H: int  # rows, columns and channels of what is read
    W: int
    C: int
    OH: int  # rows and columns that are computed
    OW: int
    rows: int  # of the output in a block
    blocks: int  # of an image
    read_rows: int  # that one block reads
    read_columns: int
    row_stride: int  # rows of what is read from one output row to the next
    column_stride: int
    top: int  # rows and columns of zeros before the image; below 0: cells left out
    left: int
    copied: bool  # is the block copied, with zeros around it?
    groups: int
    channels: int  # read by a group
    filters: int  # of a group
    panels: int  # tiles side by side that hold the filters of a group
    y_image: int  # numbers written of an image,
    y_row: int  # from one of its rows to the next,
    y_cell: int  # from one of its places to the next,
    y_first: int  # and before the first
    w_filter: int  # numbers of the weights from one filter of a group to the next
    w_group: int  # and from one group to the next


@dataclass(frozen=True, eq=False)
class Plan:
    """A walk cut into blocks and tiles, and the tables by which it finds its numbers.

    A run is a line of numbers that a window reads and that lie side by side in memory.
    """

    tile: simd.Tile
    sizes: Sizes
    heights: np.ndarray  # the row of the window that each run lies in
    starts: np.ndarray  # where each run begins, from the first number that a place reads
    length: int  # of a run
    base: np.ndarray  # where the window of each place of a block begins
    where: np.ndarray  # where its result goes
    taps: np.ndarray  # where the numbers of one filter lie, in the order of the runs
    reads: np.ndarray  # which number of the window meets each of them
    rows: np.ndarray  # of the input that a window reads, from the first one
    columns: np.ndarray
    batch: tuple | None  # where images begin, read and written, if a tile is one place of many
    tasks: int  # blocks of all images, or groups of images

    @cached_property
    def block(self):
        """Numbers of a block that is read."""
        s = self.sizes
        if self.batch:
            return IMAGES * (s.H * s.W * s.C + APART)
        return s.read_rows * s.read_columns * s.C + self.tile.panel_stride if s.copied else 0

    @cached_property
    def panels(self):
        """Numbers of all weights in panels."""
        return self.sizes.groups * self.sizes.panels * self.tile.lanes * len(self.taps)

    @cached_property
    def work(self):
        """Multiply-adds of all blocks, and more where a vector is read for each."""
        s = self.sizes
        places = (IMAGES * s.OH if self.batch else s.rows) * s.OW
        cost = 3 if self.tile.depthwise else 1
        return self.tasks * places * len(self.taps) * s.filters * s.groups * cost

    @cached_property
    def tables(self):
        """Where the walk over the output finds what it reads and puts what it makes."""
        if self.batch:
            return self.rows, self.columns, *self.batch
        return self.heights, self.starts, self.length, self.base, self.where


@lru_cache(maxsize=128)
def forward(x, w, y, window, groups, threads, for_weights=False):
    """The plan of ``conv2d`` for arrays of these shapes, or of ``conv2d_dw``."""
    return _plan(directions.forward(x, w, y, window, groups, for_weights), threads)


@lru_cache(maxsize=128)
def backward(dy, w, dx, window, groups, threads):
    """The plans of ``conv2d_dx``, one for each remainder of rows and columns divided by the stride.

    None stands for a remainder that no window reads: its cells are 0.
    """
    plans = {}
    for a in range(min(window.stride[0], dx[1])):
        for c in range(min(window.stride[1], dx[2])):
            walk = directions.backward(a, c, dy, w, dx, window, groups)
            plans[a, c] = walk and _plan(walk, threads)
    return plans


def _plan(walk, threads):
    """A walk in one of the ``directions``, cut into blocks and tiles."""
    by_images = _batch_pays(walk, threads)
    tile = _tile(walk, by_images)
    sizes = _sizes(walk, tile, threads)
    N, H, W, C = walk.x
    starts, length = _runs(walk, sizes.read_columns)
    i, j = np.divmod(np.arange(sizes.rows * sizes.OW), sizes.OW)
    images = np.arange(tile.rows)
    return Plan(
        tile=tile,
        sizes=sizes,
        heights=starts // (sizes.read_columns * C),
        starts=starts,
        length=length,
        base=(i * sizes.row_stride * sizes.read_columns + j * sizes.column_stride) * C,
        where=i * sizes.y_row + j * sizes.y_cell,
        taps=walk.taps.ravel().astype(np.int64),
        reads=(starts[:, None] + np.arange(length)).ravel(),
        rows=np.array(walk.rows),
        columns=np.array(walk.columns),
        batch=(images * (H * W * C + APART), images * sizes.y_image) if by_images else None,
        tasks=-(-N // tile.rows) if by_images else N * sizes.blocks,
    )


def _tile(walk, by_images):
    if by_images:
        return batch_tile(walk.filters)
    return tile_for(walk.filters, walk.taps.size if walk.for_weights else None, walk.depthwise)


def _sizes(walk, tile, threads):
    """Into which blocks the walk is cut, and the steps from number to number within them."""
    N, H, W, C = walk.x
    OH, OW, _ = walk.out
    (high, wide), (row_stride, column_stride) = walk.span, walk.stride
    width = (OW - 1) * column_stride + wide
    inside = walk.pad_before == (0, 0) and (OH - 1) * row_stride + high <= H and width <= W
    width = W if inside else width
    parts = _parts(N, threads, OH * OW * simd.width() * 2 if walk.for_weights else 0)
    rows = _rows(OH, OW, row_stride, high, width * C, parts)
    return Sizes(
        H=H,
        W=W,
        C=C,
        OH=OH,
        OW=OW,
        rows=rows,
        blocks=-(-OH // rows),
        read_rows=(rows - 1) * row_stride + high,
        read_columns=width,
        row_stride=row_stride,
        column_stride=column_stride,
        top=walk.pad_before[0],
        left=walk.pad_before[1],
        # A depthwise tile may read beyond the last channel, where x ends.
        copied=not inside or walk.depthwise,
        groups=walk.groups,
        channels=walk.channels,
        filters=walk.filters,
        panels=-(-walk.filters // tile.lanes),
        y_image=walk.target.image,
        y_row=walk.target.row,
        y_cell=walk.target.cell,
        y_first=walk.target.first,
        w_filter=walk.w_filter,
        w_group=walk.w_size // walk.groups,
    )


def _parts(images, threads, least):
    """How many blocks an image has at least: work for all threads, gradients that fit a cache."""
    return max(1 if images >= threads else threads, -(-least // OUTPUTS))


def _batch_pays(walk, threads):
    """Does it pay that a tile is one place of many images? So taps that meet zeros are left out.

    There must be images for all rows of tiles in all threads, and enough such taps.
    """
    if walk.groups > 1 or walk.depthwise or walk.for_weights:
        return False
    N, H, W, C = walk.x
    if threads > N // IMAGES or BLOCK < IMAGES * H * W * C:
        return False
    OH, OW, _ = walk.out
    share_of_rows = _share(H, OH, walk.stride[0], walk.pad_before[0], walk.rows)
    share = share_of_rows * _share(W, OW, walk.stride[1], walk.pad_before[1], walk.columns)
    idle = -N % (IMAGES * threads) / N
    return (1 + idle) * share < 1 - SPARED


def _share(size, count, stride, before, offsets):
    """The share of all rows that windows read, which lie inside the image."""
    read = np.arange(count)[:, None] * stride - before + np.array(offsets)
    return np.mean((read >= 0) & (read < size))


def _runs(walk, width):
    """Where the runs of numbers begin that a window reads side by side, and how long they are."""
    C, columns = walk.x[3], walk.columns
    together = walk.channels == C and np.all(np.diff(columns) == 1)
    along = columns[:1] if together else columns
    starts = [(row * width + column) * C for row in walk.rows for column in along]
    return np.array(starts, np.int64), walk.channels * len(columns) // len(along)


def _rows(OH, OW, stride, span, row, parts):
    """Rows of the output in a block: what they read fits in the second cache."""
    fitting = max(1, (BLOCK // row - span) // stride + 1)
    blocks = -(-OH // fitting // parts) * parts
    return -(-OH // min(blocks, OH))
