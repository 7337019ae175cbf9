"""The ledger of nested nets: layers cost in blocks what they cost in a row."""

from copy import deepcopy
from math import prod

from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.layers import BatchNorm2d, Branches, Conv2d, ReLU, Residual
from cnnlab.layers.container import LayerList, leaves
from cnnlab.net import Sequential

SHAPE = (5, 4, 3)
flat = st.sampled_from(
    [(Conv2d, (3, 3), {"padding": 1}), (Conv2d, (3, 1), {}), (ReLU, (), {}), (BatchNorm2d, (), {})]
)
leaf = flat.map(lambda made: made[0](*made[1], **made[2]))


def wrapped(inner):
    several = st.lists(inner, min_size=1, max_size=3)
    return several.map(lambda layers: Residual(*layers)) | inner.map(
        lambda layer: Branches([layer, Conv2d(3, 1)])
    )


nested = st.recursive(leaf, wrapped, max_leaves=6)


@given(layers=st.lists(nested, min_size=1, max_size=4))
@settings(max_examples=40, deadline=None)
def test_totals_of_nested_nets_equal_those_of_the_same_layers_in_a_row(layers):
    layers = deepcopy(layers)
    inside = [
        deepcopy(found)
        for layer in layers
        for found in leaves(layer)
        if type(found) is not LayerList
    ]
    net, row = (Sequential(*some, input_shape=SHAPE).ledger() for some in (layers, inside))
    assert (net.values, net.parameters, net.macs) == (row.values, row.parameters, row.macs)
    assert row.values == len(inside) * prod(SHAPE)
    assert net._memory() == row._memory()
