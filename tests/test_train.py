"""Training: it learns, it repeats itself, it stops in time, and it refuses what cannot be trained on."""

import signal
import threading
from types import SimpleNamespace

import numpy as np
import pytest

import cnnlab
from cnnlab.data import Dataset, Split
from cnnlab.layers import BatchNorm2d, Conv2d, Dropout, Flatten, Linear, ReLU
from cnnlab.losses import multiclass_svm
from cnnlab.net import Sequential
from cnnlab.optim import SGD, Adam
from cnnlab.train import Step, TrainingWarning, steps, train

quiet = {"progress": False}


def images(n=20, seed=0):
    """Images whose class is the brightest of three columns."""
    rng = np.random.default_rng(seed)
    x, y = rng.random((n, 4, 3, 1), dtype=np.float32), rng.integers(0, 3, n)
    x[np.arange(n), :, y] += 1
    return x, y


def small_net(**options):
    layers = Conv2d(4, 3, padding=1), BatchNorm2d(), ReLU(), Dropout(0.2), Flatten(), Linear(3)
    return Sequential(*layers, input_shape=(4, 3, 1), **options)


def values(net):
    return {name: array.copy() for kept in (net.params, net.state) for name, array in kept.items()}


def same(one, other):
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_a_net_learns_what_can_be_learnt():
    data = Dataset("columns", Split(*images(60)), Split(*images(30, seed=1)), ("a", "b", "c"), "made here")
    history = train(small_net(), data, epochs=15, batch_size=10, optimizer=Adam(0.02), **quiet)
    assert history.test_accuracy[-1] > 0.9 and history.train_loss[-1] < 0.3 < history.train_loss[0]
    assert [len(v) for v in (history.train_loss, history.train_accuracy, history.test_loss)] == [15, 15, 15]
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
    counted = train(small_net(), images(), epochs=1, batch_size=10, callbacks=[lambda s: s.step], **quiet)
    assert counted.stopped == ""


def send_ctrl_c(at, times=1):
    def callback(step):
        if step.step == at:
            for _ in range(times):
                signal.raise_signal(signal.SIGINT)

    return callback


def test_ctrl_c_ends_after_the_step_and_the_handler_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    net, reference = small_net(), small_net()
    history = train(net, images(), epochs=3, batch_size=10, callbacks=[send_ctrl_c(3)], **quiet)
    assert history.stopped == "interrupted after step 3; the net keeps what it has learnt"
    assert len(history.loss) == 3
    train(reference, images(), epochs=3, batch_size=10, callbacks=[lambda s: s.step == 3], **quiet)
    assert same(values(net), values(reference))
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_within_a_step_lets_it_finish():
    def interrupting(scores, labels):
        signal.raise_signal(signal.SIGINT)
        return cnnlab.softmax_cross_entropy(scores, labels)

    net = small_net()
    before = values(net)
    history = train(net, images(), epochs=3, batch_size=10, loss=interrupting, **quiet)
    assert len(history.loss) == 1 and "interrupted after step 1" in history.stopped
    assert not same(values(net), before)


def test_a_second_ctrl_c_breaks_off():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(KeyboardInterrupt):
        train(small_net(), images(), epochs=3, batch_size=10, callbacks=[send_ctrl_c(2, times=2)], **quiet)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_keyboard_interrupt_from_elsewhere_ends_training_too():
    def interrupting(step):
        raise KeyboardInterrupt

    history = train(small_net(), images(), epochs=3, batch_size=10, callbacks=[interrupting], **quiet)
    assert "interrupted after step 1" in history.stopped


def test_an_error_in_a_callback_comes_through_and_the_handler_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError):
        train(small_net(), images(), epochs=1, batch_size=10, callbacks=[lambda step: 1 / 0], **quiet)
    assert signal.getsignal(signal.SIGINT) is before


def test_training_works_in_another_thread():
    histories = []
    thread = threading.Thread(
        target=lambda: histories.append(train(small_net(), images(), epochs=2, batch_size=10, **quiet))
    )
    thread.start()
    thread.join()
    assert histories[0].loss == train(small_net(), images(), epochs=2, batch_size=10, **quiet).loss


def exploding_at(number):
    """A loss that is NaN at the given step."""
    count = iter(range(1, 10**6))

    def loss(scores, labels):
        value, dscores = cnnlab.softmax_cross_entropy(scores, labels)
        return (float("nan") if next(count) == number else value), dscores

    return loss


def test_a_loss_that_is_not_finite_takes_the_net_back_to_the_beginning_of_the_epoch():
    net, reference = small_net(), small_net()
    with pytest.warns(TrainingWarning, match="the loss became nan at step 6 .epoch 3.*") as said:
        history = train(net, images(), epochs=9, batch_size=10, loss=exploding_at(6), **quiet)
    assert "the learning rate 0.001 is probably too high: try 0.0001" in str(said[0].message)
    assert said[0].filename == __file__
    train(reference, images(), epochs=2, batch_size=10, **quiet)
    assert same(values(net), values(reference))
    assert len(history.loss) == 6 and len(history.train_loss) == 2 and "step 6" in history.stopped


def test_a_learning_rate_far_too_high_ends_in_words():
    net = Sequential(Conv2d(4, 3), ReLU(), Flatten(), Linear(3), input_shape=(4, 3, 1))
    before = values(net)
    with pytest.warns(TrainingWarning, match=r"the learning rate 1e\+25 is probably too high: try 1e\+24"):
        train(net, images(), epochs=3, batch_size=5, optimizer=SGD(1e25), **quiet)
    assert same(values(net), before)


