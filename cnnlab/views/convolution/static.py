"""The static image of the Convolution view: inputs above, filters below, outputs at the right."""

import numpy as np

from ..shared.static_image import cells


def draw_static(view, figure):
    """Draw the whole convolution on a matplotlib figure; where nothing fits, the input and the
    reason.
    """
    if not view.outputs:
        return _misfit(view, figure)
    C, K = view.channels, view.filters
    grid = figure.subplots(1 + K, C + 1, squeeze=False, height_ratios=[2, *[1] * K])
    for ax in grid.flat:
        ax.set_axis_off()
    scene = view.scene
    limits = view.scene["limits"]
    grey = view.scene["palette"] == "grey"
    y = view.shown_outputs()
    for c in range(C):
        cells(
            grid[0, c],
            np.pad(view.x[..., c], view.padding),
            f"X[:, :, {c}]",
            limits["x"],
            grey=grey,
        )
    for k in range(K):
        for c in range(view.w.shape[3]):
            cells(
                grid[1 + k, scene["first"][k] + c],
                view.w[k, ..., c],
                f"W{k}[:, :, {c}]",
                limits["w"],
            )
        cells(grid[1 + k, C], y[..., k], f"V[:, :, {k}]   b{k} = {view.b[k]:g}", limits["y"])


def _misfit(view, figure):
    axes = np.atleast_1d(figure.subplots(1, view.channels))
    for c, ax in enumerate(axes):
        cells(
            ax,
            view.x[..., c],
            f"X[:, :, {c}]",
            view.scene["limits"]["x"],
            grey=view.scene["palette"] == "grey",
        )
    figure.suptitle(view.scene["problem"]["sentence"], fontsize=9)
