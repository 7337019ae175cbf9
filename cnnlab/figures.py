"""Still pictures of nets: curves, filters, activation maps, scores.

Every function takes plain arrays and an optional matplotlib ``ax``, draws on it and returns it. Signed values
share one scale, symmetric about zero: white is 0, red is positive, blue is negative.
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.ticker import MaxNLocator

from .ops import softmax

SIGNED = "RdBu_r"


def _axes(ax, width=6.0, height=4.0):
    return plt.subplots(figsize=(width, height), layout="constrained")[1] if ax is None else ax


def mosaic(tiles, columns=None, gap=1):
    """Lay tiles ``(n, h, w)`` or ``(n, h, w, 3)`` out in rows, NaN between them, as one picture."""
    tiles = np.asarray(tiles, float)
    n, h, w, *colour = tiles.shape
    columns = columns or min(n, int(np.ceil(np.sqrt(2 * n))))  # about twice as wide as high, like a screen
    rows = -(-n // columns)
    picture = np.full((rows * (h + gap) - gap, columns * (w + gap) - gap, *colour), np.nan)
    for t, tile in enumerate(tiles):
        top, left = t // columns * (h + gap), t % columns * (w + gap)
        picture[top : top + h, left : left + w] = tile
    return picture


def _show(ax, picture, title, limit=None):
    ax.set_axis_off()
    ax.set_title(title)
    if picture.ndim == 3:
        return ax.imshow(np.ma.masked_invalid(picture).filled(1.0))
    limit = limit or np.nanmax(np.abs(picture)) or 1.0
    shown = ax.imshow(picture, cmap=SIGNED, vmin=-limit, vmax=limit)
    ax.figure.colorbar(shown, ax=ax, shrink=0.8)
    return shown


def image(x, ax=None, title=""):
    """One picture ``(H, W, 1)`` in grey or ``(H, W, 3)`` in colour, values 0 to 1."""
    ax, x = _axes(ax, 3, 3), np.asarray(x)
    ax.imshow(x.squeeze(-1) if x.shape[-1] == 1 else x, cmap="gray", vmin=0, vmax=1)
    ax.set_axis_off()
    ax.set_title(title)
    return ax


def filters(w, ax=None, columns=None, title="filters"):
    """The filters ``w (K, FH, FW, C)`` side by side.

    Three channels show as colour (each filter stretched to 0..1 about its middle grey), any other number as one
    slice a channel: a row of slices for each filter.
    """
    w = np.asarray(w)
    K, FH, FW, C = w.shape
    if C == 3:
        ax = _axes(ax)
        reach = np.abs(w).max(axis=(1, 2, 3), keepdims=True)
        _show(ax, mosaic(0.5 + w / (2 * np.where(reach == 0, 1, reach)), columns), title)
        return ax
    slices = w.transpose(0, 3, 1, 2).reshape(K * C, FH, FW)
    columns = columns or (C if C > 1 else None)
    picture = mosaic(slices, columns)
    ax = _axes(ax, *_figure_size(picture))
    _show(ax, picture, title)
    return ax


def activations(maps, ax=None, columns=None, title=None):
    """The activation maps ``(H, W, C)`` of one image side by side, on one scale symmetric about zero."""
    maps = np.asarray(maps)
    H, W, C = maps.shape
    picture = mosaic(np.moveaxis(maps, -1, 0), columns)
    ax = _axes(ax, *_figure_size(picture))
    _show(ax, picture, f"{C} map{'s' * (C > 1)} of {H} x {W}" if title is None else title)
    return ax


def _figure_size(picture, widest=8.0, highest=3.5):
    rows, columns = picture.shape[:2]
    scale = min(widest / columns, highest / rows)
    return max(2.5, columns * scale + 1), max(1.8, rows * scale + 0.4)


def training_curves(history, ax=None):
    """Loss of every step (pale) and its running mean, and the accuracy after each epoch on a second scale."""
    ax = _axes(ax, 7, 4)
    loss = np.asarray(history.loss, float)
    step = np.arange(1, len(loss) + 1)
    ax.plot(step, loss, color="C0", alpha=0.25, linewidth=1)
    ax.plot(step, _running_mean(loss), color="C0", linewidth=2, label="training loss")
    ax.set(xlabel="step", ylabel="loss", ylim=(0, None))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    right = ax.twinx()
    right.set(ylim=(0, 100), ylabel="accuracy in %")
    for name, colour in (("train_accuracy", "C1"), ("test_accuracy", "C2")):
        values = getattr(history, name)
        if len(values):
            at = len(loss) / len(values) * np.arange(1, len(values) + 1)
            right.plot(at, 100 * np.asarray(values), "o-", color=colour, label=name.replace("_", " "))
    handles = [*ax.get_legend_handles_labels()[0], *right.get_legend_handles_labels()[0]]
    ax.legend(handles=handles, loc="center right")
    return ax


def _running_mean(values, span=25):
    if not len(values):
        return values
    total = np.cumsum(np.insert(values, 0, 0.0))
    last = np.arange(1, len(values) + 1)
    first = np.maximum(0, last - span)
    return (total[last] - total[first]) / (last - first)


def scores(probabilities, classes, ax=None, truth=None, top=5):
    """The ``top`` classes of one picture as bars, largest first; the true class is drawn in green."""
    probabilities = np.asarray(probabilities, float)
    best = np.argsort(-probabilities)[:top][::-1]
    ax = _axes(ax, 4, 0.6 + 0.4 * len(best))
    colours = ["tab:green" if k == truth else "tab:gray" for k in best]
    bars = ax.barh([classes[k] for k in best], 100 * probabilities[best], color=colours)
    ax.bar_label(bars, fmt="%.0f %%", padding=3)
    ax.set(xlim=(0, 118), xlabel="score in %")
    return ax


def inside(net, x, classes, truth=None, layer=1, figure=None):
    """What ``net`` makes of one image ``x (H, W, C)``: the image, the maps behind ``layer``, the scores; the Figure."""
    figure = figure or plt.figure(figsize=(10, 3), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 2.6, 1.2))
    image(x, left, "the image" if truth is None else f"{classes[truth]}")
    activations(net.activations(x[None])[layer][0], middle, title=f"behind layer {layer}: {net.layers[layer]}")
    scores(softmax(net.scores(x[None]))[0], classes, right, truth)
    return figure


def gallery(x, labels=(), ax=None, columns=10, title=""):
    """Pictures ``(N, H, W, C)``, each over its label."""
    x = np.asarray(x)
    grey = x.shape[-1] == 1
    picture = mosaic(x[..., 0] if grey else x, columns, gap=x.shape[1] // 3)
    ax = _axes(ax, 9, 9 * picture.shape[0] / picture.shape[1] + 0.5)
    ax.imshow(picture, cmap="gray_r", vmin=0, vmax=1) if grey else ax.imshow(np.nan_to_num(picture, nan=1.0))
    ax.set_axis_off()
    ax.set_title(title)
    step_down, step_right = x.shape[1] + x.shape[1] // 3, x.shape[2] + x.shape[1] // 3
    for n, label in enumerate(labels):
        at = n % columns * step_right + x.shape[2] / 2, n // columns * step_down + x.shape[1]
        ax.text(*at, label, ha="center", va="top", fontsize=8)
    return ax
