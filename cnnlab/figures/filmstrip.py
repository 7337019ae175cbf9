"""A training run as a strip: filters and maps at some checkpoints, and how well the net did.

All checkpoints share their scales, so that growth shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from ..explain.graph import graph, node_number
from ..explain.patches import outputs
from ..explain.weights import filters_of
from ..numbers import abs_max
from ..texts import say
from ..typing import ArrayLike
from .canvas import SIGNED, mosaic
from .tiles import WORD, scale, shades


def film_strip(
    film: Any,
    checkpoints: Sequence[int] | None = None,
    x: ArrayLike | None = None,
    layer: int | str | None = None,
    behind: int | str | None = None,
    figure: Figure | None = None,
) -> Figure:
    """A column for each checkpoint of a Film: its filters, its maps of an image, held-out accuracy.

    Arguments:
        film: a Film.
        checkpoints: numbers of checkpoints; six, evenly spread, if None.
        x: an image ``(H, W, C)``; without it there are no maps.
        layer: the layer of the filters; the first that has some if None.
        behind: the layer of the maps; the one after ``layer`` if None.
        figure: a matplotlib figure to draw on.

    Returns:
        The figure.

    Examples:
        >>> figure = cnnlab.figures.film_strip(cnnlab.film("clothes"), checkpoints=[0, -1])
        >>> len(figure.axes) > 0
        True
    """
    checkpoints = (
        np.linspace(0, len(film) - 1, min(6, len(film))).round().astype(int)
        if checkpoints is None
        else checkpoints
    )
    checkpoints = [range(len(film))[t] for t in checkpoints]
    rows = [_filters(film, checkpoints, layer)] + (
        [] if x is None else [_maps(film, checkpoints, x, layer, behind)]
    )
    n = len(checkpoints)
    heights = [rows_of[0].shape[0] / rows_of[0].shape[1] for _, rows_of in rows]
    figure = figure or plt.figure(
        figsize=(max(4.5, 1.5 * n + 0.7), 1.3 * sum(heights) + 1.6), layout="constrained"
    )
    grid = figure.add_gridspec(len(rows) + 1, n, height_ratios=[*heights, 0.7])
    for row, (name, pictures) in enumerate(rows):
        cells = [figure.add_subplot(grid[row, column]) for column in range(n)]
        _row(
            cells,
            name,
            pictures,
            _titles(film, checkpoints) if row == 0 else [""] * n,
        )
    cells = [figure.add_subplot(grid[-1, column]) for column in range(n)]
    for cell, t in zip(cells, checkpoints, strict=True):
        _bar(cell, film.history["test_accuracy"][t])
    cells[0].set_ylabel(say("figures.held_out"), fontsize=WORD + 1)
    return figure


def _titles(film, checkpoints):
    return [say("figures.step_n", step=f"{film.steps[t]:,}") for t in checkpoints]


def _first(nodes):
    return next((node.name for node in nodes if node.kind.filters), "0")


def _filters(film, checkpoints, layer):
    """The title of the row, and a mosaic of filters for each checkpoint, in colour over colours."""
    filters = []
    for t in checkpoints:
        nodes = graph(film.net(t))
        number = node_number(nodes, _first(nodes) if layer is None else layer)
        filters.append(np.asarray(filters_of(nodes, number), float))
    K, FH, FW, C = filters[0].shape
    if C == 3 and nodes[number].inputs == (0,):
        pictures = [mosaic(0.5 + w / (2 * abs_max(filters)), _columns(K)) for w in filters]
        return say("figures.filters"), pictures
    tiles = [w.transpose(0, 3, 1, 2).reshape(K * C, FH, FW) for w in filters]
    return say("figures.filters"), [mosaic(w, _columns(K) if C == 1 else C) for w in tiles]


def _columns(count):
    return int(np.ceil(np.sqrt(count)))


def _maps(film, checkpoints, x, layer, behind):
    maps = []
    for t in checkpoints:
        net = film.net(t)
        nodes = graph(net)
        after = min(
            node_number(nodes, _first(nodes) if layer is None else layer) + 1, len(nodes) - 1
        )
        number = after if behind is None else node_number(nodes, behind)
        ((_, (y,)),) = outputs(nodes, (number,), net.accept(np.asarray(x)[None]))
        y = y[0] if y.ndim == 4 else y[0][None, None]
        maps.append(mosaic(np.moveaxis(y, -1, 0), _columns(y.shape[-1])))
    return say("figures.maps_behind", layer=nodes[number].name), maps


def _row(cells, name, pictures, titles):
    limit = abs_max(pictures)
    for cell, picture, title in zip(cells, pictures, titles, strict=True):
        if picture.ndim == 3:
            cell.imshow(np.nan_to_num(shades(picture), nan=1.0))
        else:
            cell.imshow(picture, cmap=SIGNED, vmin=-limit, vmax=limit, interpolation="nearest")
        cell.set(xticks=[], yticks=[])
        cell.spines[:].set_visible(False)
        cell.set_title(title, fontsize=WORD + 1)
    cells[0].set_ylabel(name, fontsize=WORD + 1)
    if pictures[0].ndim == 2:
        scale(cells, limit)


def _bar(ax, accuracy):
    """Held-out accuracy as a bar, with its number; nothing where it was not measured."""
    ax.set(xlim=(-1, 1), ylim=(0, 118), xticks=[], yticks=[0, 50, 100])
    ax.tick_params(labelsize=WORD)
    ax.spines[["top", "right"]].set_visible(False)
    if np.isfinite(accuracy):
        bar = ax.bar([0], [100 * accuracy], color="0.45", width=0.9)
        ax.bar_label(bar, fmt="%.0f %%", fontsize=WORD + 1, padding=1)
