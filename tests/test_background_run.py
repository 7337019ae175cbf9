"""Training in a thread: it learns what a plain run learns, and can be steered and stopped."""

import threading
from time import sleep

import numpy as np
import pytest

from cnnlab.layers import BatchNorm2d, Branches, Conv2d, Flatten, Linear, ReLU, Residual
from cnnlab.losses import softmax_cross_entropy
from cnnlab.net import Sequential
from cnnlab.optim import SGD, Adam
from cnnlab.train import steps
from cnnlab.train.evaluate import Evaluator, relus
from helpers.training import background_run, dataset, images, same, small_net, values, wait_for


def test_it_learns_exactly_what_a_plain_run_learns():
    net, reference = small_net(), small_net()
    run = background_run(net, optimizer=Adam(0.01), seed=3)
    run.advance(7)
    run.start()
    wait_for(lambda: run.step >= 30)
    run.pause()
    plain = steps(reference, dataset(), epochs=1000, batch_size=8, optimizer=Adam(0.01), seed=3)
    for step in plain:
        if step.step == run.step:
            break
    assert same(values(net), values(reference))


def test_it_pauses_after_the_running_step_and_evaluates_the_net_as_it_is():
    run = background_run()
    run.start()
    wait_for(lambda: run.step > 20)
    run.pause()
    step, kept = run.step, values(run.net)
    sleep(0.05)
    assert not run.running and run.step == step and same(values(run.net), kept)
    x, y = dataset().test
    assert run.evaluation.step == step
    np.testing.assert_allclose(run.evaluation.scores, run.net.scores(x), rtol=1e-5)
    assert run.evaluation.accuracy == (run.net.predict(x) == y).mean()
    assert run.film.steps[-1] == step


def test_numbers_change_while_it_runs():
    run = background_run()
    run.start()
    wait_for(lambda: run.step > 5)
    run.optimizer = SGD(0.0)
    step = run.step
    wait_for(lambda: run.step > step + 2)
    weights = {name: array.copy() for name, array in run.net.params.items()}
    step = run.step
    wait_for(lambda: run.step > step + 3)
    run.pause()
    assert same(run.net.params, weights)  # at a rate of 0 nothing moves


def test_the_batch_size_changes_from_one_step_to_the_next():
    run = background_run()
    for size in (1, 5, 40):
        run.batch_size, before = size, run.images
        run.advance()
        assert 0 < run.images - before <= size


def test_others_may_use_the_net_while_it_trains():
    run = background_run()
    run.start()
    x = dataset().test.x
    for _ in range(50):
        assert run.net.predict(x).shape == (20,)
        run.net.forward(x[:3], training=True)
    run.pause()
    assert run.step > 0 and np.isfinite(run.net.scores(x)).all()


def test_a_weight_edited_under_it_is_trained_on_as_it_is():
    run = background_run(optimizer=SGD(0.0))
    run.start()
    wait_for(lambda: run.step > 2)
    run.net.params["0.weight"] = 0.25
    step = run.step
    wait_for(lambda: run.step > step + 2)
    run.pause()
    assert (run.net.params["0.weight"] == 0.25).all() and (
        run.twin.params["0.weight"] == 0.25
    ).all()


def test_a_reset_run_with_dropout_repeats_itself():
    run = background_run()
    run.advance(10)
    first = values(run.net)
    run.reset()
    run.advance(10)
    assert same(values(run.net), first)


def test_reset_goes_back_to_the_first_checkpoint_and_can_be_undone():
    net = small_net()
    first = values(net)
    run = background_run(net)
    run.advance(20)
    trained, film = values(net), run.film
    run.reset()
    assert same(values(net), first) and run.step == 0 and run.film.steps == (0,) and run.can_undo
    run.advance(2)
    run.undo()
    assert same(values(net), trained) and run.step == 20 and run.film is film and not run.can_undo
    run.undo()
    assert same(values(net), trained)


def test_a_run_goes_on_from_any_checkpoint():
    run = background_run()
    run.advance(30)
    kept, step = values(run.film.net(5)), run.film.steps[5]
    trained = values(run.net)
    run.go_back(5)
    assert same(values(run.net), kept) and run.step == step and run.film.steps[-1] == step
    run.undo()
    assert same(values(run.net), trained) and run.step == 30 and run.film.steps[-1] == 30
    run.go_back(5)
    run.advance()
    assert run.step == step + 1 and run.evaluations.rows[-1][0] == step + 1
    assert run.film.steps == (*range(5), step, step + 1)
    assert run.loss.points()[0].max() <= step + 1


