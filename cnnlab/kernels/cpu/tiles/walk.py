"""The compiled walks of the tiles: over the places of an output, of many images, or over the taps.

Arrays are flat here; where everything lies is said by the plan (see ``plan``), whose whole numbers
are ``s``. What a tile does with its sums stands in ``simd_ops``.
"""

import numpy as np

from ..jit import compiled
from .simd_ops import add, bias_sums, copy, multiply_add, row_offsets, store, zero_sums


@compiled
def pack(w, taps, tap, group, filters, lanes, panels, first, last):
    """Weights as tiles read them, ``(groups, panels, taps, lanes)``: panels ``first`` to ``last``.

    Lanes beyond the last filter hold 0.
    """
    of_group, at = -(-filters // lanes), first * len(taps) * lanes
    for panel in range(first, last):
        g, begin = panel // of_group, panel % of_group * lanes
        for t in range(len(taps)):
            for k in range(begin, begin + lanes):
                panels[at] = w[g * group + taps[t] + k * tap] if k < filters else 0
                at += 1


@compiled
def all_finite(w):
    """Is none of the numbers NaN or infinite? 0 times one of those is not 0."""
    zero = w.dtype.type(0)
    for k in range(w.size):
        zero += 0 * w[k]
    return zero == 0


@compiled
def unpack(shares, taps, tap, group, groups, filters, lanes, stored, dw):
    """The sum of all shares ``(parts, groups, panels, stored, lanes)``, where each weight lies."""
    panels = -(-filters // lanes)
    for g in range(groups):
        for k in range(filters):
            panel = (g * panels + k // lanes) * stored
            for t in range(len(taps)):
                total = shares[0, (panel + t) * lanes + k % lanes]
                for part in range(1, len(shares)):
                    total += shares[part, (panel + t) * lanes + k % lanes]
                dw[g * group + taps[t] + k * tap] = total


@compiled
def _copy_block(x, n, i, s, block):
    """Copy what a block reads, from output row i on, with zeros where there is no image."""
    row = s.read_columns * s.C
    before = min(max(0, s.left), s.read_columns)
    there = max(0, min(s.read_columns - before, s.W - (before - s.left)))
    for r in range(s.read_rows):
        to = r * row
        h = i * s.row_stride + r - s.top
        inside = 0 <= h < s.H
        begin = to + before * s.C
        end = begin + there * s.C if inside else begin
        block[to:begin] = 0
        source = ((n * s.H + h) * s.W + before - s.left) * s.C
        copy(block, begin, x, source, end - begin)
        block[end : to + row] = 0


@compiled
def _valid_taps(first, last, offsets, size):
    """Which offsets read inside the image from any place first to last, as first and last + 1."""
    low, high = 0, len(offsets)
    while low < high and last + offsets[low] < 0:
        low += 1
    while high > low and first + offsets[high - 1] >= size:
        high -= 1
    return low, high


@compiled
def _valid_outputs(first, last, size, stride, count):
    """Which of ``count`` places, a stride apart, read inside with any offset first to last."""
    low = min(max(0, -(last // stride)), count)
    return low, max(low, min(count, -((first - size) // stride)))


@compiled
def convolve(tile, s, x, block, w, b, y, heights, starts, length, base, where, first, last):
    """Blocks ``first`` to ``last`` of all images. Where nothing is copied, ``block`` is x."""
    panel = len(starts) * length * tile.lanes
    for task in range(first, last):
        n, i = task // s.blocks, task % s.blocks * s.rows
        count = min(s.rows, s.OH - i) * s.OW  # the last block may be lower
        source = 0
        if s.copied:
            _copy_block(x, n, i, s, block)
        else:
            source = (n * s.H + i * s.row_stride) * s.W * s.C
        target = n * s.y_image + s.y_first + i * s.y_row
        for g in range(s.groups):
            # A panel outside, the places inside: its weights stay in the first cache.
            for j in range(s.panels):
                weights = (g * s.panels + j) * panel
                window = source + g * s.channels + j * tile.panel_stride
                for p in range(0, count, tile.rows):
                    sums = bias_sums(tile, b, (g * s.panels + j) * tile.lanes)
                    at = row_offsets(tile, base, p, count, window)
                    # Runs that meet only padding, for all rows of this tile, are left out.
                    top = (i + p // s.OW) * s.row_stride - s.top
                    bottom = (i + (min(p + tile.rows, count) - 1) // s.OW) * s.row_stride - s.top
                    low, high = _valid_taps(top, bottom, heights, s.H)
                    row = weights + low * length * tile.lanes
                    for run in range(low, high):
                        for q in range(starts[run], starts[run] + length):
                            sums = multiply_add(tile, sums, block, at, q, w, row)
                            row += tile.lanes
                    to = row_offsets(tile, where, p, count, target + g * s.filters + j * tile.lanes)
                    store(tile, sums, y, to, 0, s.filters - j * tile.lanes)


@compiled
def convolve_batch(tile, s, x, block, w, b, y, rows, columns, reads, writes, first, last):
    """Groups ``first`` to ``last`` of images; the rows of a tile are one place of all of a group.

    So the taps that would meet the zeros around the images are known for the whole tile, and left
    out.
    """
    size = s.H * s.W * s.C
    # Taps side by side in a row of the image are one run, unless they are dilated.
    runs = 1 if columns[-1] - columns[0] == len(columns) - 1 else len(columns)
    for group in range(first, last):
        n = group * tile.rows
        count = min(tile.rows, len(x) // size - n)  # the last group may have fewer images
        for k in range(count):  # side by side, on different sets of the cache
            copy(block, reads[k], x, (n + k) * size, size)
        for j in range(s.panels):
            for i in range(s.OH):
                top = i * s.row_stride - s.top
                up, down = _valid_taps(top, top, rows, s.H)
                for o in range(s.OW):
                    left = o * s.column_stride - s.left
                    begin, end = _valid_taps(left, left, columns, s.W)
                    sums = bias_sums(tile, b, j * tile.lanes)
                    at = row_offsets(tile, reads, 0, count, (top * s.W + left) * s.C)
                    for u in range(up, down):
                        for v in range(begin, min(end, begin + runs)):
                            q = (rows[u] * s.W + columns[v]) * s.C
                            row = ((j * len(rows) + u) * len(columns) + v) * s.C * tile.lanes
                            for p in range(q, q + s.C * (end - begin if runs == 1 else 1)):
                                sums = multiply_add(tile, sums, block, at, p, w, row)
                                row += tile.lanes
                    target = n * s.y_image + s.y_first + i * s.y_row + o * s.y_cell
                    to = row_offsets(tile, writes, 0, count, target + j * tile.lanes)
                    store(tile, sums, y, to, 0, s.filters - j * tile.lanes)


@compiled
def accumulate_dw(tile, s, x, block, dy, outputs, share, reads, stored, rows, columns, first, last):
    """Add what blocks ``first`` to ``last`` give to dw: here a tile is taps times filters.

    Places whose taps all meet the zeros around the image are left out. Lanes beyond the last filter
    sum what lies there, and are never read; only behind the end of dy there must be a copy to read.
    """
    along = len(columns) * s.channels  # numbers of a row of taps
    for task in range(first, last):
        n, i = task // s.blocks, task % s.blocks * s.rows
        high = min(s.rows, s.OH - i)  # the last block may be lower
        source = 0
        if s.copied:
            _copy_block(x, n, i, s, block)
        else:
            source = (n * s.H + i * s.row_stride) * s.W * s.C
        for g in range(s.groups):
            for j in range(s.panels):
                # Where dy of the first place begins, for the filters of this panel, and the step.
                first_of = n * s.y_image + i * s.y_row + g * s.filters + j * tile.lanes
                next_of = s.groups * s.filters
                given = dy
                if first_of + (high * s.OW - 1) * next_of + tile.lanes > len(dy):
                    _copy_lanes(dy, first_of, high * s.OW, next_of, tile.lanes, outputs)
                    given = outputs
                    first_of = 0
                    next_of = tile.lanes
                window = source + g * s.channels + j * tile.panel_stride
                for t in range(0, len(reads), tile.rows):
                    end = min(t + tile.rows, len(reads)) - 1  # the last tap of this tile
                    u = t // along
                    v = t % along // s.channels
                    # The output rows that meet a pixel with any tap of the tile, and the columns
                    # where its taps lie in one row; else all columns.
                    top = i * s.row_stride - s.top
                    last_row = rows[end // along]
                    up, down = _valid_outputs(
                        top + rows[u], top + last_row, s.H, s.row_stride, high
                    )
                    begin, stop = 0, s.OW
                    if end // along == u:
                        last_v = end % along // s.channels
                        left, right = columns[v] - s.left, columns[last_v] - s.left
                        begin, stop = _valid_outputs(left, right, s.W, s.column_stride, s.OW)
                    sums = zero_sums(tile)
                    at = row_offsets(tile, reads, t, len(reads), window)
                    for r in range(up, down):
                        q = (r * s.row_stride * s.read_columns + begin * s.column_stride) * s.C
                        k = first_of + (r * s.OW + begin) * next_of
                        # Not range(begin, stop): a tile of 12 rows leaves one register to count.
                        for _ in range(stop - begin):
                            sums = multiply_add(tile, sums, block, at, q, given, k)
                            q += s.column_stride * s.C
                            k += next_of
                    panel = (g * s.panels + j) * stored
                    add(tile, sums, share, (panel + t) * tile.lanes, tile.lanes)


@compiled
def _copy_lanes(dy, first, count, step, lanes, outputs):
    """dy of a tile's filters at all places of a block, side by side, and 0 beyond its end."""
    for p in range(count):
        for lane in range(lanes):
            at = first + p * step + lane
            outputs[p * lanes + lane] = dy[at] if at < len(dy) else 0


@compiled
def measure_peak(tile, times, x, w, out):
    """Walk over ``x`` so many times with the same tile: the most that a core can do.

    All numbers lie in the first cache, and all sums in registers.
    """
    sums = zero_sums(tile)
    at = row_offsets(tile, np.zeros(1, np.int64), 0, 1, 0)
    for _ in range(times):
        for k in range(len(x)):
            sums = multiply_add(tile, sums, x, at, k, w, k * tile.lanes)
    add(tile, sums, out, 0, tile.lanes)