def test_an_optimiser_forgets_what_exploded():
    net, optimizer = small_net(), Adam(0.01)
    with pytest.warns(TrainingWarning):
        train(net, images(), epochs=3, batch_size=10, optimizer=optimizer, loss=exploding_at(2), **quiet)
    twin = small_net()
    optimizer.lr = 1e-3
    for made, chosen in ((net, optimizer), (twin, Adam(1e-3))):
        made.init()
        made.layers[3].rng = np.random.default_rng(7)
        train(made, images(), epochs=1, batch_size=10, optimizer=chosen, **quiet)
    assert same(values(net), values(twin))


def test_nan_in_the_weights_is_named_as_the_cause():
    net = small_net()
    net.params["5.weight"][0, 0] = np.nan
    with pytest.warns(TrainingWarning, match="held NaN or infinity before training began: build the net anew"):
        train(net, images(), epochs=1, batch_size=10, **quiet)


def test_images_far_too_bright_are_named_as_the_cause():
    x, y = images()
    net = Sequential(Conv2d(4, 3, padding=1), Flatten(), Linear(3), input_shape=(4, 3, 1))
    with pytest.warns(TrainingWarning, match="scale the images to values from 0 to 1"):
        train(net, (x * np.float32(1e38), y), epochs=1, batch_size=10, **quiet)


X, Y = images(8)
HOLED = X.copy()
HOLED[5, 0, 0] = np.nan
HOLED[6, 1, 1] = np.inf


@pytest.mark.parametrize(
    ("data", "options", "error", "sentence"),
    [
        ((X[:0], Y[:0]), {}, ValueError, "there are no images: give at least one"),
        ((X, Y[:5]), {}, ValueError, "8 images do not go with 5 labels"),
        ((X, Y + 1), {}, ValueError, "label 3 at position . is not a class from 0 to 2"),
        ((X, Y - 3), {}, ValueError, "label -. at position 0 is not a class"),
        ((X, Y.astype(float)), {}, ValueError, "labels hold float64 values, not whole numbers"),
        ((X, np.eye(3)[Y]), {}, ValueError, "labels hold float64|labels have shape"),
        ((HOLED, Y), {}, ValueError, "2 of 8 images hold NaN or infinity, the first at position 5"),
        ((X[:, :3], Y), {}, ValueError, r"x has shape \(8, 3, 3, 1\), but the net takes \(N, 4, 3, 1\)"),
        ((X[..., 0], Y), {}, ValueError, r"add the channel with x\[..., None\]"),
        ((X, Y), {"batch_size": 9}, ValueError, "batch_size 9 is larger than the 8 images: use at most 8"),
        ((X, Y), {"batch_size": 0}, ValueError, "batch_size 0 is not a whole number of at least 1"),
        ((X, Y), {"batch_size": 2.5}, ValueError, "batch_size 2.5 is not a whole number"),
        ((X, Y), {"epochs": -1}, ValueError, "epochs -1 is not a whole number of at least 0"),
        ((X, Y), {"epochs": 1.5}, ValueError, "epochs 1.5 is not a whole number"),
        ((X, Y), {"optimizer": Adam}, TypeError, r"optimizer is the class Adam: call it, as in Adam\(\)"),
        ((X, Y), {"optimizer": "adam"}, TypeError, "optimizer 'adam' has no step method"),
        (X, {}, TypeError, r"data is a ndarray: use a Dataset, a Split or a pair \(x, y\)"),
    ],
)
def test_what_cannot_be_trained_on_is_refused_before_the_first_step(data, options, error, sentence):
    net = small_net()
    before = values(net)
    with pytest.raises(error, match=sentence):
        train(net, data, **{"epochs": 1, "batch_size": 4, **quiet, **options})
    assert same(values(net), before)


def test_the_test_images_are_checked_before_the_first_step():
    data = SimpleNamespace(train=Split(X, Y), test=Split(X, Y + 1))
    with pytest.raises(ValueError, match=r"label 3 at position .* is not a class"):
        train(small_net(), data, epochs=1, batch_size=4, **quiet)


def test_a_data_set_without_test_images_trains():
    data = Dataset("few", Split(X, Y), Split(X[:0], Y[:0]), ("a", "b", "c"), "made here")
    history = train(small_net(), data, epochs=2, batch_size=4, **quiet)
    assert history.test_accuracy == [] and len(history.train_loss) == 2


def test_only_a_sequential_can_be_trained():
    with pytest.raises(TypeError, match="only a Sequential can be trained, not a Linear: put it into one"):
        train(Linear(3), (X, Y), epochs=1, batch_size=4, **quiet)


def test_bad_arguments_of_steps_are_refused_at_the_call():
    with pytest.raises(ValueError, match="use at most 8"):
        steps(small_net(), (X, Y), epochs=1)


def test_a_loss_of_ones_own_may_have_targets_that_are_no_classes():
    def square(scores, targets):
        return float(((scores - targets) ** 2).mean()), 2 * (scores - targets) / scores.size

    targets = np.random.default_rng(0).standard_normal((8, 3)).astype(np.float32)
    history = train(small_net(), (X, targets), epochs=30, batch_size=8, loss=square, optimizer=Adam(0.01), **quiet)
    assert history.loss[-1] < history.loss[0] and np.isnan(history.accuracy).all()


def test_float64_nets_train_in_float64():
    net = small_net(dtype=np.float64)
    train(net, images(), epochs=1, batch_size=10, **quiet)
    assert {array.dtype for array in values(net).values()} == {np.dtype(float)}
