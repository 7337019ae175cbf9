"""What cannot be trained on, and what cannot train, is refused before the first step."""

from types import SimpleNamespace

import numpy as np
import pytest

from cnnlab.data import Dataset, Split
from cnnlab.layers import Flatten, Linear
from cnnlab.layers.container import leaves
from cnnlab.net import Sequential
from cnnlab.optim import Adam
from cnnlab.train import steps, train
from helpers.training import images, quiet, same, small_net, values

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
        ((X, Y.astype(float)), {}, ValueError, "labels hold float64 values, not integers"),
        ((X, np.eye(3)[Y]), {}, ValueError, "labels hold float64|labels have shape"),
        ((HOLED, Y), {}, ValueError, "2 of 8 images hold NaN or infinity, the first at position 5"),
        (
            (X[:, :3], Y),
            {},
            ValueError,
            r"x has shape \(8, 3, 3, 1\), but the net takes \(N, 4, 3, 1\)",
        ),
        ((X[..., 0], Y), {}, ValueError, r"add the channel with x\[..., None\]"),
        (
            (X, Y),
            {"batch_size": 9},
            ValueError,
            "batch_size 9 is larger than the 8 images: use at most 8",
        ),
        ((X, Y), {"batch_size": 0}, ValueError, "batch_size must be a positive integer, not 0"),
        ((X, Y), {"batch_size": 2.5}, ValueError, "batch_size must be a positive integer, not 2.5"),
        ((X, Y), {"epochs": -1}, ValueError, "epochs must be a non-negative integer, not -1"),
        ((X, Y), {"epochs": 1.5}, ValueError, "epochs must be a non-negative integer, not 1.5"),
        (
            (X, Y),
            {"schedule": "step"},
            ValueError,
            'schedule "step" is not known: use "linear", "cosine" or a function',
        ),
        (
            (X, Y),
            {"optimizer": Adam},
            TypeError,
            r"optimizer is the class Adam: call it, as in Adam\(\)",
        ),
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
    with pytest.raises(TypeError, match="net must be a Sequential, not a Linear: put it into one"):
        train(Linear(3), (X, Y), epochs=1, batch_size=4, **quiet)


def test_bad_arguments_of_steps_are_refused_at_the_call():
    with pytest.raises(ValueError, match="use at most 8"):
        steps(small_net(), (X, Y), epochs=1, batch_size=9)


def test_work_arrays_are_given_back_after_training():
    net = small_net()
    train(net, images(), epochs=1, batch_size=10, **quiet)
    assert not any(leaf._buffers or leaf.saved_arrays for leaf in leaves(net))
    net.forward(images()[0], training=True)
    net.release()
    assert not any(leaf._buffers or leaf.saved_arrays for leaf in leaves(net))


def returning(value):
    def odd(scores, labels):
        return value(scores)

    return odd


class Still:
    """An optimiser without a learning rate."""

    def step(self, params, grads):
        pass


