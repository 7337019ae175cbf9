"""Figures of what is inside a net: its filters, the maps they make of an image, and the scores.

All take plain arrays, but for ``inside``, which asks a net for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..numbers import abs_max
from ..ops import softmax
from ..texts import say, say_many
from ..typing import ArrayLike
from .canvas import axes, figure_size, mosaic, scaled, show
from .pictures import image


def filters(
    w: ArrayLike,
    ax: Axes | None = None,
    columns: int | None = None,
    title: str | None = None,
    scope: Literal["unit", "layer"] | None = None,
) -> Axes:
    """Filters side by side.

    Three channels show as colour about middle grey, any other number as one slice a channel: a row
    of slices for each filter.

    Arguments:
        w: filters ``(K, FH, FW, C)``.
        ax: axes to draw on.
        columns: filters in a row.
        title: above the drawing.
        scope: what shares a scale: each "unit" has its own (so it is if None in colour), or the
            "layer".

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.filters(np.ones((8, 3, 3, 1)))
    """
    w = np.asarray(w, float)
    K, FH, FW, C = w.shape
    if C == 3:
        shares = scaled(w, scope or "unit") / (abs_max(w) if scope == "layer" else 1)
        picture = mosaic(0.5 + shares / 2, columns)
        ax = axes(ax)
    else:
        slices = scaled(w, scope or "layer").transpose(0, 3, 1, 2).reshape(K * C, FH, FW)
        picture = mosaic(slices, columns or (C if C > 1 else None))
        ax = axes(ax, *figure_size(picture))
    show(ax, picture, say("figures.filters") if title is None else title)
    return ax


def activations(
    maps: ArrayLike,
    ax: Axes | None = None,
    columns: int | None = None,
    title: str | None = None,
    scope: Literal["unit", "layer"] = "layer",
    limit: float | None = None,
) -> Axes:
    """The activation maps of one image side by side, on one scale symmetric about zero.

    Arguments:
        maps: ``(H, W, C)``.
        ax: axes to draw on.
        columns: maps in a row.
        title: above the drawing.
        scope: with "unit" each map has its own scale, from −1 to 1 of its largest value.
        limit: the end of the scale; the largest value here if None.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.activations(np.ones((4, 5, 6)))
    """
    maps = np.asarray(maps, float)
    H, W, C = maps.shape
    picture = mosaic(scaled(np.moveaxis(maps, -1, 0), scope), columns)
    ax = axes(ax, *figure_size(picture))
    title = say_many("figures.maps", C, H=H, W=W) if title is None else title
    show(ax, picture, title, limit)
    return ax


def scores(
    probabilities: ArrayLike,
    classes: Sequence[str],
    ax: Axes | None = None,
    truth: int | None = None,
    top: int = 5,
) -> Axes:
    """The most probable classes of one image as bars, largest first; the true one in green.

    Arguments:
        probabilities: ``(K,)``.
        classes: the name of each class.
        ax: axes to draw on.
        truth: the number of the true class.
        top: how many are shown.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.scores([0.2, 0.7, 0.1], ["cat", "dog", "frog"], truth=1)
    """
    probabilities = np.asarray(probabilities, float)
    best = np.argsort(-probabilities)[:top][::-1]
    ax = axes(ax, 4, 0.6 + 0.4 * len(best))
    colours = ["tab:green" if k == truth else "tab:gray" for k in best]
    bars = ax.barh([classes[k] for k in best], 100 * probabilities[best], color=colours)
    ax.bar_label(bars, fmt="%.0f %%", padding=3)
    ax.set(xlim=(0, 118), xlabel=say("figures.share"))
    return ax


def inside(
    net: Any,
    x: ArrayLike,
    classes: Sequence[str],
    truth: int | None = None,
    layer: int = 1,
    figure: Figure | None = None,
) -> Figure:
    """What a net makes of one image: the image, the maps behind a layer, the scores.

    Arguments:
        net: a Sequential.
        x: the image, ``(H, W, C)``.
        classes: the name of each class.
        truth: the number of the true class.
        layer: the layer whose maps are shown.
        figure: a matplotlib figure to draw on.

    Returns:
        The figure.

    Examples:
        >>> from cnnlab import Conv2d, Flatten, Linear, ReLU
        >>> layers = Conv2d(4, 3), ReLU(), Flatten(), Linear(2)
        >>> net = cnnlab.Sequential(*layers, input_shape=(8, 8, 1))
        >>> figure = cnnlab.figures.inside(net, np.ones((8, 8, 1)), ["even", "odd"])
    """
    figure = figure or plt.figure(figsize=(10, 3), layout="constrained")
    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 2.6, 1.2))
    image(x, left, say("figures.the_image") if truth is None else f"{classes[truth]}")
    activations(
        net.activations(x[None])[layer][0],
        middle,
        title=say("figures.behind", layer=layer, words=net.layers[layer]),
    )
    scores(softmax(net.scores(x[None]))[0], classes, right, truth)
    return figure
