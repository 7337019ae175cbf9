"""The static image of the Im2col view: inputs, outputs and threads above the two matrices."""

import numpy as np

from ..shared.static_image import cells
from .matrices import columns, copies, sparse


def draw_static(view, figure):
    """Draw all four at the present step; where nothing fits, the input and the reason."""
    if not view.outputs:
        return _misfit(view, figure)
    frame, limits = view.frame(), view.scene["limits"]
    above, below = figure.subfigures(2, 1, height_ratios=[1, 1.2])
    _, _, k = frame["place"]
    *slices, outputs, threads = above.subplots(1, view.channels + 2)
    _slices(view, slices, frame)
    y = view.shown_outputs()[..., k]
    cells(outputs, y, f"V[:, :, {k}]", limits["y"])
    _threads(view, threads, frame, y)
    left, right = below.subplots(1, 2, width_ratios=[1, 2])
    _matrices(view, left, right, frame)
    figure.suptitle(view.caption(), fontsize=8)


def _slices(view, axes, frame):
    P, window = view.padding, frame["window"]
    (top, *_, bottom), (first, *_, last) = (
        (side[0], *side) for side in (window["rows"], window["columns"])
    )
    for c, ax in enumerate(axes):
        cells(ax, np.pad(view.x[..., c], P), f"X[:, :, {c}]", view.scene["limits"]["x"])
        _box(ax, first + P, top + P, last - first + 1, bottom - top + 1)


def _threads(view, ax, frame, y):
    """A grid of threads: those with an output are grey, the idle ones white, blocks have lines
    around them.
    """
    block, thread = view.block, view.scene["threads"]
    (down, across), (i, j, _) = thread["blocks"], frame["place"]
    busy = np.zeros((down * block, across * block))
    busy[: y.shape[0], : y.shape[1]] = 0.4
    ax.imshow(busy, cmap="Greys", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    title = view.say("im2col.threads_static", block=block)
    ax.set_title(title, fontsize=9, family="monospace")
    for at in range(0, down * block, block):
        for across_at in range(0, across * block, block):
            _box(ax, across_at, at, block, block, color="grey")
    _box(ax, j, i, 1, 1)


def _matrices(view, left, right, frame):
    limits = view.scene["limits"]
    p = frame["column"]["number"]
    copied = copies(view)
    cols = columns(view)
    cells(left, cols, f"X_col {cols.shape[0]} × {cols.shape[1]}", limits["x"], digits=False)
    _box(left, p, 0, 1, len(cols))
    k = frame["place"][2]
    matrix = sparse(view.w[k].ravel(), copied, view.x.size)
    matrix[sparse(np.ones(len(cols)), copied, view.x.size) == 0] = np.nan
    cells(right, matrix, f"S{k} {matrix.shape[0]} × {matrix.shape[1]}", limits["w"], digits=False)
    _box(right, 0, p, matrix.shape[1], 1)


def _box(ax, x, y, width, height, color="black"):
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle((x - 0.5, y - 0.5), width, height, fill=False, edgecolor=color, lw=1.6))


def _misfit(view, figure):
    axes = np.atleast_1d(figure.subplots(1, view.channels))
    for c, ax in enumerate(axes):
        cells(ax, view.x[..., c], f"X[:, :, {c}]", view.scene["limits"]["x"])
    figure.suptitle(view.scene["problem"]["sentence"], fontsize=9)
