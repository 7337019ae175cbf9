"""Optimisers: against their formulas written out number by number."""

import pickle
from copy import deepcopy
from functools import partial

import numpy as np
import pytest

from cnnlab.layers import Conv2d, Flatten, Linear
from cnnlab.losses import softmax_cross_entropy
from cnnlab.net import Sequential, load
from cnnlab.optim import SGD, Adagrad, Adam, RMSProp
from cnnlab.optim.base import RUN
from helpers.training import images


def sgd(w, gradients, lr, momentum=0.0, nesterov=False, weight_decay=0.0):
    v = 0.0
    for g in gradients:
        g = g + weight_decay * w
        v = momentum * v + g
        w = w - lr * (g + momentum * v if nesterov else v)
    return w


def adagrad(w, gradients, lr, eps=1e-10, weight_decay=0.0):
    s = 0.0
    for g in gradients:
        g = g + weight_decay * w
        s = s + g**2
        w = w - lr * g / (np.sqrt(s) + eps)
    return w


def rmsprop(w, gradients, lr, alpha=0.99, eps=1e-8, weight_decay=0.0):
    s = 0.0
    for g in gradients:
        g = g + weight_decay * w
        s = alpha * s + (1 - alpha) * g**2
        w = w - lr * g / (np.sqrt(s) + eps)
    return w