def test_a_film_can_be_trained_on():
    run = background_run()
    run.advance(10)
    again = background_run(run.film.net(-1), film=run.film)
    again.advance(2)
    assert (
        again.step == 12
        and again.film.steps[-1] == 12
        and again.loss.points()[0].tolist() == [11, 12]
    )


def test_where_nothing_is_held_out_it_evaluates_on_what_it_learns_from():
    run = background_run(data=images(30))
    assert not run.held_out and len(run.evaluator.x) == 30
    assert background_run().held_out


def test_it_looks_now_and_then_and_never_in_two_threads():
    run, threads = background_run(), set()
    looks = []

    def looked():
        threads.add(threading.current_thread().name)
        looks.append((run.step, dict(run.changes)))

    run.on_display = looked
    run.start()
    wait_for(lambda: len(looks) >= 3)
    run.pause()
    assert threads == {"cnnlab training"}
    assert all(set(changes) == {"0.weight", "1.weight", "5.weight"} for _, changes in looks)


def test_changes_are_the_norms_of_gradient_and_step():
    run = background_run(optimizer=SGD(0.1))
    run.advance(3)
    before = {name: array.copy() for name, array in run.net.params.items()}
    run.advance()
    gradient, ratio = run.changes["0.weight"]
    weight = run.net.params["0.weight"]
    moved = weight - before["0.weight"]
    assert gradient == pytest.approx(np.sqrt((moved**2).sum()) / 0.1, rel=1e-4)
    assert ratio == pytest.approx(np.sqrt((moved**2).sum() / (weight**2).sum()), rel=1e-5)


def test_the_evaluation_finds_the_filters_that_never_light():
    inner = Residual(Conv2d(3, 3, padding=1), ReLU(), Conv2d(5, 1), shortcut=Conv2d(5, 1))
    net = Sequential(
        Conv2d(4, 3),
        BatchNorm2d(),
        ReLU(),
        inner,
        Flatten(),
        Linear(6),
        ReLU(),
        Linear(3),
        input_shape=(6, 5, 2),
    )
    x, y = np.random.default_rng(0).random((70, 6, 5, 2), dtype=np.float32), np.arange(70) % 3
    net.params["1.bias"][2] = net.params["3.body.0.bias"][1] = net.params["5.bias"][4] = -1000
    evaluation = Evaluator(net, x, y, softmax_cross_entropy).whole(net, 9)
    assert {
        place: np.flatnonzero(dead).tolist()
        for place, dead in evaluation.dead.items()
        if dead.any()
    } == {
        "0": [2],
        "3.body.0": [1],
        "5": [4],
    }
    maps = net.activations(x)
    np.testing.assert_array_equal(evaluation.dead["0"], (maps[2] <= 0).all(axis=(0, 1, 2)))
    np.testing.assert_array_equal(evaluation.dead["5"], (maps[6] <= 0).all(axis=0))


def test_relus_are_paired_within_branches_only():
    net = Sequential(
        Branches(Conv2d(2, 1), [Conv2d(3, 1), ReLU()]),
        ReLU(),
        Flatten(),
        Linear(2),
        input_shape=(3, 3, 1),
    )
    assert [place for place, _ in relus(net)] == ["0.1.0"]


def test_confusion_counts_truth_by_answer():
    run = background_run()
    counts = run.evaluation.confusion(run.evaluator.y)
    answers = run.evaluation.scores.argmax(axis=1)
    for truth in range(3):
        for answer in range(3):
            assert counts[truth, answer] == np.sum((run.evaluator.y == truth) & (answers == answer))


def test_a_shared_copy_shares_its_parameters_and_a_copy_does_not():
    net = small_net()
    shared, copy = net.shared_copy(), net.copy()
    x = images()[0]
    net.params["5.bias"] = 7
    np.testing.assert_array_equal(net.scores(x), shared.scores(x))
    assert not np.array_equal(net.scores(x), copy.scores(x))
    net.forward(x, training=True)
    shared.forward(x[:3], training=True)
    net.backward(
        np.ones((len(x), 3), np.float32)
    )  # the smaller batch of the other has not touched it


def test_a_filter_of_nan_is_lost_but_not_dead():
    net = Sequential(Conv2d(3, 3), ReLU(), Flatten(), ReLU(), Linear(3), input_shape=(4, 3, 1))
    net.params["0.weight"][1] = np.nan
    evaluation = Evaluator(net, *dataset().test, softmax_cross_entropy).whole(net, 0)
    assert list(evaluation.dead) == ["0"] and not evaluation.dead["0"][1]
    flat = Sequential(Conv2d(3, 3), Flatten(), ReLU(), Linear(3), input_shape=(4, 3, 2))
    assert list(relus(flat)) == []
