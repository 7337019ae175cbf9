"""Figures of a layer: its filters, its maps of one image, and the best patches of a unit.

Signed values of one figure share one scale around zero, so that their sizes can be compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..explain.graph import graph, node_number
from ..explain.patches import outputs
from ..explain.weights import filters_of
from ..numbers import abs_max, format_number
from ..texts import say
from ..typing import ArrayLike
from .pictures import image
from .tiles import across, board, scale, shades, tile, word

SLICES, TILES = 16, 64  # of a filter, and of a layer, that are shown at most


def filter_gallery(
    net: Any,
    layer: int | str = 0,
    ax: Axes | None = None,
    columns: int | None = None,
    title: str | None = None,
) -> Axes:
    """The filters of a layer, each with its number.

    Filters over the three channels of an image show as colours, grey for 0 and one stretch for
    all, as in Krizhevsky et al. 2012; others over several channels as rows of slices, the strongest
    16 if they are many. Of a large layer the 64 strongest filters are shown.

    Arguments:
        net: a Sequential, or the weights ``(K, FH, FW, C)``.
        layer: its number in the net, or its name such as "2.body.0".
        ax: axes to draw on.
        columns: filters in a row.
        title: above the drawing.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.filter_gallery(np.ones((8, 3, 3, 1)))
    """
    w, colour = _weights(net, layer)
    K, FH, FW, C = w.shape
    limit, kept = abs_max(w), _strongest(w.reshape(K, -1), TILES)
    if colour or C == 1:
        columns = columns or across(len(kept), FH, FW)
        pictures = 0.5 + w[kept] / (2 * limit) if colour else w[kept, :, :, 0]
        ax, step = board(ax, -(-len(kept) // columns), columns, FH, FW, (0.5, 0.25))
        _tiles(ax, pictures, kept, columns, step, limit)
    else:
        ax = _rows(ax, w, kept, limit)
    heading = _heading("filters", len(kept), of=K, size=f"{FH}×{FW}×{C}")
    if not colour and C > 1:
        heading = say("figures.gallery_rows", heading=heading)
    ax.set_title(heading if title is None else title)
    if not colour:
        scale(ax, limit)
    return ax


def _weights(net, layer):
    """The weights, and do their three channels stand for colours?"""
    if not hasattr(net, "layers"):
        w = np.asarray(net, float)
        if w.ndim != 4:
            raise ValueError(
                f"the weights have shape {w.shape}: give filters (K, FH, FW, C), or a net and "
                f"a layer"
            )
        return w, w.shape[3] == 3
    nodes = graph(net)
    number = node_number(nodes, layer)
    w = np.asarray(filters_of(nodes, number), float)
    return w, w.shape[3] == 3 and nodes[number].inputs == (0,)


def _strongest(rows, most):
    """The numbers of the rows with the largest norms, in order."""
    norms = np.nan_to_num(np.square(rows).sum(axis=1), nan=np.inf)
    return np.sort(np.argsort(-norms, kind="stable")[:most])


def _heading(what, shown, of, **values):
    how = "strongest" if shown < of else "of"
    return say(f"figures.{what}_{how}", shown=shown, of=of, **values)


def _tiles(ax, pictures, numbers, columns, step, limit):
    """Tiles row by row, each over its number."""
    for n, (picture, number) in enumerate(zip(pictures, numbers, strict=True)):
        top, left = n // columns * step[0], n % columns * step[1]
        tile(ax, picture, top, left, limit)
        word(ax, f"{number}", left + picture.shape[1] / 2, top + picture.shape[0] * 1.04)


def _rows(ax, w, kept, limit):
    """A row of slices for each filter, with the numbers of filters and channels."""
    _, FH, FW, C = w.shape
    slices = _strongest(np.moveaxis(w, -1, 0).reshape(C, -1), SLICES)
    ax, (down, right) = board(
        ax, len(kept), len(slices), FH, FW, (0.15, 0.15), min(9, 1.8 + 0.5 * len(slices)), 1.8
    )
    for row, k in enumerate(kept):
        word(ax, f"{k}", -0.15 * FW, row * down + FH / 2, "right", "center")
        for column, c in enumerate(slices):
            tile(ax, w[k, :, :, c], row * down, column * right, limit)
    for column, c in enumerate(slices):
        word(ax, f"{c}", column * right + FW / 2, len(kept) * down - 0.1 * FH)
    ax.set_xlim(-0.6 * FW, ax.get_xlim()[1])  # room for the numbers of the filters
    return ax


def activation_gallery(
    net: Any,
    x: ArrayLike,
    layer: int | str,
    figure: Figure | None = None,
    title: str | None = None,
) -> Figure:
    """An image, and next to it the maps a layer makes of it, each with its number.

    Of many maps the 64 with the largest values are shown; a row of numbers shows as cells.

    Arguments:
        net: a Sequential.
        x: the image, ``(H, W, C)``.
        layer: its number in the net, or its name such as "2.body.0".
        figure: a matplotlib figure to draw on.
        title: above the drawing.

    Returns:
        The figure.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.Conv2d(4, 3), input_shape=(8, 8, 1))
        >>> figure = cnnlab.figures.activation_gallery(net, np.ones((8, 8, 1)), 0)
    """
    net = net.copy()
    nodes = graph(net)
    number = node_number(nodes, layer)
    ((_, (y,)),) = outputs(nodes, (number,), net.accept(np.asarray(x)[None]))
    maps = np.asarray(y[0], float)
    maps = np.moveaxis(maps if maps.ndim == 3 else maps[None, None], -1, 0)
    kept, (K, OH, OW) = _strongest(maps.reshape(len(maps), -1), TILES), maps.shape
    columns = across(len(kept), OH, OW, 2.4)
    figure = figure or plt.figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2, width_ratios=(1, 3))
    image(shades(x), left, say("figures.the_picture"))
    gap = (0.25, 0.12) if min(OH, OW) > 4 else (0.6, 0.3)
    ax, step = board(right, -(-len(kept) // columns), columns, OH, OW, gap)
    _tiles(ax, maps[kept], kept, columns, step, abs_max(maps))
    scale(ax, abs_max(maps))
    what = {"layer": say("figures.layer", layer=nodes[number].name), "size": f"{OH}×{OW}"}
    heading = _heading("maps" if OH * OW > 1 else "numbers", len(kept), of=K, **what)
    ax.set_title(heading if title is None else title)
    return figure


def best_patches(
    best: Any,
    labels: Sequence[str] = (),
    ax: Axes | None = None,
    columns: int | None = None,
    title: str = "",
) -> Axes:
    """The patches that ``explain.best_patches`` returned, best first, each over its value.

    What lies outside the image is hatched.

    Arguments:
        best: BestPatches.
        labels: a word for each patch, or none.
        ax: axes to draw on.
        columns: patches in a row.
        title: above the drawing.

    Returns:
        The axes.

    Examples:
        >>> from cnnlab import explain
        >>> net = cnnlab.Sequential(cnnlab.Conv2d(2, 3), input_shape=(8, 8, 1))
        >>> images = cnnlab.data.load("digits").test.x[:20]
        >>> ax = cnnlab.figures.best_patches(explain.best_patches(net, images, 0, 1, n=4))
    """
    n = len(best.patches)
    h, w = np.maximum(best.patches.shape[1:3], 1)  # without patches, they would be 0
    lines, pictures = 2 if len(labels) else 1, shades(best.patches)
    columns = columns or max(1, n if n < 6 else min(n, 9))
    ax, step = board(ax, max(1, -(-n // columns)), columns, h, w, (0.22 + 0.2 * lines, 0.15))
    for p, picture in enumerate(pictures):
        top, left = p // columns * step[0], p % columns * step[1]
        tile(ax, picture, top, left)
        words = format_number(best.values[p]) + (f"\n{labels[p]}" if len(labels) else "")
        word(ax, words, left + w / 2, top + h * 1.03)
    ax.set_title(title)
    return ax
