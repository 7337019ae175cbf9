"""What becomes of a leftover under each policy, in a sentence with its numbers, and the nearest repairs."""

from ...shapes import extent, out_size, repairs
from ..sliding import repair, unread


def trouble(view):
    """``{"sentence", "repairs", "mild"}`` where windows do not fit exactly, else None; mild if nothing is lost."""
    W, F, S, P, D = view.width, view.kernel_size, view.stride, view.padding, view.dilation
    room = W + 2 * P - extent(F, D)
    if room >= 0 and room % S == 0:
        return None
    kind, words = _kind(view, room)
    return {"sentence": view.say(f"strip1d.misfit_{kind}", **words), "repairs": buttons(view), "mild": kind == "ceil"}


def _kind(view, room):
    W, F, S, P, D = view.width, view.kernel_size, view.stride, view.padding, view.dilation
    words = {"W": W, "F": extent(F, D), "S": S, "P": P}
    if room < 0:
        return "too_large", words
    words |= {"size": f"{round(room / S + 1, 2):g}", "windows": room // S + 1, "left": room % S, "cells": W + 2 * P}
    if view.fit != "ceil":
        return view.fit, words
    windows = out_size(W, F, S, P, D, "ceil")
    added = windows > words["windows"]
    return "ceil" if added else "ceil_none", words | {"hang": S - room % S}


def buttons(view):
    """``shapes.repairs`` as buttons, as far as the sliders reach; an uneven padding is turned into an even one."""
    found = repairs(view.width, view.kernel_size, view.stride, view.padding, view.dilation)
    made = []
    for name, value in found.items():
        if name == "padding" and not isinstance(value, int):
            value = sum(value) / 2
        low, high = view.limits[name]
        if value == int(value) and low <= value <= high:
            made.append(repair(view, name, int(value)))
    return made


def note(view, read):
    """What is worth saying where nothing is wrong: cells left out, gaps in the windows ``read``, the same length."""
    if view.note or not read:
        return view.note
    F, S, P, D = view.kernel_size, view.stride, view.padding, view.dilation
    if any(place < read[-1][-1] for place in unread(view.width, (P, P), read)):
        return view.say("strip1d.gaps", S=S, F=F, D=D)
    if S == 1 and F > 1 and extent(F, D) == 2 * P + 1:
        return view.say("strip1d.same_dilated" if D > 1 else "strip1d.same", F=F, D=D, P=P)
    return ""
