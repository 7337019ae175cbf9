"""What does not fit in the Pooling view, as a sentence, and the nearest sizes that repair it."""

from functools import partial

from ...shapes import MisfitError, check_pixels_in_windows, geometry, out_size, windows
from ..shared.window_text import leftover, repairs

AXES = ("height", "width")
REPAIRS = ("stride", "padding", "kernel_size", "height", "width")


def problem(view):
    """``{"sentence", "repairs", "mild"}`` where windows do not fit exactly or hold padding only,
    else None.
    """
    if fits(view):
        return None
    found = [_misfit(view, *axis) for axis in _uneven_axes(view)]
    if padding_only(view):
        found = [
            ("padding", view.say("pooling.misfit_padding", P=view.padding, F=view.kernel_size))
        ]
    ways = list(repairs(view, REPAIRS, partial(fits, view)))
    sentence = " ".join(words for _, words in found)
    return {"sentence": sentence, "repairs": ways, "mild": all(kind == "ceil" for kind, _ in found)}


def fits(view, **other):
    """Do whole windows fit, each with a pixel in it, with some of the view's sizes replaced by
    ``other``?
    """
    size = {name: other.get(name, getattr(view, name)) for name in REPAIRS}
    image = size["height"], size["width"]
    try:
        geo = geometry(image, size["kernel_size"], size["stride"], size["padding"], 1, "exact")
        check_pixels_in_windows(image, geo, "exact")
    except MisfitError:
        return False
    return True


def padding_only(view):
    """The first window that would hold padding only, along each axis: ``[rows, columns]``, None
    where there is none.
    """
    found = []
    for W in view.x.shape[:2]:
        try:
            read = windows(W, view.kernel_size, view.stride, (view.padding,) * 2, 1, view.fit)
        except MisfitError:
            return None
        found.append(
            next((window for window in read if not any(0 <= place < W for place in window)), None)
        )
    return found if any(found) else None


def _uneven_axes(view):
    """The axes along which something is left over or missing; one name for both if they are
    alike.
    """
    F = view.kernel_size
    S = view.stride
    P = view.padding
    rooms = [(name, W, W + 2 * P - F) for name, W in zip(AXES, view.x.shape, strict=False)]
    uneven = [axis for axis in rooms if axis[2] < 0 or axis[2] % S]
    alike = len(uneven) == 2 and uneven[0][1] == uneven[1][1]
    return [("both", *uneven[0][1:])] if alike else uneven


def _misfit(view, name, W, travel):
    F = view.kernel_size
    S = view.stride
    P = view.padding
    words = {"axis": view.say(f"view.axis_{name}"), "W": W, "F": F, "S": S, "P": P}
    if travel < 0:
        return "too_large", view.say("pooling.misfit_too_large", **words)
    words |= leftover(view.say, travel, S, P, name)
    added = out_size(W, F, S, P, 1, "ceil") > travel // S + 1
    kind = "ceil_none" if view.fit == "ceil" and not added else view.fit
    return kind, view.say(f"pooling.misfit_{kind}", **words)
