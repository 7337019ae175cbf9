"""What becomes of a leftover under each policy, as a sentence, and the nearest repairs."""

from functools import partial

from ...shapes import extent, out_size
from ...shapes import repairs as nearest
from ..shared.window_text import dilated, has_gaps, leftover, repair, repairs


def problem(view):
    """``{"sentence", "repairs", "mild"}`` where windows do not fit exactly, else None; mild if
    nothing is lost.
    """
    W = view.width
    F = view.kernel_size
    S = view.stride
    P = view.padding
    D = view.dilation
    travel = W + 2 * P - extent(F, D)
    if travel >= 0 and travel % S == 0:
        return None
    kind, words = _kind(view, travel)
    return {
        "sentence": view.say(f"strip1d.misfit_{kind}", **words),
        "repairs": buttons(view),
        "mild": kind == "ceil",
    }


def _kind(view, travel):
    W = view.width
    F = view.kernel_size
    S = view.stride
    P = view.padding
    D = view.dilation
    words = {"W": W, "F": dilated(view.say, F, D), "S": S, "P": P}
    if travel < 0:
        return "too_large", words
    words |= leftover(view.say, travel, S, P)
    if view.fit != "ceil":
        return view.fit, words
    added = out_size(W, F, S, P, D, "ceil") > travel // S + 1
    return "ceil" if added else "ceil_none", words


def buttons(view):
    """``shapes.repairs`` as buttons, as far as the sliders reach, and another dilation where there
    is one.

    An uneven padding is turned into an even one.
    """
    found = nearest(view.width, view.kernel_size, view.stride, view.padding, view.dilation)
    made = []
    for name, value in found.items():
        if name == "padding" and not isinstance(value, int):
            value = sum(value) / 2
        low, high = view.limits[name]
        if value == int(value) and low <= value <= high:
            made.append(repair(view, name, int(value)))
    return made + (
        list(repairs(view, ("dilation",), partial(_fits, view))) if view.dilation > 1 else []
    )


def _fits(view, dilation):
    """Do whole windows fit exactly with another dilation?"""
    travel = view.width + 2 * view.padding - extent(view.kernel_size, dilation)
    return travel >= 0 and travel % view.stride == 0


def note(view, read):
    """What is worth saying where nothing is wrong: cells left out, gaps in the windows ``read``,
    the same length.
    """
    if view.note or not read:
        return view.note
    F = view.kernel_size
    S = view.stride
    P = view.padding
    D = view.dilation
    if has_gaps(view.width, (P, P), read):
        return view.say("strip1d.gaps_dilated" if D > 1 else "strip1d.gaps", S=S, F=F, D=D)
    if S == 1 and F > 1 and extent(F, D) == 2 * P + 1:
        return view.say("strip1d.same_dilated" if D > 1 else "strip1d.same", F=F, D=D, P=P)
    return ""
