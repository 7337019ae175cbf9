"""The three directions of a convolution as one kind of walk: what is read, computed and written.

Forward, an image is read; for its gradient, dy, as often as the stride has remainders, and the
filters are turned; for the gradient of the weights the image again, once for every tap.
"""

from dataclasses import dataclass
from math import prod
from typing import NamedTuple

import numpy as np


class Target(NamedTuple):
    """Where the results go, in numbers of the array that is written."""

    image: int  # numbers of an image,
    row: int  # from one of its rows to the next,
    cell: int  # from one of its places to the next,
    first: int  # and before the first


@dataclass(frozen=True, eq=False)
class Direction:
    """One of them, before ``plan`` cuts it into blocks."""

    x: tuple  # (N, H, W, C) that is read
    out: tuple  # (OH, OW, K) that is computed of an image
    stride: tuple
    pad_before: tuple  # (rows, columns) of zeros before the image; below 0: cells left out
    rows: list  # of x that a window reads, from the first one
    columns: list
    taps: np.ndarray  # where the numbers of one filter lie: (rows, columns, channels of a group)
    all_groups: int
    target: Target
    w_filter: int  # numbers of the weights from one filter of a group to the next
    w_size: int  # of all weights
    for_weights: bool = False  # is their gradient computed?

    @property
    def depthwise(self):
        """Are there one channel and one filter to a group?"""
        return is_depthwise(self.x[3], self.out[2], self.all_groups)

    @property
    def groups(self):
        """Groups to walk one by one; the channels of a depthwise convolution go side by side."""
        return 1 if self.depthwise else self.all_groups

    @property
    def filters(self):
        """Filters of one such group."""
        return self.out[2] // self.groups

    @property
    def channels(self):
        """Channels that one filter reads."""
        return self.x[3] // self.all_groups

    @property
    def span(self):
        """Rows and columns from the first cell that a window reads to its last."""
        return self.rows[-1] + 1, self.columns[-1] + 1


def forward(x, w, y, window, groups, for_weights=False):
    """``conv2d`` of arrays of these shapes, or ``conv2d_dw``, the gradient of the weights."""
    _, FH, FW, C = w
    _, OH, OW, K = y
    return Direction(
        x=x,
        out=(OH, OW, K),
        stride=window.stride,
        pad_before=window.pad_before,
        rows=[u * window.dilation[0] for u in range(FH)],
        columns=[v * window.dilation[1] for v in range(FW)],
        taps=np.arange(FH * FW * C).reshape(FH, FW, C),
        all_groups=groups,
        target=Target(image=OH * OW * K, row=OW * K, cell=K, first=0),
        w_filter=FH * FW * C,
        w_size=prod(w),
        for_weights=for_weights,
    )


def backward(a, c, dy, w, dx, window, groups):
    """``conv2d_dx`` of the cells whose row and column leave ``a`` and ``c`` over, by the stride.

    A cell at row ``a + k·S`` meets tap ``u`` of output row ``k + (a + P − u·D) / S``, where that is
    whole. None where no window reads them.
    """
    K, FH, FW, C = w
    _, H, W, channels = dx
    _, S, P, D = window
    rows, us = _matching_taps(a, FH, S[0], P[0], D[0])
    columns, vs = _matching_taps(c, FW, S[1], P[1], D[1])
    if not us or not vs:
        return None
    # Filter k is a channel here: its weight for the first channel of its group, for every tap.
    taps = np.arange(K // groups * FH * FW * C).reshape(K // groups, FH, FW, C)[..., 0]
    return Direction(
        x=dy,
        out=(-(-(H - a) // S[0]), -(-(W - c) // S[1]), channels),
        stride=(1, 1),
        pad_before=(-min(rows), -min(columns)),
        rows=[row - min(rows) for row in rows],
        columns=[column - min(columns) for column in columns],
        taps=taps.transpose(1, 2, 0)[np.ix_(us, vs)],
        all_groups=groups,
        target=Target(
            image=H * W * channels,
            row=S[0] * W * channels,
            cell=S[1] * channels,
            first=(a * W + c) * channels,
        ),
        w_filter=FH * FW if is_depthwise(channels, K, groups) else 1,
        w_size=prod(w),
    )


def _matching_taps(a, F, S, P, D):
    """Rows of dy, rising, that a cell with remainder ``a`` meets, and the tap that meets each."""
    pairs = sorted(((a + P - u * D) // S, u) for u in range(F) if (a + P - u * D) % S == 0)
    return [row for row, _ in pairs], [u for _, u in pairs]


def is_depthwise(C, K, groups):
    """Is there one channel and one filter to a group? Then all go side by side, as one group."""
    return groups > 1 and C == K == groups