REFUSED = {
    "a float": (
        dict(loss=returning(lambda s: 1.0)),
        r"the loss odd returned a float: return \(loss, dscores\)",
    ),
    "nothing": (
        dict(loss=returning(lambda s: None)),
        r"returned a NoneType: return \(loss, dscores\)",
    ),
    "three": (
        dict(loss=returning(lambda s: (1.0, s, s))),
        r"returned 3 things: return \(loss, dscores\)",
    ),
    "a loss each": (
        dict(loss=returning(lambda s: (s[:, 0], s))),
        "returned a ndarray for the loss: return one number",
    ),
    "text": (dict(loss=returning(lambda s: ("1", s))), "returned a str for the loss"),
    "no gradient": (
        dict(loss=returning(lambda s: (1.0, None))),
        r"a gradient of shape \(\): return real numbers",
    ),
    "a sum": (
        dict(loss=returning(lambda s: (1.0, s.sum(1)))),
        r"of shape \(4,\): .* the scores, \(4, 3\)",
    ),
    "complex": (dict(loss=returning(lambda s: (1.0, s + 1j))), "return real numbers"),
    "no loss": (dict(loss="mse"), "loss 'mse' cannot be called: use a function from"),
    "one callback": (dict(callbacks=print), r"put it into a list, as in callbacks=\[f\]"),
    "None callbacks": (dict(callbacks=None), "callbacks must be a list .* not None"),
    "odd callbacks": (dict(callbacks=[print, 3]), "callback 1 is 3, which cannot be called"),
    "a dict schedule": (
        dict(schedule={0: 1}),
        'schedule {0: 1} is not known: use "linear", "cosine" or',
    ),
    "a NaN schedule": (
        dict(schedule=lambda t: np.nan),
        "the schedule gave nan at step 1: return a finite number",
    ),
    "a text schedule": (dict(schedule=lambda t: "1"), "the schedule gave '1' at step 1"),
    "no rate": (
        dict(schedule="linear", optimizer=Still()),
        "the Still has none that is a number: leave schedule out",
    ),
    "True epochs": (dict(epochs=True), "epochs must be a non-negative integer, not True"),
    "0-d epochs": (dict(epochs=np.array(1.0)), "epochs must be a non-negative integer, not array"),
    "drop_last": (dict(drop_last="yes"), "drop_last must be True or False, not 'yes'"),
    "misspelt": (dict(callback=[print]), r"no argument 'callback': did you mean 'callbacks'\?"),
    "Keras": (dict(learning_rate=0.1), r"give optimizer=Adam\(learning_rate\)"),
    "a seed": (dict(seed=-1), "seed must be a non-negative integer"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_argument_that_makes_no_sense_is_refused_and_nothing_has_changed(name):
    options, sentence = REFUSED[name]
    net = small_net()
    before = values(net)
    with pytest.raises((TypeError, ValueError), match=sentence) as said:
        train(net, images(8), **{"epochs": 1, "batch_size": 4, **quiet, **options})
    assert "\n" not in str(said.value) and same(values(net), before)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda net: train(net, X, Y), r"write it as in train\(net, \(x, y\), epochs=10\)"),
        (lambda net: train(net, (X, Y), 10), r"write it as in train\(net, data, epochs=10\)"),
        (lambda net: train(net, (X, Y)), "train was given epochs not at all"),
        (lambda net: train(net, epochs=3), "train was given data not at all"),
        (lambda net: train(net, (X, Y), data=(X, Y), epochs=3), "train was given data twice"),
        (lambda net: steps(net, X, Y, 3), r"write it as in steps\(net, \(x, y\), epochs=10\)"),
        (
            lambda net: train(net, ((X, Y), (X, Y)), epochs=1),
            r"a pair of pairs: .*Dataset\(name, Split\(x, y\)",
        ),
        (lambda net: train(net, (X, Y, X), epochs=1), "data is a tuple of 3: use a Dataset"),
    ],
)
def test_a_call_that_fits_no_signature_is_answered_with_how_it_is_written(call, sentence):
    net = small_net()
    before = values(net)
    with pytest.raises(TypeError, match=sentence):
        call(net)
    assert same(values(net), before)


def test_a_locked_parameter_is_refused_before_the_first_step():
    net = small_net()
    before = values(net)
    net.params["5.bias"].flags.writeable = False
    with pytest.raises(ValueError, match=r"5.bias is read-only, so it cannot be trained"):
        train(net, images(8), epochs=1, **quiet)
    assert same(values(net), before)
    net.params["5.bias"].flags.writeable = True
    assert len(train(net, images(8), epochs=1, **quiet).loss) == 1


def test_a_history_says_nothing_of_an_accuracy_that_there_is_none_of():
    def squares(scores, wanted):
        return float(((scores - wanted) ** 2).mean()), 2 * (scores - wanted) / scores.size

    x, y = images(8)[0], np.zeros((8, 3), np.float32)
    net = Sequential(Flatten(), Linear(3), input_shape=(4, 3, 1))
    data = SimpleNamespace(train=Split(x, y), test=Split(x, y))
    said = str(train(net, data, epochs=1, loss=squares, **quiet))
    assert "nan" not in said and "accuracy" not in said and "on the test images loss 0." in said
