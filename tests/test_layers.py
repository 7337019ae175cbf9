"""Layers: shapes, gradients, buffers that are kept, and sentences for what does not fit."""

import copy

import numpy as np
import pytest

from cnnlab import layers, ops
from cnnlab.gradcheck import gradcheck
from cnnlab.layers import (
    Branches,
    Conv2d,
    Dropout,
    Flatten,
    FractionalMaxPool2d,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
)
from cnnlab.layers.container import LayerList
from cnnlab.net import Sequential
from helpers.nets import public_layers

IMAGE = (5, 4, 4)
ROWS = [
    (layers.Conv2d(3, (3, 2), stride=(2, 1), padding=((1, 0), (0, 2))), IMAGE, (2, 5, 3)),
    (layers.Conv2d(6, 2, dilation=2, groups=2, bias=False), IMAGE, (3, 2, 6)),
    (layers.Conv2d(2, 3, padding="same", stride=2, fit="ceil"), IMAGE, (3, 2, 2)),
    (
        layers.ConvTranspose2d(3, (3, 2), stride=2, padding=1, output_padding=(1, 0)),
        (3, 2, 2),
        (6, 2, 3),
    ),
    (layers.ConvTranspose2d(4, 2, dilation=2, groups=2, bias=False), (2, 3, 2), (4, 5, 4)),
    (layers.LocallyConnected2d(2, (2, 3), stride=2, padding=1), IMAGE, (3, 2, 2)),
    (layers.LocallyConnected2d(2, 2, dilation=2, bias=False), (3, 4, 2), (1, 2, 2)),
    (layers.MaxPool2d(2), IMAGE, (2, 2, 4)),
    (layers.MaxPool2d(3, 2, 1, fit="ceil"), IMAGE, (3, 3, 4)),
    (layers.AvgPool2d((2, 3), 1, (1, 0)), IMAGE, (6, 2, 4)),
    (layers.AvgPool2d(3, 2, 1, count_include_pad=True), IMAGE, (3, 2, 4)),
    (layers.LpPool2d(2, p=3), IMAGE, (2, 2, 4)),
    (layers.FractionalMaxPool2d(1.5, overlapping=True), (6, 7, 2), (4, 4, 2)),
    (layers.FractionalMaxPool2d(pattern="random", seed=3), (5, 7, 2), (3, 4, 2)),
    (layers.GlobalAvgPool2d(), IMAGE, (4,)),
    (layers.ReLU(), IMAGE, IMAGE),
    (layers.Tanh(), (7,), (7,)),
    (layers.Sigmoid(), IMAGE, IMAGE),
    (layers.BatchNorm2d(eps=1e-3), (2, 3, 2), (2, 3, 2)),
    (layers.BatchNorm2d(momentum=0.3), (5,), (5,)),
    (layers.GroupNorm(2), (2, 3, 4), (2, 3, 4)),
    (layers.LocalResponseNorm(3, alpha=0.5, k=2.0), (2, 3, 5), (2, 3, 5)),
    (layers.Dropout(0.3), IMAGE, IMAGE),
    (layers.Flatten(), (3, 2, 4), (24,)),
    (layers.Linear(3), (6,), (3,)),
    (layers.Linear(3, bias=False), (6,), (3,)),
    (LayerList(), (3,), (3,)),
    (Sequential(Conv2d(2, 2), ReLU(), Flatten(), Linear(3)), (3, 4, 2), (3,)),
    (Residual(Conv2d(2, 3, padding=1), layers.Tanh()), (3, 4, 2), (3, 4, 2)),
    (Residual(Conv2d(3, 2), shortcut=(Conv2d(3, 1), MaxPool2d(2, 1))), (3, 4, 2), (2, 3, 3)),
    (Branches(Conv2d(2, 1), [MaxPool2d(3, 1, 1), Conv2d(3, 1)], []), (3, 4, 2), (3, 4, 7)),
    (
        Sequential(Residual(Branches(Dropout(), Conv2d(1, 1)), shortcut=Conv2d(3, 1))),
        (3, 2, 2),
        (3, 2, 3),
    ),
]
NAMES = [str(layer).replace("\n", "") for layer, _, _ in ROWS]
rows = pytest.mark.parametrize(("layer", "input_shape", "output_shape"), ROWS, ids=NAMES)


def offspring(cls):
    return {cls, *(kind for child in cls.__subclasses__() for kind in offspring(child))}


