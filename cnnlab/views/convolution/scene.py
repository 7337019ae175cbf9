"""What the Convolution view shows, as plain data: geometry, arrays, formula, code, one step.

All numbers come from ``ops`` and ``shapes``; nothing is computed here that the library knows
already.
"""

import numpy as np

from ... import ops
from ...mistakes import REFERENCE, wrong_outputs
from ...numbers import abs_max, format_number
from ...shapes import MisfitError, extent, geometry, windows
from ..shared.stepped_view import increment
from ..shared.view import packed
from ..shared.window_text import formula, overhang, unread
from .misfit import gaps, problem

DIGITS_UP_TO = 400  # values: a larger array of values from 0 to 1 is taken for an image


def scene(view):
    """Everything the browser needs until a parameter changes."""
    x = view.x
    w = view.w
    b = view.b
    shown = {
        "x": packed(x),
        "w": packed(w),
        "b": packed(b),
        "pads": [[view.padding] * 2] * 2,
        "limits": {"x": abs_max(x), "w": abs_max(w)},
        "palette": _palette(view),
        "increment": increment(x, w, b),
        "note": view.note,
        "problem": problem(view),
        "outputs": 0,
    }
    geo = geometry_of(view)
    return shown if geo is None else shown | _outputs(view, geo) | _backward(view, geo)


def _palette(view):
    """Images in shades of grey, from 0 to the brightest value; other arrays, and what is below 0,
    in two colours.
    """
    x = view.x
    is_image = view.shows_image or (x.size > DIGITS_UP_TO and x.max() <= 1)
    return "grey" if is_image and x.min() >= 0 else "signed"


def geometry_of(view):
    """How the window slides, leftover ignored; None if there is no output at all."""
    if view.channels % view.groups or view.filters % view.groups:
        return None
    try:
        return geometry(
            view.x.shape[:2], view.w.shape[1:3], view.stride, view.padding, view.dilation
        )
    except MisfitError:
        return None


def _axes(view, geo):
    """(W, F, S, P, D) of the rows and of the columns."""
    return tuple(zip(view.x.shape[:2], geo.kernel, geo.stride, geo.pads, geo.dilation, strict=True))


def _outputs(view, geo):
    x = view.x[None]
    w = view.w
    b = view.b
    settings = view.settings
    y = ops.conv2d(x, w, b, **settings, **REFERENCE)[0]
    sums = channel_sums(x, w, settings)
    axes = _axes(view, geo)
    read = [windows(*axis) for axis in axes]
    K, C = len(w), w.shape[3]
    first = [k // (K // view.groups) * C for k in range(K)]
    return {
        "outputs": int(y.size),
        "y": packed(y),
        "sums": packed(sums),
        "limits": {"x": abs_max(x), "w": abs_max(w), "y": abs_max(y)},
        "rows": read[0],
        "columns": read[1],
        "first": first,
        "unread": [unread(W, P, used) for (W, _, _, P, _), used in zip(axes, read, strict=True)],
        "overhang": [overhang(*axis) for axis in axes],
        "note": view.note or gaps(view, axes, read),
        "code": _code(geo, first, C),
        "formula": formulas(view, axes),
        "wrong": _wrong(x, w, b, y, sums, settings) if view.predict else [],
    }


def _wrong(*convolution):
    """What the browser compares a prediction with: ``[{"name", "y"}, …]``."""
    return [{"name": name, "y": packed(y)} for name, y in wrong_outputs(*convolution)]


def channel_sums(x, w, settings):
    """``(OH, OW, K, C // groups)``: what each channel of each window gives, before they are
    added.
    """
    C = w.shape[3]  # of each group: 0 times an infinite value of another channel would be NaN
    alone = [
        ops.conv2d(x[..., c::C], w[..., c : c + 1], **settings, **REFERENCE)[0] for c in range(C)
    ]
    return np.stack(alone, -1)


def _code(geo, first, C):
    """The slices of the padded input that each output reads, as Python writes them."""

    def slices(n, S, F, D):
        return [f"{i * S}:{i * S + extent(F, D)}" + (f":{D}" if D > 1 else "") for i in range(n)]

    rows, columns = (
        slices(*axis) for axis in zip(geo.out, geo.stride, geo.kernel, geo.dilation, strict=True)
    )
    return {
        "rows": rows,
        "columns": columns,
        "channels": [":" if len(set(first)) == 1 else f"{f}:{f + C}" for f in first],
    }


def formulas(view, axes):
    """``(W − F + 2P)/S + 1`` with its numbers: once if both axes agree, else for each."""
    letters = "W" if axes[0] == axes[1] else "HW"
    return [formula(view.say, letter, *axis) for letter, axis in zip(letters, axes, strict=False)]


def _backward(view, geo):
    """dy as painted, else ones, and the dx, dw and db that follow from it."""
    if not view.backward:
        return {}
    shape = (*geo.out, view.filters)
    dy = view.dy if view.dy is not None and view.dy.shape == shape else np.ones(shape)
    dx, dw, db = ops.conv2d_backward(dy[None], view.x[None], view.w, **view.settings, **REFERENCE)
    return {"dy": packed(dy), "dx": packed(dx[0]), "dw": packed(dw), "db": packed(db)}


def frame(step, scene, say):
    """One step of the trace as plain data, with its line of code and its sentence."""
    _, i, j, k = step.place
    code = scene["code"]
    slices = {
        "rows": code["rows"][i],
        "columns": code["columns"][j],
        "channels": code["channels"][k],
    }
    numbers = {"sum": sum(step.sums), "bias": step.bias, "total": step.total}
    words = {name: format_number(value) for name, value in numbers.items()}
    return {
        "place": (i, j, k),
        "taps": [tap._asdict() for tap in step.taps],
        "sums": list(step.sums),
        "bias": step.bias,
        "total": step.total,
        "code": say("convolution.code", i=i, j=j, k=k, **slices),
        "formula": scene["formula"],
        "sentence": say("convolution.sentence", i=i, j=j, k=k, products=len(step.taps), **words),
    }
