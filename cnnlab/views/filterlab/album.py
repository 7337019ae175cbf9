"""What an exported FilterLab carries: the result of every filter one can choose there.

Each result is coded in a byte a value, so that the page stays small.
"""

from types import SimpleNamespace

from . import presets, scene


def album(view):
    """The coded scene of every preset of the view's mode and of the filter of one's own, as far as
    each fits.
    """
    made = {
        name: presets.weights(view.mode, name, view.kernel_size)
        for name in presets.PRESETS[view.mode]
    }
    filters = {name: (w, b, presets.shown(name)) for name, (w, b) in made.items()}
    if view.mode in view.own:
        filters["own"] = view.own[view.mode]
    scenes = {name: scene_with(view, *one) for name, one in filters.items()}
    return {name: scene.coded(one) for name, one in scenes.items() if one["outputs"]}


def scene_with(view, w, b, shown):
    """The view's scene with another filter, and how its result is shown; the view stays as it
    is.
    """
    names = (
        "x",
        "mode",
        "kernel_size",
        "stride",
        "padding",
        "groups",
        "note",
        "say",
        "limits",
        "SIZES",
    )
    other = SimpleNamespace(w=w, b=b, **{name: getattr(view, name) for name in names})
    return {**scene.scene(other), "shown": shown}
