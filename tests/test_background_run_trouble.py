"""Whatever goes wrong while a thread trains, the net is kept and one sentence says what it was."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.layers import BatchNorm2d, Conv2d, Flatten, Linear
from cnnlab.layers.base import Layer
from cnnlab.net import Sequential
from cnnlab.optim import SGD
from cnnlab.train import steps
from cnnlab.train.batches import Batches
from helpers.training import background_run, dataset, images, small_net, values, wait_for


def told(run):
    said = []
    run.on_end = lambda sentence, repair: said.append((str(sentence), repair))
    return said


def test_a_net_whose_layers_are_exchanged_under_it_ends_the_run():
    run = background_run()
    said = told(run)
    run.start()
    wait_for(lambda: run.step > 2)
    run.net.layers[0].params["weight"] = np.zeros_like(run.net.params["0.weight"])
    wait_for(lambda: said and not run.running)
    assert said == [
        (
            "the layers of the net were exchanged while it was training: make a new Trainer for it",
            None,
        )
    ]


def test_a_loss_that_explodes_leaves_the_net_whole_and_names_a_smaller_rate():
    run = background_run(
        Sequential(Conv2d(4, 3), Flatten(), Linear(3), input_shape=(4, 3, 1)), optimizer=SGD(0.01)
    )
    said = told(run)
    run.advance(5)
    run.optimizer.lr = 1e20
    run.start()
    wait_for(lambda: said and not run.running)
    [(sentence, repair)] = said
    assert "the learning rate 1e+20 is probably too high: try 1e+19" in sentence and repair == (
        "lr",
        1e19,
    )
    assert all(np.isfinite(array).all() for array in run.net.params.values())
    assert run.evaluation.step == run.step == run.film.steps[-1]
    np.testing.assert_allclose(
        run.evaluation.scores, run.net.scores(dataset().test.x), rtol=1e-4, atol=1e-6
    )
    run.optimizer.lr = 0.01
    step = run.step
    run.advance(3)
    assert run.step == step + 3


@dataclass(eq=False)
class Poison(Layer):
    """Sends NaN backward from its call ``after`` on."""

    after: int

    def forward(self, x, training=False):
        return x

    def backward(self, dy, need_dx=True):
        self.after -= 1
        return dy * (np.nan if self.after < 0 else 1)


@pytest.mark.parametrize("after", [0, 1, 5])
def test_no_way_of_training_leaves_the_net_or_its_film_with_nan(after):
    run = background_run(
        Sequential(Conv2d(3, 3), Poison(after), Flatten(), Linear(3), input_shape=(4, 3, 1))
    )
    said = told(run)
    run.advance(after + 1)
    assert (
        "the parameter 0.weight became infinite or NaN" in said[0][0]
        and np.isfinite(run.net.params["0.weight"]).all()
    )
    run.start()
    wait_for(lambda: len(said) == 2)
    for t in range(len(run.film)):
        assert np.isfinite(run.film.net(t).params["0.weight"]).all()


def test_a_net_that_is_lost_already_is_not_trained():
    run = background_run()
    run.net.params["0.weight"] = np.nan
    for action in (run.start, run.advance):
        with pytest.raises(ValueError, match="the net holds NaN or infinity: reset it"):
            action()
    run.reset()
    run.advance()
    assert np.isfinite(run.net.params["0.weight"]).all()


def test_what_others_have_trained_meanwhile_is_not_thrown_away():
    net = small_net()
    run = background_run(net, optimizer=SGD(0.05))
    for _ in steps(net, dataset(), epochs=5, batch_size=8):
        pass
    kept = values(net)
    run.optimizer = SGD(1e30)
    run.advance(5)
    assert all(np.isfinite(array).all() for array in net.params.values())
    assert np.abs(net.params["5.weight"] - kept["5.weight"]).max() < 1


def test_it_may_be_started_and_paused_from_many_threads():
    run, failed = background_run(), []

    def hammer(seed):
        rng = np.random.default_rng(seed)
        actions = (run.start, run.pause, run.advance, run.reset, run.undo, lambda: run.go_back(0))
        try:
            for _ in range(25):
                actions[rng.integers(len(actions))]()
        except Exception as error:
            failed.append(repr(error))

    threads = [threading.Thread(target=hammer, args=[seed]) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    run.pause()
    assert failed == [] and all(np.isfinite(array).all() for array in run.net.params.values())


@dataclass(eq=False)
class Fuse(Layer):
    """Hands everything on, until it has had enough."""

    after: int

    def forward(self, x, training=False):
        self.after -= training
        if self.after < 0:
            raise RuntimeError("the fuse has blown")
        return x

    def backward(self, dy, need_dx=True):
        return dy


def test_a_layer_that_fails_ends_the_run_with_its_own_words():
    run = background_run(Sequential(Fuse(4), Flatten(), Linear(3), input_shape=(4, 3, 1)))
    said = told(run)
    run.start()
    wait_for(lambda: not run.running)
    assert said == [("training stopped at step 4: RuntimeError: the fuse has blown", None)]


def test_two_runs_train_two_nets_but_never_one():
    net, runs = small_net(), [background_run(), background_run()]
    for run in runs:
        run.start()
    wait_for(lambda: all(run.step > 5 for run in runs))
    one, two = background_run(net), background_run(net)
    said = told(one)
    for action in (two.start, two.advance, two.reset, lambda: two.go_back(0)):
        one.start()
        action()
        assert said == [("another trainer has taken over this net, so this one has paused", None)]
        assert not one.running and two.running == (action == two.start)
        two.pause()
        said.clear()
    shared = background_run(
        Sequential(Flatten(), net.layers[-1], input_shape=(4, 3, 4)),
        (np.zeros((9, 4, 3, 4)), np.arange(9) % 3),
    )
    one.start()
    shared.advance()  # it shares but one layer
    assert not one.running
    for run in runs:
        run.pause()


def flat_norm():
    return Sequential(Flatten(), Linear(4), BatchNorm2d(), Linear(3), input_shape=(4, 3, 1))


@pytest.mark.parametrize("size", [1, 2, 3, 8, 13])
def test_no_batch_of_a_background_run_has_a_single_image_where_a_normalisation_needs_two(size):
    run = background_run(flat_norm(), images(25), batch_size=size)
    run.advance(30)
    assert run.step == 30 and np.isfinite(run.net.forward(images(3)[0])).all()


@given(
    N=st.integers(2, 30),
    least=st.integers(1, 2),
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=20),
)
def test_batches_of_any_sizes_hold_every_image_once_an_epoch(N, least, sizes):
    batches, seen = Batches(np.arange(N), np.arange(N), 0, least), []
    for size in sizes * 3:
        ends = batches.ending(size)
        x, _ = batches.next(size)
        assert len(x) >= least and batches.epoch == 1 + len(seen) // N
        seen.extend(x.tolist())
        assert ends == (batches.epoch if len(seen) % N == 0 else 0)
    for start in range(0, len(seen) - N + 1, N):
        assert sorted(seen[start : start + N]) == list(range(N))


def test_a_background_run_names_parameters_and_statistics_that_explode_and_goes_back():
    run = background_run(optimizer=SGD(0.01))
    said = told(run)
    run.advance(3)
    run.net.layers[1].momentum = run.twin.layers[1].momentum = 1e30
    run.start()
    wait_for(lambda: said and not run.running)
    assert (
        "the running statistic 1.running_" in said[0][0]
        and "the momentum 1e+30 of layer 1" in said[0][0]
    )
    assert said[0][1] is None and all(np.isfinite(array).all() for array in run.net.state.values())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (dict(loss=3), "loss 3 cannot be called"),
        (dict(seed="a"), "seed must be a non-negative integer, .* not 'a'"),
        (dict(batch_size=2.5), "batch_size must be a positive integer, not 2.5"),
        (dict(data=images(1), net=flat_norm()), r"layer 2, BatchNorm2d\(\)"),
    ],
)
def test_a_background_run_refuses_at_once_what_train_refuses(options, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        background_run(**options)
