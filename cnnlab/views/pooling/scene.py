"""What the Pooling view shows, as plain data: geometry, outputs, winners, gradients, the shift.

All numbers come from ``ops`` and ``shapes``; outputs are counted as in ``trace``: channel by
channel, row by row.
"""

from functools import partial

import numpy as np

from ... import ops
from ...mistakes import REFERENCE
from ...numbers import abs_max, format_percent
from ...shapes import MisfitError, check_pixels_in_windows, geometry, windows
from ..shared.stepped_view import increment
from ..shared.view import packed
from ..shared.window_text import formula, overhang, unread
from .arrays import inside_windows
from .ledger import backward_words, made_of
from .misfit import padding_only, problem
from .mistakes import wrong_outputs
from .shift import shift

OPS = {"max": ops.max_pool2d, "average": ops.avg_pool2d, "l2": partial(ops.lp_pool2d, p=2)}
GREY_FROM = (
    64  # cells: from here on a slice of values from 0 up is an image, shown in shades of grey
)


def scene(view):
    """Everything the browser needs until a parameter changes."""
    x = view.x
    is_image = x.shape[0] * x.shape[1] >= GREY_FROM or view.shows_image
    shown = {
        "x": packed(x),
        "pads": [[view.padding] * 2] * 2,
        "mode": view.mode,
        "kernel_size": view.kernel_size,
        "limits": {"x": abs_max(x)},
        "palette": "grey" if is_image and x.min() >= 0 else "signed",
        "increment": increment(x),
        "formula": formulas(view),
        "overhang": [overhang(*axis) for axis in axes(view)],
        "empty": padding_only(view),
        "unread": [[], []],
        "outputs": 0,
        "note": view.note,
        "problem": problem(view),
    }
    read = windows_of(view)
    return shown | _outputs(view, read) if read else shown


def axes(view):
    """``(W, F, S, P, D)`` of the rows and of the columns, as ``shapes`` takes them."""
    F = view.kernel_size
    S = view.stride
    P = (view.padding,) * 2
    return tuple((size, F, S, P, 1) for size in view.x.shape[:2])


def windows_of(view):
    """The rows and the columns each window reads; none where the policy refuses or one holds
    padding only.
    """
    size = view.x.shape[:2]
    try:
        geo = geometry(size, view.kernel_size, view.stride, view.padding, 1, view.fit)
        check_pixels_in_windows(size, geo, view.fit)
    except MisfitError:
        return ()
    return tuple(windows(*axis, view.fit) for axis in axes(view))


def pooled(view, x=None):
    """``y (OH, OW, C)`` of the image, or of another ``x`` of its shape."""
    x = view.x if x is None else x
    return OPS[view.mode](x[None], view.kernel_size, **view.settings, **REFERENCE)[0]


def winners(view, x=None):
    """The switches ``(OH, OW, C)`` of max pooling, flat places in the image."""
    x = view.x if x is None else x
    _, found = ops.max_pool2d(
        x[None], view.kernel_size, return_switches=True, **view.settings, **REFERENCE
    )
    return found[0]


def formulas(view):
    """``(W − F + 2P)/S + 1`` with its numbers: once if both axes agree, else for each."""
    both = axes(view)
    letters = "W" if both[0] == both[1] else "HW"
    return [
        formula(view.say, letter, *axis, view.fit)
        for letter, axis in zip(letters, both, strict=False)
    ]


def _outputs(view, read):
    x, y = view.x, pooled(view)
    values = inside_windows(x, read)
    kept = view.say(
        "pooling.kept", outputs=y.size, inputs=x.size, share=format_percent(y.size / x.size)
    )
    moves = view.shift_down or view.shift_right
    postponed = moves and (view.backward or view.predict)
    scene = {
        "outputs": int(y.size),
        "y": packed(y),
        "rows": read[0],
        "columns": read[1],
        "past": [
            max(0, axis[-1][-1] + 1 - n - view.padding)
            for axis, n in zip(read, x.shape, strict=False)
        ],
        "unread": [
            unread(W, P, used) for (W, _, _, P, _), used in zip(axes(view), read, strict=True)
        ],
        "limits": {"x": abs_max(x), "y": abs_max(y) if view.mode == "l2" else abs_max(x)},
        "formula": [*formulas(view), kept],
        "ledgers": made_of(view.mode, values, view.say),
        "code": code(read, x.shape),
        "shift": shift(view, read, y, partial(pooled, view), partial(winners, view))
        if moves and not postponed
        else None,
        "wrong": wrong_outputs(view, y) if view.predict else [],
    }
    if view.mode == "max":
        scene["switches"] = packed(winners(view), "int32")
    if postponed:
        scene["note"] = view.say("pooling.shift_waits")
    return scene | (_backward(view, y, values) if view.backward else {})


def code(read, shape):
    """The slices of the image that each output reads, as Python writes them, without padding."""

    def slices(axis, n):
        return [f"{max(0, window[0])}:{min(n, window[-1] + 1)}" for window in axis]

    return {"rows": slices(read[0], shape[0]), "columns": slices(read[1], shape[1])}


def _backward(view, y, values):
    """dy as painted, else ones, and the dx that follows from it."""
    dy = view.dy if view.dy is not None and view.dy.shape == y.shape else np.ones(y.shape)
    words = backward_words(view, dy, y, values, winners(view) if view.mode == "max" else None)
    return {"dy": packed(dy), "dx": packed(routed(view, dy, y)), "ledgers": words}


def routed(view, dy, y):
    """``dx (H, W, C)``: what ``dy`` becomes on its way back."""
    shape, F = (1, *view.x.shape), view.kernel_size
    if view.mode == "max":
        return ops.max_pool2d_backward(dy[None], winners(view)[None], shape, **REFERENCE)[0]
    if view.mode == "average":
        return ops.avg_pool2d_backward(dy[None], shape, F, **view.settings, **REFERENCE)[0]
    return ops.lp_pool2d_backward(dy[None], view.x[None], y[None], F, **view.settings, **REFERENCE)[
        0
    ]
