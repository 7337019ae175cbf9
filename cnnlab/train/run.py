"""``train``: follows the steps of a training run, records a History and stops in time.

Whatever ends it (the last epoch, Ctrl-C, a callback, a loss that explodes), net and History fit
together.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from math import isfinite
from time import perf_counter
from typing import Any, Literal

import numpy as np

from ..data.scale import warn_of_scale
from ..losses import softmax_cross_entropy
from ..numbers import format_number, format_percent
from ..optim import Adam, Optimizer
from ..texts import say
from ..typing import Array, Seed
from ..warn import warn
from .checked import by_name, check_callbacks, check_data, pair
from .safety import Interrupt, Snapshot, TrainingWarning, explosion, finite, lost
from .stream import Step, accuracy, batch_spans, steps

FETCH_EVERY = 10  # steps on the GPU


@dataclass(repr=False)
class History:
    """The losses and accuracies of a training run, by step and by epoch.

    Attributes:
        loss: the loss of each step, over its batch.
        accuracy: the accuracy of each step, 0 to 1.
        train_loss: the mean loss of each whole epoch.
        train_accuracy: the mean accuracy of each whole epoch.
        test_loss: the loss over the test images after each whole epoch; empty without any.
        test_accuracy: the accuracy over the test images after each whole epoch.
        seconds: how long it took.
        stopped: why it ended early, or "".
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    train_loss: list[float] = field(default_factory=list)
    train_accuracy: list[float] = field(default_factory=list)
    test_loss: list[float] = field(default_factory=list)
    test_accuracy: list[float] = field(default_factory=list)
    seconds: float = 0.0
    stopped: str = ""

    def __str__(self):
        parts = dict.fromkeys(("loss", "accuracy", "test", "stopped"), "")
        if self.train_loss:
            parts["loss"] = say("training.history_loss", loss=format_number(self.train_loss[-1]))
        if self.train_loss and isfinite(self.train_accuracy[-1]):
            accuracy = format_percent(self.train_accuracy[-1])
            parts["accuracy"] = say("training.history_accuracy", accuracy=accuracy)
        if self.test_accuracy:
            kind = "accuracy" if isfinite(self.test_accuracy[-1]) else "loss"
            last = {
                "accuracy": format_percent(self.test_accuracy[-1]),
                "loss": format_number(self.test_loss[-1]),
            }
            parts["test"] = say(f"training.history_test_{kind}", **last)
        if self.stopped:
            parts["stopped"] = say("training.history_stopped", why=self.stopped)
        counts = {"epochs": len(self.train_loss), "steps": len(self.loss)}
        return say("training.history", seconds=format_number(self.seconds), **counts, **parts)

    __repr__ = __str__


@by_name
def train(
    net: Any,
    data: Any,
    *,
    epochs: int,
    batch_size: int | None = None,
    drop_last: bool = False,
    optimizer: Any = None,
    loss: Callable[..., tuple[float, Array]] = softmax_cross_entropy,
    schedule: Literal["linear", "cosine"] | Callable[[float], float] | None = None,
    seed: Seed = 0,
    callbacks: Sequence[Callable[[Step], Any]] = (),
    progress: bool = True,
    fetch_every: int | None = None,
) -> History:
    """Train a net.

    Ctrl-C ends it after the running step, or with the next fetch, net and History being whole; a
    second one breaks off at once. If the loss is no longer finite, the net goes back to the
    beginning of that epoch, with a TrainingWarning.

    Arguments:
        net: a Sequential.
        data: a Dataset (its test images are scored after each epoch), a Split or a pair
            ``(x, y)``.
        epochs: passes over all images.
        batch_size: images a step: 64 if None, or all images where they are fewer.
        drop_last: leaves out the last batch of an epoch if it is smaller. Otherwise a single image
            left over joins the batch before where batch normalisation cannot do with one.
        optimizer: ``Adam()`` if None; a custom one needs only a method ``step(params, grads)``.
        loss: maps (scores, labels) to (loss, dscores). Where labels are no classes, accuracy is
            NaN.
        schedule: lowers the learning rate to 0 along a "linear" or "cosine" path, or multiplies it
            by a function of the part of all steps that is done (0 to 1). While it does, setting
            ``optimizer.lr`` has no effect.
        seed: determines the order of the images: with the same seed, backend and number of threads
            a fresh net always ends the same.
        callbacks: each gets every Step and ends the training by returning True.
        progress: shows a progress bar.
        fetch_every: steps between two fetches of the losses of a net on the GPU, for each makes the
            GPU wait: 10 if None, but 1 where there are callbacks, which else would see the net some
            steps later. (Custom losses and optimisers are fetched after each step anyway.)

    Returns:
        A History.

    Raises:
        ValueError: data, labels or numbers do not go together.
        TypeError: something is of the wrong kind.

    Examples:
        >>> digits = cnnlab.data.load("digits")
        >>> net = cnnlab.Sequential(cnnlab.Flatten(), cnnlab.Linear(10), input_shape=(8, 8, 1))
        >>> history = cnnlab.train(net, digits, epochs=2, progress=False)
        >>> len(history.loss), history.train_loss[1] < history.train_loss[0]
        (44, True)
    """
    callbacks, interrupt = check_callbacks(callbacks), Interrupt()
    if fetch_every is None:
        fetch_every = 1 if callbacks else FETCH_EVERY
    stream = steps(
        net,
        data,
        epochs=epochs,
        batch_size=batch_size,
        drop_last=drop_last,
        optimizer=optimizer,
        loss=loss,
        schedule=schedule,
        seed=seed,
        fetch_every=fetch_every,
        enough=lambda: interrupt.asked,
    )
    test = _test_images(net, data, loss)
    history, began = History(), perf_counter()
    bar = _bar(epochs * len(batch_spans(net, len(pair(data)[0]), batch_size, drop_last)), progress)
    run = _Run(net, history, test, loss, optimizer, callbacks, bar)
    # Closing the stream brings the learning rate back, here and now.
    with interrupt, bar, closing(stream):
        run.follow_interrupted(stream, interrupt)
    net.release()  # its work arrays are large
    history.seconds = perf_counter() - began
    return history


