"""``steps``: the stream of training steps, one minibatch at a time.

Images are shuffled again in every epoch; a batch is copied into arrays that are kept, so a step
allocates little.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from math import isfinite, prod
from typing import Any, Literal

import numpy as np

from .. import validation
from ..hyperparameters import check_writeable
from ..layers import BatchNorm2d
from ..layers.container import named_leaves
from ..losses import WITH_KERNELS, softmax_cross_entropy
from ..typing import Array, Seed
from .checked import by_name, check_data, check_loss, check_options, check_run, check_schedule, pair
from .queued_steps import QueuedSteps

USUAL = 64  # images in a batch, where there are as many


@dataclass(frozen=True)
class Step:
    """One minibatch of a training run.

    Attributes:
        epoch: the epoch, from 1.
        step: the step, from 1 through all epochs.
        loss: the loss of the batch before the parameters moved.
        accuracy: the accuracy of the batch, 0 to 1.
        images: the size of the batch.
        last: it is the last of its epoch.
        current: False where the net has gone on since, because the losses of several steps were
            fetched together.
    """

    epoch: int
    step: int
    loss: float
    accuracy: float
    images: int
    last: bool
    current: bool = True


@by_name
def steps(
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
    fetch_every: int = 1,
    enough: Callable[[], bool] = lambda: False,
) -> Generator[Step, None, None]:
    """Train a net one minibatch at a time: a generator of Steps.

    A step whose loss is not finite is yielded without moving the parameters, and ends the stream.
    Where several steps are done at once, on the GPU, their Steps come one after another when the
    last is done; after a loss that is not finite no parameter moves, but running statistics go on
    to the end of the group.

    Arguments:
        net, data, epochs, batch_size, drop_last, optimizer, loss, schedule, seed: as in ``train``.
        fetch_every: steps that are done at once on the GPU.
        enough: ends such a group early when it returns True.

    Returns:
        A generator of Steps.

    Raises:
        ValueError: as in ``train``.

    Examples:
        >>> digits = cnnlab.data.load("digits").train[:128]
        >>> net = cnnlab.Sequential(cnnlab.Flatten(), cnnlab.Linear(10), input_shape=(8, 8, 1))
        >>> [(step.epoch, step.step, step.last) for step in cnnlab.steps(net, digits, epochs=1)]
        [(1, 1, False), (1, 2, True)]
    """
    x, y = pair(data)
    x, y = check_data(net, x, y, loss, "images")
    batch_size = min(USUAL, len(x)) if batch_size is None else batch_size
    check_options(loss, drop_last)
    optimizer = check_run(len(x), epochs, batch_size, optimizer, fetch_every)
    spans = batch_spans(net, len(x), batch_size, drop_last)
    factor, seed = check_schedule(schedule, optimizer), validation.seed(seed)
    check_writeable(net.params)
    run, in_epoch = _at_once(net, optimizer, loss), len(spans)
    if fetch_every > 1 and QueuedSteps.possible(net, optimizer, loss):
        run = QueuedSteps(net, optimizer, loss, min(fetch_every, in_epoch), enough)
    learning_rate = _LearningRate(optimizer, factor, epochs * in_epoch)
    return _steps(run, _batches(x, y, epochs, spans, np.random.default_rng(seed)), learning_rate)


def _at_once(net, optimizer, loss):
    """Steps that return their loss and accuracy as soon as they are done."""
    return lambda x, y, last: [train_step(net, x, y, optimizer, loss)]


class _LearningRate:
    """The learning rate of every step by a schedule; afterwards it is what it was before."""

    def __init__(self, optimizer, factor, total):
        self.optimizer = optimizer
        self.factor = factor
        self.total = total

    def __enter__(self):
        self.lr = getattr(self.optimizer, "lr", None)
        return self

    def at(self, step):
        if self.factor is None:
            return None
        factor = self.factor((step - 1) / self.total)
        if not validation.is_number(factor) or not 0 <= factor < np.inf:
            raise ValueError(
                f"the schedule gave {factor!r} at step {step}: return a finite number of at least 0"
            )
        return self.lr * factor

    def set(self, lr):
        if self.factor is not None:
            self.optimizer.lr = lr

    def __exit__(self, *error):
        self.set(self.lr)


def _steps(run, batches, learning_rate):
    """The Steps: ``run(x, y, last)`` does one, and returns (loss, accuracy) of all that are due."""
    waiting = []
    with learning_rate:
        for batch in batches:
            lr = learning_rate.at(batch.step)
            learning_rate.set(lr)
            waiting.append((batch, lr))
            for loss, right in run(batch.x, batch.y, batch.last):
                done, lr = waiting.pop(0)
                learning_rate.set(lr)  # callbacks see that of their step
                yield Step(done.epoch, done.step, loss, right, len(done.x), done.last, not waiting)
                if not isfinite(loss):
                    return


@dataclass(frozen=True)
class _Batch:
    epoch: int
    step: int
    last: bool
    x: np.ndarray
    y: np.ndarray


def batch_spans(net, N, batch_size=None, drop_last=False):
    """Where each batch of an epoch of ``N`` images begins and ends.

    ``drop_last`` leaves out a smaller last one.

    A single image that is left over joins the batch before it where a layer needs two of them.
    Raises ValueError, naming that layer, if no batch has two.
    """
    batch_size = min(USUAL, N) if batch_size is None else batch_size
    spans = [(start, min(start + batch_size, N)) for start in range(0, N, batch_size)]
    if drop_last and N % batch_size:
        spans.pop()
    alone = needs_two(net)
    if alone and batch_size == 1:
        raise ValueError(
            f"{alone} takes the mean of each value over the batch and needs at least 2 images in "
            f"it, but there are "
            f"{N} images in batches of 1: use {'batch_size=2' if N > 1 else 'at least 2 images'}"
        )
    if alone and spans[-1][1] - spans[-1][0] == 1:
        spans[-2:] = [(spans[-2][0], N)]
    return spans


def needs_two(net):
    """The first batch normalisation of single values, or "": of one image it has no variance."""
    for name, layer in named_leaves(net):
        if isinstance(layer, BatchNorm2d) and prod(layer.input_shape[:-1]) == 1:
            return f"layer {name}, {layer},"
    return ""


def _batches(x, y, epochs, spans, rng):
    """Every minibatch; its images and labels lie in arrays that the next one is copied into."""
    batch_size = max(end - start for start, end in spans)
    images = np.empty((batch_size, *x.shape[1:]), x.dtype)
    labels = np.empty((batch_size, *y.shape[1:]), y.dtype)
    step = 0
    for epoch in range(1, epochs + 1):
        order = rng.permutation(len(x))
        for start, end in spans:
            indices, step = order[start:end], step + 1
            # "clip" spares NumPy a second copy, which it makes when an index might be out of range.
            batch = [
                np.take(whole, indices, axis=0, out=kept[: len(indices)], mode="clip")
                for whole, kept in ((x, images), (y, labels))
            ]
            yield _Batch(epoch, step, end == spans[-1][1], *batch)


def train_step(net, x, y, optimizer, loss):
    """Forward, backward, move: the loss and the accuracy before the move."""
    custom = not any(loss is known for known in WITH_KERNELS)
    kept = [(array, array.copy()) for array in net.state.values()] if custom else []
    with np.errstate(over="ignore", invalid="ignore"):  # an explosion is reported once, in words
        scores = net.forward(x, training=True)
        try:
            value, dscores = check_loss(loss(scores, y), scores.shape, loss)
        except Exception:
            for array, before in kept:  # running statistics have moved; nothing else has
                array[...] = before
            raise
        if isfinite(value):
            net.backward(dscores, need_dx=False)
            optimizer.step(net.trainable_params, net.grads)
    return float(value), accuracy(scores, y)


def accuracy(scores, y):
    """The share of images whose highest score is their label's; NaN where labels are no classes."""
    if y.shape != scores.shape[:-1] or y.dtype.kind not in "iu":
        return float("nan")
    return float((scores.argmax(axis=-1) == y).mean())
