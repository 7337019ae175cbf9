"""The convolution of the course notes' animation, in small whole numbers.

An input of 5x5x3 under two filters of 3x3x3 with stride 2 and padding 1 gives 3x3x2, and every step
can be checked in the head.
"""

from typing import NamedTuple

import numpy as np

# The numbers of one run of the notes' page, slice by slice as it shows them: channel, row, column.
INPUT = (
    ((0, 1, 2, 0, 0), (1, 0, 0, 1, 0), (0, 0, 2, 2, 0), (0, 0, 0, 1, 2), (0, 2, 2, 0, 0)),
    ((2, 1, 1, 1, 2), (2, 1, 0, 0, 2), (0, 0, 0, 1, 1), (0, 2, 2, 0, 2), (0, 0, 1, 0, 0)),
    ((2, 1, 2, 2, 0), (2, 2, 0, 2, 1), (1, 1, 1, 0, 2), (2, 2, 1, 1, 0), (2, 2, 0, 1, 0)),
)
FILTERS = (
    (
        ((0, 1, 1), (-1, 1, 0), (0, -1, -1)),
        ((-1, 1, 0), (-1, 1, -1), (-1, -1, 0)),
        ((1, -1, -1), (-1, -1, 1), (-1, 0, 1)),
    ),
    (
        ((-1, 1, 0), (-1, 0, 1), (0, -1, -1)),
        ((0, -1, 0), (1, -1, 1), (-1, -1, -1)),
        ((1, -1, 1), (0, 1, 0), (0, 0, 1)),
    ),
)
BIASES = (1, 0)


class Demo(NamedTuple):
    """One convolution: ``x (1, H, W, C)``, ``w (K, F, F, C)``, ``b (K,)``, stride and padding."""

    x: np.ndarray
    w: np.ndarray
    b: np.ndarray
    stride: int
    padding: int


def convolution_demo():
    """The notes' convolution as fresh float32 arrays, channels last: a Demo."""
    x = np.moveaxis(np.array(INPUT, np.float32), 0, -1)[None]
    w = np.moveaxis(np.array(FILTERS, np.float32), 1, -1)
    return Demo(
        np.ascontiguousarray(x),
        np.ascontiguousarray(w),
        np.array(BIASES, np.float32),
        stride=2,
        padding=1,
    )
