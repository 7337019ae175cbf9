"""Training: it learns, it repeats itself, and it tells what happened."""

import numpy as np
import pytest

import cnnlab
from cnnlab.data import Dataset, Split
from cnnlab.layers import Flatten, Linear, ReLU
from cnnlab.losses import multiclass_svm
from cnnlab.net import Sequential
from cnnlab.optim import SGD, Adam
from cnnlab.train import Step, steps, train
from helpers.training import images, quiet, same, small_net, values


def test_a_net_learns_what_can_be_learnt():
    data = Dataset(
        "columns", Split(*images(60)), Split(*images(30, seed=1)), ("a", "b", "c"), "made here"
    )
    history = train(small_net(), data, epochs=15, batch_size=10, optimizer=Adam(0.02), **quiet)
    assert history.test_accuracy[-1] > 0.9 and history.train_loss[-1] < 0.3 < history.train_loss[0]
    assert [len(v) for v in (history.train_loss, history.train_accuracy, history.test_loss)] == [
        15,
        15,
        15,
    ]
    assert len(history.loss) == len(history.accuracy) == 90 and history.stopped == ""
    assert history.seconds > 0


@pytest.mark.parametrize("loss", [cnnlab.softmax_cross_entropy, multiclass_svm])
def test_twenty_images_are_learnt_by_heart(loss):
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((20, 4, 3, 1)), rng.integers(0, 3, 20)
    net = Sequential(Flatten(), Linear(30), ReLU(), Linear(3), input_shape=(4, 3, 1))
    history = train(net, (x, y), epochs=60, batch_size=10, optimizer=Adam(0.03), loss=loss, **quiet)
    assert (net.predict(x) == y).all() and history.train_accuracy[-1] == 1


def test_the_same_seed_repeats_history_and_weights():
    runs = []
    for seed in (0, 0, 1):
        net = small_net()
        history = train(net, images(), epochs=2, batch_size=8, seed=seed, **quiet)
        runs.append((history.loss, values(net)))
    assert runs[0][0] == runs[1][0] and same(runs[0][1], runs[1][1])
    assert runs[0][0] != runs[2][0]


def test_steps_visit_every_image_once_an_epoch():
    x, y = images(10)
    x[:, 0, 0, 0] = np.arange(10)
    seen, net = [], small_net()
    forward = net.forward
    net.forward = lambda x, training: seen.extend(x[:, 0, 0, 0].tolist()) or forward(x, training)
    taken = list(steps(net, (x, y), epochs=2, batch_size=4))
    assert sorted(seen[:10]) == sorted(seen[10:]) == list(range(10)) and seen[:10] != seen[10:]
    assert [(s.epoch, s.step, s.images, s.last) for s in taken] == [
        *((1, 1, 4, False), (1, 2, 4, False), (1, 3, 2, True)),
        *((2, 4, 4, False), (2, 5, 4, False), (2, 6, 2, True)),
    ]


def test_one_step_is_forward_loss_backward_and_optimiser():
    x, y = images(6)
    taken, watched = small_net(), small_net()
    (step,) = steps(taken, (x, y), epochs=1, batch_size=6, optimizer=SGD(0.1), seed=5)
    order = np.random.default_rng(5).permutation(6)
    scores = watched.forward(x[order], training=True)
    loss, dscores = cnnlab.softmax_cross_entropy(scores, y[order])
    watched.backward(dscores)
    SGD(0.1).step(watched.params, watched.grads)
    assert same(values(taken), values(watched))
    assert (step.loss, step.accuracy) == (loss, (scores.argmax(axis=1) == y[order]).mean())


def test_the_means_of_an_epoch_weigh_a_smaller_last_batch_less():
    history = train(small_net(), images(10), epochs=1, batch_size=8, **quiet)
    assert history.train_loss == [pytest.approx(0.8 * history.loss[0] + 0.2 * history.loss[1])]


