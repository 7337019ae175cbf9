"""The records of layers that change every value by itself, and of Flatten."""

import numpy as np

from ...layers import Dropout, Flatten, ReLU, Sigmoid, Tanh
from ..axes import Pixel, same_axes, whole_axes
from .record import Kind, reads_one_map, same_channels


def _pointwise(name, **fields):
    return Kind(
        name,
        channels=same_channels,
        axes=same_axes,
        formula=name,
        pointwise=True,
        **fields,
    )


def _flatten(nodes, node, inputs, unit):
    (x,) = inputs
    shape = x.shape if x.ndim == 3 else (1, 1, len(x))
    c = int(np.unravel_index(unit, shape)[2])
    return reads_one_map(x, c, _pixel(node, shape, unit), "value")


def _pixel(node, shape, unit=None):
    """A unit reads a single pixel, all units together read every one."""
    if unit is None or len(shape) == 1:
        return whole_axes(node, shape)
    return tuple(map(Pixel, map(int, np.unravel_index(unit, shape)[:2]), shape))


def _channel_of_pixel(node, C, low, high):
    return (low % C, low % C + 1) if high - low == 1 else (0, C)


def _flatten_strengths(node, C):
    return (np.arange(node.units)[:, None] % C == np.arange(C)).astype(float)


KINDS = {
    ReLU: _pointwise("relu", activation=True, rectifies=True),
    Tanh: _pointwise("tanh", activation=True),
    Sigmoid: _pointwise("sigmoid", activation=True),
    Dropout: _pointwise("dropout", detail=("p",)),
    Flatten: Kind(
        "flatten",
        contributions=_flatten,
        strengths=_flatten_strengths,
        channels=_channel_of_pixel,
        axes=_pixel,
        formula="flatten",
        flattens=True,
        hands_on=True,
    ),
}
