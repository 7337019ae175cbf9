"""Many small images on one axes, each with a word next to it, as all galleries need them.

A tile is signed values (H, W), or shades and colours (H, W, 1 or 3) from 0 to 1; NaN is hatched,
for nothing is there.
"""

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.patches import Rectangle

from . import canvas
from .canvas import SIGNED

WORD = 8  # points: the size of the words beside tiles


def shades(pictures):
    """Pictures with their values brought to 0 to 1, if they lie elsewhere."""
    pictures = np.asarray(pictures, float)
    finite = pictures[np.isfinite(pictures)]
    low, high = min(0.0, finite.min(initial=0)), max(1.0, finite.max(initial=1))
    return (pictures - low) / (high - low)


def across(count, h, w, wide=2.0):
    """How many tiles of h x w go in a row so that all are about ``wide`` times as wide as high."""
    return max(1, min(count, round(np.sqrt(wide * count * h / w))))


def board(ax, rows, columns, h, w, gap=(0.15, 0.15), width=9.0, beside=0.8):
    """Axes for ``rows x columns`` tiles of ``h x w``, and the step from tile to tile.

    ``gap`` (down, right) is in parts of a tile.

    A new figure is ``width`` inches wide, ``beside`` of which are for what stands beside the tiles.
    """
    down, right = h * (1 + gap[0]), w * (1 + gap[1])
    high = min(12.0, max(1.5, (width - beside) * rows * down / (columns * right) + 0.5))
    ax = canvas.axes(ax, width, high)
    ax.set(
        xlim=(-w * 0.02, columns * right - w * (gap[1] - 0.02)),
        ylim=(rows * down, -h * 0.02),
        aspect="equal",
    )
    ax.set_axis_off()
    return ax, (down, right)


def tile(ax, picture, top, left, limit=None):
    """Draw one tile with its corner at (left, top); the AxesImage."""
    h, w = picture.shape[:2]
    extent = (left, left + w, top + h, top)
    if np.isnan(picture).any():
        ground = {
            "hatch": "////",
            "facecolor": "white",
            "edgecolor": "0.6",
            "linewidth": 0,
            "zorder": -1,
        }
        # Below the picture, which has holes where NaN is.
        ax.add_patch(Rectangle((left, top), w, h, **ground))
    if picture.ndim == 2:
        return _placed(ax, picture, extent, cmap=SIGNED, vmin=-limit, vmax=limit)
    if picture.shape[2] != 3:
        return _placed(ax, picture.mean(axis=2), extent, cmap="gray", vmin=0, vmax=1)
    there = ~np.isnan(picture).any(axis=2, keepdims=True)
    return _placed(ax, np.concatenate([np.nan_to_num(picture).clip(0, 1), there], axis=2), extent)


def _placed(ax, picture, extent, **options):
    limits = ax.get_xlim(), ax.get_ylim()
    shown = ax.imshow(picture, extent=extent, interpolation="nearest", **options)
    ax.add_patch(_frame(extent))
    ax.set(xlim=limits[0], ylim=limits[1])
    return shown


def _frame(extent):
    left, right, bottom, top = extent
    return Rectangle(
        (left, top), right - left, bottom - top, fill=False, edgecolor="0.75", linewidth=0.5
    )


def word(ax, text, x, y, ha="center", va="top"):
    """A word beside a tile."""
    ax.text(x, y, text, ha=ha, va=va, fontsize=WORD, color="black")


def scale(axes, limit):
    """The scale of signed values beside an axes, or a list of them."""
    first = axes[0] if isinstance(axes, list) else axes
    inches = first.get_position().height * first.figure.get_figheight()
    shown = plt.cm.ScalarMappable(plt.Normalize(-limit, limit), SIGNED)
    thin = {"shrink": 0.8, "pad": 0.02, "fraction": 0.05, "aspect": max(12, 6 * inches)}
    first.figure.colorbar(shown, ax=axes, **thin).ax.tick_params(labelsize=WORD)
