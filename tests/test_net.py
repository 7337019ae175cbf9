"""Nets: names of parameters, layers one after another, copies, the ledger."""

import copy

import numpy as np
import pytest

from cnnlab.layers import (
    Branches,
    Conv2d,
    Dropout,
    Flatten,
    Linear,
    LocallyConnected2d,
    ReLU,
    Residual,
)
from cnnlab.ledger import in_bytes
from cnnlab.net import Sequential
from helpers.nets import SHAPE, small_net


@pytest.fixture
def x(rng):
    return rng.standard_normal((3, *SHAPE)).astype(np.float32)


def test_parameters_are_named_by_their_place():
    assert list(small_net().params) == [
        *("0.weight", "0.bias", "1.weight", "1.bias", "3.body.0.weight", "3.body.0.bias"),
        *("4.0.weight", "4.0.bias", "4.1.1.weight", "4.1.1.bias", "6.weight", "6.bias"),
    ]
    assert list(small_net().state) == ["1.running_mean", "1.running_var"]
    assert list(small_net().grads) == list(small_net().params)


def test_the_same_seed_gives_the_same_net():
    one, same, other = small_net(), small_net(), small_net(seed=1)
    assert all((one.params[name] == same.params[name]).all() for name in one.params)
    assert (one.params["0.weight"] != other.params["0.weight"]).any()


def test_dropout_does_not_change_the_weights_after_it():
    plain = Sequential(Flatten(), Linear(4), input_shape=SHAPE)
    dropped = Sequential(Flatten(), Dropout(), Linear(4), input_shape=SHAPE)
    np.testing.assert_array_equal(plain.params["1.weight"], dropped.params["2.weight"])


def test_assigning_a_parameter_copies_its_values_into_the_net(x):
    net = small_net()
    before, weight = net.forward(x), net.params["6.weight"]
    net.params["6.weight"] = 0
    net.params["6.bias"] = [1, 2, 3, 4]
    assert net.params["6.weight"] is weight
    np.testing.assert_array_equal(net.forward(x), np.tile(np.float32([1, 2, 3, 4]), (3, 1)))
    assert (before != net.forward(x)).any()


def test_an_unknown_parameter_is_answered_with_the_names():
    params = Sequential(Linear(2), input_shape=(3,)).params
    with pytest.raises(KeyError, match=r"there is no 'weight': the names are 0.weight, 0.bias"):
        params["weight"]
    with pytest.raises(KeyError, match=r"there is no '1\.weight'"):
        params["1.weight"] = 0
    with pytest.raises(TypeError, match="can be changed but not taken out"):
        del params["0.weight"]
    assert "0.weight float32 (2, 3)" in repr(params)


def test_parameters_are_made_when_they_are_needed():
    huge = Sequential(Flatten(), Linear(10**9), input_shape=(1000, 1000, 3))
    assert huge.parameter_count == 3 * 10**15 + 10**9
    assert huge.ledger().macs == 3 * 10**15


def test_the_net_is_its_layers_one_after_another(x):
    net = small_net()
    y = net.forward(x)
    for layer in net.layers:
        x = layer.forward(x)
    np.testing.assert_array_equal(y, x)


def test_residual_adds_and_branches_lie_side_by_side(x):
    residual = Sequential(Residual(Conv2d(2, 1)), input_shape=SHAPE)
    conv = Sequential(Conv2d(2, 1), input_shape=SHAPE)
    np.testing.assert_allclose(residual.forward(x), x + conv.forward(x), rtol=1e-6)
    np.testing.assert_array_equal(
        Sequential(Branches([], ReLU()), input_shape=SHAPE).forward(x),
        np.concatenate([x, np.maximum(x, 0)], axis=-1),
    )


@pytest.mark.parametrize("training", [True, False])
def test_no_result_is_written_again_or_leads_into_the_net(training, x):
    net = small_net()
    first = net.forward(x, training)
    dx = net.backward(np.ones_like(first))
    kept = first.copy(), dx.copy()
    first_again = net.forward(-x, training)
    net.backward(2 * np.ones_like(first))
    np.testing.assert_array_equal(first, kept[0])
    np.testing.assert_array_equal(dx, kept[1])
    first_again[...] = 0
    before = {name: g.copy() for name, g in net.grads.items()}
    net.backward(2 * np.ones_like(first))
    assert all((net.grads[name] == g).all() for name, g in before.items())


