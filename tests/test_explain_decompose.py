"""A unit decomposed: its parts and the bias add up to what the library computes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import (
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
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    LpPool2d,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Tanh,
    ops,
)
from cnnlab.explain.decompose import decompose, strongest, terms
from cnnlab.explain.graph import activations, graph
from cnnlab.trace import trace

RNG = np.random.default_rng(0)
LAYERS = (
    Conv2d(4, 3, padding=1),
    BatchNorm2d(),
    Residual(Conv2d(4, 3, padding=1, groups=2), Tanh(), Conv2d(6, 1), shortcut=Conv2d(6, 1)),
    Branches([], Conv2d(2, 1), [MaxPool2d(3, 1, 1), Conv2d(4, 1)]),
    ConvTranspose2d(4, 3, stride=2, padding=1, output_padding=1, groups=2),
    GroupNorm(2),
    LocalResponseNorm(3),
    LocallyConnected2d(3, 2, stride=2),
    Sigmoid(),
    AvgPool2d(3, 2, 1),
    FractionalMaxPool2d(),
    LpPool2d(2, stride=1),
    Dropout(),
    Flatten(),
    Linear(4),
    ReLU(),
    Linear(2),
)


def made(*layers, shape=(6, 5, 2)):
    net = Sequential(*layers, input_shape=shape, dtype=np.float64)
    for name, value in net.params.items():
        if name.endswith("bias"):
            value[...] = RNG.normal(size=value.shape)
    nodes = graph(net)
    return nodes, activations(nodes, RNG.normal(size=shape))


@pytest.mark.slow
def test_every_unit_of_every_layer_adds_up_to_what_the_net_computes():
    nodes, found = made(*LAYERS)
    for number, node in enumerate(nodes[1:], 1):
        for unit in range(node.units):
            one = decompose(nodes, found, number, unit)
            truth = found[number][..., unit].reshape(one.result.shape)
            np.testing.assert_allclose(one.result, truth, atol=1e-10, err_msg=node.name)
            if one.rule == "sum":
                total = one.y.sum(axis=0) + (0 if one.bias is None else one.bias)
                np.testing.assert_allclose(total, truth, atol=1e-10)
            assert all(source in node.inputs for source in one.sources)


def test_the_terms_of_every_place_add_up_to_the_intermediate_maps():
    nodes, found = made(*LAYERS)
    for number, node in enumerate(nodes[1:], 1):
        one = decompose(nodes, found, number, node.units - 1)
        if one.rule != "sum":
            continue
        for i, j in np.ndindex(one.result.shape):
            sums = [sum(term.product for term in part) for part in terms(one, i, j)]
            np.testing.assert_allclose(sums, one.y[:, i, j], atol=1e-10, err_msg=node.name)


sizes = st.tuples(st.integers(1, 3), st.integers(1, 3))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    sizes,
    sizes,
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
    sizes,
    st.sampled_from([1, 2]),
    st.booleans(),
)
def test_intermediate_maps_and_bias_are_the_convolution(
    kernel, stride, padding, dilation, groups, bias
):
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    nodes, found = made(Conv2d(4, kernel, bias=bias, **options), shape=(8, 9, 4))
    params = nodes[1].layer.params
    truth = ops.conv2d(found[0][None], params["weight"], params.get("bias"), **options)[0]
    steps = list(trace("conv2d", found[0][None], params["weight"], params.get("bias"), **options))
    for k in range(4):
        one = decompose(nodes, found, 1, k)
        np.testing.assert_allclose(
            one.y.sum(axis=0) + (one.bias if bias else 0), truth[..., k], atol=1e-10
        )
        mine = [step for step in steps if step.place[3] == k]
        for step in mine[:: max(1, len(mine) // 5)]:
            _, i, j, _ = step.place
            found_terms = sorted(
                (t.row, t.column, one.units[p], t.product)
                for p, part in enumerate(terms(one, i, j))
                for t in part
            )
            assert found_terms == sorted((t.row, t.column, t.channel, t.product) for t in step.taps)
            np.testing.assert_allclose([y[i, j] for y in one.y], step.sums, atol=1e-10)


@pytest.mark.parametrize(
    ("layer", "op", "options"),
    [
        (MaxPool2d(2, padding=1), "max_pool2d", {"padding": 1}),
        (AvgPool2d(2, padding=1), "avg_pool2d", {"padding": 1}),
        (
            AvgPool2d(2, padding=1, count_include_pad=True),
            "avg_pool2d",
            {"padding": 1, "count_include_pad": True},
        ),
        (LpPool2d(2, p=3), "lp_pool2d", {"p": 3}),
    ],
)
def test_the_window_of_a_pooling_is_that_of_the_trace(layer, op, options):
    nodes, found = made(layer)
    for step in trace(op, found[0][None], 2, **options):
        _, i, j, c = step.place
        one = decompose(nodes, found, 1, c)
        (cells,) = terms(one, i, j)
        assert [(t.row, t.column, t.inside, t.value) for t in cells] == [
            (cell.row, cell.column, cell.inside, cell.value) for cell in step.cells
        ]
        if step.divisor:
            assert one.more["divisors"][i, j] == step.divisor


def test_global_average_has_one_window_over_all():
    nodes, found = made(GlobalAvgPool2d())
    one = decompose(nodes, found, 1, 1)
    (cells,) = terms(one, 0, 0)
    assert sum(cell.value for cell in cells) / one.more["divisors"][0, 0] == pytest.approx(
        one.result.item()
    )


def test_a_linear_over_an_image_has_its_channels_as_parts():
    nodes, found = made(Conv2d(3, 3), Flatten(), Dropout(), Linear(2))
    one = decompose(nodes, found, 4, 1)
    assert one.w.shape == one.x.shape == (3, 4, 3)
    np.testing.assert_array_equal(np.moveaxis(one.x, 0, -1), found[1])


def test_the_numbers_of_a_norm_are_those_of_its_formula():
    nodes, found = made(GroupNorm(1), BatchNorm2d())
    for number in (1, 2):
        one = decompose(nodes, found, number, 1)
        m = one.more
        y = m["weight"] * (one.x[0] - m["mean"]) / np.sqrt(m["var"] + m["eps"]) + m["bias"]
        np.testing.assert_allclose(y, one.result, atol=1e-10)


def test_neighbours_quieten_by_the_scale_that_is_told():
    nodes, found = made(LocalResponseNorm(3, alpha=2.0))
    one = decompose(nodes, found, 1, 0)
    np.testing.assert_allclose(one.x[0] / one.more["scale"], one.result, atol=1e-12)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 9), st.data())
def test_the_strongest_parts_and_the_rest_add_up_to_all(most, data):
    nodes, found = made(Conv2d(2, 3), shape=(6, 5, 8))
    one = decompose(nodes, found, 1, 0)
    i, j = data.draw(st.tuples(st.integers(0, 3), st.integers(0, 2)))
    few = strongest(one, most, (i, j))
    assert len(few.units) == min(most, 8) and len(few.units) + few.left == 8
    rest = 0 if few.rest is None else few.rest
    np.testing.assert_allclose(few.y.sum(axis=0) + rest + few.bias, one.result, atol=1e-12)
    left = [p for p, unit in enumerate(one.units) if unit not in few.units]
    assert all(abs(one.y[p, i, j]) <= np.abs(few.y[:, i, j]).min() + 1e-12 for p in left)


def test_values_that_are_not_finite_are_handed_on():
    nodes, found = made(Conv2d(2, 3), ReLU())
    found[0][0, 0, 0] = np.nan
    found = activations(nodes, found[0])
    one = decompose(nodes, found, 1, 0)
    assert np.isnan(one.y[0, 0, 0]) and np.isnan(one.result[0, 0]) and np.isfinite(one.result[1, 1])


@pytest.mark.parametrize(
    ("number", "unit", "words"), [(0, 0, "not computed"), (1, 2, "use one from 0 to 1")]
)
def test_what_cannot_be_decomposed_is_refused(number, unit, words):
    nodes, found = made(Conv2d(2, 3))
    with pytest.raises(ValueError, match=words):
        decompose(nodes, found, number, unit)