def _test_images(net, data, loss):
    """The checked test images and labels of a Dataset; None where there are none."""
    test = getattr(data, "test", None)
    if test is None:
        return None
    if not net.scale_sentence(pair(data)[0]):  # else it is said already
        warn_of_scale(net.scale_sentence(pair(test)[0]))
    return check_data(net, *pair(test), loss, "test images", least=0)


class _Run:
    """One call of ``train``: follows the steps and records them."""

    def __init__(self, net, history, test, loss, optimizer, callbacks, bar):
        self.net = net
        self.history = history
        self.test = test
        self.loss = loss
        self.optimizer = optimizer
        self.callbacks = callbacks
        self.bar = bar
        self.images, self.snapshot = [], Snapshot(net)

    def follow_interrupted(self, stream, interrupt):
        """Follow the stream; Ctrl-C within a step ends it, a second one comes through."""
        try:
            self.follow(stream, interrupt)
        except KeyboardInterrupt:
            if interrupt.impatient:
                raise
            self.interrupted()

    def follow(self, stream, interrupt):
        for step in stream:
            self.write(step)
            if not isfinite(step.loss) or (step.last and not finite(self.net)):
                return self.exploded(step)
            if step.last:
                self.close_epoch()
            answers = [callback(step) for callback in self.callbacks]
            if any(isinstance(answer, (bool, np.bool_)) and answer for answer in answers):
                asked = say("training.asked", step=step.step)
                self.history.stopped = self.history.stopped or asked
            if not step.current:  # the net has gone on: what it did is written down first
                continue
            if self.history.stopped:
                return None
            if interrupt.asked:
                return self.interrupted()
        return None

    def write(self, step):
        self.history.loss.append(step.loss)
        self.history.accuracy.append(step.accuracy)
        self.images.append(step.images)
        self.bar.set_description(say("training.bar_epoch", epoch=step.epoch), refresh=False)
        shown = {say("training.bar_loss"): format_number(step.loss)}
        if isfinite(step.accuracy):
            shown[say("training.bar_accuracy")] = format_percent(step.accuracy, 2)
        self.bar.set_postfix(shown, refresh=False)
        self.bar.update()

    def close_epoch(self):
        """Take means over the epoch's steps, evaluate the test images, and copy the net."""
        history, n = self.history, len(self.images)
        history.train_loss.append(float(np.average(history.loss[-n:], weights=self.images)))
        history.train_accuracy.append(float(np.average(history.accuracy[-n:], weights=self.images)))
        if self.test is not None and len(self.test[0]):
            scores = self.net.evaluate(self.test[0])
            history.test_loss.append(self.loss(scores, self.test[1])[0])
            history.test_accuracy.append(accuracy(scores, self.test[1]))
        self.images = []
        self.snapshot.take()

    def interrupted(self):
        done = len(self.history.loss)
        self.history.stopped = say("training.interrupted", step=done)

    def exploded(self, step):
        lr = getattr(self.optimizer, "lr", Adam.lr)
        what, cause, _ = explosion(self.net, step.step, step.loss, lr)
        self.snapshot.restore()
        if isinstance(self.optimizer, Optimizer):
            self.optimizer.reset()  # its running means may be infinite by now
        if name := lost(self.net):
            cause = say("training.lost_before", name=name)
        where = {"step": step.step, "epoch": step.epoch}
        self.history.stopped = say("training.epoch_back", what=what, cause=cause, **where)
        warn(self.history.stopped, TrainingWarning)


def _bar(total, progress):
    from tqdm.auto import tqdm  # takes long to import, and only training needs it

    return tqdm(total=total, disable=not progress, unit=say("training.bar_step"))
