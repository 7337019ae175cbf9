"""How one unit of a net is computed: what each input channel gives it, and what is added.

All numbers are computed again in float64 from what the node reads, by the library's own operations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from ..typing import Array
from .graph import check_unit
from .kinds import Kind
from .kinds.record import channel
from .node import Node


@dataclass(frozen=True)
class Decomposition:
    """How one unit is computed: its parts add up, with the bias, to the result.

    Attributes:
        node: the number of the node.
        unit: its channel.
        kind: the kind of layer.
        rule: "sum" (weighted channels, or the paths of a shortcut), "window" (pooling) or "value"
            (each value by itself).
        result: the map of the unit, ``(OH, OW)``.
        sources: the node that each part reads.
        units: the channel that each part reads there.
        x: the map that each part reads, ``(parts, H, W)``.
        y: what each part gives, ``(parts, OH, OW)``.
        rows: for each output row the input rows it reads, as pairs (row, tap).
        columns: the same of columns.
        w: the weights of each part, ``(FH, FW)``, or ``(OH, OW, FH, FW)`` where every position has
            its own.
        bias: None, or of shape (1, 1) or (OH, OW).
        rest: what the parts that are not kept add up to.
        left: how many they are.
        more: whatever else the formula needs.
    """

    node: int
    unit: int
    kind: Kind
    rule: str
    result: np.ndarray
    sources: tuple
    units: tuple
    x: np.ndarray
    y: np.ndarray
    rows: tuple
    columns: tuple
    w: np.ndarray | None = None
    bias: np.ndarray | None = None
    rest: np.ndarray | None = None
    left: int = 0
    more: dict = field(default_factory=dict)


class Term(NamedTuple):
    """A cell of a window, the weight it meets, and what they make.

    Attributes:
        row: its row in the map it is read from.
        column: its column there.
        u: the row of the tap.
        v: the column of the tap.
        inside: whether the cell lies inside the map.
        value: what it holds; 0 outside.
        weight: what it is multiplied with.
        product: of the two.
    """

    row: int
    column: int
    u: int
    v: int
    inside: bool
    value: float
    weight: float
    product: float


def decompose(
    nodes: Sequence[Node], activations: Sequence[Array], number: int, unit: int
) -> Decomposition:
    """How one unit is computed, worked out in float64.

    Arguments:
        nodes: the graph of a net.
        activations: what each node makes of an image, see ``activations``.
        number: the node.
        unit: its channel.

    Returns:
        A Decomposition.

    Raises:
        ValueError: nothing computes the input, or there is no such unit.

    Examples:
        >>> from cnnlab import Conv2d, explain
        >>> net = cnnlab.Sequential(Conv2d(2, 3), input_shape=(5, 6, 3))
        >>> nodes = explain.graph(net)
        >>> parts = explain.decompose(nodes, explain.activations(nodes, np.ones((5, 6, 3))), 1, 0)
        >>> parts.y.shape, parts.result.shape
        ((3, 3, 4), (3, 4))
    """
    node = nodes[number]
    if number == 0:
        raise ValueError("the input is not computed: decompose a unit of a layer")
    check_unit(node, unit)
    inputs = [np.asarray(activations[n], float) for n in node.inputs]
    with np.errstate(all="ignore"):
        fields = node.kind.contributions(nodes, node, inputs, unit)
    fields.setdefault("result", channel(np.asarray(activations[number], float), unit))
    fields.setdefault("sources", (node.inputs[0],) * len(fields["units"]))
    return Decomposition(number, unit, node.kind, **fields)


def strongest(
    decomposition: Decomposition, most: int, place: tuple[int, int] | None = None
) -> Decomposition:
    """The same with the strongest parts only; the rest as one map.

    Arguments:
        decomposition: how a unit is computed.
        most: parts to keep.
        place: the position ``(i, j)`` where they give most; on the whole map if None.

    Returns:
        A Decomposition.

    Examples:
        >>> from cnnlab import Conv2d, explain
        >>> net = cnnlab.Sequential(Conv2d(2, 3), input_shape=(5, 6, 3))
        >>> nodes = explain.graph(net)
        >>> parts = explain.decompose(nodes, explain.activations(nodes, np.ones((5, 6, 3))), 1, 0)
        >>> explain.strongest(parts, 2).y.shape
        (2, 3, 4)
    """
    if len(decomposition.units) <= most:
        return decomposition
    size = np.abs(decomposition.y if place is None else decomposition.y[:, place[0], place[1]])
    size = np.nan_to_num(size.reshape(len(size), -1).mean(axis=1), nan=np.inf)
    kept = np.sort(np.argsort(-size, kind="stable")[:most])
    left = np.setdiff1d(np.arange(len(size)), kept)
    return replace(
        decomposition,
        sources=tuple(decomposition.sources[p] for p in kept),
        units=tuple(decomposition.units[p] for p in kept),
        x=decomposition.x[kept],
        w=None if decomposition.w is None else decomposition.w[kept],
        y=decomposition.y[kept],
        rest=decomposition.y[left].sum(axis=0),
        left=len(left),
    )


def terms(decomposition: Decomposition, i: int, j: int) -> list[list[Term]]:
    """One position of the result, written out: for each part its Terms, row by row of the window.

    Arguments:
        decomposition: how a unit is computed.
        i: the row of the output.
        j: its column.

    Returns:
        A list of Terms for each part.

    Examples:
        >>> from cnnlab import Conv2d, explain
        >>> net = cnnlab.Sequential(Conv2d(2, 3), input_shape=(5, 6, 3))
        >>> nodes = explain.graph(net)
        >>> parts = explain.decompose(nodes, explain.activations(nodes, np.ones((5, 6, 3))), 1, 0)
        >>> [len(part) for part in explain.terms(parts, 0, 0)]
        [9, 9, 9]
    """
    return [
        [
            _term(decomposition, p, i, j, *taps)
            for taps in product(decomposition.rows[i], decomposition.columns[j])
        ]
        for p in range(len(decomposition.units))
    ]


def _term(decomposition, p, i, j, down, across):
    (row, u), (column, v) = down, across
    H, W = decomposition.x.shape[1:]
    inside = 0 <= row < H and 0 <= column < W
    value = float(decomposition.x[p, row, column]) if inside else 0.0
    w = decomposition.w
    weight = 1.0 if w is None else float(w[p, u, v] if w.ndim == 3 else w[p, i, j, u, v])
    return Term(row, column, u, v, inside, value, weight, value * weight if inside else 0.0)