def test_every_layer_has_a_row():
    ours = {kind for kind in offspring(Layer) if kind.__module__.startswith("cnnlab")}
    meant_for_use = {*public_layers(), Sequential, LayerList}
    assert meant_for_use == {type(layer) for layer, _, _ in ROWS}
    ancestors = {kind for kind in ours if kind.__subclasses__()}
    assert ours - ancestors <= meant_for_use


def ready(layer, input_shape, dtype=np.float64):
    layer = copy.deepcopy(layer)
    layer.infer_shapes(input_shape)
    layer.init(np.random.default_rng(1), dtype)
    return layer


@pytest.mark.slow
@rows
@pytest.mark.parametrize("training", [True, False])
def test_gradients_equal_numerical_ones(layer, input_shape, output_shape, training):
    errors = gradcheck(layer, input_shape, training=training)
    assert max(errors.values()) < 1e-5, errors


@rows
def test_shapes_are_inferred_as_they_come_out(layer, input_shape, output_shape, dtype, rng):
    layer = ready(layer, input_shape, dtype)
    y = layer.forward(rng.standard_normal((3, *input_shape)).astype(dtype))
    assert y.shape == (3, *output_shape) and layer.output_shape == output_shape
    assert y.dtype == dtype
    assert {name: p.shape for name, p in layer.params.items()} == dict(layer.param_shapes)
    assert {name: s.shape for name, s in layer.state.items()} == dict(layer.state_shapes)
    assert {name: g.shape for name, g in layer.grads.items()} == dict(layer.param_shapes)
    assert layer.parameter_count == sum(p.size for p in layer.params.values())


@pytest.mark.slow
@rows
def test_without_dx_the_parameter_gradients_are_the_same(layer, input_shape, output_shape, rng):
    layer = ready(layer, input_shape)
    x, dy = rng.standard_normal((2, *input_shape)), rng.standard_normal((2, *output_shape))
    layer.forward(x, training=True)
    assert layer.backward(dy).shape == x.shape
    kept = {name: g.copy() for name, g in layer.grads.items()}
    assert layer.backward(dy, need_dx=False) is None
    for name, gradient in layer.grads.items():
        np.testing.assert_array_equal(gradient, kept[name])


@rows
def test_results_outside_training_are_never_written_again(layer, input_shape, output_shape, rng):
    layer = ready(layer, input_shape)
    x, other = rng.standard_normal((2, 2, *input_shape))
    y = layer.forward(x)
    dx = layer.backward(np.ones_like(y))
    kept = y.copy(), dx.copy()
    layer.forward(other)
    layer.backward(2 * np.ones_like(y))
    np.testing.assert_array_equal(y, kept[0])
    np.testing.assert_array_equal(dx, kept[1])


@rows
def test_a_smaller_batch_in_training_gives_what_a_fresh_layer_gives(
    layer, input_shape, output_shape, rng
):
    x, dy = rng.standard_normal((3, *input_shape)), rng.standard_normal((3, *output_shape))
    results = []
    for warm_up in (True, False):
        made = ready(layer, input_shape)
        if warm_up:
            made.forward(x, training=True)
            made.backward(dy)
            fresh = ready(layer, input_shape)
            for leaf, start in zip(
                layers.container.leaves(made), layers.container.leaves(fresh), strict=True
            ):
                leaf.rng = start.rng
        y = made.forward(x[:2], training=True).copy()
        results.append((y, made.backward(dy[:2]).copy(), *(g.copy() for g in made.grads.values())))
    for first, second in zip(*results, strict=True):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    "layer",
    [
        Conv2d(3, 2),
        Linear(3),
        layers.BatchNorm2d(),
        ReLU(),
        MaxPool2d(2),
        Dropout(),
        layers.AvgPool2d(2),
    ],
)
def test_training_writes_into_the_same_arrays_again(layer, rng):
    shape = (6,) if isinstance(layer, Linear) else (4, 5, 2)
    layer = ready(layer, shape)
    x = rng.standard_normal((3, *shape))
    y = layer.forward(x, training=True)
    dx, grads = layer.backward(np.ones_like(y)), dict(layer.grads)
    for n in (2, 3):
        again = layer.forward(x[:n], training=True)
        assert np.shares_memory(again, y)
        assert np.shares_memory(layer.backward(np.ones_like(again)), dx)
        assert all(layer.grads[name] is gradient for name, gradient in grads.items())


