"""Pictures as they are: one alone, or many in rows with what they are called.

Values run from 0, which is black, to 1, which is white, in grey or in colour.
"""

import numpy as np

from .canvas import axes, mosaic


def image(x, ax=None, title=""):
    """One picture ``(H, W, 1)`` in grey or ``(H, W, 3)`` in colour, values 0 to 1."""
    ax, x = axes(ax, 3, 3), np.asarray(x)
    ax.imshow(x.squeeze(-1) if x.shape[-1] == 1 else x, cmap="gray", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[], title=title)
    ax.spines[:].set_color("0.75")  # or white pictures would have no edge on white paper
    return ax


def gallery(x, labels=(), ax=None, columns=10, title=""):
    """Pictures ``(N, H, W, C)``, each over its label."""
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
        at = n % columns * step_right + x.shape[2] / 2, n // columns * step_down + x.shape[1]
        ax.text(*at, label, ha="center", va="top", fontsize=8)
    return ax
