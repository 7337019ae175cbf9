"""Training ends well: Ctrl-C, errors in a callback, other threads."""

import signal
import threading

import pytest

import cnnlab
from cnnlab.optim import SGD
from cnnlab.train import train
from helpers.training import images, quiet, same, small_net, values


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
        train(
            small_net(),
            images(),
            epochs=3,
            batch_size=10,
            callbacks=[send_ctrl_c(2, times=2)],
            **quiet,
        )
    assert signal.getsignal(signal.SIGINT) is before


def test_a_keyboard_interrupt_from_elsewhere_ends_training_too():
    def interrupting(step):
        raise KeyboardInterrupt

    history = train(
        small_net(), images(), epochs=3, batch_size=10, callbacks=[interrupting], **quiet
    )
    assert "interrupted after step 1" in history.stopped


def test_an_error_in_a_callback_comes_through_and_the_handler_is_put_back():
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError):
        train(
            small_net(), images(), epochs=1, batch_size=10, callbacks=[lambda step: 1 / 0], **quiet
        )
    assert signal.getsignal(signal.SIGINT) is before


def test_a_learning_rate_comes_back_even_where_the_error_is_kept():
    optimizer, options = SGD(0.1), {"epochs": 1, "batch_size": 10, "schedule": "linear"}
    with pytest.raises(ZeroDivisionError) as kept:
        train(
            small_net(),
            images(),
            optimizer=optimizer,
            callbacks=[lambda step: step.step > 1 and 1 / 0],
            **options,
            **quiet,
        )
    assert optimizer.lr == 0.1 and kept.tb is not None


def test_training_works_in_another_thread():
    histories = []
    thread = threading.Thread(
        target=lambda: histories.append(
            train(small_net(), images(), epochs=2, batch_size=10, **quiet)
        )
    )
    thread.start()
    thread.join()
    assert histories[0].loss == train(small_net(), images(), epochs=2, batch_size=10, **quiet).loss
