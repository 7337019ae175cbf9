"""How one unit of a net is computed: what each input channel gives it, and what is added.

All numbers are computed again in float64 from what the node reads, by the library's own operations.
"""

from dataclasses import dataclass, field, replace
from itertools import product
from typing import NamedTuple

import numpy as np

from .graph import check_unit
from .kinds import Kind
from .kinds.record import channel


@dataclass(frozen=True)
class Decomposition:
    """Unit ``unit`` of node ``node``: its ``parts`` add up, with the bias, to ``result (OH, OW)``.

    ``rule`` is "sum" (weighted channels, or the paths of a short cut), "window" (pooling) or
    "value" (each value by itself). Part p reads unit ``units[p]`` of node ``sources[p]``: its map
    ``x[p] (H, W)``, its weights ``w[p] (FH, FW)``, or ``(OH, OW, FH, FW)`` where every place has
    its own, and the intermediate map ``y[p] (OH, OW)``. Output row i reads the input rows
    ``rows[i]``, as pairs (row, tap), and columns alike. ``bias`` is None or of shape (1, 1) or (OH,
    OW); ``rest`` is what the ``left`` parts that are not kept add up to. ``more`` holds the other
    numbers of the formula.
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
    """A cell of a window: its place in the map, the tap ``(u, v)`` it meets, and their product."""

    row: int
    column: int
    u: int
    v: int
    inside: bool
    value: float
    weight: float
    product: float


def decompose(nodes, activations, number, unit):
    """The Decomposition of unit ``unit`` of node ``number``, from the activations of the nodes.

    Raises ValueError for the input, which nothing computes, and for a unit there is not.
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


def strongest(decomposition, most, place=None):
    """The same with at most ``most`` parts, the others as the one map they add up to.

    Kept are those that give most at ``place``, or on the whole if it is None.
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


def terms(decomposition, i, j):
    """Place (i, j) of the result: for each part a list of Terms, row by row of the window."""
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
