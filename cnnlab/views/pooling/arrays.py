"""The images of the Pooling view: the notes' figure, an image cut to size, an image moved."""

import numpy as np

from ..shared.inputs import cropped

SOURCES = ("numbers", "edge", "digit")
NOTES = ((1, 1, 2, 4), (5, 6, 7, 8), (3, 2, 1, 0), (1, 2, 3, 4))  # the figure of the course notes


def notes_numbers():
    """The notes' figure as ``(4, 4, 1)``."""
    return np.array(NOTES, float)[..., None]


def shown_part(x, ends, say):
    """As much of ``x`` as can be shown, as ``(H, W, C)``, and the sentence that says what is left
    out.
    """
    x, note = cropped(x, ends[0], say)
    C, most = x.shape[2], ends[2]
    if most < C:
        note = " ".join(filter(None, (note, say("pooling.channels_left_out", most=most, C=C))))
    return x[..., :most], note


def shifted(x, down, right):
    """``x (H, W, C)`` moved by whole pixels; zeros roll in where it comes from."""
    H, W, _ = x.shape
    moved = np.zeros_like(x)
    to, source = zip(overlap(H, down), overlap(W, right), strict=True)
    moved[to] = x[source]
    return moved


def overlap(n, by):
    """Where the cells of an axis that stay in the image go to, and where they come from."""
    by = min(max(by, -n), n)
    return slice(max(by, 0), n + min(by, 0)), slice(max(-by, 0), n - max(by, 0))


def inside_windows(x, read):
    """The values of each window, row by row, without padding: ``values[c][i][j]`` is a list of
    floats.
    """
    sides = zip(x.shape, read, strict=False)
    rows, columns = ([[p for p in window if 0 <= p < n] for window in axis] for n, axis in sides)
    planes = np.moveaxis(x, 2, 0).tolist()
    return [
        [[[plane[r][q] for r in row for q in column] for column in columns] for row in rows]
        for plane in planes
    ]
