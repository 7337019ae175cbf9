"""What goes wrong in a Trainer is said in a sentence, and nothing hangs."""

import asyncio

import numpy as np
import pytest

from cnnlab.data import Dataset, Split
from cnnlab.layers import Conv2d, Flatten, Linear
from cnnlab.net import Sequential
from cnnlab.optim import SGD
from cnnlab.views import Trainer
from cnnlab.views.shared.outbox import MOST_UNSEEN, Outbox
from helpers.trainers import conv_net, trainer
from helpers.training import CLASSES, dataset, images, wait_for


def test_a_loss_that_explodes_is_told_with_a_smaller_rate_to_choose():
    x, y = images(40)
    net = Sequential(Conv2d(4, 3), Flatten(), Linear(3), input_shape=(4, 3, 1))
    view = trainer(net, (1e15 * x, y), lr=10, optimizer="SGD")
    view.start()
    wait_for(lambda: view.run_state["problem"] and not view.running)
    problem = view.run_state["problem"]
    assert "the net went back to where it was a moment before" in problem["sentence"]
    assert problem["repairs"] == [{"trait": "lr", "value": 1.0, "words": "learning rate 1"}]
    assert np.isfinite(net.params["0.weight"]).all() and not view.training_run.running
    view.training_run.optimizer = SGD(0.0)  # nothing moves, so nothing explodes
    view.start()
    view.pause()
    assert view.run_state["problem"] is None


def test_a_cell_that_is_run_again_lets_its_old_trainers_rest(monkeypatch):
    asked = {"metadata": {"cellId": "a"}, "header": {"msg_id": "first"}}
    shell = type("Shell", (), {"get_parent": lambda self: asked})()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    one, two = trainer(), trainer()
    asked["metadata"]["cellId"] = "b"
    other = trainer()
    for view in (one, two, other):
        view.start()
    assert one.training_run.running and two.training_run.running  # one cell may make several
    asked |= {"metadata": {"cellId": "a"}, "header": {"msg_id": "second"}}
    new = trainer()
    assert not (one.running or two.running or one.training_run.running or two.training_run.running)
    assert other.running and not new.running
    other.pause()


def test_in_a_notebook_the_end_of_a_run_is_told_in_the_main_thread():
    async def cell():
        view = trainer(lr=10, optimizer="SGD", data=(1e15 * images(40)[0], images(40)[1]))
        view.start()
        for _ in range(2000):
            if not view.running:
                return view
            await asyncio.sleep(0.005)
        raise AssertionError("it never ended")

    assert asyncio.run(cell()).run_state["problem"]


def test_two_trainers_may_run_but_not_on_one_net():
    net = conv_net()
    one, two, other = trainer(net), trainer(net), trainer()
    one.start()
    other.start()
    two.start()
    wait_for(lambda: one.run_state["problem"] and not one.running)
    assert two.running and other.running
    assert (
        one.run_state["problem"]["sentence"]
        == "Another trainer has taken over this net, so this one has paused."
    )
    one.advance()
    assert one.run_state["problem"] is None and not two.training_run.running
    other.close()
    assert not other.training_run.running


def test_data_of_one_class_are_trained_on_and_remarked():
    x, _ = images(20)
    view = trainer(data=Dataset("one", Split(x, np.full(20, 2)), Split(*images(20)), CLASSES, ""))
    assert "All 20 training pictures are of one class, “right”" in view.scene["note"]
    view.advance(3)
    assert view.run_state["step"] == 3 and trainer().scene["note"] == ""


def test_what_does_not_go_together_is_refused_in_a_sentence():
    with pytest.raises(ValueError, match="there is a net but no data"):
        Trainer(conv_net())
    with pytest.raises(ValueError, match="there are data but no net"):
        Trainer(data=dataset())
    with pytest.raises(ValueError, match="lr must be a number from 1e-06 to 10, not 50"):
        trainer(lr=50)
    with pytest.raises(ValueError, match="the film is of a net with other layers"):
        Trainer(conv_net(), dataset(), film="clothes")
    with pytest.raises(ValueError, match='film "holiday" is not known'):
        Trainer(film="holiday")
    with pytest.raises(ValueError, match="35 images do not go with 40 labels"):
        trainer(data=(images(35)[0], images(40)[1]))
    with pytest.raises(TypeError, match="net must be a Sequential, not a Conv2d"):
        Trainer(Conv2d(3, 3), dataset())


def test_messages_stop_while_no_browser_looks():
    sent = []
    outbox = Outbox(lambda content, buffers: sent.append(content))
    content = {"a": [{"data": b"12"}, 3], "b": b"4"}
    assert [outbox.send(content) for _ in range(MOST_UNSEEN + 5)] == [True] * MOST_UNSEEN + [
        False
    ] * 5
    assert sent[0] == {"a": [{"data": {"buffer": 0}}, 3], "b": {"buffer": 1}}
    outbox.acknowledge()
    assert outbox.send(content)


def test_a_checkpoint_that_goes_out_of_the_film_does_no_harm():
    view = trainer()
    view.advance(40)
    view.start()
    view.checkpoint = 9
    view.training_run.reset()
    view._see()
    assert view.run_state["metrics"]["step"] == 0


def test_an_end_that_is_told_late_does_not_stop_the_next_run():
    async def cell():
        view = trainer(lr=10, optimizer="SGD", data=(1e15 * images(40)[0], images(40)[1]))
        view.start()
        wait_for(lambda: not view.training_run.running)
        view.training_run.optimizer.lr = 1e-30
        view.start()
        await asyncio.sleep(0.2)
        running = view.running, view.training_run.running
        view.pause()
        return running

    assert asyncio.run(cell()) == (True, True)
