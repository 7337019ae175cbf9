"""A net on the simulated GPU learns what it learns on the processor, and can be moved back."""

import signal

import numpy as np
import pytest

import cnnlab.views
from cnnlab import (
    SGD,
    Adagrad,
    Adam,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    RMSProp,
    Sequential,
)
from cnnlab.kernels.gpu.device import DeviceArray
from cnnlab.losses import multiclass_svm, softmax_cross_entropy
from cnnlab.train.stream import steps, train_step
from helpers.gpu_nets import BODIES, IMAGES, LABELS, largest_difference, many_images, net_of


@pytest.mark.parametrize("loss", [softmax_cross_entropy, multiclass_svm])
@pytest.mark.parametrize("body", [body for body in BODIES if body != "small"])
def test_forward_and_backward_are_those_of_the_processor(body, loss):
    here, there = net_of(body), net_of(body).to("cuda")
    found = []
    for net in (here, there):
        value, dscores = loss(net.forward(IMAGES, training=True), LABELS)
        found.append((value, np.asarray(net.backward(dscores))))
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-5)
    np.testing.assert_allclose(found[0][1], found[1][1], atol=1e-5)
    assert largest_difference(here.grads, there.grads) < 1e-5
    assert not here.state or largest_difference(here.state, there.state) < 1e-6


@pytest.mark.parametrize(
    "optimizer",
    [
        lambda: SGD(0.1, 0.9, nesterov=True, weight_decay=0.1),
        lambda: Adagrad(0.1),
        lambda: RMSProp(0.01),
        Adam,
    ],
)
def test_every_optimiser_takes_the_steps_it_takes_on_the_processor(optimizer):
    here, there = net_of("plain"), net_of("plain").to("cuda")
    for net in (here, there):
        chosen = optimizer()
        for _ in range(2):
            train_step(net, IMAGES, LABELS, chosen, softmax_cross_entropy)
    assert largest_difference(here.params, there.params) < 1e-4


def test_a_net_goes_there_is_saved_loaded_copied_and_comes_back(tmp_path):
    net = net_of("normal").to("cuda")
    scores = net.scores(IMAGES)
    assert isinstance(scores, np.ndarray) and hasattr(net.params["0.weight"], "on_gpu")
    loaded = cnnlab.load(net.save(tmp_path / "net.npz"))
    np.testing.assert_allclose(loaded.scores(IMAGES), scores, atol=1e-5)
    np.testing.assert_allclose(net.copy().scores(IMAGES), scores, atol=1e-5)
    np.testing.assert_allclose(net.activations(IMAGES)[-1], scores, atol=1e-5)
    assert (net.predict(IMAGES) == scores.argmax(1)).all()
    assert isinstance(net.to("cpu").params["0.weight"], np.ndarray)
    np.testing.assert_allclose(net.scores(IMAGES), scores, atol=1e-5)


def test_training_runs_there():
    net = Sequential(Flatten(), Linear(3), input_shape=(5, 5, 2)).to("cuda")
    history = cnnlab.train(
        net, (IMAGES, LABELS), epochs=4, batch_size=2, optimizer=SGD(0.1), progress=False
    )
    assert history.train_loss[-1] < history.train_loss[0]


@pytest.fixture
def fetches(monkeypatch):
    """The shapes of all arrays that are fetched from the GPU."""
    found, fetch = [], DeviceArray.numpy
    monkeypatch.setattr(DeviceArray, "numpy", lambda a: found.append(a.shape) or fetch(a))
    return found


