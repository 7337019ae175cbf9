"""Texts about a sliding window: its size formula, the cells it drops, its overhang, repairs.

The numbers are those of ``shapes``; letters as there: W input size, F filter, S stride, P padding,
D dilation.
"""

from ...shapes import extent, out_size


def formula(say, letter, W, F, S, P, D=1, fit="floor"):
    """``(W − F + 2P)/S + 1`` with its numbers and, where it is no whole number, what the fit policy
    makes of it.
    """
    reach = extent(F, D)
    size = (W + sum(P) - reach) / S + 1
    words = {
        "letter": letter,
        "W": W,
        "F": reach,
        "P": P[0],
        "S": S,
        "size": f"{round(size, 2):g}".replace("-", "−"),
    }
    words["dilated"] = say("view.formula_dilated", F=F, D=D, extent=reach) if D > 1 else ""
    if size < 1 or (fit == "exact" and not size.is_integer()):
        return say("view.formula_none", **words)
    windows = out_size(W, F, S, P, D, fit)
    key = (
        "view.formula"
        if size == windows
        else "view.formula_floor"
        if windows < size
        else "view.formula_ceil"
    )
    return say(key, windows=windows, **words)


def unread(W, P, used):
    """The places of the padded image that none of the windows ``used`` reads."""
    read = {place for window in used for place in window}
    return [place for place in range(-P[0], W + P[1]) if place not in read]


def has_gaps(W, P, used):
    """Are there places between the windows ``used`` that none of them reads?"""
    return any(place < used[-1][-1] for place in unread(W, P, used))


def leftover(say, travel, S, P, axis="row"):
    """What a stride S makes of the ``travel`` of the first window, in words: size, how many fit,
    the rest.

    What is left of a ``"row"`` are cells, of the ``"height"`` rows, of the ``"width"`` columns, of
    ``"both"`` each.
    """
    windows, left = travel // S + 1, travel % S
    fit = say("view.fit_one" if windows == 1 else "view.fit_many", windows=windows)
    return {"size": f"{round(travel / S + 1, 2):g}", "fit": fit, "rest": _rest(say, left, P, axis)}


def _rest(say, left, P, axis):
    """The ``left`` cells, rows or columns at the end of an axis with padding P: how many, and
    whether of padding.
    """
    zeros = min(left, P)
    parts = say(f"view.left_{axis}_{'one' if left == 1 else 'many'}", left=left)
    if not zeros:
        return parts
    return say(
        "view.left_some_padding" if zeros < left else "view.left_padding", parts=parts, zeros=zeros
    )


def dilated(say, F, D):
    """The cells that a filter spans, in words: 9 (3 dilated by 4)."""
    return say("view.dilated", F=F, D=D, extent=extent(F, D)) if D > 1 else str(F)


def overhang(W, F, S, P, D=1):
    """The places of the first window that would hang over the edge; None where all fits, or not
    even one window.
    """
    travel = W + sum(P) - extent(F, D)
    if travel >= 0 and travel % S == 0:
        return None
    start = (out_size(W, F, S, P, D) if travel >= 0 else 0) * S - P[0]
    return [start + u * D for u in range(F)]


def repairs(view, names, fits):
    """For each slider of ``names`` that can repair a misfit alone, its nearest value that does, as
    a button.

    ``fits(**other)`` tells whether all fits with some of the view's sizes replaced.
    """
    for name in names:
        low, high = view.limits[name]
        good = [value for value in range(low, high + 1) if fits(**{name: value})]
        if good:
            yield repair(view, name, min(good, key=lambda value: abs(value - getattr(view, name))))


def repair(view, trait, value):
    """One button: the trait it sets, to what, and its words."""
    return {"trait": trait, "value": value, "words": view.say(f"view.repair_{trait}", value=value)}
