"""A figure of points in a plane, one for each image, such as a two-dimensional map of codes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.offsetbox import AnnotationBbox, OffsetImage

from ..typing import ArrayLike
from .canvas import COLOURS, MARKS, axes
from .tiles import shades

ACROSS = 28  # small pictures side by side, at most


def plane(
    points: ArrayLike,
    labels: ArrayLike,
    classes: Sequence[str],
    ax: Axes | None = None,
    title: str = "",
    pictures: ArrayLike | None = None,
) -> Axes:
    """Points on a plane, a colour and a mark for each class, its name at the median of its points.

    Arguments:
        points: positions ``(N, 2)``.
        labels: the class of each, ``(N,)``.
        classes: the name of each class.
        ax: axes to draw on.
        title: above the drawing.
        pictures: images ``(N, H, W, C)``: then a small one, framed in the colour of its class,
            stands for the points around it.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.plane([[0.0, 1.0], [2.0, 3.0]], [0, 1], ["cat", "dog"])
    """
    ax = axes(ax, 8, 5)
    points = np.asarray(points, float)
    labels = np.asarray(labels)
    for k, name in enumerate(classes):
        mine = points[labels == k]
        if len(mine):
            colour, mark = COLOURS[k % len(COLOURS)], MARKS[k % len(MARKS)]
            ax.scatter(
                *mine.T, s=14, color=colour, marker=mark, alpha=0.7, linewidths=0, label=name
            )
    ax.set(xticks=[], yticks=[], title=title)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), markerscale=2, frameon=False)
    if pictures is None:
        _names(ax, points, labels, classes)
    else:
        _thumbnails(ax, points, labels, shades(pictures))
    return ax


def _names(ax, points, labels, classes):
    """Each name at the median of its points, or just so far above it that no names overlap."""
    there = {
        k: np.median(points[labels == k], axis=0)
        for k in range(len(classes))
        if (labels == k).any()
    }
    letter, line = np.ptp(points, axis=0) * [0.016, 0.065]
    placed = []
    for k, (x, y) in sorted(there.items(), key=lambda item: item[1][1]):
        half = (len(str(classes[k])) + 2) / 2 * letter
        for other_x, other_y, other_half in sorted(placed, key=lambda text: text[1]):
            if abs(x - other_x) < half + other_half and abs(y - other_y) < line:
                y = other_y + line
        placed.append((x, y, half))
        box = {
            "boxstyle": "round,pad=0.2",
            "facecolor": "white",
            "edgecolor": COLOURS[k % len(COLOURS)],
        }
        ax.text(x, y, classes[k], ha="center", va="center", color="black", fontsize=9, bbox=box)


def _thumbnails(ax, points, labels, pictures):
    """Images at their points, in order; one that would cover another is left out."""
    apart = (np.ptp(points, axis=0).max() or 1.0) / ACROSS
    wide = ax.get_position().width * ax.figure.get_figwidth() * 72  # points of print
    taken = np.empty((0, 2))
    for n, point in enumerate(points):
        if (np.abs(taken - point).max(axis=1) >= apart).all():
            taken = np.vstack([taken, point])
            _thumbnail(
                ax, point, pictures[n], wide / ACROSS * 0.72, COLOURS[labels[n] % len(COLOURS)]
            )


def _thumbnail(ax, point, picture, size, colour):
    if picture.shape[2] != 3:
        picture = 1 - picture.mean(axis=2)  # dark on white, like print
    image = OffsetImage(picture, zoom=size / max(picture.shape[:2]), cmap="gray")
    image.image.set_clim(0, 1)
    ax.add_artist(
        AnnotationBbox(image, point, pad=0.05, bboxprops={"edgecolor": colour, "linewidth": 1.2})
    )
