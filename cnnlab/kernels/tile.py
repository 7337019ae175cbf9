"""Convolution in register tiles: the third rung of the ladder, and what fast libraries really do.

No matrix of columns is written. A tile of sums, some places of the output times some filters, stays in the registers
while the window is walked: every number that is loaded meets all filters of the tile, every row of weights all its
places, so that the multipliers never wait for the memory. Channels come last in memory, so the numbers a window reads
lie side by side, and the filters of a tile too. See ``simd`` and ``simd_ops`` for the tile, ``tile_plan`` for where
things lie.

What a tile cannot do well is left to others: groups of one channel and one filter to ``depthwise``, float64 and other
groups of few filters to ``im2col`` and ``loops``.
"""

import numpy as np

from . import depthwise, simd
from . import im2col as columns
from .im2col import (  # noqa: F401  (the rest of this backend)
    avg_pool2d,
    avg_pool2d_backward,
    channel_sums,
    col2im,
    fractional_max_pool2d,
    im2col,
    local_response_norm,
    local_response_norm_backward,
    locally_connected2d,
    locally_connected2d_dw,
    locally_connected2d_dx,
    lp_pool2d,
    lp_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
    moments,
    multiplies,
    normalise,
    normalise_backward,
    relu,
    relu_backward,
)
from .loops_pool import compiled
from .simd_ops import add, beginning, copy, nothing, places, step, store
from .threads import count, ranges, scratch, split
from .tile_plan import OUTPUTS, backward, forward, tile_for

F32 = np.dtype(np.float32)
SPEED = 8  # multiply-adds that tiles do in the time of one elsewhere: so much later another thread pays


@compiled()
def _pack(w, taps, tap, group, groups, filters, lanes, panels):
    """Weights in the order in which tiles read them: ``(groups, panels, taps, lanes)``, 0 in lanes left over."""
    at = 0
    for g in range(groups):
        for first in range(0, filters, lanes):
            for t in range(len(taps)):
                for lane in range(lanes):
                    k = first + lane
                    panels[at] = w[g * group + taps[t] + k * tap] if k < filters else 0
                    at += 1