def test_weights_keep_the_size_of_the_signal(rng):
    x = rng.standard_normal((4, 12, 12, 16))
    for layer in (Conv2d(16, 5, padding=2), layers.ConvTranspose2d(16, 4, stride=2, padding=1)):
        y = ready(layer, x.shape[1:]).forward(x)
        assert 1.6 < y[:, 3:-3, 3:-3].var() < 2.4  # ReLU halves it
    assert 0.8 < ready(Linear(500), (200,)).forward(x.ravel()[:8000].reshape(40, 200)).var() < 1.2


def test_biases_start_at_zero():
    assert not ready(Conv2d(3, 2), IMAGE).params["bias"].any()
    assert not ready(Linear(3), (4,)).params["bias"].any()


def test_dropout_keeps_the_mean_and_drops_the_share_it_was_told(rng):
    layer = ready(Dropout(0.25), (50, 40, 2))
    x = np.ones((4, 50, 40, 2))
    y = layer.forward(x, training=True)
    assert set(np.unique(y)) == {0, 1 / 0.75}
    assert abs((y == 0).mean() - 0.25) < 0.02
    np.testing.assert_array_equal(layer.forward(x), x)


def test_dropout_draws_a_new_mask_for_every_batch():
    layer, x = ready(Dropout(), (30,)), np.ones((2, 30))
    first = layer.forward(x, training=True).copy()
    assert (layer.forward(x, training=True) != first).any()


def test_fractional_pooling_varies_in_training_alone(rng):
    layer, x = ready(FractionalMaxPool2d(1.3), (20, 20, 1)), rng.standard_normal((1, 20, 20, 1))
    np.testing.assert_array_equal(layer.forward(x), layer.forward(x))
    trained = [layer.forward(x, training=True).copy() for _ in range(4)]
    assert any((y != trained[0]).any() for y in trained[1:])


def test_batch_norm_predicts_with_what_it_saw_in_training(rng):
    layer = ready(layers.BatchNorm2d(momentum=1.0), (3, 4, 2))
    x = 3 + 2 * rng.standard_normal((20, 3, 4, 2))
    layer.forward(x, training=True)
    np.testing.assert_allclose(layer.state["running_mean"], x.mean(axis=(0, 1, 2)))
    np.testing.assert_allclose(layer.forward(x).mean(axis=(0, 1, 2)), 0, atol=1e-12)


def test_flatten_runs_row_column_channel():
    x = np.arange(24.0).reshape(2, 2, 3, 2)
    assert ready(Flatten(), (2, 3, 2)).forward(x)[0].tolist() == list(range(12))


def test_a_layer_reads_as_it_is_written():
    assert str(Conv2d(8, 3, padding=1)) == "Conv2d(8, 3, padding=1)"
    assert str(ReLU()) == "ReLU()" and str(Linear(10, bias=False)) == "Linear(10, bias=False)"
    assert "stride=1" in repr(Conv2d(8, 3))


def test_macs_are_counted_as_multiplied(rng):
    for layer, shape in (
        (Conv2d(4, 3, stride=2, groups=2), IMAGE),
        (layers.LocallyConnected2d(2, 2), IMAGE),
    ):
        layer = ready(layer, shape)
        ones = np.ones((1, *shape))
        layer.params["weight"][...] = 1
        assert layer.forward(ones).sum() == layer.macs()
    transposed = ready(layers.ConvTranspose2d(3, 2, stride=2), IMAGE)
    transposed.params["weight"][...] = 1
    assert transposed.forward(np.ones((1, *IMAGE))).sum() == transposed.macs()
    assert ready(Linear(3), (7,)).macs() == 21 and ready(ReLU(), (7,)).macs() == 0


def test_layers_equal_the_operations_they_name(backend, rng):
    x = rng.standard_normal((2, *IMAGE))
    layer = ready(Conv2d(3, 2, stride=2), IMAGE)
    with ops_backend(backend):
        np.testing.assert_array_equal(
            layer.forward(x), ops.conv2d(x, layer.params["weight"], layer.params["bias"], stride=2)
        )
        np.testing.assert_array_equal(ready(MaxPool2d(2), IMAGE).forward(x), ops.max_pool2d(x, 2))


def ops_backend(name):
    from cnnlab import use

    return use(name)
