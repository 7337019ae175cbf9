"""Which pixels can reach a unit: its exact receptive field, found by walking back through the net.

Down and across are independent, so each is computed by itself, for all places of a map at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from .axes import plane
from .kinds import JOIN
from .node import Node


class ReceptiveField(NamedTuple):
    """The receptive field of each position of a map along one axis.

    Attributes:
        box: its first pixel and the one past its last, ints ``(n, 2)``; it may reach beyond the
            image, into padding.
        seen: the part of it that holds pixels which do reach the unit; empty where none does.
    """

    box: np.ndarray
    seen: np.ndarray


class _Reached(NamedTuple):
    """What is reached of a node: ``boxes (n, 2)``, ``cells (n, length)`` as bools, the channels."""

    boxes: np.ndarray
    cells: np.ndarray
    channels: tuple


def receptive_field(
    nodes: Sequence[Node], number: int, unit: int | None = None
) -> tuple[ReceptiveField, ReceptiveField]:
    """The pixels that can reach a unit, for all positions of its map, down and across.

    Where paths meet, it is the smallest box around the fields of all of them. A row of numbers has
    a single position. A layer that reads all positions at once (Linear, GroupNorm, a layer the
    library does not know) sees all there is.

    Arguments:
        nodes: the graph of a net.
        number: the node.
        unit: one of its channels; any of them if None.

    Returns:
        Two ReceptiveFields, down and across.

    Examples:
        >>> from cnnlab import Conv2d, MaxPool2d, explain
        >>> net = cnnlab.Sequential(Conv2d(4, 3), MaxPool2d(2), input_shape=(8, 8, 1))
        >>> down, across = explain.receptive_field(explain.graph(net), 2)
        >>> down.box.tolist()
        [[0, 4], [2, 6], [4, 8]]
    """
    channels = (0, nodes[number].units) if unit is None else (unit, unit + 1)
    return tuple(_walk(nodes, number, channels, axis) for axis in (0, 1))


def _walk(nodes, number, channels, axis):
    """From the last node to the first; ``reached`` holds what was reached of each node."""
    places = np.arange(plane(nodes[number].shape)[axis])
    boxes = np.stack([places, places + 1], axis=1)
    reached = {number: _Reached(boxes, np.eye(len(places), dtype=bool), channels)}
    for n in range(number, 0, -1):
        if n not in reached:
            continue
        here = reached.pop(n)
        for source, channels in _sources(nodes, n, here.channels):
            there = _step(nodes[n], nodes[source], here._replace(channels=channels), axis)
            reached[source] = _union(reached[source], there) if source in reached else there
    return ReceptiveField(reached[0].boxes, _around(reached[0].cells))


def _step(node, source, reached, axis):
    """What is reached of a source of the node, where that much of the node itself is reached."""
    low, high = reached.channels
    reads = node.kind.axes(node, source.shape, low if high - low == 1 else None)[axis]
    return _Reached(
        reads.boxes(reached.boxes),
        reached.cells @ reads.links(),
        node.kind.channels(node, source.units, low, high),
    )


def _around(cells):
    """The smallest spans around the cells that are true; (0, 0) where none is."""
    stop = cells.shape[1] - cells[:, ::-1].argmax(axis=1)
    return np.where(cells.any(axis=1)[:, None], np.stack([cells.argmax(axis=1), stop], axis=1), 0)


def _sources(nodes, n, channels):
    """The nodes that node n reads for these channels, each with the channels meant of it."""
    node = nodes[n]
    if node.kind is not JOIN:
        return [(source, channels) for source in dict.fromkeys(node.inputs)]
    sources = []
    start = 0  # of the source's channels among those of the node
    for source in node.inputs:
        low = max(channels[0] - start, 0)
        high = min(channels[1] - start, nodes[source].units)
        if low < high:
            sources.append((source, (low, high)))
        start += nodes[source].units
    return sources


def _union(one, other):
    """What two paths reach together."""
    low = np.minimum(one.boxes[:, 0], other.boxes[:, 0])
    high = np.maximum(one.boxes[:, 1], other.boxes[:, 1])
    channels = (
        min(one.channels[0], other.channels[0]),
        max(one.channels[1], other.channels[1]),
    )
    return _Reached(np.stack([low, high], axis=1), one.cells | other.cells, channels)
