"""Hyperparameters and calls of an optimiser that make no sense are refused by name."""

from dataclasses import dataclass, fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.optim import SGD, Adagrad, Adam, RMSProp


@pytest.mark.parametrize(
    ("optimizer", "options", "sentence"),
    [
        (SGD, dict(lr=-0.1), "lr must be a finite number of at least 0, not -0.1"),
        (Adam, dict(lr=float("nan")), "lr must be .* not nan"),
        (Adam, dict(lr="fast"), "lr must be .* not 'fast'"),
        (RMSProp, dict(lr=float("inf")), "lr must be .* not inf"),
        (
            SGD,
            dict(momentum=1.0),
            "momentum must be a number of at least 0 and below 1, not 1.0",
        ),
        (Adam, dict(betas=(0.9, 1.0)), "betas must be .* not 1.0"),
        (RMSProp, dict(alpha=-0.1), "alpha must be .* not -0.1"),
        (Adagrad, dict(eps=-1e-8), "eps must be .* not -1e-08"),
        (SGD, dict(weight_decay=-1), "weight_decay must be .* not -1"),
        (SGD, dict(nesterov=True), "nesterov=True looks ahead along the momentum: give one"),
    ],
)
def test_a_hyperparameter_that_makes_no_sense_is_refused(optimizer, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        optimizer(**options)


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
    with pytest.raises(ValueError, match=rf"^{name} must be .* not ") as said:
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
        (lambda: SGD(nesterov=1, momentum=0.9), "nesterov must be True or False, not 1"),
        (
            lambda: Adam(1e-3, 0.9),
            r"betas must be two numbers, as in betas=\(0.9, 0.999\), not 0.9",
        ),
        (lambda: Adam(betas=(0.9, True)), "betas must be .* not True"),
        (
            lambda: Adam(eps=0),
            "eps must be a finite number of at least 1e-30, not 0",
        ),
        (lambda: SGD({"w": np.ones(2)}, lr=0.1), r"SGD is made without .* as in SGD\(lr=0.01\)"),
        (lambda: Adam([np.ones(2)]), "made without the parameters of a net"),
        (lambda: Adam(params=[]), "made without the parameters of a net"),
        (lambda: Adam(learning_rate=0.1), r"no argument 'learning_rate': did you mean 'lr'\?"),
        (lambda: SGD(momentun=0.1), r"did you mean 'momentum'\?"),
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
    with pytest.raises(TypeError, match=r"did you mean 'clip'\?"):
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
        assert "\n" not in str(error) and (" must be " in str(error) or ": " in str(error))
        assert any(str(error).startswith(name) for name in options)
        return
    w = np.full(5, 0.5, np.float32)
    for g in gradients:
        made.step({"w": w}, {"w": np.full(5, g, np.float32)})
        assert np.isfinite(w).all()
