"""What all figures are drawn with: axes, colours, the scale of signed values, mosaics of tiles.

Signed values share one scale, symmetric about zero: white is 0, red is positive, blue is negative.
"""

from __future__ import annotations

import numpy as np
from matplotlib import pyplot as plt

from ..numbers import abs_max
from ..typing import Array, ArrayLike
from ..validation import choice

SIGNED = "RdBu_r"
# Told apart by people who see few colours, and dark enough for white paper (after Okabe & Ito,
# 2008).
COLOURS = (
    "#0072B2",
    "#D55E00",
    "#00795A",
    "#AA3377",
    "#8A6A00",
    "#3A9BDC",
    "#000000",
    "#7F7F7F",
    "#5B3A9E",
    "#9C2A2A",
)
MARKS = ("o", "s", "D", "^", "v", "P", "X", "<", ">", "*")


def axes(ax, width=6.0, height=4.0):
    """``ax``, or the axes of a new figure of this size in inches."""
    return plt.subplots(figsize=(width, height), layout="constrained")[1] if ax is None else ax


def mosaic(tiles: ArrayLike, columns: int | None = None, gap: int = 1) -> Array:
    """Lay tiles out in rows as one image, NaN between them.

    Arguments:
        tiles: ``(n, h, w)`` or ``(n, h, w, 3)``.
        columns: tiles in a row; about as many as there are rows if None.
        gap: pixels between two tiles.

    Returns:
        The image.

    Examples:
        >>> cnnlab.figures.mosaic(np.ones((3, 2, 2)), columns=3).shape
        (2, 8)
    """
    tiles = np.asarray(tiles, float)
    n, h, w, *colour = tiles.shape
    about_twice_as_wide = int(np.ceil(np.sqrt(2 * n)))
    columns = columns or min(n, about_twice_as_wide)
    rows = -(-n // columns)
    picture = np.full((rows * (h + gap) - gap, columns * (w + gap) - gap, *colour), np.nan)
    for t, tile in enumerate(tiles):
        top, left = t // columns * (h + gap), t % columns * (w + gap)
        picture[top : top + h, left : left + w] = tile
    return picture


def show(ax, picture, title, limit=None):
    """Draw signed values ``(H, W)`` with their scale, or colours ``(H, W, 3)``; NaN stays white."""
    ax.set_axis_off()
    ax.set_title(title)
    if picture.ndim == 3:
        return ax.imshow(np.ma.masked_invalid(picture).filled(1.0))
    limit = limit or abs_max(picture)
    shown = ax.imshow(picture, cmap=SIGNED, vmin=-limit, vmax=limit)
    ax.figure.colorbar(shown, ax=ax, shrink=0.8)
    return shown


def scaled(tiles, scope):
    """Tiles ``(n, …)``; with the ``scope`` "unit", each divided by its largest magnitude."""
    choice("scope", scope, ("unit", "layer", "network"))
    return np.stack([tile / abs_max(tile) for tile in tiles]) if scope == "unit" else tiles


def figure_size(picture, widest=8.0, highest=3.5):
    """Inches for a picture of this shape, with room for its title and its scale."""
    rows, columns = picture.shape[:2]
    scale = min(widest / columns, highest / rows)
    return max(2.5, columns * scale + 1), max(1.8, rows * scale + 0.4)
