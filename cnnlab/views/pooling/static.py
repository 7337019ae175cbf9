"""The static image of the Pooling view: input slices above, output slices below."""

import numpy as np

from ..shared.static_image import cells


def draw_static(view, figure):
    """Draw the whole pooling on a matplotlib figure; where nothing fits, the input and the
    reason.
    """
    scene, C = view.scene, view.channels
    grey, limits = scene["palette"] == "grey", scene["limits"]
    if scene["problem"]:
        figure.suptitle(scene["problem"]["sentence"], fontsize=9)
    if not view.outputs:
        axes = figure.subplots(1, C, squeeze=False)
        for c, ax in enumerate(axes[0]):
            cells(ax, view.x[..., c], f"X[:, :, {c}]", limits["x"], grey=grey)
        return
    pairs = [(view.x, view.shown_outputs(), None)]
    if scene["shift"]:
        pairs.append((_array(scene["shift"]["x"]), _array(scene["shift"]["y"]), "moved"))
        figure.suptitle(scene["shift"]["sentence"], fontsize=9)
    if view.backward:
        pairs, grey = [(_array(scene["dx"]), _array(scene["dy"]), "gradient")], False
        limits = {"x": None, "y": None}
    axes = figure.subplots(2, C * len(pairs), squeeze=False)
    for n, (x, y, kind) in enumerate(pairs):
        for c in range(C):
            above = _title(view, f"X[:, :, {c}]", kind)
            below = _title(view, f"V[:, :, {c}]", kind)
            cells(axes[0, n * C + c], x[..., c], above, limits["x"], grey=grey)
            cells(axes[1, n * C + c], y[..., c], below, limits["y"], grey=grey)


def _title(view, name, kind):
    return name if kind is None else view.say(f"pooling.slice_{kind}", name=name)


def _array(packed):
    return np.frombuffer(packed["data"], packed["type"]).reshape(packed["shape"])
