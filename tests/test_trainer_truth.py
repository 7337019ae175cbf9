"""A Trainer shows nothing that is wrong about the step and the images that it names."""

import numpy as np
import pytest

from cnnlab.layers import Conv2d, Flatten, Linear, ReLU
from cnnlab.losses import softmax_cross_entropy
from cnnlab.net import Sequential
from cnnlab.optim import SGD, Adam
from cnnlab.train.background_run import DEAR, EPOCHS, FRESH
from cnnlab.train.evaluate import Evaluator
from cnnlab.views import Trainer
from cnnlab.views.shared.outbox import MOST_UNSEEN, Outbox
from cnnlab.views.trainer.auto_pause import GRACE, Audience
from helpers.trainers import conv_net, trainer
from helpers.training import background_run, dataset, small_net


@pytest.mark.parametrize("kind", ["uint8", "int8", "uint16", "int64", "uint64", "int32", ">i2"])
@pytest.mark.parametrize("K", [1, 40])
def test_confusions_count_right_for_labels_of_any_integer_kind(kind, K):
    x = np.random.default_rng(0).random((90, 2, 2, 1), np.float32)
    y = (np.arange(90) % K).astype(kind)
    view = Trainer(Sequential(Flatten(), Linear(K), input_shape=(2, 2, 1)), (x, y))
    want = np.zeros((K, K), int)
    for truth, answer in zip(
        y.tolist(), view.training_run.evaluation.scores.argmax(axis=1).tolist(), strict=True
    ):
        want[truth, answer] += 1
    np.testing.assert_array_equal(view.training_run.evaluation.confusion(view.labels), want)


def test_of_many_classes_those_confused_most_are_shown_under_their_own_names():
    x, y = np.random.default_rng(0).random((300, 2, 2, 1), np.float32), np.arange(300) % 100
    view = Trainer(Sequential(Flatten(), Linear(100), input_shape=(2, 2, 1)), (x, y))
    seen, counts = view.run_state["seen"], view.training_run.evaluation.confusion(view.labels)
    shown = np.frombuffer(seen["confusion"]["data"], np.int32).reshape(seen["confusion"]["shape"])
    np.testing.assert_array_equal(shown, counts[np.ix_(seen["shown"], seen["shown"])])
    wrong = counts.sum(0) + counts.sum(1) - 2 * np.diag(counts)
    assert wrong[seen["shown"]].min() >= np.delete(wrong, seen["shown"]).max()


@pytest.mark.parametrize("error", [ValueError, RuntimeError, KeyboardInterrupt])
def test_an_error_in_a_step_leaves_the_figures_of_the_net_as_it_is(monkeypatch, error):
    view, passes, forward = trainer(), [], Linear.forward

    def fails(self, x, training=False):
        passes.extend([1] * training)
        if training and len(passes) == 4:
            raise error("the fourth pass fails")
        return forward(self, x, training)

    monkeypatch.setattr(Linear, "forward", fails)
    if error is ValueError:
        view.advance(5)
    else:
        with pytest.raises(error):
            view.advance(5)
    x, y = dataset().test
    assert view.frame()["step"] == view.training_run.step == view.run_state["step"] == 3
    assert view.frame()["test_accuracy"] == (view.net.predict(x) == y).mean()


def test_it_evaluates_at_the_end_of_each_of_the_first_ten_epochs():
    run = background_run()  # 40 images, 8 a batch: 5 steps an epoch
    run.advance(5 * EPOCHS + 20)
    assert {5 * n for n in range(1, EPOCHS + 1)} <= {row[0] for row in run.evaluations.rows}


@pytest.mark.parametrize(("cost", "wait"), [(0.01, FRESH), (0.3, FRESH), (2.0, DEAR * 2.0)])
def test_an_evaluation_is_renewed_before_it_is_two_seconds_old_where_that_can_be_had(cost, wait):
    run = background_run()
    run.advance(5 * EPOCHS + 1)
    run._cost, run._evaluating, run.pace, run.seconds = (
        cost,
        1e9,
        0.1,
        run.evaluated_at + wait - 0.2,
    )
    assert not run._evaluation_due()
    run.seconds += 0.11
    assert run._evaluation_due()
    assert FRESH < 2


def test_training_and_held_out_figures_are_of_one_net():
    run = background_run()
    run.advance(7)
    x, y = dataset().train
    assert run.evaluation.trained == 20  # as many as are held out
    run.evaluator.training = x, y
    evaluation = run.evaluator.whole(run.net, run.step)
    assert evaluation.train_accuracy == (run.net.predict(x) == y).mean()
    assert evaluation.train_loss == pytest.approx(
        softmax_cross_entropy(run.net.scores(x), y)[0], rel=1e-5
    )