@compiled()
def _unpack(shares, taps, tap, group, groups, filters, lanes, stored, dw):
    """The sum of all shares ``(parts, groups, panels, stored, lanes)``, each number where its weight lies."""
    panels = -(-filters // lanes)
    for g in range(groups):
        for k in range(filters):
            panel = (g * panels + k // lanes) * stored
            for t in range(len(taps)):
                total = shares[0, (panel + t) * lanes + k % lanes]
                for part in range(1, len(shares)):
                    total += shares[part, (panel + t) * lanes + k % lanes]
                dw[g * group + taps[t] + k * tap] = total


@compiled()
def _fill(x, n, i, s, block):
    """Copy what a block reads, from output row i on, with zeros where there is no image."""
    row = s.columns * s.C
    before = min(max(0, s.left), s.columns)
    there = max(0, min(s.columns - before, s.W - (before - s.left)))
    for r in range(s.read):
        to, h = r * row, i * s.stride + r - s.top
        inside = 0 <= h < s.H
        begin = to + before * s.C
        end = begin + there * s.C if inside else begin
        block[to:begin] = 0
        source = ((n * s.H + h) * s.W + before - s.left) * s.C
        copy(block, begin, x, source, end - begin)
        block[end : to + row] = 0


@compiled()
def _inside(first, last, heights, s):
    """Which runs read inside the image, as first and last + 1, for any of these rows of the output: others read 0."""
    low, high = 0, len(heights)
    while low < high and last * s.stride + heights[low] < s.top:
        low += 1
    while high > low and first * s.stride + heights[high - 1] - s.top >= s.H:
        high -= 1
    return low, high


@compiled()
def _convolve(tile, s, x, block, w, b, y, heights, starts, length, base, where, first, last):
    """Blocks ``first`` to ``last`` of all images. Where nothing is copied, ``block`` is x itself."""
    panel = len(starts) * length * tile.lanes
    for task in range(first, last):
        n, i = task // s.blocks, task % s.blocks * s.rows
        count = min(s.rows, s.OH - i) * s.OW
        source = 0
        if s.copied:
            _fill(x, n, i, s, block)
        else:
            source = (n * s.H + i * s.stride) * s.W * s.C
        target = n * s.image + s.first + i * s.line
        for g in range(s.groups):
            for j in range(s.panels):
                weights = (g * s.panels + j) * panel
                for p in range(0, count, tile.rows):
                    sums = beginning(tile, b, (g * s.panels + j) * tile.lanes)
                    at = places(tile, base, p, count, source + g * s.channels)
                    low, high = _inside(i + p // s.OW, i + (min(p + tile.rows, count) - 1) // s.OW, heights, s)
                    row = weights + low * length * tile.lanes
                    for run in range(low, high):
                        for q in range(starts[run], starts[run] + length):
                            sums = step(tile, sums, block, at, q, w, row)
                            row += tile.lanes
                    to = places(tile, where, p, count, target + g * s.filters + j * tile.lanes)
                    store(tile, sums, y, to, 0, s.filters - j * tile.lanes)


@compiled()
def _weigh(tile, s, x, block, dy, outputs, share, reads, stored, first, last):
    """Add what blocks ``first`` to ``last`` give to the gradient of the weights; a tile is taps times filters.

    Lanes beyond the last filter sum what lies there, and nobody reads them; only behind the end of dy there must be a
    copy to read from.
    """
    for task in range(first, last):
        n, i = task // s.blocks, task % s.blocks * s.rows
        rows = min(s.rows, s.OH - i)
        source = 0
        if s.copied:
            _fill(x, n, i, s, block)
        else:
            source = (n * s.H + i * s.stride) * s.W * s.C
        for g in range(s.groups):
            for j in range(s.panels):
                first_of, next_of = n * s.image + i * s.line + g * s.filters + j * tile.lanes, s.groups * s.filters
                given = dy
                if first_of + (rows * s.OW - 1) * next_of + tile.lanes > len(dy):
                    _lanes_of(dy, first_of, rows * s.OW, next_of, tile.lanes, outputs)
                    given, first_of, next_of = outputs, 0, tile.lanes
                for t in range(0, len(reads), tile.rows):
                    sums = nothing(tile)
                    at = places(tile, reads, t, len(reads), source + g * s.channels)
                    k = first_of
                    for r in range(rows):
                        q = r * s.stride * s.columns * s.C
                        for _ in range(s.OW):
                            sums = step(tile, sums, block, at, q, given, k)
                            q += s.across * s.C
                            k += next_of
                    add(tile, sums, share, ((g * s.panels + j) * stored + t) * tile.lanes, tile.lanes)


@compiled()
def _lanes_of(dy, first, count, step, lanes, outputs):
    """The gradients of a tile's filters at all places of a block, side by side, and 0 beyond the end of dy."""
    for p in range(count):
        for lane in range(lanes):
            at = first + p * step + lane
            outputs[p * lanes + lane] = dy[at] if at < len(dy) else 0


@compiled()
def spin(tile, times, x, w, out):
    """Walk over ``x`` so many times with the same tile: all numbers lie in the first cache, and no core does more."""
    sums = nothing(tile)
    at = places(tile, np.zeros(1, np.int64), 0, 1, 0)
    for _ in range(times):
        for k in range(len(x)):
            sums = step(tile, sums, x, at, k, w, k * tile.lanes)
    add(tile, sums, out, 0, tile.lanes)


def _pays(w, groups, *arrays):
    """Is this work for tiles: float32 in one piece, and at least half a vector of filters in a group?"""
    enough = groups == 1 or 2 * len(w) // groups >= simd.width()
    return enough and all(a.dtype == F32 and a.flags.c_contiguous for a in (w, *arrays))


def _lonely(w, groups):
    """Is there one channel and one filter to a group?"""
    return groups > 1 and len(w) == groups and w.shape[3] == 1


def _parts(images):
    """Into how many blocks an image is cut at least, so that all threads have work."""
    return 1 if len(images) >= count() else 2 * count()


def conv2d(x, w, b, y, stride, before, dilation, groups):
    """See ``reference.conv2d``."""
    if _lonely(w, groups):
        return depthwise.conv2d(x, w, b, y, stride, before, dilation)
    if not _pays(w, groups, x, y):
        return columns.conv2d(x, w, b, y, stride, before, dilation, groups)
    plan = forward(x.shape[1:], w.shape, y.shape[1:], stride, before, dilation, groups, _parts(x))
    _run(plan, x, w, b, y)


def conv2d_dx(dy, w, dx, stride, before, dilation, groups):
    """See ``reference.conv2d_dx``: a convolution of dy with the turned filters, for each remainder of the stride."""
    if _lonely(w, groups):
        return depthwise.conv2d_dx(dy, w, dx, stride, before, dilation)
    if not _pays(w, groups, dy, dx) or 2 * w.shape[3] < simd.width():
        return columns.conv2d_dx(dy, w, dx, stride, before, dilation, groups)
    plans = backward(dy.shape[1:], w.shape, dx.shape[1:], stride, before, dilation, groups, _parts(dy))
    for (a, c), plan in plans.items():
        if plan is None:
            dx[:, a :: stride[0], c :: stride[1]] = 0
        else:
            _run(plan, dy, w, None, dx)


def _run(plan, x, w, b, y):
    tile, s = plan.tile, plan.sizes
    lanes = s.panels * tile.lanes
    weights = scratch((s.groups * lanes * len(plan.taps),), F32, "weights")
    _pack(w.reshape(-1), plan.taps, s.tap, s.group, s.groups, s.filters, tile.lanes, weights)
    biases = scratch((s.groups, lanes), F32, "biases")
    biases[:] = 0
    if b is not None:
        biases[:, : s.filters] = b.reshape(s.groups, -1)
    x, y, biases = x.reshape(-1), y.reshape(-1), biases.reshape(-1)
    tables = plan.heights, plan.starts, plan.length, plan.base, plan.where

    def job(part):
        block = scratch((plan.block,), F32, "block") if s.copied else x
        _convolve(tile, s, x, block, weights, biases, y, *tables, part.start, part.stop)

    tasks = x.size // (s.H * s.W * s.C) * s.blocks
    split(tasks, tasks * s.rows * s.OW * len(plan.taps) * s.filters * s.groups // SPEED, job)


def conv2d_dw(x, dy, dw, stride, before, dilation, groups):
    """See ``reference.conv2d_dw``. Every thread sums its own images; the shares are added in a fixed order."""
    if _lonely(dw, groups):
        return depthwise.conv2d_dw(x, dy, dw, stride, before, dilation)
    if not _pays(dw, groups, x, dy):
        return columns.conv2d_dw(x, dy, dw, stride, before, dilation, groups)
    plan = forward(x.shape[1:], dw.shape, dy.shape[1:], stride, before, dilation, groups, _enough(dy))
    s, taps = plan.sizes, len(plan.taps)
    tile = tile_for(s.filters, taps)
    stored = -(-taps // tile.rows) * tile.rows
    tasks = len(x) * s.blocks
    work = multiplies(dy, dw) // SPEED
    runs = ranges(tasks, work)
    shares = scratch((len(runs), s.groups * s.panels * stored * tile.lanes), F32, "shares")
    x, dy = x.reshape(-1), dy.reshape(-1)

    def job(part):
        share = shares[runs.index(part)]
        share[:] = 0
        block = scratch((plan.block,), F32, "block") if s.copied else x
        outputs = scratch((s.rows * s.OW * tile.lanes,), F32, "outputs")
        _weigh(tile, s, x, block, dy, outputs, share, plan.reads, stored, part.start, part.stop)

    split(tasks, work, job)
    _unpack(shares, plan.taps, s.tap, s.group, s.groups, s.filters, tile.lanes, stored, dw.reshape(-1))


def _enough(dy):
    """Blocks of an image so that the gradients of one fit beside the tile, for any tile."""
    _, OH, OW, _ = dy.shape
    return max(_parts(dy), min(OH, -(-OH * OW * simd.width() * 2 // OUTPUTS)))