def test_training_adds_to_what_was_learnt():
    net, halves = small_net(), small_net()
    whole = train(net, images(), epochs=1, batch_size=20, optimizer=SGD(0.1), **quiet)
    train(halves, images(), epochs=1, batch_size=20, optimizer=SGD(0.1), **quiet)
    later = train(halves, images(), epochs=1, batch_size=20, optimizer=SGD(0.1), **quiet)
    assert later.loss[0] != whole.loss[0] and not same(values(net), values(halves))


def test_no_epochs_change_nothing():
    net = small_net()
    before = values(net)
    history = train(net, images(), epochs=0, batch_size=4, **quiet)
    assert same(values(net), before) and history.loss == [] and history.train_loss == []
    assert str(history).startswith("0 epochs, 0 steps")


def test_a_history_prints_as_one_line():
    history = train(small_net(), images(), epochs=1, batch_size=20, **quiet)
    assert repr(history) == str(history)
    assert str(history).startswith("1 epochs, 1 steps in 0.") and "loss" in str(history)


def test_the_bar_shows_progress(capfd):
    train(small_net(), images(), epochs=1, batch_size=10)
    assert "epoch 1" in capfd.readouterr().err
    train(small_net(), images(), epochs=1, batch_size=10, **quiet)
    assert capfd.readouterr().err == ""


def test_callbacks_see_every_step_and_stop_by_returning_true():
    seen = []
    history = train(
        small_net(),
        images(),
        epochs=5,
        batch_size=10,
        callbacks=(seen.append, lambda step: step.step == 3),
        **quiet,
    )
    assert [step.step for step in seen] == [1, 2, 3] and isinstance(seen[0], Step)
    assert history.stopped == "a callback asked for it at step 3"
    assert len(history.loss) == 3 and len(history.train_loss) == 1
    counted = train(
        small_net(), images(), epochs=1, batch_size=10, callbacks=[lambda s: s.step], **quiet
    )
    assert counted.stopped == ""


def test_a_loss_of_ones_own_may_have_targets_that_are_no_classes():
    def square(scores, targets):
        return float(((scores - targets) ** 2).mean()), 2 * (scores - targets) / scores.size

    targets = np.random.default_rng(0).standard_normal((8, 3)).astype(np.float32)
    history = train(
        small_net(),
        (images(8)[0], targets),
        epochs=30,
        batch_size=8,
        loss=square,
        optimizer=Adam(0.01),
        **quiet,
    )
    assert history.loss[-1] < history.loss[0] and np.isnan(history.accuracy).all()


def test_float64_nets_train_in_float64():
    net = small_net(dtype=np.float64)
    train(net, images(), epochs=1, batch_size=10, **quiet)
    assert {array.dtype for array in values(net).values()} == {np.dtype(float)}


@pytest.mark.parametrize(
    ("schedule", "factors"),
    [
        ("linear", [1, 0.75, 0.5, 0.25]),
        ("cosine", [1, 0.853553, 0.5, 0.146447]),
        (lambda t: 2 * t, [0, 0.5, 1, 1.5]),
    ],
)
def test_a_schedule_sets_the_learning_rate_of_each_step(schedule, factors):
    class Noting(SGD):
        def step(self, params, grads):
            rates.append(self.lr)
            super().step(params, grads)

    rates, optimizer = [], Noting(0.2)
    train(
        small_net(),
        images(),
        epochs=2,
        batch_size=10,
        optimizer=optimizer,
        schedule=schedule,
        **quiet,
    )
    np.testing.assert_allclose(rates, 0.2 * np.array(factors), rtol=1e-5, atol=1e-9)
    assert optimizer.lr == 0.2


def test_a_schedule_that_was_broken_off_leaves_the_learning_rate_as_it_was():
    optimizer = SGD(0.2)
    options = {"optimizer": optimizer, "schedule": "linear", "callbacks": [lambda step: True]}
    train(small_net(), images(), epochs=2, batch_size=10, **options, **quiet)
    assert optimizer.lr == 0.2
