"""The static image of the FilterLab: the image, the slices of the filter, the result."""

import numpy as np

from ..shared.static_image import cells


def draw_static(view, figure):
    """Draw all three on a matplotlib figure; where the filter does not fit, the image and the
    reason.
    """
    slices = 3 if view.channels > 1 and view.mode != "each" else 1
    grid = figure.subplots(1, slices + 2, width_ratios=[2, *[1] * slices, 2])
    for ax in grid:
        ax.set_axis_off()
    white = view.picture["white"]
    _show(grid[0], view.x, white)
    for c, ax in enumerate(grid[1:-1]):
        weights = view.w[:, 0, 0, c][:, None] if view.mode == "mix" else view.w[0, ..., c]
        cells(ax, weights, "W" if slices == 1 else "RGB"[c], np.abs(view.w).max())
    if view.outputs:
        signed = view.shown == "signed"
        _show(grid[-1], view.result(), view.scene["largest"] if signed else white, signed)
    else:
        figure.suptitle(view.scene["problem"]["sentence"], fontsize=9)


def _show(ax, image, limit, signed=False):
    """An image in its own colours, or its values around zero: one channel in red and blue, three
    around grey.
    """
    one = image.shape[2] == 1
    if signed and one:
        ax.imshow(image[..., 0], cmap="RdBu_r", vmin=-limit, vmax=limit)
    else:
        values = image / (2 * limit) + 0.5 if signed else image / limit
        ax.imshow(np.clip(values[..., 0] if one else values, 0, 1), cmap="gray", vmin=0, vmax=1)
