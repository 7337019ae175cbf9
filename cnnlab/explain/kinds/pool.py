"""The records of pooling: a unit is made of the windows of a single map."""

import numpy as np

from ... import ops
from ...layers import AvgPool2d, FractionalMaxPool2d, GlobalAvgPool2d, LpPool2d, MaxPool2d
from ...shapes import geometry
from ..axes import Regions, window_axes
from .record import Kind, reads_one_map, same_channels


def _windows(nodes, node, inputs, c, more=None):
    (x,) = inputs
    return reads_one_map(x, c, node.kind.axes(node, x.shape), "window", more)


def _average(nodes, node, inputs, c):
    return _windows(nodes, node, inputs, c, {"divisors": _divisors(node, inputs[0].shape)})


def _divisors(node, shape):
    """By how many cells each window's sum is divided: those in the image, or in padding too."""
    layer = node.layer
    stride = layer.kernel_size if layer.stride is None else layer.stride
    geo = geometry(shape[:2], layer.kernel_size, stride, layer.padding, layer.dilation, layer.fit)
    padding = geo.pads if layer.count_include_pad else ((0, 0), (0, 0))
    counts = [
        [sum(-before <= cell < size + after for cell, _ in window) for window in axis.taps()]
        for axis, size, (before, after) in zip(
            window_axes(node, shape), shape[:2], padding, strict=True
        )
    ]
    return np.outer(*counts)


def _global(nodes, node, inputs, c):
    H, W, _ = inputs[0].shape
    return _windows(nodes, node, inputs, c, {"divisors": np.full((1, 1), H * W)})


def _lp(nodes, node, inputs, c):
    return _windows(nodes, node, inputs, c, {"p": node.layer.p})


def _regions(node, shape, unit=None):
    layer = node.layer
    grid = ops.fractional_grid(shape[:2], layer.ratio, pattern=layer.pattern, rng=layer.seed)
    return tuple(
        Regions(np.asarray(edges), size, bool(layer.overlapping))
        for edges, size in zip(grid, shape[:2], strict=True)
    )


KINDS = {
    MaxPool2d: Kind(
        "max",
        contributions=_windows,
        channels=same_channels,
        axes=window_axes,
        formula="max",
        detail=("kernel_size",),
        pools=True,
        largest=True,
    ),
    AvgPool2d: Kind(
        "average",
        contributions=_average,
        channels=same_channels,
        axes=window_axes,
        formula="mean",
        detail=("kernel_size",),
        pools=True,
    ),
    LpPool2d: Kind(
        "lp",
        contributions=_lp,
        channels=same_channels,
        axes=window_axes,
        formula="lp",
        detail=("kernel_size", "p"),
        pools=True,
    ),
    FractionalMaxPool2d: Kind(
        "fractional",
        contributions=_windows,
        channels=same_channels,
        axes=_regions,
        formula="max",
        detail=("ratio",),
        pools=True,
        largest=True,
    ),
    GlobalAvgPool2d: Kind("global", contributions=_global, channels=same_channels, formula="mean"),
}
