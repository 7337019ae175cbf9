"""The figure of a confusion matrix: how often a net takes an image of one class for another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..numbers import format_percent
from ..texts import say
from ..typing import ArrayLike
from .canvas import axes
from .tiles import WORD


def confusion(
    counts: ArrayLike, classes: Sequence[str] = (), ax: Axes | None = None, title: str = ""
) -> Axes:
    """How often an image of one class was taken for another, as numbers on shades.

    The shade is the share of the row, so that rare classes show too; the diagonal, what is right,
    is framed.

    Arguments:
        counts: ``(K, K)``, a row for each true class.
        classes: the name of each class.
        ax: axes to draw on.
        title: above the drawing.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.confusion([[9, 1], [2, 8]], ["cat", "dog"])
    """
    counts = np.asarray(counts)
    K = len(counts)
    if counts.shape != (K, K):
        raise ValueError(
            f"counts has shape {counts.shape}: give a square table, a row for each true class"
        )
    classes = [str(name) for name in classes] or list(map(str, range(K)))
    ax = axes(ax, 2.2 + 0.5 * K, 1.6 + 0.34 * K)  # all of it in sight below its cell
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    # The root, so that few mistakes show.
    shown = ax.imshow(100 * shares**0.5, cmap="Blues", vmin=0, vmax=100)
    for row, column in np.ndindex(K, K):
        _number(ax, row, column, counts[row, column], shown)
    ax.set_xticks(range(K), classes, rotation=45, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(K), classes)
    right = say("figures.right", share=format_percent(np.trace(counts) / max(counts.sum(), 1)))
    ax.set(
        xlabel=say("figures.taken_for"),
        ylabel=say("figures.true_class"),
        title=title or right,
    )
    return ax


def _number(ax, row, column, count, shown):
    r, g, b, _ = shown.cmap(shown.norm(shown.get_array()[row, column]))
    bright = 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.5
    colour = "white" if not bright else "0.45" if count == 0 else "black"
    weight = "bold" if row == column else "normal"
    ax.text(
        column,
        row,
        f"{count}",
        ha="center",
        va="center",
        color=colour,
        fontsize=WORD + 1,
        fontweight=weight,
    )
    if row == column:
        ax.add_patch(
            Rectangle((row - 0.5, row - 0.5), 1, 1, fill=False, edgecolor="black", linewidth=1)
        )
