"""Lesson 11's exercises: references are the library's, nets are checked, curves are measured."""

import numpy as np
import pytest

import cnnlab
from cnnlab import SGD, Adam, softmax_cross_entropy
from cnnlab.exercises import check, given
from cnnlab.exercises.lesson11 import BY_RATE, RATES, SHOWN
from cnnlab.exercises.net_exercises import BURIED, clothes_net
from helpers.exercises import ALL

DATA = cnnlab.data.load("fashion")


def test_the_first_loss_is_that_of_equal_scores():
    for case in ALL["11.first_loss"].cases:
        C = case["C"]
        assert ALL["11.first_loss"].reference(C) == pytest.approx(
            softmax_cross_entropy(np.zeros((3, C)), [0, 1, 1])[0]
        )


def test_the_descent_is_that_of_the_librarys_sgd():
    for case in ALL["11.descend"].cases:
        rule, w = SGD(case["lr"], momentum=case["momentum"]), np.array([case["w"]])
        for g in case["gradients"]:
            rule.step({"w": w}, {"w": np.array([g])})
        assert ALL["11.descend"].reference(**case) == pytest.approx(w[0])


def test_a_velocity_that_holds_the_learning_rate_is_right_too():
    def descend(w, gradients, lr, momentum):
        step = 0
        for g in gradients:
            step = momentum * step - lr * g
            w = w + step
        return w

    assert check("11.descend", descend).right


def test_a_return_inside_the_loop_is_told():
    def descend(w, gradients, lr, momentum):
        v = 0
        for g in gradients:
            v = momentum * v + g
            return w - lr * v

    assert check("11.descend", descend).mistake == "only_the_first_step"


def test_a_velocity_that_is_set_back_at_every_step_is_told():
    def descend(w, gradients, lr, momentum):
        for g in gradients:
            v = 0
            v = momentum * v + g
            w = w - lr * v
        return w

    feedback = check("11.descend", descend)
    assert feedback.mistake == "no_momentum" and "set back at every step" in feedback.sentence


def test_rates_are_written_as_in_the_lesson():
    assert "The curve of 0.00001 is not 1" in check("11.rates", (1, 3, 0, 2)).sentence


@pytest.mark.slow
def test_the_curves_are_those_of_the_net_of_the_lesson():
    assert str(clothes_net(0)) == str(cnnlab.film("clothes").net())
    for rate, told in zip(RATES, BY_RATE, strict=True):
        steps = cnnlab.steps(clothes_net(0), DATA, epochs=1, batch_size=32, optimizer=Adam(rate))
        loss = np.reshape([next(steps).loss for _ in range(50)], (10, 5)).mean(axis=1)
        np.testing.assert_allclose(loss, told[:10], atol=0.3, rtol=0.1)


def test_every_curve_belongs_to_one_rate():
    assert sorted(ALL["11.rates"].reference) == [0, 1, 2, 3]
    shown = given("11.rates")["loss"]
    for rate, curve in zip(SHOWN, shown, strict=True):
        np.testing.assert_array_equal(curve, BY_RATE[rate])


@pytest.mark.slow
def test_twenty_pictures_may_be_learnt_in_any_way():
    def with_momentum(net, x, y):
        cnnlab.train(
            net, (x, y), epochs=60, batch_size=10, optimizer=SGD(0.02, momentum=0.9), progress=False
        )
        return net

    def a_copy(net, x, y):
        return with_momentum(net.copy(), x, y)

    assert check("11.by_heart", with_momentum).right and check("11.by_heart", a_copy).right


def test_a_loss_on_the_way_is_told():
    def by_heart(net, x, y):
        cnnlab.train(net, (x, y), epochs=12, batch_size=20, optimizer=Adam(0.01), progress=False)
        return net

    feedback = check("11.by_heart", by_heart)
    assert feedback.mistake == "not_far_enough" and "of the 20 are right" in feedback.sentence


@pytest.mark.parametrize("key", ["11.by_heart", "11.revive"])
def test_what_is_no_such_net_is_told(key):
    assert "type float" in check(key, lambda *arguments: 0.01).sentence
    other = cnnlab.Sequential(cnnlab.Flatten(), cnnlab.Linear(10), input_shape=(28, 28, 1))
    assert "other layers" in check(key, lambda *arguments: other).sentence
    assert "is called as" in check(key, lambda net: net).sentence

    def with_images_as_labels(net, x, y=()):
        return cnnlab.train(net, (x, x), epochs=1)

    assert "labels have shape" in check(key, with_images_as_labels).sentence


def test_an_exercise_never_changes_what_the_next_check_gets():
    def wreck(net, x):
        net.params["0.weight"][:] = x[:] = np.nan
        return net

    assert (
        not check("11.revive", wreck).right and check("11.revive", ALL["11.revive"].reference).right
    )


def test_a_dead_filter_may_be_woken_by_its_bias_alone():
    def revive(net, x):
        net.params["0.bias"][list(BURIED)] = 0
        return net

    assert check("11.revive", revive).right


def test_the_names_of_the_dead_are_told():
    feedback = check("11.revive", lambda net, x: net)
    assert "filters 1, 4, 6 are dead" in feedback.sentence
