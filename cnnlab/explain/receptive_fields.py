"""Which pixels can reach a unit: its exact receptive field, found by walking back from it through
the net.

Down and across are independent, so each is worked out by itself, for all places of a map at once.
"""

from typing import NamedTuple

import numpy as np

from .. import ops
from ..shapes import extent, geometry, pads, pair

WINDOWS = ("conv", "local", "max", "average", "lp")
KEEPS = (
    "relu",
    "tanh",
    "sigmoid",
    "dropout",
    "batch",
    "response",
    "add",
    "max",
    "average",
    "lp",
    "fractional",
)


class ReceptiveField(NamedTuple):
    """The receptive field of each place of a map along one axis: its first pixel and the one past
    its last, ``(n, 2)``.

    ``box`` may reach beyond the picture, into padding; ``seen`` is the part of it that holds pixels
    which do reach the unit, and is empty where none does.
    """

    box: np.ndarray
    seen: np.ndarray


def receptive_field(nodes, number, unit=None):
    """Fields down and across of unit ``unit`` of a node (of any unit if None), for all its places,
    as two Fields.

    Where paths meet, it is the smallest box around the fields of all of them. A row of numbers has
    a single place. A layer that reads all places at once (Linear, GroupNorm, a layer the library
    does not know) sees all there is.
    """
    channels = (0, nodes[number].units) if unit is None else (unit, unit + 1)
    return tuple(_walk(nodes, number, channels, axis) for axis in (0, 1))


def _walk(nodes, number, channels, axis):
    """From the last node to the first; ``reached`` holds, by node, (spans, cells, channels) of what
    was reached there.

    ``spans`` are those of the boxes, ``cells (places, length)`` is true for the cells that do
    matter.
    """
    places = np.arange(_length(nodes[number], axis))
    reached = {
        number: (np.stack([places, places + 1], axis=1), np.eye(len(places), dtype=bool), channels)
    }
    for n in range(number, 0, -1):
        if n not in reached:
            continue
        spans, cells, channels = reached.pop(n)
        for source, part in _sources(nodes, n, channels):
            there = (
                _spans(nodes, n, source, part, axis)(spans),
                cells @ _links(nodes, n, source, part, axis),
            )
            there = (*there, _channels(nodes, n, source, part))
            reached[source] = _union(reached[source], there) if source in reached else there
    spans, cells, _ = reached[0]
    return ReceptiveField(spans, _around(cells))


def _around(cells):
    """The smallest spans around the cells that are true; (0, 0) where none is."""
    stop = cells.shape[1] - cells[:, ::-1].argmax(axis=1)
    return np.where(cells.any(axis=1)[:, None], np.stack([cells.argmax(axis=1), stop], axis=1), 0)


def _length(node, axis):
    return 1 if node.flat else node.shape[axis]


def _sources(nodes, n, channels):
    """The nodes that node n reads for these channels, each with the channels meant, counted from
    its own first.
    """
    node = nodes[n]
    if node.kind != "join":
        return [(source, channels) for source in dict.fromkeys(node.inputs)]
    found, start = [], 0
    for source in node.inputs:
        low, high = max(channels[0] - start, 0), min(channels[1] - start, nodes[source].units)
        if low < high:
            found.append((source, (low, high)))
        start += nodes[source].units
    return found


def _channels(nodes, n, source, channels):
    """Which channels of the source these channels of node n read."""
    node, all_of_it = nodes[n], (0, nodes[source].units)
    low, high = channels
    if node.kind == "response":
        reach = node.layer.size // 2
        return max(0, low - reach), min(all_of_it[1], high + reach)
    if node.kind == "flatten" and high - low == 1:
        return low % all_of_it[1], low % all_of_it[1] + 1
    if node.kind in ("conv", "transpose"):
        mine, theirs = node.units // node.layer.groups, all_of_it[1] // node.layer.groups
        return low // mine * theirs, -(-high // mine) * theirs
    return channels if node.kind in KEEPS or node.kind == "join" else all_of_it


def _geometry(node, size, axis):
    """Stride, padding before, dilation and filter extent of a window along an axis, and how many
    windows there are.
    """
    layer = node.layer
    stride = layer.kernel_size if layer.stride is None else layer.stride
    geo = geometry(size, layer.kernel_size, stride, layer.padding, layer.dilation, layer.fit)
    return geo.stride[axis], geo.pads[axis][0], geo.dilation[axis], geo.kernel[axis]


def _stamps(node, axis):
    """The same of a transposed convolution."""
    layer = node.layer
    stride, dilation, kernel = (
        pair(getattr(layer, name), name)[axis] for name in ("stride", "dilation", "kernel_size")
    )
    return stride, pads(layer.padding)[axis][0], dilation, kernel


def _edges(node, size, axis):
    layer = node.layer
    return np.asarray(
        ops.fractional_grid(size, layer.ratio, pattern=layer.pattern, rng=layer.seed)[axis]
    )


def _links(nodes, n, source, channels, axis):
    """Which cell of the source each place of node n reads: bools ``(places, cells)``."""
    node = nodes[n]
    places = _length(nodes[n], axis)
    cells = _length(nodes[source], axis)
    out, at = np.arange(places)[:, None], np.arange(cells)
    if node.kind in WINDOWS:
        S, P, D, F = _geometry(node, nodes[source].shape[:2], axis)
        u = at - (out * S - P)
        return (u >= 0) & (u < D * F) & (u % D == 0)
    if node.kind == "transpose":
        S, P, D, F = _stamps(node, axis)
        u = out + P - S * at
        return (u >= 0) & (u < D * F) & (u % D == 0)
    if node.kind == "fractional":
        edges = _edges(node, nodes[source].shape[:2], axis)
        return (at >= edges[:-1, None]) & (at < edges[1:, None] + bool(node.layer.overlapping))
    if node.kind == "flatten" and channels[1] - channels[0] == 1 and not nodes[source].flat:
        return at == np.unravel_index(channels[0], nodes[source].shape)[axis] + 0 * out
    if node.kind in (*KEEPS, "join") and places == cells:
        return out == at
    return np.ones((places, cells), bool)


def _spans(nodes, n, source, channels, axis):
    """How the boxes around places of node n become boxes on the node it reads; these may reach
    beyond its map.
    """
    node, cells = nodes[n], _length(nodes[source], axis)
    if node.kind in WINDOWS:
        S, P, D, F = _geometry(node, nodes[source].shape[:2], axis)
        return lambda spans: spans * S - P + np.array([0, extent(F, D) - S])
    if node.kind == "transpose":
        S, P, D, F = _stamps(node, axis)
        return lambda spans: np.stack(
            [-((D * (F - 1) - P - spans[:, 0]) // S), (spans[:, 1] - 1 + P) // S + 1], axis=1
        )
    if node.kind == "fractional":
        edges = _edges(node, nodes[source].shape[:2], axis)
        more = np.array([0, bool(node.layer.overlapping)])
        return lambda spans: np.minimum(edges[np.clip(spans, 0, len(edges) - 1)] + more, cells)
    if node.kind in (*KEEPS, "join") and not node.flat:
        return lambda spans: spans
    whole = _around(_links(nodes, n, source, channels, axis)[:1])  # the same for all places
    return lambda spans: np.repeat(whole, len(spans), axis=0)


def _union(one, other):
    """What two paths reach together."""
    (a, these, mine), (b, those, yours) = one, other
    both = np.stack([np.minimum(a[:, 0], b[:, 0]), np.maximum(a[:, 1], b[:, 1])], axis=1)
    return both, these | those, (min(mine[0], yours[0]), max(mine[1], yours[1]))
