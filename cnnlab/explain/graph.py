"""A net as a graph of steps, blocks taken apart, and the activations of each step for one image.

Every layer, also one inside a block, is a node; a block ends in a node that adds or joins the
outputs of its paths.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from ..layers import Branches, Residual
from ..layers.container import LayerList, prepared
from ..typing import Array, ArrayLike
from ..validation import is_integer
from .kinds import INPUT, JOIN, KINDS, kind_of
from .node import Node

BODY = 0.6  # of the height, where a short cut has layers of its own


def graph(net: Any) -> tuple[Node, ...]:
    """A net as a graph of steps, with shortcuts and branches taken apart.

    Arguments:
        net: a Sequential.

    Returns:
        All nodes, each after those it reads; node 0 is the input.

    Raises:
        ValueError: the net does not know its input yet.

    Examples:
        >>> from cnnlab import Conv2d, ReLU, Residual, explain
        >>> net = cnnlab.Sequential(Residual(Conv2d(3, 1), ReLU()), input_shape=(4, 4, 3))
        >>> [node.name for node in explain.graph(net)][:3]
        ['input', '0.body.0', '0.body.1']
    """
    if net.input_shape is None:
        raise ValueError(
            "the net does not know its input yet: give input_shape=(H, W, C), or call forward once"
        )
    net.params.keys()  # a net makes its parameters when they are first asked for
    nodes = [Node("input", INPUT, None, net.input_shape, (), 0, (0.0, 1.0))]
    _run(nodes, "", net, 0, (0.0, 1.0))
    return tuple(nodes)


def _run(nodes, above, layers, source, lane):
    """Append the layers of a list, the first reads node ``source``; the number of the last."""
    for name, layer in layers.children().items():
        source = _add(nodes, f"{above}{name}", layer, source, lane)
    return source


def _add(nodes, name, layer, source, lane):
    if isinstance(layer, LayerList):
        return _run(nodes, f"{name}.", layer, source, lane)
    if not isinstance(layer, (Residual, Branches)):
        return _append(nodes, name, kind_of(layer), layer, [source], lane)
    kind = KINDS[Residual if isinstance(layer, Residual) else Branches]
    paths = zip(layer.children().items(), _lanes(layer, lane), strict=True)
    ends = [_add(nodes, f"{name}.{path}", child, source, part) for (path, child), part in paths]
    return _append(nodes, name, kind, layer, ends, lane)


def _lanes(layer, lane):
    """Which part of the height each path of a block takes; a short cut without layers has none."""
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


def node_number(nodes, layer):
    """The number of the node that puts out what ``layer`` does.

    ``layer`` is its number in the net, where −1 is the last, or its name, such as "3.body.0".
    Raises ValueError, with the names there are, for a layer the net does not have.
    """
    last = {node.name.split(".")[0]: number for number, node in enumerate(nodes) if number}
    if is_integer(layer) and -len(last) <= layer < len(last):
        return list(last.values())[layer]
    names = {node.name: number for number, node in enumerate(nodes) if number}
    if str(layer) in names:
        return names[str(layer)]
    raise ValueError(f"the net has no layer {layer!r}: use one of {', '.join(names)}")


def check_unit(node, unit):
    """Raise ValueError, with the units there are, for a unit that the node does not have."""
    if not is_integer(unit) or not 0 <= unit < node.units:
        raise ValueError(
            f"layer {node.name} has no unit {unit!r}: use one from 0 to {node.units - 1}"
        )


def activations(nodes: Sequence[Node], x: ArrayLike) -> list[Array]:
    """What every node makes of one image.

    The layers are run one by one, so that what a block does inside is seen too.

    Arguments:
        nodes: the graph of a net.
        x: the image, ``(H, W, C)``.

    Returns:
        A list of arrays of the nodes' shapes.

    Examples:
        >>> from cnnlab import Conv2d, explain
        >>> net = cnnlab.Sequential(Conv2d(2, 3), input_shape=(5, 6, 3))
        >>> [a.shape for a in explain.activations(explain.graph(net), np.ones((5, 6, 3)))]
        [(5, 6, 3), (3, 4, 2)]
    """
    batches = [np.ascontiguousarray(x, _dtype(nodes, np.asarray(x).dtype))[None]]
    with np.errstate(all="ignore"):  # values that are not finite are shown, not warned about
        for node in nodes[1:]:
            batches.append(output(node, [batches[n] for n in node.inputs]))
    return [batch[0] for batch in batches]


def _dtype(nodes, given):
    """The type of the net's parameters; where it has none, that of the image."""
    arrays = (array for node in nodes[1:] for array in node.layer.params.values())
    default = given if given == np.float64 else np.dtype(np.float32)
    return next((array.dtype for array in arrays), default)


def output(node, inputs):
    """The output of a node for a batch of each of its inputs."""
    if node.kind.combine:
        return node.kind.combine(inputs)
    y = node.layer.forward(prepared(node.layer, inputs[0]))
    node.layer.clear_saved()  # there will be no backward pass
    return y


def chain_starts(nodes):
    """For each node the first of those with the same maps, changed in value or size.

    A convolution, say, for its ReLU and its pooling.
    """
    starts = []
    for number, node in enumerate(nodes):
        follows = node.kind.pointwise or node.kind.pools
        starts.append(starts[node.inputs[0]] if follows else number)
    return starts


def connection_strengths(nodes: Sequence[Node], number: int) -> list[Array]:
    """For each input of a node, how strongly each of its units reads each unit there.

    Where there are weights, it is the norm of those between the two, else 1; 0 is: not at all.

    Arguments:
        nodes: the graph of a net.
        number: the node.

    Returns:
        Arrays (units, units there).

    Examples:
        >>> from cnnlab import Conv2d, explain
        >>> net = cnnlab.Sequential(Conv2d(2, 3), input_shape=(5, 6, 3))
        >>> [a.shape for a in explain.connection_strengths(explain.graph(net), 1)]
        [(2, 3)]
    """
    node = nodes[number]
    if node.kind is JOIN:
        ends = np.cumsum([0, *(nodes[n].units for n in node.inputs)])
        return [np.eye(node.units)[:, low:high] for low, high in pairwise(ends)]
    return [node.kind.strengths(node, nodes[n].units) for n in node.inputs]
