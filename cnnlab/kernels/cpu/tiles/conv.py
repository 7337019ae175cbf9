"""Convolution in register tiles, forward and backward: a tile of sums stays in the registers.

No matrix of columns is written. A tile of sums, some places of the output times some filters, stays
in the registers while the window is walked: every number that is loaded meets all filters of the
tile, every row of weights all its places, so that the multipliers never wait for the memory.
Channels come last in memory, so the numbers a window reads lie side by side, and the filters of a
tile too. See ``simd`` and ``simd_ops`` for the tile, ``plan`` for where things lie.

What a tile cannot do well is left to ``im2col`` and ``loops``: float64, and groups of few filters,
but for depthwise convolution, whose channels are the lanes of a tile.
"""

import numpy as np

from .. import im2col as columns
from ..threads import count, ranges, scratch, split
from . import simd
from .directions import is_depthwise
from .plan import backward, forward
from .walk import accumulate_dw, all_finite, convolve, convolve_batch, pack, unpack

F32 = np.dtype(np.float32)
# Multiply-adds that tiles do in the time of one elsewhere: so much later another thread pays.
SPEED = 8


def _is_tileable(*arrays):
    """Can tiles take these arrays: float32, each in one piece?"""
    return all(a.dtype == F32 and a.flags.c_contiguous for a in arrays)


def _fills_half_a_vector(filters, w, groups):
    """Do the filters of a group fill half a vector? In a depthwise convolution, those of all."""
    depthwise = is_depthwise(w.shape[3] * groups, len(w), groups)
    return 2 * (len(w) if depthwise else filters) >= simd.width()


def _groups_too_small(w, groups):
    """Would groups of so few filters leave most lanes idle? (A single group is always taken.)"""
    return groups > 1 and not _fills_half_a_vector(len(w) // groups, w, groups)


def conv2d(x, w, b, y, window, groups):
    """See ``reference.conv.conv2d``."""
    if not _is_tileable(x, w, y) or _groups_too_small(w, groups):
        return columns.conv2d(x, w, b, y, window, groups)
    plan = forward(x.shape, w.shape, y.shape, window, groups, count())
    if not _run([plan], x, w, b, y):
        columns.conv2d(x, w, b, y, window, groups)


def conv2d_dx(dy, w, dx, window, groups):
    """See ``reference.conv.conv2d_dx``.

    It is a convolution of dy with the turned filters, for each remainder of the stride.
    """
    if not _is_tileable(dy, w, dx) or not _fills_half_a_vector(w.shape[3], w, groups):
        return columns.conv2d_dx(dy, w, dx, window, groups)
    plans = backward(dy.shape, w.shape, dx.shape, window, groups, count())
    for a, c in (remainder for remainder, plan in plans.items() if plan is None):
        dx[:, a :: window.stride[0], c :: window.stride[1]] = 0
    reached = [plan for plan in plans.values() if plan is not None]
    if reached and not _run(reached, dy, w, None, dx):
        columns.conv2d_dx(dy, w, dx, window, groups)


def _run(plans, x, w, b, y):
    """All plans at once, so that threads wait for each other once: each does its part of every one.

    False, and nothing done, where a weight is NaN or infinite: tiles multiply it with zeros that
    stand in no image.
    """
    if not all_finite(w.reshape(-1)):
        return False
    weights = [_packed(plan, w, k) for k, plan in enumerate(plans)]
    biases = _biases(plans[0], b)
    x, y = x.reshape(-1), y.reshape(-1)

    def job(part):
        for plan, panels in zip(plans, weights, strict=True):
            walk = convolve_batch if plan.batch else convolve
            block = scratch((plan.block,), F32, "block") if plan.block else x
            first, last = plan.tasks * part.start // tasks, plan.tasks * part.stop // tasks
            walk(plan.tile, plan.sizes, x, block, panels, biases, y, *plan.tables, first, last)

    tasks = max(1, min(plan.tasks for plan in plans))
    split(tasks, sum(plan.work for plan in plans) // SPEED, job)
    return True


def _packed(plan, w, name):
    """The weights in panels, made by all threads where there are many."""
    s, panels = plan.sizes, scratch((plan.panels,), F32, f"weights {name}")
    options = plan.taps, s.w_filter, s.w_group, s.filters, plan.tile.lanes, panels
    w = w.reshape(-1)
    split(s.groups * s.panels, plan.panels, lambda part: pack(w, *options, part.start, part.stop))
    return panels


def _biases(plan, b):
    """One for every lane, 0 where there is no filter."""
    s = plan.sizes
    if b is not None and _is_tileable(b) and s.panels * plan.tile.lanes == s.filters:
        return b
    biases = scratch((s.groups, s.panels * plan.tile.lanes), F32, "biases")
    biases[:] = 0
    if b is not None:
        biases[:, : s.filters] = b.reshape(s.groups, -1)
    return biases.reshape(-1)


def conv2d_dw(x, dy, dw, window, groups):
    """See ``reference.conv.conv2d_dw``.

    Every thread sums its own images; the shares are added in a fixed order.
    """
    if not _is_tileable(x, dy, dw) or _groups_too_small(dw, groups):
        return columns.conv2d_dw(x, dy, dw, window, groups)
    plan = forward(x.shape, dw.shape, dy.shape, window, groups, count(), for_weights=True)
    tile = plan.tile
    s = plan.sizes
    work = plan.work // SPEED
    stored = -(-len(plan.taps) // tile.rows) * tile.rows
    runs = ranges(plan.tasks, work)
    shares = scratch((len(runs), s.groups * s.panels * stored * tile.lanes), F32, "shares")
    x, dy = x.reshape(-1), dy.reshape(-1)

    def job(part):
        share = shares[runs.index(part)]
        share[:] = 0
        block = scratch((plan.block,), F32, "block") if plan.block else x
        outputs = scratch((s.rows * s.OW * tile.lanes,), F32, "outputs")
        tables = plan.reads, stored, plan.rows, plan.columns
        accumulate_dw(tile, s, x, block, dy, outputs, share, *tables, part.start, part.stop)

    split(plan.tasks, work, job)
    unpack(
        shares,
        plan.taps,
        s.w_filter,
        s.w_group,
        s.groups,
        s.filters,
        tile.lanes,
        stored,
        dw.reshape(-1),
    )
