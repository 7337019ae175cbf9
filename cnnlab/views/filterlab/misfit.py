"""What does not fit in the FilterLab, in a sentence, and the nearest settings that repair it.

A stride larger than the filter leaves gaps between the windows, others leave a rest at the end of
the image.
"""

from ...shapes import MisfitError, geometry
from ..shared.window_text import repair, repairs


def problem(view):
    """``{"sentence", "repairs", "mild"}`` where the window does not fit or leaves pixels unread,
    else None.
    """
    try:
        geo = geometry(*_sizes(view))
    except MisfitError:
        H, W, _ = view.x.shape
        sentence = view.say("filterlab.too_large", F=view.w.shape[1], H=H, W=W)
        return {"sentence": sentence, "repairs": _buttons(view), "mild": False}
    left = [
        (n + sum(P) - F) % S
        for n, F, S, P in zip(view.x.shape, geo.kernel, geo.stride, geo.pads, strict=False)
    ]
    S, F = view.stride, view.w.shape[1]
    if _has_gaps(geo):
        sentence = view.say("filterlab.gaps", S=S, F=F, gap=S - F)
    elif any(left):
        sentence = view.say("filterlab.leftover", S=S, rows=left[0], columns=left[1])
    else:
        return None
    return {"sentence": sentence, "repairs": _buttons(view), "mild": True}


def _has_gaps(geo):
    """Is the stride larger than the filter, with more than one window along an axis?"""
    return any(S > F and n > 1 for S, F, n in zip(geo.stride, geo.kernel, geo.out, strict=True))


def _sizes(view, **other):
    F = 1 if view.mode == "mix" else other.get("kernel_size", view.w.shape[1])
    return (
        view.x.shape[:2],
        F,
        *(other.get(name, getattr(view, name)) for name in ("stride", "padding")),
    )


def _fits(view, **other):
    """Do whole windows fit without gaps, with some of the view's settings replaced by ``other``?"""
    try:
        return not _has_gaps(geometry(*_sizes(view, **other), fit="exact"))
    except MisfitError:
        return False


def _buttons(view):
    """The nearest stride, the nearest size of the filter, and padding, as far as each repairs it
    alone.
    """
    buttons = list(repairs(view, ("stride",), lambda **other: _fits(view, **other)))
    sizes = [size for size in view.SIZES if view.mode != "mix" and _fits(view, kernel_size=size)]
    nearest = sorted(sizes, key=lambda size: abs(size - view.w.shape[1]))[:1]
    buttons += [repair(view, "kernel_size", size) for size in nearest]
    if _fits(view, padding="same"):
        buttons.append(
            {"trait": "padding", "value": "same", "words": view.say("filterlab.repair_padding")}
        )
    return buttons
