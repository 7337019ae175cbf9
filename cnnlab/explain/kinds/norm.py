"""The records of normalisation: each value by itself, with numbers that others have a part in."""

import numpy as np

from ... import ops
from ...layers import BatchNorm2d, GroupNorm, LocalResponseNorm
from ..axes import same_axes
from .record import Kind, channel, each_value, same_channels


def _batch(nodes, node, inputs, unit):
    mean, var = (node.layer.state[name][unit] for name in ("running_mean", "running_var"))
    return each_value(nodes, node, inputs, unit, _numbers(node.layer, unit, mean, var))


def _numbers(layer, unit, mean, var):
    """The numbers of ``weight · (x − mean) / √(var + eps) + bias``."""
    weight, bias = (layer.params[name][unit] for name in ("weight", "bias"))
    numbers = {"mean": mean, "var": var, "eps": layer.eps, "weight": weight, "bias": bias}
    return {name: float(value) for name, value in numbers.items()}


def _group(nodes, node, inputs, unit):
    (x,) = inputs
    low, high = _group_of(node, x.shape[-1], unit, unit + 1)
    mine = x[..., low:high]
    numbers = _numbers(node.layer, unit, mine.mean(), mine.var())
    return each_value(nodes, node, inputs, unit, numbers)


def _group_of(node, C, low, high):
    width = C // node.layer.num_groups
    return low // width * width, -(-high // width) * width


def _group_strengths(node, C):
    group = np.arange(C) // (C // node.layer.num_groups)
    return np.equal.outer(group, group).astype(float)


def _response(nodes, node, inputs, unit):
    """``scale`` is by how much the neighbours quieten each value."""
    (x,) = inputs
    value = channel(x, unit)
    y = ops.local_response_norm(x, node.layer.size, **node.layer.options())
    quiet = channel(y, unit)
    scale = np.where(value == 0, 1.0, value / np.where(quiet == 0, 1.0, quiet))
    return each_value(nodes, node, inputs, unit, {"scale": scale})


def _neighbours(node, C, low, high):
    reach = node.layer.size // 2
    return max(0, low - reach), min(C, high + reach)


def _neighbour_strengths(node, C):
    distance = np.abs(np.subtract.outer(np.arange(C), np.arange(C)))
    return (distance <= node.layer.size // 2).astype(float)


KINDS = {
    BatchNorm2d: Kind(
        "batch",
        contributions=_batch,
        channels=same_channels,
        axes=same_axes,
        formula="batch",
        detail=(),
        pointwise=True,
    ),
    GroupNorm: Kind(
        "group",
        contributions=_group,
        strengths=_group_strengths,
        channels=_group_of,
        formula="group",
        detail=("num_groups",),
        pointwise=True,
    ),
    LocalResponseNorm: Kind(
        "response",
        contributions=_response,
        strengths=_neighbour_strengths,
        channels=_neighbours,
        axes=same_axes,
        formula="response",
        detail=("size",),
        pointwise=True,
    ),
}