def test_a_filter_that_only_a_few_pictures_light_is_never_called_dead_by_a_sample():
    net = Sequential(Conv2d(2, 1), ReLU(), Flatten(), Linear(2), input_shape=(1, 1, 1))
    net.params["0.weight"], net.params["0.bias"] = (
        np.reshape([1, 1], (2, 1, 1, 1)),
        np.array([-0.5, -9]),
    )
    x = np.zeros((1000, 1, 1, 1), np.float32)
    evaluator = Evaluator(net, x, np.zeros(1000, int), softmax_cross_entropy)
    x[evaluator._rest[5]] = 1  # lights filter 0, and lies outside of the sample
    evaluation = evaluator.quick(net, 3)
    assert evaluation.dead["0"].tolist() == [False, True] and evaluation.whole
    assert evaluator.quick(net, 3, stop=lambda: True) is None


def test_a_sample_tells_how_many_it_is_of():
    x, y = np.random.default_rng(0).random((900, 4, 3, 1), np.float32), np.arange(900) % 3
    net = small_net()
    evaluation = Evaluator(net, x, y, softmax_cross_entropy).quick(net, 0)
    assert len(evaluation.indices) < evaluation.total == 900 and not evaluation.whole
    assert (
        evaluation.accuracy == (net.predict(x[evaluation.indices]) == y[evaluation.indices]).mean()
    )
    assert evaluation.confusion(y).sum() == len(evaluation.indices)


def test_a_jump_into_the_film_puts_its_evaluation_on_the_curve():
    view = trainer()
    view.advance(40)
    view.checkpoint = 7
    line, metrics = view.run_state["curves"]["test_accuracy"], view.run_state["metrics"]
    steps, values = np.frombuffer(line["data"], np.float32).reshape(line["shape"])
    assert values[steps == view.film.steps[7]] == pytest.approx(metrics["test_accuracy"])
    assert all(
        row["ratio"] is None for row in view.run_state["seen"]["table"]
    )  # the last step's are not this checkpoint's


def test_an_exported_film_tells_the_numbers_of_each_checkpoint(monkeypatch, tmp_path):
    view, kept = trainer(), []
    view.advance(20)
    monkeypatch.setattr("cnnlab.views.shared.view.page", lambda view: kept.extend(view.album) or "")
    view.export(tmp_path / "page.html")
    assert (
        [one["metrics"]["step"] for one in kept]
        == [one["seen"]["step"] for one in kept]
        == list(view.film.steps)
    )


@pytest.mark.parametrize("rate", [0.005, 0.01])
def test_a_rate_that_was_chosen_stays_also_where_it_is_the_usual_one(rate):
    given, later = trainer(lr=rate), trainer()
    later.lr = rate
    for view in (given, later):
        view.optimizer = "SGD"
        assert view.lr == view.training_run.optimizer.lr == rate


class Halving(Adam):
    """A custom optimiser."""


def test_it_takes_an_optimiser_and_a_loss_of_ones_own():
    calls = []

    def loss(scores, y):
        calls.append(1)
        return softmax_cross_entropy(scores, y)

    mine = Halving(0.02)
    view = Trainer(conv_net(), dataset(), batch_size=8, loss=loss, optimizer=mine)
    view.advance(2)
    assert (
        view.training_run.optimizer is mine
        and view.lr == 0.02
        and view.optimizer == "own"
        and len(calls) > 2
    )
    view.lr = 0.5
    assert mine.lr == 0.5
    view.optimizer = "SGD"
    assert view.lr == 0.5 and type(view.training_run.optimizer) is SGD
    nesterov = SGD(0.1, momentum=0.5, nesterov=True)
    view = trainer(optimizer=nesterov)
    assert (view.optimizer, view.momentum, view.training_run.optimizer) == (
        "Nesterov",
        0.5,
        nesterov,
    )


def test_while_messages_are_unseen_a_short_sign_of_life_is_sent_each_second():
    sent, now = [], [0.0]
    outbox = Outbox(lambda content, buffers: sent.append(content), clock=lambda: now[0])
    for _ in range(MOST_UNSEEN):
        outbox.send({})
    assert outbox.full and [outbox.pulse({"n": n}) for n in range(2)] == [True, False]
    now[0] = 1.5
    assert outbox.pulse({"n": 3}) and sent[-1] == {"n": 3}


@pytest.mark.parametrize(
    ("answers", "late", "paused"), [(False, 0, 1), (True, 0, 0), (False, 9, 0)]
)
def test_training_pauses_when_no_browser_looks_any_more(answers, late, paused):
    now, done, later = [10.0], [], []
    loop = type("Loop", (), {"call_later": lambda self, *what: later.append(what)})()
    view = type("View", (), {"loop": loop, "pause": lambda self: done.append(1)})()
    audience = Audience(view, clock=lambda: now[0])
    now[0] = 20.0
    if answers:
        audience.answer()
    now[0] += GRACE + late
    audience.decide(20.0, 20.0 + GRACE)
    assert len(done) == paused and len(later) == (
        late > 0
    )  # a kernel that was busy reads the answers first


def test_a_request_to_stop_ends_a_run_and_is_told():
    run, ends = background_run(), []
    run.on_end = lambda *end: ends.append(end)
    run.on_display = run.stop_soon  # as if pressed while it is shown first
    run.start()
    run._thread.join(20)
    assert (
        ends == [(None, None)]
        and not run.running
        and run.evaluation.step == run.step
        and run.evaluation.whole
    )
