"""A net as a graph of steps, with short cuts and branches taken apart, and what each step makes of
one picture.

Every layer, also one inside a block, is a node; a block ends in a node that adds or joins what its
paths made.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..layers import (
    AvgPool2d,
    BatchNorm2d,
    Branches,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    FractionalMaxPool2d,
    GlobalAvgPool2d,
    GroupNorm,
    Layer,
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    LpPool2d,
    MaxPool2d,
    ReLU,
    Residual,
    Sigmoid,
    Tanh,
)
from ..layers.container import LayerList, prepared

KINDS = {
    Conv2d: "conv",
    ConvTranspose2d: "transpose",
    LocallyConnected2d: "local",
    Linear: "linear",
    MaxPool2d: "max",
    AvgPool2d: "average",
    LpPool2d: "lp",
    FractionalMaxPool2d: "fractional",
    GlobalAvgPool2d: "global",
    ReLU: "relu",
    Tanh: "tanh",
    Sigmoid: "sigmoid",
    Dropout: "dropout",
    Flatten: "flatten",
    BatchNorm2d: "batch",
    GroupNorm: "group",
    LocalResponseNorm: "response",
}
POINTWISE = (
    "relu",
    "tanh",
    "sigmoid",
    "dropout",
    "batch",
    "group",
    "response",
)  # these fold into what they follow
POOLS = ("max", "average", "lp", "fractional")
BODY = 0.6  # of the height, where a short cut has layers of its own


class Node(NamedTuple):
    """One step: its ``name`` is the layer's place ("3.body.0"), ``kind`` one of KINDS, "input",
    "add", "join", "other".

    ``inputs`` are the numbers of the nodes it reads, ``column`` is how many steps it stands behind
    the input, and ``lane`` which part of the height is its own, from 0 to 1. ``shape`` is (H, W, C)
    or (D,).
    """

    name: str
    kind: str
    layer: Layer | None
    shape: tuple
    inputs: tuple
    column: int
    lane: tuple

    @property
    def units(self):
        """How many maps it has, or values where it is a row of numbers."""
        return self.shape[-1]

    @property
    def flat(self):
        """Is it a row of numbers, without height and width?"""
        return len(self.shape) == 1


def graph(net):
    """All nodes of a net, each after those it reads; node 0 is the input. Raises ValueError if no
    input is known.
    """
    if net.input_shape is None:
        raise ValueError(
            "the net does not know its input yet: give input_shape=(H, W, C), or call forward once"
        )
    net.params.keys()  # a net makes its parameters when they are first asked for
    nodes = [Node("input", "input", None, net.input_shape, (), 0, (0.0, 1.0))]
    _run(nodes, "", net, 0, (0.0, 1.0))
    return tuple(nodes)


def _run(nodes, place, stack, source, lane):
    """Append the layers of a stack, the first of them reading node ``source``; the number of the
    last.
    """
    for name, layer in stack.children().items():
        source = _add(nodes, f"{place}{name}", layer, source, lane)
    return source


def _add(nodes, name, layer, source, lane):
    if isinstance(layer, LayerList):
        return _run(nodes, f"{name}.", layer, source, lane)
    if isinstance(layer, (Residual, Branches)):
        paths, kind = layer.children(), "add" if isinstance(layer, Residual) else "join"
        lanes = _lanes(layer, lane)
        ends = [
            _add(nodes, f"{name}.{part}", paths[part], source, at)
            for part, at in zip(paths, lanes, strict=True)
        ]
        return _append(nodes, name, kind, layer, ends, lane)
    return _append(nodes, name, KINDS.get(type(layer), "other"), layer, [source], lane)


def _lanes(layer, lane):
    """Which part of the height each path of a block takes; a short cut without layers takes
    none.
    """
    if isinstance(layer, Residual):
        edges = (0, BODY, 1) if layer.shortcut.layers else (0, 1, 1)
    else:
        edges = np.linspace(0, 1, len(layer.branches) + 1)
    low, high = lane
    edges = [low + float(edge) * (high - low) for edge in edges]
    return list(pairwise(edges))


def _append(nodes, name, kind, layer, inputs, lane):
    column = 1 + max(nodes[n].column for n in inputs)
    nodes.append(Node(name, kind, layer, tuple(layer.output_shape), tuple(inputs), column, lane))
    return len(nodes) - 1


def activations(nodes, x):
    """What every node makes of one picture ``x (H, W, C)``: a list of arrays of the nodes' shapes.

    The layers are run one by one, so that what a block does inside is seen too.
    """
    found = [np.ascontiguousarray(x, _dtype(nodes, np.asarray(x).dtype))[None]]
    with np.errstate(all="ignore"):  # values that are not finite are shown, not warned about
        for node in nodes[1:]:
            found.append(output(node, [found[n] for n in node.inputs]))
    return [values[0] for values in found]


def _dtype(nodes, given):
    """What the net computes with: the type of its parameters; where it has none, that of the
    picture.
    """
    arrays = (array for node in nodes[1:] for array in node.layer.params.values())
    return next(
        (array.dtype for array in arrays), given if given == np.float64 else np.dtype(np.float32)
    )


def output(node, inputs):
    """What a node makes of a batch of each of its inputs."""
    if node.kind == "add":
        return np.add(*inputs)
    if node.kind == "join":
        return np.concatenate(inputs, axis=-1)
    y = node.layer.forward(prepared(node.layer, inputs[0]))
    node.layer.clear_saved()  # nothing will be sent backward: let go of what the layer kept
    return y


def chain_starts(nodes):
    """For each node the first of those whose maps are the same ones, changed in value or size: conv
    for its ReLU.
    """
    found = []
    for number, node in enumerate(nodes):
        follows = node.kind in POINTWISE + POOLS
        found.append(found[node.inputs[0]] if follows else number)
    return found


def flattened_shape(nodes, number):
    """The (H, W, C) of the image whose values, in order, are those of this row of numbers; None if
    it is none.
    """
    node = nodes[number]
    if node.kind == "flatten":
        shape = nodes[node.inputs[0]].shape
        return shape if len(shape) == 3 else flattened_shape(nodes, node.inputs[0])
    if node.flat and node.kind in POINTWISE:
        return flattened_shape(nodes, node.inputs[0])
    return None


def connection_strengths(nodes, number):
    """For each input of a node, how strongly each of its units reads each unit there: arrays
    (units, units there).

    Where there are weights, it is the norm of those between the two, else 1; 0 is: not at all.
    """
    node = nodes[number]
    if node.kind == "join":
        ends = np.cumsum([0, *(nodes[n].units for n in node.inputs)])
        return [np.eye(node.units)[:, low:high] for low, high in pairwise(ends)]
    return [_strength(node, nodes[n].units) for n in node.inputs]


def _strength(node, C):
    K, layer = node.units, node.layer
    if node.kind in ("conv", "transpose"):
        return _grouped(node, C)
    if node.kind == "local":
        return np.sqrt(np.square(layer.params["weight"], dtype=float).sum(axis=(0, 1, 3, 4)))
    if node.kind == "linear":
        return np.abs(layer.params["weight"])
    near = np.abs(np.subtract.outer(np.arange(K), np.arange(C)))
    if node.kind == "response":
        return (near <= layer.size // 2).astype(float)
    if node.kind == "group":
        width = C // layer.num_groups
        return np.equal.outer(np.arange(K) // width, np.arange(C) // width).astype(float)
    if node.kind == "flatten":
        return (np.arange(K)[:, None] % C == np.arange(C)).astype(float)
    return (near == 0).astype(float) if K == C else np.ones((K, C))


def _grouped(node, C):
    """The norms of the slices, each group of units reading its own channels only."""
    K = node.units
    w = node.layer.params["weight"]
    groups = node.layer.groups
    norms = np.sqrt(np.square(w, dtype=float).sum(axis=(1, 2)))
    norms = (
        norms.T if node.kind == "transpose" else norms
    )  # (units, units there), but for the groups
    found = np.zeros((K, C))
    for g in range(groups):
        mine = slice(g * K // groups, (g + 1) * K // groups)
        read = slice(g * C // groups, (g + 1) * C // groups)
        found[mine, read] = norms[:, read] if node.kind == "transpose" else norms[mine]
    return found
