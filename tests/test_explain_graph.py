"""A net as a graph of nodes: their outputs and inputs are those of the net."""

import numpy as np
import pytest

import cnnlab
from cnnlab import (
    AvgPool2d,
    BatchNorm2d,
    Branches,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Tanh,
)
from cnnlab.explain.graph import activations, chain_starts, connection_strengths, graph
from cnnlab.explain.kinds import OTHER, flattened_shape

X = np.random.default_rng(0).normal(size=(6, 5, 2)).astype(np.float32)
PLAIN = (
    Conv2d(4, 3, padding=1, groups=2),
    BatchNorm2d(),
    ReLU(),
    MaxPool2d(2),
    Flatten(),
    Dropout(),
    Linear(3),
)
BLOCKS = (
    Conv2d(4, 3, padding=1),
    Residual(Conv2d(6, 3, padding=1), ReLU(), Conv2d(6, 1), shortcut=Conv2d(6, 1)),
    Residual(Conv2d(6, 3, padding=1)),
    Branches([], Conv2d(2, 1), [AvgPool2d(3, 1, 1), Residual(Conv2d(6, 1)), Conv2d(3, 1)]),
    GlobalAvgPool2d(),
    Linear(3),
)


def made(*layers, **options):
    net = Sequential(*layers, input_shape=(6, 5, 2), **options)
    return net, graph(net), activations(graph(net), X)


def named(nodes):
    return {node.name: number for number, node in enumerate(nodes)}


def test_the_nodes_of_a_plain_net_are_its_layers():
    net, nodes, found = made(*PLAIN)
    assert [node.layer for node in nodes[1:]] == list(net.layers)
    assert [node.column for node in nodes] == list(range(len(nodes)))
    for values, truth in zip(found[1:], net.activations(X[None]), strict=True):
        np.testing.assert_array_equal(values, truth[0])


@pytest.mark.slow
def test_what_a_block_does_inside_recombines_to_what_it_makes():
    net, nodes, found = made(*BLOCKS)
    at = named(nodes)
    outer = net.activations(X[None])
    for name, truth in zip("012345", outer, strict=True):
        np.testing.assert_allclose(found[at[name]], truth[0], rtol=1e-6)
    np.testing.assert_array_equal(found[at["1"]], found[at["1.body.2"]] + found[at["1.shortcut.0"]])
    np.testing.assert_array_equal(found[at["2"]], found[at["2.body.0"]] + found[at["1"]])
    joined = np.concatenate([found[at["2"]], found[at["3.1"]], found[at["3.2.2"]]], axis=-1)
    np.testing.assert_array_equal(found[at["3"]], joined)


def test_a_node_stands_behind_all_it_reads_and_paths_have_lanes_of_their_own():
    _, nodes, _ = made(*BLOCKS)
    at = named(nodes)
    for node in nodes[1:]:
        assert node.column == 1 + max(nodes[n].column for n in node.inputs)
    assert nodes[at["1.body.0"]].lane[1] <= nodes[at["1.shortcut.0"]].lane[0]
    assert nodes[at["2.body.0"]].lane == (0, 1)
    assert nodes[at["3.1"]].lane[1] <= nodes[at["3.2.0"]].lane[0]


def test_every_named_architecture_or_layer_is_a_graph():
    layers = (
        ConvTranspose2d(4, 3, stride=2),
        GroupNorm(2),
        LocalResponseNorm(3),
        LocallyConnected2d(3, 2),
        Tanh(),
        Flatten(),
    )
    net, nodes, found = made(*layers, Linear(2), dtype=np.float64)
    np.testing.assert_allclose(found[-1], net.forward(X[None])[0])
    assert [node.kind.name for node in nodes] == [
        "input",
        "transpose",
        "group",
        "response",
        "local",
        "tanh",
        "flatten",
        "linear",
    ]


def test_a_layer_of_ones_own_is_a_node_too():
    class Doubling(cnnlab.layers.Layer):
        def forward(self, x, training=False):
            return 2 * x

    _, nodes, found = made(Conv2d(3, 3), Doubling())
    assert nodes[2].kind is OTHER
    np.testing.assert_array_equal(found[2], 2 * found[1])


def test_heads_are_where_the_maps_come_from():
    _, nodes, _ = made(*PLAIN)
    assert chain_starts(nodes) == [0, 1, 1, 1, 1, 5, 5, 7]


def test_a_row_of_numbers_knows_the_image_it_was():
    _, nodes, _ = made(*PLAIN)
    assert flattened_shape(nodes, 5) == flattened_shape(nodes, 6) == (3, 2, 4)
    assert flattened_shape(nodes, 7) is None


@pytest.mark.parametrize(
    "layers", [PLAIN, BLOCKS, (ConvTranspose2d(6, 3, groups=2), GroupNorm(3), LocalResponseNorm(3))]
)
def test_a_unit_changes_only_with_units_it_reads(layers):
    _, nodes, found = made(*layers, dtype=np.float64)
    rng = np.random.default_rng(1)
    for number, node in enumerate(nodes[1:], 1):
        if node.kind.combine:
            continue
        (read,) = connection_strengths(nodes, number)
        x = np.asarray(found[node.inputs[0]])
        before = node.layer.forward(x[None])[0]
        for c in range(x.shape[-1]):
            other = x.copy()
            other[..., c] = rng.normal(size=x.shape[:-1]) * 3
            after = node.layer.forward(other[None])[0]
            changed = np.abs(after - before).reshape(-1, node.units).max(axis=0) > 1e-9
            assert not np.any(changed & (read[:, c] == 0)), (node.name, c)


def test_the_strength_is_the_norm_of_the_weights_between():
    net, nodes, _ = made(*PLAIN)
    (read,) = connection_strengths(nodes, 1)
    w = net.params["0.weight"]  # (4, 3, 3, 1) in two groups
    norms = np.linalg.norm(w.reshape(4, 9), axis=1)
    np.testing.assert_allclose(
        read, [[norms[0], 0], [norms[1], 0], [0, norms[2]], [0, norms[3]]], rtol=1e-6
    )


def test_a_net_without_an_input_is_refused():
    with pytest.raises(ValueError, match="give input_shape"):
        graph(Sequential(Conv2d(2, 3)))
