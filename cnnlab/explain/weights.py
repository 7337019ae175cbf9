"""The filters of any layer with weights, as images: what each unit multiplies its inputs with."""

from __future__ import annotations

from collections.abc import Sequence

from ..typing import Array
from .node import Node


def filters_of(nodes: Sequence[Node], number: int) -> Array:
    """The weights of every unit of a node as filters.

    A Linear behind a Flatten has filters as large as the image; of unshared filters it is those of
    the middle position.

    Arguments:
        nodes: the graph of a net.
        number: the node.

    Returns:
        Filters ``(K, FH, FW, C)``, C channels of what it reads.

    Raises:
        ValueError: the layer has no weights of this kind.

    Examples:
        >>> from cnnlab import Flatten, Linear, explain
        >>> net = cnnlab.Sequential(Flatten(), Linear(10), input_shape=(8, 8, 1))
        >>> explain.filters_of(explain.graph(net), 2).shape
        (10, 8, 8, 1)
    """
    node = nodes[number]
    if node.kind.filters is None:
        names = [other.name for other in nodes if other.kind.filters]
        known = ", ".join(names) or "none, it has no such layers"
        raise ValueError(f"layer {node.name} has no filters: use one of {known}")
    return node.kind.filters(nodes, node)
