"""The Trainer shows what the library computes, and says whatever goes wrong in a sentence."""

import numpy as np
import pytest

import cnnlab
from cnnlab import ops
from cnnlab.data import Dataset, Split
from cnnlab.layers import Branches, Conv2d, Flatten, GlobalAvgPool2d, Linear, ReLU, Residual
from cnnlab.net import Sequential
from cnnlab.optim import SGD, Adagrad, Adam, RMSProp
from cnnlab.views import Trainer
from cnnlab.views.shared.outbox import Outbox
from cnnlab.views.trainer.rules import RULES
from helpers.trainers import trainer
from helpers.training import CLASSES, dataset, images, same, values, wait_for
from helpers.views import unpack


def restored(found):
    """Tiles from the bytes in which they travel, and the size of a step of theirs."""
    return unpack(found["tiles"]) * found["limit"] / 127, found["limit"] / 127


@pytest.mark.parametrize("layer", range(7))
def test_maps_filters_and_scores_are_those_of_the_net(layer):
    view = trainer(picture=4, layer=layer)
    view.advance(5)
    seen, x = view.run_state["seen"], dataset().test.x
    maps, step = restored(seen["maps"])
    truth = view.net.activations(x[4:5])[layer][0]
    truth = np.moveaxis(truth, -1, 0) if truth.ndim == 3 else truth
    np.testing.assert_allclose(maps.reshape(truth.shape), truth, atol=0.51 * step)
    filters, step = restored(seen["filters"])
    w = view.net.params["0.weight" if layer < 3 else "3.weight"]
    np.testing.assert_allclose(filters, w.transpose(0, 3, 1, 2), atol=0.51 * step)
    shares = ops.softmax(view.net.scores(x).astype(float))
    for answer in seen["answers"]:
        assert answer["truth"] == dataset().test.y[answer["n"]]
        assert [share for _, share in answer["best"]] == pytest.approx(
            np.sort(shares[answer["n"]])[::-1], rel=1e-4
        )
        assert answer["best"][0][0] == shares[answer["n"]].argmax()


def test_confusion_and_its_pictures():
    view = trainer()
    view.advance(15)
    test, answers = dataset().test, view.net.predict(dataset().test.x)
    counts = unpack(view.run_state["seen"]["confusion"])
    for truth in range(3):
        for answer in range(3):
            view.cell = [truth, answer]
            found = np.flatnonzero((test.y == truth) & (answers == answer))
            assert counts[truth, answer] == len(found)
            shown = [one["n"] for one in view.run_state["seen"]["answers"][1:]]
            assert shown == found[:8].tolist()
    view.cell = [7, 0]
    assert view.cell == [] and len(view.run_state["seen"]["answers"]) == 9


def test_scrubbing_shows_the_net_as_it_was_and_leaves_it_as_it_is():
    view = trainer()
    view.advance(40)
    now, x, y = values(view.net), *dataset().test
    for t in range(len(view.film)):
        view.checkpoint = t
        net = view.film.net(t)
        maps, step = restored(view.run_state["seen"]["maps"])
        np.testing.assert_allclose(
            maps[:, 0], np.moveaxis(net.activations(x[:1])[1][0], -1, 0), atol=0.51 * step
        )
        assert view.frame(t)["test_accuracy"] == (net.predict(x) == y).mean()
        metrics = view.run_state["metrics"]
        assert view.run_state["seen"]["evaluated_step"] == metrics["step"] == view.film.steps[t]
        assert metrics["test_accuracy"] == (net.predict(x) == y).mean()
    assert same(values(view.net), now)
    view.checkpoint = 3
    view.go_back()
    assert view.checkpoint == -1 and same(values(view.net), values(view.film.net(3)))
    view.checkpoint = 1000
    assert view.checkpoint == len(view.film) - 1
    view.checkpoint = -7
    assert view.checkpoint == -1


@pytest.mark.slow
def test_a_film_needs_no_training():
    view, film = Trainer(film="clothes"), cnnlab.film("clothes")
    assert same(values(view.net), values(film.net(-1)))
    assert view.film.steps == film.steps and view.classes == cnnlab.data.load("fashion").classes
    points = unpack(view.run_state["curves"]["test_accuracy"])
    np.testing.assert_allclose(points[1, :20], film.history["test_accuracy"], rtol=1e-6)
    assert view.frame(0)["test_accuracy"] < 0.3 < 0.8 < view.frame(-1)["test_accuracy"]


def test_a_film_of_ones_own_is_kept_and_shown_again(tmp_path):
    view = trainer()
    view.advance(20)
    path = view.film.save(tmp_path / "mine")
    again = Trainer(film=path, data=dataset())
    assert again.film.steps == view.film.steps and again.classes == CLASSES
    assert Trainer(film=str(path), data=dataset()).outputs == len(view.film)


def test_it_trains_in_the_background_and_sends_what_is_seen():
    view, sent = trainer(), []
    view._outbox = Outbox(lambda content, buffers: sent.append((content, len(buffers))))
    view.running = True
    wait_for(lambda: len(sent) >= 2)
    view.lr, view.picture = 0.001, 3
    before = len(sent)
    wait_for(lambda: len(sent) > before + 1)
    view.running = False
    content, buffers = sent[-1]
    assert content["kind"] == "run_state" and content["run_state"]["running"] and buffers > 5
    assert (
        content["run_state"]["seen"]["answers"][0]["n"] == 3
        and view.training_run.optimizer.lr == 0.001
    )
    assert (
        not view.training_run.running
        and view.run_state["step"] == view.training_run.step
        and not view.run_state["running"]
    )


