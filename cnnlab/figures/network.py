"""Figures of a whole net: the maps of every layer side by side, and how one unit is computed.

As in ``figures``: signed values in red and blue around white, the image itself in grey or in its
colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from ..explain.decompose import decompose, strongest
from ..explain.graph import activations, graph, node_number
from ..numbers import format_number
from ..ops import softmax
from ..texts import say
from ..typing import ArrayLike
from .canvas import SIGNED, mosaic
from .inside import scores
from .pictures import image

ACROSS, MAPS, PARTS = 11, 8, 6  # columns in a row, maps in a column, parts of a unit


def network(
    net: Any,
    x: ArrayLike,
    classes: Sequence[str] = (),
    truth: int | None = None,
    figure: Figure | None = None,
) -> Figure:
    """The maps of every layer for one image, and the scores if the net ends in some.

    Of a layer with many maps the most active are shown. In a deep net, ReLU and its kind stand for
    the layer before.

    Arguments:
        net: a Sequential.
        x: the image, ``(H, W, C)``.
        classes: the name of each class.
        truth: the number of the true class.
        figure: a matplotlib figure to draw on.

    Returns:
        The figure.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.Conv2d(4, 3), input_shape=(8, 8, 1))
        >>> figure = cnnlab.figures.network(net, np.ones((8, 8, 1)))
    """
    net = net.copy()
    nodes = graph(net)
    values = activations(nodes, x)
    ends_in_scores = nodes[-1].flat and nodes[-1].units > 1
    shown = _shown(nodes[:-1] if ends_in_scores else nodes)
    across = min(ACROSS, len(shown)) + ends_in_scores
    rows = -(-len(shown) // ACROSS)
    figure = figure or plt.figure(figsize=(1.1 * across + 1, 3.6 * rows), layout="constrained")
    grid = figure.add_gridspec(
        rows, across, width_ratios=[1] * (across - ends_in_scores) + [2.2] * ends_in_scores
    )
    for slot, n in enumerate(shown):
        _column(figure.add_subplot(grid[slot // ACROSS, slot % ACROSS]), nodes[n], values[n])
    if ends_in_scores:
        names = (
            classes if len(classes) == nodes[-1].units else tuple(map(str, range(nodes[-1].units)))
        )
        with np.errstate(all="ignore"):
            scores(
                softmax(values[-1][None])[0], names, figure.add_subplot(grid[:, -1]), truth, top=10
            )
    return figure


def _shown(nodes):
    """All nodes, or in a deep net those that no ReLU, or its kind, changes value by value."""
    if len(nodes) <= ACROSS:
        return list(range(len(nodes)))
    changed = {node.inputs[0] for node in nodes if node.kind.pointwise and node.inputs[0] > 0}
    return [n for n in range(len(nodes)) if n not in changed]


def _column(ax, node, values):
    """The maps of a node below each other, or its numbers as a strip, under its name and shape."""
    name = say("figures.picture") if node.layer is None else type(node.layer).__name__
    size = "×".join(map(str, node.shape))
    if node.layer is None and values.ndim == 3 and values.shape[2] in (1, 3):
        image(_stretched(values), ax)
        ax.set_title(f"{name}\n{size}", fontsize=8)
        return
    values = np.asarray(values, float)
    if node.flat:
        picture = values[:, None]
    else:
        kept = _most_active(values)
        picture = mosaic(np.moveaxis(values[..., kept], -1, 0), columns=1)
        if len(kept) < node.units:
            size += "\n" + say("figures.some_of", shown=len(kept), of=node.units)
    _signed(
        ax, picture, f"{name}\n{size}", aspect=0.2 if node.flat and len(values) < 20 else "auto"
    )


def _stretched(picture):
    """The picture with its values brought to 0 to 1, if they lie elsewhere."""
    low, high = min(0.0, float(picture.min())), max(1.0, float(picture.max()))
    return (picture - low) / (high - low)


def _most_active(values):
    activity = np.nan_to_num(np.abs(values).mean(axis=(0, 1)), nan=np.inf)
    return np.sort(np.argsort(-activity, kind="stable")[:MAPS])


def _signed(ax, picture, title="", limit=None, aspect="equal"):
    finite = np.abs(picture[np.isfinite(picture)])
    limit = limit or finite.max(initial=0) or 1.0
    aspect = "equal" if aspect == "auto" and picture.shape[1] > 1 else aspect
    ax.imshow(picture, cmap=SIGNED, vmin=-limit, vmax=limit, aspect=aspect)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=8)


def decomposition(
    net: Any, x: ArrayLike, layer: int | str, unit: int, figure: Figure | None = None
) -> Figure:
    """How one unit is computed: its strongest input channels, weights, products and the result.

    Arguments:
        net: a Sequential.
        x: the image, ``(H, W, C)``.
        layer: its number, or its name such as "3.body.0".
        unit: the channel.
        figure: a matplotlib figure to draw on.

    Returns:
        The figure.

    Raises:
        ValueError: there is no such layer or unit.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.Conv2d(4, 3), input_shape=(8, 8, 1))
        >>> figure = cnnlab.figures.decomposition(net, np.ones((8, 8, 1)), 0, 1)
    """
    net = net.copy()
    nodes = graph(net)
    values = activations(nodes, x)
    decomposed = strongest(decompose(nodes, values, node_number(nodes, layer), unit), PARTS)
    figure = figure or plt.figure(
        figsize=(7, 0.6 + 1.1 * max(2, len(decomposed.units))), layout="constrained"
    )
    across = (
        3 if decomposed.rule == "sum" and decomposed.w is not None and decomposed.w.ndim == 3 else 1
    )
    grid = figure.add_gridspec(len(decomposed.units), across + 1, width_ratios=[1] * across + [2])
    for p, source in enumerate(decomposed.units):
        cells = [figure.add_subplot(grid[p, column]) for column in range(across)]
        _part(cells, decomposed, p, f"{nodes[decomposed.sources[p]].name}: {source}")
    _signed(figure.add_subplot(grid[:, -1]), decomposed.result, _title(decomposed, nodes))
    return figure


def _part(cells, decomposed, p, name):
    """One input channel, its weights, what it gives."""
    _signed(cells[0], decomposed.x[p], name)
    if len(cells) == 3:
        names = [say(f"figures.{name}") if p == 0 else "" for name in ("weights", "gives")]
        gives = decomposed.x * decomposed.w if decomposed.kind.dense else decomposed.y
        _signed(cells[1], decomposed.w[p], names[0], np.abs(decomposed.w).max())
        _signed(cells[2], gives[p], names[1], np.nanmax(np.abs(gives)))


def _title(decomposed, nodes):
    lines = [say("figures.unit", unit=decomposed.unit, layer=nodes[decomposed.node].name)]
    if decomposed.left:
        lines.append(say("figures.more_channels", n=decomposed.left))
    if decomposed.bias is not None and decomposed.bias.size == 1:
        lines.append(say("figures.and_bias", bias=format_number(decomposed.bias.item())))
    if decomposed.result.size == 1:
        lines.append(f"= {format_number(decomposed.result.item())}")
    return "\n".join(lines)
