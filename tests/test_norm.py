"""Normalisation and activations: every backend against plain formulas and numerical gradients."""

import numpy as np
import pytest

from cnnlab import ops
from helpers import brute


def same(found, truth, dtype=np.float64):
    tolerance = 1e-4 if dtype == np.float32 else 1e-6
    np.testing.assert_allclose(found, truth, rtol=tolerance, atol=tolerance / 10)


def test_batch_norm_makes_every_channel_standard_and_moves_the_running_statistics(
    backend, dtype, rng
):
    x = (3 + 2 * rng.standard_normal((4, 3, 5, 2))).astype(dtype)
    mean, var = np.zeros(2, dtype), np.ones(2, dtype)
    weight, bias = np.array([1, 2], dtype), np.array([0, -1], dtype)
    y = ops.batch_norm(x, weight, bias, running_mean=mean, running_var=var, backend=backend)
    same(y.mean(axis=(0, 1, 2)), bias, dtype)
    same(y.std(axis=(0, 1, 2)), weight, np.float32)
    same(mean, 0.1 * x.mean(axis=(0, 1, 2)), dtype)
    same(var, 0.9 + 0.1 * x.var(axis=(0, 1, 2), ddof=1), dtype)
    later = ops.batch_norm(
        x, weight, bias, running_mean=mean, running_var=var, training=False, backend=backend
    )
    same(later, (x - mean) / np.sqrt(var + 1e-5) * weight + bias, dtype)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm_gradients_equal_numerical_ones(training, backend, rng):
    x, weight, bias, dy = (rng.standard_normal(s) for s in ((3, 2, 2, 3), (3,), (3,), (3, 2, 2, 3)))
    kept = (
        {}
        if training
        else dict(running_mean=rng.standard_normal(3), running_var=rng.uniform(1, 2, 3))
    )

    def loss():
        return (
            ops.batch_norm(x, weight, bias, training=training, **kept, backend=backend) * dy
        ).sum()

    gradients = ops.batch_norm_backward(dy, x, weight, training=training, **kept, backend=backend)
    for found, parameter in zip(gradients, (x, weight, bias), strict=True):
        same(found, brute.numerical_gradient(loss, parameter))


def test_batch_norm_of_one_value_a_channel_is_refused():
    with pytest.raises(ValueError, match="at least 2 values a channel"):
        ops.batch_norm(np.ones((1, 1, 1, 3)), np.ones(3), np.zeros(3))


def test_batch_norm_without_statistics_cannot_predict():
    with pytest.raises(ValueError, match="training=False needs running_mean"):
        ops.batch_norm(np.ones((2, 1, 1, 3)), np.ones(3), np.zeros(3), training=False)


@pytest.mark.parametrize("groups", [1, 2, 4])
def test_group_norm_standardises_each_image_and_group(groups, dtype, rng):
    x = (1 + rng.standard_normal((2, 3, 5, 4))).astype(dtype)
    y = ops.group_norm(x, groups, np.ones(4, dtype), np.zeros(4, dtype))
    parts = y.reshape(2, 15, groups, 4 // groups)
    same(parts.mean(axis=(1, 3)), np.zeros((2, groups)), np.float32)
    same(parts.std(axis=(1, 3)), np.ones((2, groups)), np.float32)


def test_group_norm_gradients_equal_numerical_ones(rng):
    x, weight, bias, dy = (rng.standard_normal(s) for s in ((2, 2, 3, 4), (4,), (4,), (2, 2, 3, 4)))

    def loss():
        return (ops.group_norm(x, 2, weight, bias) * dy).sum()

    for found, parameter in zip(
        ops.group_norm_backward(dy, x, 2, weight), (x, weight, bias), strict=True
    ):
        same(found, brute.numerical_gradient(loss, parameter))


def test_groups_that_do_not_divide_the_channels_are_refused():
    with pytest.raises(ValueError, match="num_groups must divide the 4 channels evenly, but 3"):
        ops.group_norm(np.ones((1, 2, 2, 4)), 3, np.ones(4), np.zeros(4))


@pytest.mark.parametrize("size", [1, 3, 4, 5, 9])
def test_local_response_norm_equals_its_formula(size, backend, dtype, rng):
    x = rng.standard_normal((2, 2, 3, 6)).astype(dtype)
    truth = np.empty(x.shape)
    for c in range(6):
        around = x[..., max(0, c - size // 2) : c + (size - 1) // 2 + 1].astype(float)
        truth[..., c] = x[..., c] / (2 + 0.3 / size * (around**2).sum(axis=-1)) ** 0.75
    same(ops.local_response_norm(x, size, alpha=0.3, k=2, backend=backend), truth, dtype)


@pytest.mark.parametrize("size", [3, 4])
def test_local_response_norm_gradient_equals_the_numerical_one(size, backend, rng):
    x, dy = rng.standard_normal((2, 2, 2, 5)), rng.standard_normal((2, 2, 2, 5))
    options = dict(size=size, alpha=0.5, beta=0.6, k=1.5, backend=backend)
    truth = brute.numerical_gradient(lambda: (ops.local_response_norm(x, **options) * dy).sum(), x)
    same(ops.local_response_norm_backward(dy, x, **options), truth)


def test_relu_keeps_what_is_positive_and_shows_nan(backend, dtype):
    x = np.array([-1, 0, 2, np.nan, np.inf, -np.inf], dtype)
    np.testing.assert_array_equal(ops.relu(x, backend=backend), [0, 0, 2, np.nan, np.inf, 0])
    dx = ops.relu_backward(
        np.arange(1, 7, dtype=dtype), np.array([0, 0, 2, 1, 3, 0], dtype), backend=backend
    )
    np.testing.assert_array_equal(dx, [0, 0, 3, 4, 5, 0])


@pytest.mark.parametrize("name", ["tanh", "sigmoid"])
def test_smooth_activations_have_their_numerical_gradients(name, rng):
    forward, backward = getattr(ops, name), getattr(ops, f"{name}_backward")
    x, dy = rng.standard_normal((2, 3)), rng.standard_normal((2, 3))
    same(backward(dy, forward(x)), brute.numerical_gradient(lambda: (forward(x) * dy).sum(), x))


def test_sigmoid_and_softmax_do_not_overflow():
    np.testing.assert_allclose(ops.sigmoid([-1e4, 0, 1e4]), [0, 0.5, 1])
    np.testing.assert_allclose(ops.softmax([[1e4, 0, 1e4]]), [[0.5, 0, 0.5]])
    np.testing.assert_allclose(
        ops.softmax([[1.0, 2, 3]]), np.exp([[1, 2, 3]]) / np.exp([1, 2, 3]).sum(), rtol=1e-6
    )


def test_linear_and_its_gradients(rng):
    x, w, b, dy = (rng.standard_normal(s) for s in ((4, 3), (2, 3), (2,), (4, 2)))
    same(ops.linear(x, w, b), [[b[k] + sum(x[n] * w[k]) for k in range(2)] for n in range(4)])

    def loss():
        return (ops.linear(x, w, b) * dy).sum()

    for found, parameter in zip(ops.linear_backward(dy, x, w), (x, w, b), strict=True):
        same(found, brute.numerical_gradient(loss, parameter))