@pytest.mark.parametrize("loss", [softmax_cross_entropy, multiclass_svm])
def test_losses_that_are_fetched_later_are_the_same_and_so_is_the_net(loss, fetches):
    options = {"epochs": 2, "batch_size": 2, "loss": loss, "schedule": "linear"}
    runs = []
    for fetch_every in (1, 3):
        net, optimizer = net_of("small").to("cuda"), SGD(0.1, 0.9)
        fetches.clear()
        done = list(
            steps(net, many_images(), **options, optimizer=optimizer, fetch_every=fetch_every)
        )
        runs.append((done, net, list(fetches)))
    (at_once, one, _), (later, other, copies) = runs
    assert copies == [(3, 2)] * 4  # after steps 3 and 4, and again in the second epoch
    numbers = [[(s.epoch, s.step, s.images, s.last) for s in done] for done in (at_once, later)]
    assert numbers[0] == numbers[1] and [s.images for s in later] == [2, 2, 2, 1] * 2
    assert [s.accuracy for s in later] == [s.accuracy for s in at_once]
    np.testing.assert_allclose([s.loss for s in later], [s.loss for s in at_once], rtol=1e-6)
    assert largest_difference(one.params, other.params) == 0 and optimizer.lr == 0.1


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
@pytest.mark.parametrize(
    "optimizer", [lambda: SGD(0.1, 0.9), lambda: Adagrad(0.1), lambda: RMSProp(0.01), Adam]
)
def test_a_loss_that_is_not_finite_moves_nothing_before_it_is_fetched(optimizer):
    x, y = many_images()
    order = np.random.default_rng(0).permutation(7)
    x[order[3]] = 3e38  # an image of the second batch
    found = []
    for fetch_every in (1, 9):
        net = net_of("small").to("cuda")
        done = list(
            steps(
                net, (x, y), epochs=1, batch_size=2, optimizer=optimizer(), fetch_every=fetch_every
            )
        )
        assert len(done) == 2 and not np.isfinite(done[1].loss)
        found.append(net.params)
    before = net_of("small").to("cuda")
    train_step(before, x[order[:2]], y[order[:2]], optimizer(), softmax_cross_entropy)
    assert largest_difference(*found) == 0 == largest_difference(before.params, found[0])


def test_momentum_that_is_switched_off_for_a_while_is_kept():
    found = []
    for device in ("cpu", "cuda"):
        net, optimizer = net_of("small").to(device), SGD(0.1, 0.9)
        for momentum in (0.9, 0.0, 0.9):
            optimizer.momentum = momentum
            train_step(net, IMAGES, LABELS, optimizer, softmax_cross_entropy)
        found.append(net.params)
    assert largest_difference(*found) < 1e-5


def test_ctrl_c_writes_down_all_steps_that_are_done():
    class Interrupted(ReLU):
        def forward(self, x, training=False):
            self.count = getattr(self, "count", 0) + 1
            if self.count == 3:
                signal.raise_signal(signal.SIGINT)
            return super().forward(x, training)

    layer = Interrupted()
    net = Sequential(Flatten(), layer, Linear(3), input_shape=(5, 5, 2)).to("cuda")
    history = cnnlab.train(
        net, many_images(), epochs=1, batch_size=1, progress=False, fetch_every=99
    )
    assert layer.count == len(history.loss) == 3 and "interrupted after step 3" in history.stopped


def test_a_callback_stops_behind_the_steps_that_are_fetched_together():
    net = net_of("plain").to("cuda")
    options = {
        "epochs": 1,
        "batch_size": 1,
        "progress": False,
        "fetch_every": 3,
        "schedule": "linear",
    }
    seen, optimizer = [], SGD(0.7)

    def callback(step):
        seen.append((step.step, step.current, round(optimizer.lr, 9)))
        return step.step == 2

    history = cnnlab.train(net, many_images(), **options, optimizer=optimizer, callbacks=[callback])
    assert seen == [(1, False, 0.7), (2, False, 0.6), (3, True, 0.5)] and optimizer.lr == 0.7
    assert len(history.loss) == 3 and history.stopped == "a callback asked for it at step 2"


def test_layers_that_stand_in_two_nets_lie_where_one_of_them_was_moved():
    net = net_of("plain")
    other = Sequential(*net.layers[:2], MaxPool2d(2), Flatten(), Linear(2), input_shape=(5, 5, 2))
    scores = other.scores(IMAGES)
    net.to("cuda")
    np.testing.assert_allclose(other.scores(IMAGES), scores, atol=1e-6)


def test_its_gradients_are_checked_on_the_processor_and_its_views_are_drawn():
    net = Sequential(Conv2d(2, 3), Flatten(), Linear(3), input_shape=(5, 5, 2)).to("cuda")
    assert max(cnnlab.gradcheck(net, (5, 5, 2)).values()) < 1e-5
    assert "Layer 0" in repr(cnnlab.views.FilterGallery(net))
    assert net.device == "cuda"


def test_an_unknown_device_is_refused():
    with pytest.raises(ValueError, match='device "tpu" is not known'):
        net_of("plain").to("tpu")
