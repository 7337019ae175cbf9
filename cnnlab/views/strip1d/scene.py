"""What the Strip1D view shows, as plain data: row, windows, products, leftover.

A row is an image of height 1, so every number comes from ``trace`` and ``shapes``.
"""

import numpy as np

from ...mistakes import wrong_outputs
from ...numbers import abs_max, format_number
from ...shapes import MisfitError, extent, windows
from ...trace import trace
from ..shared.stepped_view import increment
from ..shared.view import packed
from ..shared.window_text import formula, overhang, unread
from .misfit import note, problem

TAP = ("v", "column", "inside", "value", "weight")  # what of a tap says something in one row


def axis(view):
    """``(W, F, S, P, D)`` as ``shapes`` takes them."""
    return view.width, view.kernel_size, view.stride, (view.padding,) * 2, view.dilation


def steps(view):
    """The trace of the whole row, output by output."""
    return trace("conv2d", *_images(view), [view.b], **view.settings)


def _images(view):
    """The row as an image and the weights as a filter, each of height 1."""
    return view.x[None, None, :, None], view.w[None, None, :, None]


def scene(view):
    """Everything the browser needs until a parameter changes."""
    x = view.x
    w = view.w
    b = np.array([view.b])
    read = windows_of(view)
    return {
        "x": packed(x),
        "w": packed(w),
        "b": packed(b),
        "pad": view.padding,
        "limits": {"x": abs_max(x), "w": abs_max(w)},
        "increment": increment(x, w, b),
        "formula": formula(view.say, "W", *axis(view), view.fit),
        "overhang": overhang(*axis(view)),
        "outputs": 0,
        "unread": [],
        "refused": _refused(view, read),
        "note": note(view, read),
        "problem": problem(view),
        **(_outputs(view, read) if read else {}),
    }


def windows_of(view):
    """The places each output reads; none where the policy refuses, or not even one window fits."""
    try:
        return windows(*axis(view), view.fit)
    except MisfitError:
        return ()


def _refused(view, read):
    """Under "exact": the windows that would have fitted, which are not used either."""
    W, F, S, P, D = axis(view)
    fits = W + sum(P) >= extent(F, D)
    return windows(W, F, S, P, D) if fits and not read else ()


def _outputs(view, read):
    W, _, _, P, _ = axis(view)
    made = list(steps(view))
    y = np.array([step.total for step in made])
    return {
        "outputs": len(made),
        "y": packed(y),
        "windows": read,
        "past": max(0, read[-1][-1] + 1 - W - view.padding),
        "unread": unread(W, P, read),
        "terms": [terms(step) for step in made],
        "products": packed([[tap.product for tap in step.taps] for step in made]),
        "sofar": packed([np.cumsum([tap.product for tap in step.taps]) for step in made]),
        "limits": {"x": abs_max(view.x), "w": abs_max(view.w), "y": abs_max(y)},
        "code": {
            "pad": code_padding(view, read),
            "slices": [code_slice(view, window) for window in read],
        },
        "wrong": _wrong(view, y) if view.predict else [],
    }


def _wrong(view, y):
    """Outputs made with one mistake each, for the browser to compare a prediction with."""
    b = np.array([view.b])
    sums = (y - view.b).reshape(1, -1, 1, 1)
    found = wrong_outputs(*_images(view), b, y.reshape(1, -1, 1), sums, view.settings)
    return [{"name": name, "y": packed(wrong[0, :, 0])} for name, wrong in found]


def terms(step):
    """The products of one output as one writes them: ``["0×1", "1×0", "2×(−1)"]``, value first."""
    return [f"{bracketed(tap.value)}×{bracketed(tap.weight)}" for tap in step.taps]


def bracketed(value):
    text = format_number(value)
    return f"({text})" if text.startswith("−") else text


def code_padding(view, read):
    """How NumPy pads the row, with zeros for a last window that hangs over the edge."""
    return view.padding, view.padding + max(0, read[-1][-1] + 1 - view.width - view.padding)


def code_slice(view, window):
    start, D = window[0] + view.padding, view.dilation
    return f"{start}:{start + extent(view.kernel_size, D)}" + (f":{D}" if D > 1 else "")


def frame(step, scene, say):
    """One step of the trace as plain data, with its ledger, its line of code and its sentence."""
    j = step.place[2]
    made = terms(step)
    ledger = f"{' + '.join([*made, bracketed(step.bias)])} = {format_number(step.total)}"
    left, right = scene["code"]["pad"]
    return {
        "place": j,
        "taps": [{name: getattr(tap, name) for name in TAP} for tap in step.taps],
        "products": [tap.product for tap in step.taps],
        "bias": step.bias,
        "total": step.total,
        "ledger": ledger,
        "code": say("strip1d.code", left=left, right=right, j=j, slice=scene["code"]["slices"][j]),
        "formula": scene["formula"],
        "sentence": say("strip1d.sentence", j=j, ledger=ledger),
    }