def test_while_a_checkpoint_is_shown_training_goes_on_unseen():
    view, sent = trainer(), []
    view.advance(10)
    view._outbox = Outbox(lambda content, buffers: sent.append(content["run_state"]))
    view.start()
    wait_for(lambda: len(sent) >= 1)
    view.checkpoint = 2
    before = len(sent) + 1
    wait_for(lambda: len(sent) >= before + 2)
    view.pause()
    assert [run_state["seen"] for run_state in sent[before:]] == [None] * (len(sent) - before)
    assert view.run_state["seen"]["evaluated_step"] == view.run_state["metrics"]["step"] == 2
    view.start()
    assert view.checkpoint == -1  # after a start, training is shown
    view.pause()


@pytest.mark.parametrize("name", RULES)
def test_every_optimiser_takes_the_sliders_numbers(name):
    view = trainer()
    view.optimizer = name
    assert view.lr == RULES[name].lr
    view.lr, view.weight_decay, view.momentum = 0.03, 0.1, 0.5
    kind = {"SGD": SGD, "Nesterov": SGD, "Adagrad": Adagrad, "RMSProp": RMSProp, "Adam": Adam}[name]
    made = view.training_run.optimizer
    assert type(made) is kind and (made.lr, made.weight_decay) == (0.03, 0.1)
    if kind is SGD:
        assert made.momentum == 0.5 and made.nesterov == (name == "Nesterov")
    for momentum in (0, 0.9):
        view.momentum = momentum
        view.advance()


def test_sliders_clamp():
    view = trainer()
    view.lr, view.momentum, view.weight_decay, view.batch_size, view.picture, view.layer = (
        1e9,
        1,
        -1,
        10**6,
        99,
        99,
    )
    assert (view.lr, view.momentum, view.weight_decay, view.batch_size) == (10, 0.99, 0, 1024)
    assert (view.picture, view.layer) == (19, 6)
    view.advance()  # a batch is never larger than the data
    view.lr = float("nan")
    assert view.lr == 1e-6


def test_reset_and_undo():
    view = trainer()
    first = values(view.net)
    view.advance(10)
    trained = values(view.net)
    view.reset()
    assert same(values(view.net), first) and view.run_state["undo"] and view.run_state["step"] == 0
    view.undo()
    assert (
        same(values(view.net), trained)
        and not view.run_state["undo"]
        and view.run_state["step"] == 10
    )


ODD = {
    "residual": (Residual(Conv2d(3, 3, padding=1), ReLU(), Conv2d(1, 1)), Flatten(), Linear(3)),
    "branches": (
        Branches(Conv2d(2, 1), [Conv2d(3, 3, padding=1), ReLU()]),
        GlobalAvgPool2d(),
        Linear(3),
    ),
    "linear": (Flatten(), Linear(3)),
    "hidden": (Flatten(), Linear(40), ReLU(), Linear(3)),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ODD)
def test_any_net_can_be_watched(name):
    view = trainer(Sequential(*ODD[name], input_shape=(4, 3, 1)))
    for layer in range(len(view.net.layers)):
        view.layer = layer
        view.advance()
        assert view.run_state["seen"]["maps"]["limit"] > 0 and view.run_state["problem"] is None
    assert view.png()[:4] == b"\x89PNG"


def test_a_linear_layer_on_pictures_shows_its_weights_as_pictures():
    view = trainer(Sequential(*ODD["linear"], input_shape=(4, 3, 1)))
    filters, step = restored(view.run_state["seen"]["filters"])
    np.testing.assert_allclose(
        filters[:, 0], view.net.params["1.weight"].reshape(3, 4, 3), atol=0.51 * step
    )


def test_the_page_carries_the_whole_film(tmp_path):
    view = trainer()
    view.advance(30)
    assert view.export(tmp_path / "film.html").stat().st_size > 20_000 and view.album == []


@pytest.mark.slow
def test_everything_may_be_chosen_from_the_beginning():
    film = trainer().film
    view = Trainer(
        film="clothes",
        checkpoint=3,
        picture=10**6,
        layer=99,
        cell=[0, 1],
        lr=np.float32(0.5),
        optimizer="SGD",
    )
    assert (view.checkpoint, view.picture, view.layer, view.cell) == (
        3,
        999,
        7,
        [0, 1],
    ) and view.lr == 0.5
    assert view.run_state["metrics"]["step"] == 3 and len(film) == 1
    few = trainer(
        data=Dataset("few", Split(*images(3)), Split(*images(2)), CLASSES, ""),
        batch_size=np.int64(32),
    )
    few.advance(2)
    assert few.run_state["metrics"]["step"] == 2


def test_a_rate_that_was_chosen_stays_when_the_rule_changes():
    view = trainer()
    view.optimizer = "SGD"
    assert view.lr == RULES["SGD"].lr
    view.lr = 0.3
    view.optimizer = "Adam"
    assert view.lr == view.training_run.optimizer.lr == 0.3


def test_scrubbing_after_going_back_shows_the_new_run():
    view = trainer()
    view.advance(30)
    for t in range(len(view.film)):
        view.checkpoint = t
    view.go_back(3)
    view.optimizer, view.lr = "SGD", 0.2
    view.advance(40)
    x, y = dataset().test
    for t in range(len(view.film)):
        assert view.frame(t)["test_accuracy"] == (view.film.net(t).predict(x) == y).mean()
    view.undo()
    assert view.film.steps[-1] == 30 and not view.run_state["undo"]
