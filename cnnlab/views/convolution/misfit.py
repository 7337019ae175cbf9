"""What does not fit, in a sentence, and the nearest settings that repair it."""

from functools import partial

from ...shapes import MisfitError, extent, geometry
from ..shared.window_text import dilated, has_gaps, leftover, repair, repairs

AXES = ("height", "width")
REPAIRS = ("stride", "padding", "dilation", "kernel_height", "kernel_width", "height", "width")


def problem(view):
    """``{"sentence", "repairs"}`` where the sizes do not fit exactly, else None."""
    C = view.channels
    K = view.filters
    groups = view.groups
    if C % groups or K % groups:
        sentence = view.say("convolution.groups", C=C, K=K, groups=groups)
        return {
            "sentence": sentence,
            "repairs": [repair(view, "groups", _nearest_groups(C, K, groups))],
        }
    if not fits_exactly(view):
        names = [name for name in REPAIRS if name != "dilation" or view.dilation > 1]
        return {
            "sentence": _misfit(view),
            "repairs": list(repairs(view, names, partial(fits_exactly, view))),
        }
    return None


def _nearest_groups(C, K, groups):
    shared = (g for g in range(1, min(C, K) + 1) if C % g == 0 and K % g == 0)
    return min(shared, key=lambda g: abs(g - groups))


def fits_exactly(view, **other):
    """Do whole windows fit, with some of the view's sizes replaced by ``other``?"""
    size = {name: other.get(name, getattr(view, name)) for name in view.limits}
    image = size["height"], size["width"]
    kernel = size["kernel_height"], size["kernel_width"]
    try:
        geometry(image, kernel, size["stride"], size["padding"], size["dilation"], "exact")
    except MisfitError:
        return False
    return True


def _misfit(view):
    """Which axis does not fit, and what is lost; once if both are alike."""
    axes = [
        (name, *axis) for name, *axis in zip(AXES, view.x.shape, view.w.shape[1:3], strict=False)
    ]
    if axes[0][1:] == axes[1][1:]:
        axes = [("both", *axes[0][1:])]
    return " ".join(filter(None, (_lost(view, *axis) for axis in axes)))


def _lost(view, name, W, F):
    P = view.padding
    S = view.stride
    D = view.dilation
    say = view.say
    axis = say(f"view.axis_{name}")
    travel = W + 2 * P - extent(F, D)
    if travel < 0:
        return say("convolution.too_large", axis=axis, W=W, F=dilated(say, F, D), P=P)
    return travel % S and say(
        "convolution.leftover", axis=axis, **leftover(say, travel, S, P, name)
    )


def gaps(view, axes, read):
    """The sentence on rows and columns between the windows ``read`` that no window reads; empty if
    there are none.
    """
    found = []
    for name, (W, F, S, P, D), used in zip(AXES, axes, read, strict=True):
        if has_gaps(W, P, used):
            found.append((name, {"S": S, "F": F, "D": D}))
    if len(found) == 2 and found[0][1] == found[1][1]:
        found = [("both", found[0][1])]
    key = "view.gaps_dilated" if view.dilation > 1 else "view.gaps"
    return " ".join(
        view.say(key, axis=view.say(f"view.axis_{name}"), **words) for name, words in found
    )
