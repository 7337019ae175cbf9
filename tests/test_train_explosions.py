"""What explodes while a net is trained is named, and the net goes back to where it was."""

import numpy as np
import pytest

import cnnlab
from cnnlab.layers import Conv2d, Flatten, Linear, ReLU
from cnnlab.net import Sequential
from cnnlab.optim import SGD, Adam
from cnnlab.train import TrainingWarning, train
from helpers.training import images, quiet, same, small_net, values


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
    with pytest.warns(
        TrainingWarning, match=r"the learning rate 1e\+25 is probably too high: try 1e\+24"
    ):
        train(net, images(), epochs=3, batch_size=5, optimizer=SGD(1e25), **quiet)
    assert same(values(net), before)


def test_an_optimiser_forgets_what_exploded():
    net, optimizer = small_net(), Adam(0.01)
    with pytest.warns(TrainingWarning):
        train(
            net,
            images(),
            epochs=3,
            batch_size=10,
            optimizer=optimizer,
            loss=exploding_at(2),
            **quiet,
        )
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
    with pytest.warns(
        TrainingWarning,
        match="5.weight held NaN or infinity before training began: build the net again",
    ):
        train(net, images(), epochs=1, batch_size=10, **quiet)


def test_images_far_too_bright_are_named_as_the_cause():
    x, y = images()
    net = Sequential(Conv2d(4, 3, padding=1), Flatten(), Linear(3), input_shape=(4, 3, 1))
    with pytest.warns(TrainingWarning, match="scale the images to values from 0 to 1"):
        train(net, (x * np.float32(1e38), y), epochs=1, batch_size=10, **quiet)


def _filling(net):
    def loss(scores, labels):
        net.state["1.running_var"] = np.inf
        return cnnlab.softmax_cross_entropy(scores, labels)

    return loss


def test_parameters_that_explode_are_named_and_the_loss_is_not_blamed():
    net = small_net()
    with pytest.warns(
        TrainingWarning,
        match=r"the parameter .*weight became infinite or NaN .* rate 1e\+41 .* high",
    ):
        history = train(net, images(), epochs=1, batch_size=20, optimizer=SGD(1e41), **quiet)
    assert "scale the images" not in history.stopped and "the loss became" not in history.stopped


def test_running_statistics_that_explode_are_named():
    net = small_net()
    with pytest.warns(
        TrainingWarning, match=r"the running statistic 1.running_var became infinite"
    ):
        train(net, images(), epochs=1, batch_size=20, callbacks=[], loss=_filling(net), **quiet)


def test_a_momentum_out_of_its_range_is_named_where_running_statistics_explode():
    net = small_net()
    net.layers[1].momentum = 1e30
    with pytest.warns(
        TrainingWarning,
        match=r"the momentum 1e\+30 of layer 1 lets them grow .*: use one from 0 to 1",
    ):
        train(net, images(), epochs=9, batch_size=5, **quiet)
