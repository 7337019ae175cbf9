"""Implicit GEMM: a product of matrices that are never written down, in tiles of shared memory.

A block of threads computes one tile of ``C = A · B``. It walks along the depth they share; at each
stop all threads fetch a slice of A and a slice of B into shared memory, wait for each other, and
add what the slices give. Every thread keeps a small rectangle of sums in its registers, so that a
number that was fetched once is multiplied many times.

                     depth  ->                  columns
                  +---+---+---+              +-----+-----+
             rows |   | a |   |   ·   depth  |  b  |     |     one stop: slice a (rows x depth)
                  +---+---+---+         |    +-----+-----+     meets slice b (depth x columns)
                                        v    |     |     |

What A and B hold is said by the caller, an ``Operand`` for each: a convolution fetches numbers of
its windows as if they stood in the matrix of im2col, which is what *implicit* means. The division
of an index into image, row, column and channel costs more than a multiplication, so it is split:
the index that stays the same for a thread is taken apart once, the one that moves along the depth
once for a slice.
"""

from functools import cache
from typing import Any, NamedTuple

from numba import cuda, float32, float64, int32

from .launch import unwrap
from .simulator import SIMULATED


class Operand(NamedTuple):
    """How to fetch a number of A or B. All are device functions.

    ``fixed(g, index, geometry)`` and ``moving(g, depth, geometry)`` take an index apart into three
    ints; ``fetch(array, fixed, moving, geometry)`` gives the number, or 0 outside. ``along_depth``:
    do neighbours along the depth lie side by side in memory (so that neighbouring threads
    fetch them), or those along the index?
    """

    fixed: Any
    moving: Any
    fetch: Any
    along_depth: bool


class Result(NamedTuple):
    """Where the results go. Both are device functions.

    ``start(g, geometry)`` is worked out once; ``write(out, extra, start, m, n, value, geometry)``
    is called once for each place.
    """

    start: Any
    write: Any


class Tile(NamedTuple):
    """A block computes rows × columns in slices of ``depth``, a thread high × wide of it."""

    rows: int
    columns: int
    depth: int
    high: int
    wide: int

    @property
    def threads(self):
        return self.rows // self.high * (self.columns // self.wide)


LARGE, SMALL = Tile(128, 128, 8, 8, 8), Tile(64, 64, 8, 4, 4)
TINY = Tile(4, 4, 2, 2, 2)  # for the simulator
ENOUGH = 128  # blocks that keep a large GPU busy
# Columns, so that a slice that is written along its depth meets different banks of the shared
# memory.
PAD = 4


def tile_for(M, N, batches):
    """The large tile where there is work for it in all parts of the GPU."""
    if SIMULATED:
        return TINY
    return LARGE if _blocks(LARGE, M, N) * batches >= ENOUGH else SMALL


