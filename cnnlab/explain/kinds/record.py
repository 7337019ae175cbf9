"""Kind, the record of all that is needed to explain a kind of layer and to draw it.

Where a kind says nothing, it is treated like a layer that the library does not know: every unit may
read every channel at every place, and its values are shown without a formula.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ..axes import Same, plane, whole_axes


def channel(a, unit):
    """Unit ``unit`` of an activation, as (H, W); of a row of numbers as (1, 1)."""
    return a[..., unit].reshape(a.shape[:-1] or (1, 1))


def reads_one_map(x, unit, axes, rule, more=None):
    """The Decomposition's fields of a unit that reads a single map, unit ``unit`` of ``x``."""
    source = channel(x, unit)[None]
    rows, columns = (axis.taps() for axis in axes)
    return {
        "rule": rule,
        "units": (unit,),
        "x": source,
        "y": source,
        "rows": rows,
        "columns": columns,
        "more": more or {},
    }


def sums_up(units, x, w, y, axes, bias=None):
    """The Decomposition's fields of a sum; maps ``x`` and intermediate maps ``y`` channels last."""
    x = np.moveaxis(x, -1, 0)
    y = np.moveaxis(y, -1, 0)
    rows, columns = (axis.taps() for axis in axes)
    return {
        "rule": "sum",
        "units": tuple(units),
        "x": x,
        "w": w,
        "y": y,
        "rows": rows,
        "columns": columns,
        "bias": bias,
        "result": y.sum(axis=0) + (0 if bias is None else bias),
    }


def each_value(nodes, node, inputs, unit, more=None):
    """Each value by itself; where an unknown layer makes maps a row, no place is known."""
    x = inputs[0]
    becomes_flat = x.ndim == 3 and node.flat
    axes = (Same(0), Same(0)) if becomes_flat else map(Same, plane(x.shape))
    return reads_one_map(x, min(unit, x.shape[-1] - 1), axes, "value", more)


def unit_by_unit(node, C):
    """Each unit reads the channel of its number; every channel where their numbers differ."""
    return np.eye(C) if node.units == C else np.ones((node.units, C))


def all_channels(node, C, low, high):
    """Units from ``low`` to ``high`` read all C channels."""
    return 0, C


def same_channels(node, C, low, high):
    """Units from ``low`` to ``high`` read the channels of the same numbers."""
    return low, high


@dataclass(frozen=True, eq=False)
class Kind:
    """A kind of layer: ``name`` is the key of its words, ``layer.kind_NAME``.

    ``contributions(nodes, node, inputs, unit)`` gives the fields of the unit's Decomposition from
    the inputs in float64. ``strengths(node, C)`` says how strongly each unit reads each of C
    channels, as an array (units, C), where 0 is: not at all. ``channels(node, C, low, high)`` are
    the first and the end of the channels that the units from low to high read, and
    ``axes(node, shape, unit)`` the axes down and across over an input of that shape, of one unit or
    of all (None). ``filters(nodes, node)`` are the weights as (K, FH, FW, C), None of a kind
    without weights. ``combine(inputs)`` is the output of a step with several inputs.

    ``formula`` is the last word in the key of its sentence where a unit is no sum, as in
    ``networkexplorer.value_FORMULA`` or ``window_FORMULA``. ``detail`` names the hyperparameters in
    ``layer.detail_NAME``, the second line over its maps; None: there is no such line.
    """

    name: str
    contributions: Callable = each_value
    strengths: Callable = unit_by_unit
    channels: Callable = all_channels
    axes: Callable = whole_axes
    filters: Callable | None = None
    combine: Callable | None = None
    formula: str = ""
    detail: tuple | None = None
    pointwise: bool = False  # it changes values one by one, and folds into what it follows
    pools: bool = False  # its maps are those it reads, made smaller
    largest: bool = False  # it takes the largest value of each window
    flattens: bool = False  # it makes an image a row of the same numbers
    hands_on: bool = False  # its values are some of those it reads, as they are
    dense: bool = False  # every unit has a weight for every value
    unshared: bool = False  # every place has weights of its own
    activation: bool = False  # it is the nonlinearity behind a layer with weights
    rectifies: bool = False  # it makes negative values 0: a unit that is 0 for every image is dead


def flattened_shape(nodes, number):
    """The (H, W, C) of the image whose values, in order, make this row of numbers; None if none."""
    node = nodes[number]
    if node.kind.flattens:
        shape = nodes[node.inputs[0]].shape
        return shape if len(shape) == 3 else flattened_shape(nodes, node.inputs[0])
    if node.flat and node.kind.pointwise:
        return flattened_shape(nodes, node.inputs[0])
    return None
