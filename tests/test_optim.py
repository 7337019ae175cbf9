"""Optimisers: against their formulas written out number by number, and hyperparameters that make no
sense.
"""

import pickle
from copy import deepcopy
from dataclasses import dataclass, fields
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.layers import Conv2d, Flatten, Linear
from cnnlab.losses import softmax_cross_entropy
from cnnlab.net import Sequential, load
from cnnlab.optim import RUN, SGD, Adagrad, Adam, RMSProp
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
    with pytest.raises(ValueError, match="lr -1 is not possible"):
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


@pytest.mark.parametrize(
    ("optimizer", "options", "sentence"),
    [
        (SGD, dict(lr=-0.1), "lr -0.1 is not possible: use a number that is finite and at least 0"),
        (Adam, dict(lr=float("nan")), "lr nan is not possible"),
        (Adam, dict(lr="fast"), "lr 'fast' is not possible"),
        (RMSProp, dict(lr=float("inf")), "lr inf is not possible"),
        (
            SGD,
            dict(momentum=1.0),
            "momentum 1.0 is not possible: use a number that is at least 0 and below 1",
        ),
        (Adam, dict(betas=(0.9, 1.0)), "betas 1.0 is not possible"),
        (RMSProp, dict(alpha=-0.1), "alpha -0.1 is not possible"),
        (Adagrad, dict(eps=-1e-8), "eps -1e-08 is not possible"),
        (SGD, dict(weight_decay=-1), "weight_decay -1 is not possible"),
        (SGD, dict(nesterov=True), "nesterov=True looks ahead along the momentum: give one"),
    ],
)
def test_a_hyperparameter_that_makes_no_sense_is_refused(optimizer, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        optimizer(**options)


def test_an_update_of_ones_own_sees_its_parameter_whole():
    seen = []

    class Own(SGD):
        def update(self, param, g, slot):
            seen.append(param.shape)

    Own().step({"w": np.zeros((3, RUN))}, {"w": np.zeros((3, RUN))})
    assert seen == [(3, RUN)]


ODD = [True, np.True_, "0.1", None, np.nan, np.inf, -0.5, 10**400, [0.1], np.array([0.1]), 1j, b"1"]
NUMBERS = [
    (kind, f.name)
    for kind in (SGD, Adagrad, RMSProp, Adam)
    for f in fields(kind)
    if f.name != "nesterov"
]


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize(("kind", "name"), NUMBERS)
def test_whatever_is_no_number_is_refused_by_name_at_construction_and_when_set_later(
    kind, name, odd
):
    with pytest.raises(ValueError, match=rf"^{name} .* is not possible: use") as said:
        kind(**{name: odd})
    assert "\n" not in str(said.value)
    made, w = kind(), np.ones(3)
    setattr(made, name, odd)
    with pytest.raises(ValueError, match=rf"^{name} "):
        made.step({"w": w}, {"w": w})
    assert w.tolist() == [1, 1, 1]


@pytest.mark.parametrize("kind", [SGD, Adagrad, RMSProp, Adam])
@pytest.mark.parametrize(
    "lr", [2, 2.0, np.int64(2), np.float32(2), np.array(2.0), np.array(2)], ids=repr
)
def test_every_kind_of_number_is_the_same_learning_rate(kind, lr):
    moved = []
    for rate in (lr, 2.0):
        w = np.ones(3, np.float32)
        kind(lr=rate).step({"w": w}, {"w": w / 2})
        moved.append(w)
    assert moved[0].dtype == np.float32
    np.testing.assert_allclose(*moved, rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: SGD(nesterov=1, momentum=0.9), "nesterov 1 is not possible: use True or False"),
        (
            lambda: Adam(1e-3, 0.9),
            r"betas 0.9 is not possible: use two numbers, as in betas=\(0.9, 0.999\)",
        ),
        (lambda: Adam(betas=(0.9, True)), "betas True is not possible"),
        (
            lambda: Adam(eps=0),
            "eps 0 is not possible: use a number that is finite and at least 1e-30",
        ),
        (lambda: SGD({"w": np.ones(2)}, lr=0.1), r"SGD is made without .* as in SGD\(lr=0.01\)"),
        (lambda: Adam([np.ones(2)]), "made without the parameters of a net"),
        (lambda: Adam(params=[]), "made without the parameters of a net"),
        (lambda: Adam(learning_rate=0.1), r"Adam takes no learning_rate: did you mean lr\?"),
        (lambda: SGD(momentun=0.1), r"did you mean momentum\?"),
        (lambda: Adagrad(qqq=1), "it takes lr, eps, weight_decay"),
    ],
)
def test_a_call_that_cannot_be_meant_is_answered_in_a_sentence(call, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        call()


def test_fields_of_an_optimiser_of_ones_own_are_its_own_affair():
    @dataclass(eq=False)
    class Own(SGD):
        mode: str = "calm"
        clip: float = None

    assert Own(0.1, mode="wild").mode == "wild" and Own(0.5, 0.9).momentum == 0.9
    with pytest.raises(TypeError, match=r"did you mean clip\?"):
        Own(clp=1)


def test_a_locked_parameter_is_refused_by_name_before_any_moves():
    w, locked = np.ones(2), np.ones(2)
    locked.flags.writeable = False
    with pytest.raises(
        ValueError, match=r"b is read-only, .* params\['b'\].flags.writeable = True"
    ):
        SGD(0.1).step({"w": w, "b": locked}, {"w": w, "b": w})
    assert w.tolist() == [1, 1]
    locked.flags.writeable = True
    SGD(0.1).step({"w": w, "b": locked}, {"w": w.copy(), "b": np.ones(2)})
    assert locked.tolist() == [0.9, 0.9]


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
def test_an_optimiser_begins_afresh_with_every_parameter_where_any_is_another(kind):
    net, optimizer = plain_net(), kind(lr=0.05)
    run(net, optimizer, 4, seed=1)
    other, truth = net.copy(), net.copy()
    for changed in (other, truth):
        changed.params["0.bias"] = 3
    run(other, optimizer, 3, seed=2)
    run(truth, kind(lr=0.05), 3, seed=2)
    assert all(np.array_equal(other.params[name], truth.params[name]) for name in truth.params)


@given(
    kind=st.sampled_from([SGD, Adagrad, RMSProp, Adam]),
    data=st.data(),
    gradients=st.lists(st.sampled_from([0.0, 1e-3, -1.0, 50.0]), min_size=1, max_size=4),
)
def test_random_hyperparameters_are_refused_in_a_sentence_or_give_finite_steps(
    kind, data, gradients
):
    numbers = st.sampled_from(
        [0, 1, 0.5, 0.999, 1e-8, 1e-40, -1, 2.0, np.nan, np.inf, True, None, "1", (0.9, 0.9)]
    )
    options = {f.name: data.draw(numbers) for f in fields(kind) if data.draw(st.booleans())}
    try:
        made = kind(**options)
    except (TypeError, ValueError) as error:
        assert "\n" not in str(error) and ": " in str(error)
        assert any(str(error).startswith(name) for name in options)
        return
    w = np.full(5, 0.5, np.float32)
    for g in gradients:
        made.step({"w": w}, {"w": np.full(5, g, np.float32)})
        assert np.isfinite(w).all()