def test_a_net_without_layers_hands_out_a_copy(x):
    net = Sequential(Flatten(), input_shape=SHAPE)
    y = net.forward(x)
    assert not np.shares_memory(x, y) and not np.shares_memory(y, net.backward(y))


def test_without_dx_no_layer_before_the_first_weights_is_asked(x, monkeypatch):
    net = Sequential(ReLU(), Conv2d(2, 1), Flatten(), Linear(2), input_shape=SHAPE)
    net.backward(np.ones_like(net.forward(x)))
    kept = {name: g.copy() for name, g in net.grads.items()}
    asked = []
    monkeypatch.setattr(net.layers[0], "backward", lambda *_: asked.append("ReLU"))
    convolve = net.layers[1].backward
    monkeypatch.setattr(
        net.layers[1],
        "backward",
        lambda dy, need_dx: asked.append(need_dx) or convolve(dy, need_dx),
    )
    assert net.backward(np.ones((3, 2)), need_dx=False) is None
    assert asked == [False]
    assert all((net.grads[name] == g).all() for name, g in kept.items())


def test_scores_and_predictions_do_not_depend_on_the_batch_size(x):
    net = small_net()
    scores = net.scores(x, batch_size=2)
    np.testing.assert_allclose(scores, net.forward(x), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(net.predict(x, batch_size=1), scores.argmax(axis=1))
    assert net.predict(x[:0]).shape == (0,) and net.scores(x[:0]).shape == (0, 4)


def test_activations_are_the_outputs_of_the_layers(x):
    net = small_net()
    found = net.activations(x)
    assert [a.shape[1:] for a in found] == [layer.output_shape for layer in net.layers]
    np.testing.assert_array_equal(found[2], np.maximum(found[1], 0))
    np.testing.assert_array_equal(found[-1], net.forward(x))
    assert not any(np.shares_memory(a, b) for a in found for b in found if a is not b)


def test_layers_of_a_trained_net_bring_their_weights_along(x):
    old = small_net()
    old.params["0.weight"] = 7
    new = Sequential(*old.layers[:1], Flatten(), Linear(2), input_shape=SHAPE)
    assert (new.params["0.weight"] == 7).all()
    old.params["0.weight"] = 8
    assert (new.params["0.weight"] == 8).all()


def test_convolutions_may_serve_two_nets_of_different_sizes(rng):
    body = Conv2d(2, 3), ReLU()
    small, large = (
        Sequential(*body, input_shape=(4, 5, 1)),
        Sequential(*body, input_shape=(7, 6, 1)),
    )
    images = rng.standard_normal((2, 7, 6, 1)).astype(np.float32)
    whole = large.forward(images)
    np.testing.assert_allclose(
        small.forward(images[:, :4, :5]), whole[:, :2, :3], rtol=1e-5, atol=1e-6
    )
    assert large.forward(images, training=True).shape == (2, 5, 4, 2)


def test_a_net_can_be_copied(x):
    net = small_net()
    y = net.forward(x)
    twin = copy.deepcopy(net)
    net.params["6.bias"] = 100
    np.testing.assert_array_equal(twin.forward(x), y)


def test_a_sequential_inside_a_net_is_its_layers(x):
    inner = Sequential(Conv2d(3, 1), ReLU())
    net = Sequential(inner, Flatten(), Linear(2), input_shape=SHAPE)
    assert list(net.params)[:2] == ["0.0.weight", "0.0.bias"]
    assert net.layers[0].layers[0] is inner.layers[0]
    assert net.forward(x).shape == (3, 2)


def test_the_ledger_adds_up():
    net = small_net()
    ledger = net.ledger()
    assert [row.layer for row in ledger.rows][:3] == [
        "Conv2d(3, 3, padding=1)",
        "BatchNorm2d()",
        "ReLU()",
    ]
    assert ledger.parameters == net.parameter_count == sum(p.size for p in net.params.values())
    assert ledger.rows[0].macs == 6 * 5 * 3 * 3 * 3 * 2 and ledger.macs == net.macs()
    outside = sum(a.size for a in net.activations(np.ones((1, *SHAPE))))
    inside = sum(part.values for row in ledger.rows for part in row.parts)
    assert ledger.values == outside + inside - sum(
        np.prod(row.output_shape) for row in ledger.rows if row.parts
    )
    assert [part.layer for part in ledger.rows[3].parts] == ["body.0 Conv2d(3, 1)", "body.1 ReLU()"]
    assert [part.layer for part in ledger.rows[4].parts][-1] == "1.1 Conv2d(1, 1)"
    assert sum(part.parameters for part in ledger.rows[4].parts) == ledger.rows[4].parameters


def test_the_ledger_is_printed_as_a_table_with_straight_columns():
    net = Sequential(LocallyConnected2d(2, 3), Flatten(), Linear(4), input_shape=SHAPE)
    lines = net.summary().splitlines()
    table = lines[:-1]
    assert len({len(line) for line in table}) == 1
    assert table[-1].split() == ["total", "52", "values", "556", "528"]
    assert lines[-1] == "208 bytes of values for each image, 2.17 KiB of parameters"
    html = net.ledger()._repr_html_()
    assert html.count("<tr>") == 6 and "<td" in html and "6x5x2" in html


def test_bytes_are_said_in_the_largest_unit_that_fits():
    assert [in_bytes(n) for n in (0, 1023, 1024, 3 * 1024**2, 1024**3)] == [
        *("0 bytes", "1023 bytes", "1 KiB", "3 MiB", "1 GiB")
    ]


def test_a_net_reads_as_it_is_written():
    assert repr(small_net()).splitlines() == [
        "Sequential(",
        "    Conv2d(3, 3, padding=1),",
        "    BatchNorm2d(),",
        "    ReLU(),",
        "    Residual(Conv2d(3, 1), ReLU()),",
        "    Branches(Conv2d(2, 1), [MaxPool2d(3, stride=1, padding=1), Conv2d(1, 1)]),",
        "    Flatten(),",
        "    Linear(4),",
        "    input_shape=(6, 5, 2),",
        ")",
    ]


def test_a_parameter_takes_its_own_shape_or_one_number_and_nothing_is_spread():
    net = small_net()
    for name, array in [*net.params.items(), *net.state.items()]:
        arrays = net.params if name in net.params else net.state
        arrays[name] = values = np.random.default_rng(0).random(array.shape)
        np.testing.assert_allclose(array, values, rtol=1e-6)
        for odd in (values[:1], values[None], values[..., :1], np.ones(7), [[1, 2], [3]]):
            if np.shape(odd) != array.shape if not isinstance(odd, list) else True:
                with pytest.raises(ValueError, match=rf"^{name} "):
                    arrays[name] = odd
        with pytest.raises(TypeError, match=f"{name} cannot hold"):
            arrays.update({name: "large"})
        np.testing.assert_allclose(array, values, rtol=1e-6)


def test_a_layer_in_two_nets_never_gives_one_of_them_the_gradients_of_the_other(x):
    shared = Conv2d(2, 3)
    one, other = (
        Sequential(shared, Flatten(), Linear(2), input_shape=SHAPE, seed=s) for s in (0, 1)
    )
    dy = np.ones((3, 2))
    one.forward(x, training=True)
    one.backward(dy)
    kept = one.grads["0.weight"].copy()
    one.forward(x, training=True)
    for between in (
        lambda: other.forward(-x, training=True),
        lambda: other.scores(x),
        lambda: shared.forward(x),
    ):
        one.forward(x, training=True)
        between()
        with pytest.raises(RuntimeError, match=r"Conv2d\(2, 3\) has seen another pass since"):
            one.backward(dy)
    one.forward(x, training=True)
    one.backward(dy)
    one.backward(dy)
    np.testing.assert_array_equal(one.grads["0.weight"], kept)
