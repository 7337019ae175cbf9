"""The records of where the paths of a block meet: they are added, or put side by side."""

import numpy as np

from ...layers import Branches, Residual
from ..axes import Same, plane, same_axes
from .record import Kind, channel, reads_one_map, same_channels, sums_up


def _add(nodes, node, inputs, k):
    maps = np.stack([channel(x, k) for x in inputs], axis=-1)
    fields = sums_up((k,) * len(inputs), maps, None, maps, map(Same, maps.shape[:2]))
    return {**fields, "sources": node.inputs}


def _join(nodes, node, inputs, unit):
    """The unit of the path it comes from, as it is."""
    for number, x in zip(node.inputs, inputs, strict=True):
        if unit < x.shape[-1]:
            fields = reads_one_map(x, unit, map(Same, plane(x.shape)), "value")
            return {**fields, "sources": (number,)}
        unit -= x.shape[-1]
    raise AssertionError("a join has as many units as its paths together")


KINDS = {
    Residual: Kind(
        "add",
        contributions=_add,
        channels=same_channels,
        axes=same_axes,
        combine=lambda inputs: np.add(*inputs),
    ),
    Branches: Kind(
        "join",
        contributions=_join,
        channels=same_channels,
        axes=same_axes,
        combine=lambda inputs: np.concatenate(inputs, axis=-1),
        formula="join",
        hands_on=True,
    ),
}
