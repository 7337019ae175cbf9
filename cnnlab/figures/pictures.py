"""Figures of images: one alone, or many in rows with their labels.

Values run from 0, which is black, to 1, which is white, in grey or in colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..typing import ArrayLike
from .canvas import axes, mosaic


def image(x: ArrayLike, ax: Axes | None = None, title: str = "") -> Axes:
    """One image, grey or in colour.

    Arguments:
        x: ``(H, W, 1)`` or ``(H, W, 3)``, values 0 to 1.
        ax: axes to draw on.
        title: above the drawing.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.image(np.ones((4, 5, 3)))
    """
    ax, x = axes(ax, 3, 3), np.asarray(x)
    ax.imshow(x.squeeze(-1) if x.shape[-1] == 1 else x, cmap="gray", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[], title=title)
    ax.spines[:].set_color("0.75")  # or white pictures would have no edge on white paper
    return ax


def gallery(
    x: ArrayLike,
    labels: Sequence[Any] = (),
    ax: Axes | None = None,
    columns: int = 10,
    title: str = "",
) -> Axes:
    """Images side by side, each over its label.

    Arguments:
        x: images ``(N, H, W, C)``.
        labels: a word for each, or none.
        ax: axes to draw on.
        columns: images in a row.
        title: above the drawing.

    Returns:
        The axes.

    Examples:
        >>> digits = cnnlab.data.load("digits").test[:20]
        >>> ax = cnnlab.figures.gallery(digits.x, digits.y)
    """
    x = np.asarray(x)
    grey = x.shape[-1] == 1
    picture = mosaic(x[..., 0] if grey else x, columns, gap=x.shape[1] // 3)
    ax = axes(ax, 9, 9 * picture.shape[0] / picture.shape[1] + 0.5)
    ax.imshow(picture, cmap="gray", vmin=0, vmax=1) if grey else ax.imshow(
        np.nan_to_num(picture, nan=1.0)
    )
    ax.set_axis_off()
    ax.set_title(title)
    step_down, step_right = x.shape[1] + x.shape[1] // 3, x.shape[2] + x.shape[1] // 3
    for n, label in enumerate(labels):
        below = n % columns * step_right + x.shape[2] / 2, n // columns * step_down + x.shape[1]
        ax.text(*below, label, ha="center", va="top", fontsize=8)
    return ax
