"""What is inside a net: its filters, the maps they make of a picture, and the scores that come of
it.

All take plain arrays, but for ``inside``, which asks a net for them.
"""

import numpy as np
from matplotlib import pyplot as plt

from ..ops import softmax
from ..texts import say, say_many
from .canvas import axes, figure_size, mosaic, reach, scaled, show
from .pictures import image


def filters(w, ax=None, columns=None, title=None, scope=None):
    """The filters ``w (K, FH, FW, C)`` side by side.

    Three channels show as colour about middle grey, any other number as one slice a channel: a row
    of slices for each filter. ``scope`` says what shares a scale: each "unit" has its own (so it is
    if None in colour), or the "layer".
    """
    w = np.asarray(w, float)
    K, FH, FW, C = w.shape
    if C == 3:
        shares = scaled(w, scope or "unit") / (reach(w) if scope == "layer" else 1)
        picture = mosaic(0.5 + shares / 2, columns)
        ax = axes(ax)
    else:
        slices = scaled(w, scope or "layer").transpose(0, 3, 1, 2).reshape(K * C, FH, FW)
        picture = mosaic(slices, columns or (C if C > 1 else None))
        ax = axes(ax, *figure_size(picture))
    show(ax, picture, say("figures.filters") if title is None else title)
    return ax


def activations(maps, ax=None, columns=None, title=None, scope="layer", limit=None):
    """The activation maps ``(H, W, C)`` of one image side by side, on one scale symmetric about
    zero.

    With the ``scope`` "unit" each map has its own scale, from −1 to 1 of its largest value;
    ``limit`` is the end of the scale, if it is not the largest value here.
    """
    maps = np.asarray(maps, float)
    H, W, C = maps.shape
    picture = mosaic(scaled(np.moveaxis(maps, -1, 0), scope), columns)
    ax = axes(ax, *figure_size(picture))
    title = say_many("figures.maps", C, H=H, W=W) if title is None else title
    show(ax, picture, title, limit)
    return ax


def scores(probabilities, classes, ax=None, truth=None, top=5):
    """The ``top`` classes of one picture as bars, largest first; the true class is drawn in
    green.
    """
    probabilities = np.asarray(probabilities, float)
    best = np.argsort(-probabilities)[:top][::-1]
    ax = axes(ax, 4, 0.6 + 0.4 * len(best))
    colours = ["tab:green" if k == truth else "tab:gray" for k in best]
    bars = ax.barh([classes[k] for k in best], 100 * probabilities[best], color=colours)
    ax.bar_label(bars, fmt="%.0f %%", padding=3)
    ax.set(xlim=(0, 118), xlabel=say("figures.share"))
    return ax


def inside(net, x, classes, truth=None, layer=1, figure=None):
    """What ``net`` makes of one image ``x (H, W, C)``: the image, the maps behind ``layer``, the
    scores; the Figure.
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