def adam(w, gradients, lr, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    m = s = 0.0
    for t, g in enumerate(gradients, 1):
        g = g + weight_decay * w
        m = betas[0] * m + (1 - betas[0]) * g
        s = betas[1] * s + (1 - betas[1]) * g**2
        w = w - lr * (m / (1 - betas[0] ** t)) / (np.sqrt(s / (1 - betas[1] ** t)) + eps)
    return w


CASES = [
    (SGD, sgd, dict(lr=0.1)),
    (SGD, sgd, dict(lr=0.1, weight_decay=0.3)),
    (SGD, sgd, dict(lr=0.1, momentum=0.9, weight_decay=0.3)),
    (SGD, sgd, dict(lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.3)),
    (Adagrad, adagrad, dict(lr=0.1, weight_decay=0.3)),
    (Adagrad, adagrad, dict(lr=0.1, eps=0.2)),
    (RMSProp, rmsprop, dict(lr=0.1, alpha=0.8, weight_decay=0.3)),
    (RMSProp, rmsprop, dict(lr=0.1, eps=0.2)),
    (Adam, adam, dict(lr=0.1)),
    (Adam, adam, dict(lr=0.1, betas=(0.5, 0.7), eps=0.2, weight_decay=0.3)),
]
ALL = [SGD(momentum=0.9), Adagrad(), RMSProp(), Adam(weight_decay=0.1)]


@pytest.mark.parametrize("columns", [3, RUN], ids=["small", "done in runs"])
@pytest.mark.parametrize(("optimizer", "truth", "options"), CASES)
def test_steps_follow_the_formula(optimizer, truth, options, columns, rng):
    start, gradients = rng.standard_normal((2, columns)), rng.standard_normal((5, 2, columns))
    params, made = {"w": start.copy(), "b": start[0].copy()}, optimizer(**options)
    for g in gradients:
        made.step(params, {"w": g, "b": g[0]})
    np.testing.assert_allclose(
        params["w"], truth(start, gradients, **options), rtol=1e-12, atol=1e-15
    )
    np.testing.assert_allclose(
        params["b"], truth(start[0], gradients[:, 0], **options), rtol=1e-12, atol=1e-15
    )


@pytest.mark.parametrize("optimizer", ALL)
def test_gradients_stay_as_they_are_and_float32_stays_float32(optimizer, rng):
    w, g = rng.standard_normal((2, 4)).astype(np.float32)
    kept = g.copy()
    optimizer.step({"w": w}, {"w": g})
    assert w.dtype == np.float32
    np.testing.assert_array_equal(g, kept)


@pytest.mark.parametrize("optimizer", ALL)
def test_a_valley_is_descended(optimizer):
    optimizer.lr = 0.1
    w = np.array([1.0, -2.0])
    for _ in range(400):
        optimizer.step({"w": w}, {"w": 2 * w})
    assert np.abs(w).max() < 0.5


def test_the_learning_rate_may_change_while_running():
    w, optimizer = np.zeros(1), SGD(lr=1.0)
    optimizer.step({"w": w}, {"w": np.ones(1)})
    optimizer.lr = 0.25
    optimizer.step({"w": w}, {"w": np.ones(1)})
    assert w.tolist() == [-1.25]
    optimizer.lr = -1
    with pytest.raises(ValueError, match="lr must be a finite number of at least 0, not -1"):
        optimizer.step({"w": w}, {"w": np.ones(1)})


def test_the_memory_of_another_net_is_not_used():
    optimizer, g = SGD(lr=1.0, momentum=0.9), {"w": np.ones(1)}
    for _ in range(3):
        optimizer.step({"w": np.zeros(1)}, g)
    fresh = np.zeros(1)
    optimizer.step({"w": fresh}, g)
    assert fresh.tolist() == [-1.0]


def test_reset_forgets_all_steps():
    optimizer, w = SGD(lr=1.0, momentum=0.9), np.zeros(1)
    optimizer.step({"w": w}, {"w": np.ones(1)})
    optimizer.reset()
    optimizer.step({"w": w}, {"w": np.ones(1)})
    assert w.tolist() == [-2.0]


def test_an_update_of_ones_own_sees_its_parameter_whole():
    seen = []

    class Own(SGD):
        def update(self, param, g, slot):
            seen.append(param.shape)

    Own().step({"w": np.zeros((3, RUN))}, {"w": np.zeros((3, RUN))})
    assert seen == [(3, RUN)]


def run(net, optimizer, steps, seed):
    x, y = images(12, seed)
    for _ in range(steps):
        _, dscores = softmax_cross_entropy(net.forward(x, training=True), y)
        net.backward(dscores, need_dx=False)
        optimizer.step(net.params, net.grads)


def plain_net(seed=0):
    return Sequential(Conv2d(2, 3), Flatten(), Linear(3), input_shape=(4, 3, 1), seed=seed)


def apart(net, optimizer, path):
    return pickle.loads(pickle.dumps(net)), pickle.loads(pickle.dumps(optimizer))


WAYS = {
    "saved": lambda net, optimizer, path: (load(net.save(path)), optimizer),
    "copied": lambda net, optimizer, path: (net.copy(), deepcopy(optimizer)),
    "pickled apart": apart,
    "the same": lambda net, optimizer, path: (net, optimizer),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", [partial(SGD, momentum=0.9), Adagrad, RMSProp, Adam])
def test_an_optimiser_goes_on_with_a_net_that_was_loaded_or_copied(kind, way, tmp_path):
    net, optimizer = plain_net(), kind(lr=0.05)
    truth, whole = plain_net(), kind(lr=0.05)
    run(net, optimizer, 4, seed=1)
    net, optimizer = WAYS[way](net, optimizer, tmp_path / "net.npz")
    run(net, optimizer, 3, seed=2)
    run(truth, whole, 4, seed=1)
    run(truth, whole, 3, seed=2)
    assert all(np.array_equal(net.params[name], truth.params[name]) for name in truth.params)


@pytest.mark.parametrize("kind", [partial(SGD, momentum=0.9), Adagrad, RMSProp, Adam])
def test_an_optimiser_begins_again_with_every_parameter_where_any_is_another(kind):
    net, optimizer = plain_net(), kind(lr=0.05)
    run(net, optimizer, 4, seed=1)
    other, truth = net.copy(), net.copy()
    for changed in (other, truth):
        changed.params["0.bias"] = 3
    run(other, optimizer, 3, seed=2)
    run(truth, kind(lr=0.05), 3, seed=2)
    assert all(np.array_equal(other.params[name], truth.params[name]) for name in truth.params)