def tiles(M, N, batches):
    """How many times over a product of this size could be split before its blocks are enough."""
    return -(-ENOUGH // (_blocks(SMALL, M, N) * batches))


def _blocks(tile, M, N):
    return -(-M // tile.rows) * -(-N // tile.columns)


def gemm(left, right, result, A, B, out, extra, size, batches, geometry):
    """Compute ``size = (M, N, depth)`` products, one for each g of ``batches``.

    ``geometry`` is a tuple of ints for the device functions of the operands and the result.
    """
    M, N, depth = size
    if not M * N * batches:
        return
    tile = tile_for(M, N, batches)
    grid = -(-M // tile.rows), -(-N // tile.columns), batches
    kernel = kernel_for(left, right, result, tile, str(out.dtype))
    kernel[grid, tile.threads](*unwrap((A, B, out, extra)), M, N, depth, geometry)


@cache
def kernel_for(left, right, result, tile, dtype):
    """The compiled kernel: one for each kind of product, tile and type of number."""
    number = {"float32": float32, "float64": float64}[dtype]
    BM, BN, BK, TM, TN = tile
    across, halves = BN // TN, 2 if TN > 4 else 1
    HIGH = (BK, BM + PAD)
    WIDE = (BK, BN + PAD)
    NEXT = BN // halves
    note_left, fill_left, LEFT = _filler(left, BM, tile)
    note_right, fill_right, RIGHT = _filler(right, BN, tile)
    first, write = result

    @cuda.jit
    def kernel(A, B, out, extra, M, N, depth, geometry):
        slice_a = cuda.shared.array(HIGH, number)
        # A line for each: the simulator knows a shared array by the line that asks for it.
        slice_b = cuda.shared.array(WIDE, number)
        sums = cuda.local.array((TM, TN), number)
        a, b = cuda.local.array(TM, number), cuda.local.array(TN, number)
        known_a, known_b = cuda.local.array(LEFT, int32), cuda.local.array(RIGHT, int32)
        t, g = cuda.threadIdx.x, cuda.blockIdx.z
        # Where the tile of this block begins in C, and where this thread's sums begin in the tile.
        # Wide rectangles lie in two halves, so that neighbouring threads read neighbouring banks.
        row, column = cuda.blockIdx.x * BM, cuda.blockIdx.y * BN
        down, right = t // across * TM, t % across * (TN // halves)
        for i in range(TM):
            for j in range(TN):
                sums[i, j] = 0
        note_left(known_a, g, row, t, geometry)
        note_right(known_b, g, column, t, geometry)
        for start in range(0, depth, BK):
            fill_left(A, slice_a, known_a, g, row, M, start, depth, t, geometry)
            fill_right(B, slice_b, known_b, g, column, N, start, depth, t, geometry)
            cuda.syncthreads()  # the slices are whole
            for k in range(BK):
                # TM + TN numbers into registers, for TM · TN multiply-adds.
                for i in range(TM):
                    a[i] = slice_a[k, down + i]
                for j in range(TN):
                    b[j] = slice_b[k, right + j % (TN // halves) + j // (TN // halves) * NEXT]
                for i in range(TM):
                    for j in range(TN):
                        sums[i, j] += a[i] * b[j]
            cuda.syncthreads()  # no thread reads them any more, the next ones may come
        begin = first(g, geometry)
        # The last tiles of a row or column hang over the edge of C.
        for i in range(TM):
            for j in range(TN):
                m = row + down + i
                n = column + right + j % (TN // halves) + j // (TN // halves) * NEXT
                if m < M and n < N:
                    write(out, extra, begin, m, n, sums[i, j], geometry)

    return kernel


def _filler(operand, size, tile):
    """Device functions that note what stays the same for a thread, and fill a slice.

    Every thread fetches ``often`` numbers: along the depth first, so that the place in the depth is
    the same for all of them, or along the index first, so that the index is.
    """
    fixed, moving, fetch, along_depth = operand
    T, BK = tile.threads, tile.depth
    often = size * BK // T
    apart = T // BK if along_depth else T // size
    SHAPE = (often if along_depth else 1, 3)

    @cuda.jit(device=True)
    def note(known, g, first, t, geometry):
        for r in range(SHAPE[0]):
            index = t // BK + r * apart if along_depth else t % size
            known[r, 0], known[r, 1], known[r, 2] = fixed(g, first + index, geometry)

    @cuda.jit(device=True)
    def fill_along_depth(array, piece, known, g, first, count, start, depth, t, geometry):
        k = start + t % BK
        place = moving(g, k, geometry)
        for r in range(often):
            index = t // BK + r * apart
            if k < depth and first + index < count:
                piece[t % BK, index] = fetch(
                    array, (known[r, 0], known[r, 1], known[r, 2]), place, geometry
                )
            else:
                piece[t % BK, index] = 0

    @cuda.jit(device=True)
    def fill_along_index(array, piece, known, g, first, count, start, depth, t, geometry):
        index = t % size
        for r in range(often):
            k = t // size + r * apart
            if start + k < depth and first + index < count:
                place = moving(g, start + k, geometry)
                piece[k, index] = fetch(
                    array, (known[0, 0], known[0, 1], known[0, 2]), place, geometry
                )
            else:
                piece[k, index] = 0

    return note, fill_along_depth if along_depth else fill_along_index, SHAPE
