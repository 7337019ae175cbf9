"""The stream of training steps, and the check of everything that goes into it.

Images are shuffled anew in every epoch; a batch is copied into arrays that are kept, so a step allocates little.
"""

from dataclasses import dataclass
from math import cos, isfinite, pi, prod

import numpy as np

from ..data.scale import warn_of_scale
from ..labels import check_classes
from ..layers import BatchNorm2d
from ..layers.container import placed
from ..losses import multiclass_svm, softmax_cross_entropy
from ..net import Sequential, image_array
from ..optim import Adam
from .deferred import Deferred

USUAL = 64  # images in a batch, where there are as many

# The learning rate as a multiple of the optimiser's, by the part of all steps that lies behind (0 to 1).
SCHEDULES = {"linear": lambda t: 1 - t, "cosine": lambda t: (1 + cos(pi * t)) / 2}


@dataclass(frozen=True)
class Step:
    """One minibatch: ``epoch`` and ``step`` count from 1, ``step`` through all epochs.

    ``loss`` and ``accuracy`` (0 to 1) are those of the batch before the parameters moved; ``last`` marks the last
    step of an epoch, ``images`` is the size of the batch. ``current`` is False where the net has gone on since, because
    the losses of several steps were fetched together.
    """

    epoch: int
    step: int
    loss: float
    accuracy: float
    images: int
    last: bool
    current: bool = True


def steps(
    net,
    data,
    *,
    epochs,
    batch_size=None,
    drop_last=False,
    optimizer=None,
    loss=softmax_cross_entropy,
    schedule=None,
    seed=0,
    fetch_every=1,
    enough=lambda: False,
):
    """Train ``net`` one minibatch at a time: a generator of Steps. Arguments and errors: as ``train``.

    A step whose loss is not finite is yielded without moving the parameters, and ends the stream. Where
    ``fetch_every`` steps are done at once, on the GPU, their Steps come one after another when the last is done; after
    a loss that is not finite no parameter moves, but running statistics go on to the end of the group. The group ends
    early when ``enough()``.
    """
    x, y = check_data(net, *pair(data), loss, "images")
    batch_size = min(USUAL, len(x)) if batch_size is None else batch_size
    optimizer = check_run(len(x), epochs, batch_size, optimizer, fetch_every)
    spans = batch_spans(net, len(x), batch_size, drop_last)
    factor = check_schedule(schedule)
    run, in_epoch = _at_once(net, optimizer, loss), len(spans)
    if fetch_every > 1 and Deferred.possible(net, optimizer, loss):
        run = Deferred(net, optimizer, loss, min(fetch_every, in_epoch), enough)
    pace = _Pace(optimizer, factor, epochs * in_epoch)
    return _steps(run, _batches(x, y, epochs, spans, np.random.default_rng(seed)), pace)


def _at_once(net, optimizer, loss):
    """Steps that tell their loss and accuracy as soon as they are done."""
    return lambda x, y, last: [_one_step(net, x, y, optimizer, loss)]


class _Pace:
    """The learning rate of every step, by a schedule; in the end it is what it was."""

    def __init__(self, optimizer, factor, total):
        self.optimizer, self.factor, self.total = optimizer, factor, total

    def __enter__(self):
        self.lr = getattr(self.optimizer, "lr", None)
        return self

    def rate(self, step):
        return None if self.factor is None else self.lr * self.factor((step - 1) / self.total)

    def set(self, rate):
        if self.factor is not None:
            self.optimizer.lr = rate

    def __exit__(self, *error):
        self.set(self.lr)


def _steps(run, batches, pace):
    """``run(x, y, last)`` does a step, and tells the (loss, accuracy) of all that are not told yet, or of none."""
    waiting = []
    with pace:
        for batch in batches:
            rate = pace.rate(batch.step)
            pace.set(rate)
            waiting.append((batch, rate))
            for loss, right in run(batch.x, batch.y, batch.last):
                done, rate = waiting.pop(0)
                pace.set(rate)  # callbacks see the one of the step they are told
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
    """Where each batch of an epoch of ``N`` images begins and ends; ``drop_last`` leaves a smaller last one out.

    A single image that is left over joins the batch before it where a layer needs two of them. Raises ValueError,
    naming that layer, if no batch has two.
    """
    batch_size = min(USUAL, N) if batch_size is None else batch_size
    spans = [(start, min(start + batch_size, N)) for start in range(0, N, batch_size)]
    if drop_last and N % batch_size:
        spans.pop()
    alone = _needs_two(net)
    if alone and batch_size == 1:
        raise ValueError(
            f"{alone} takes the mean of each value over the batch and needs at least 2 images in it, but there are "
            f"{N} images in batches of 1: use {'batch_size=2' if N > 1 else 'at least 2 images'}"
        )
    if alone and spans[-1][1] - spans[-1][0] == 1:
        spans[-2:] = [(spans[-2][0], N)]
    return spans


def _needs_two(net):
    """The first batch normalisation of single values, by its place, or "": of one image it has no variance."""
    for place, layer in placed(net):
        if isinstance(layer, BatchNorm2d) and prod(layer.input_shape[:-1]) == 1:
            return f"layer {place}, {layer},"
    return ""


def _batches(x, y, epochs, spans, rng):
    """Every minibatch; its images and labels lie in arrays that the next one is copied into."""
    batch_size = max(end - start for start, end in spans)
    images, labels = np.empty((batch_size, *x.shape[1:]), x.dtype), np.empty((batch_size, *y.shape[1:]), y.dtype)
    step = 0
    for epoch in range(1, epochs + 1):
        order = rng.permutation(len(x))
        for start, end in spans:
            places, step = order[start:end], step + 1
            # "clip" spares NumPy a second copy, which it makes when a place might be out of range.
            batch = [
                np.take(whole, places, axis=0, out=kept[: len(places)], mode="clip")
                for whole, kept in ((x, images), (y, labels))
            ]
            yield _Batch(epoch, step, end == spans[-1][1], *batch)


def _one_step(net, x, y, optimizer, loss):
    """Forward, backward, move: the loss and the accuracy before the move."""
    with np.errstate(over="ignore", invalid="ignore"):  # an exploding loss is reported once, in words
        scores = net.forward(x, training=True)
        value, dscores = loss(scores, y)
        if isfinite(value):
            net.backward(dscores, need_dx=False)
            optimizer.step(net.params, net.grads)
    return float(value), accuracy(scores, y)


def accuracy(scores, y):
    """The share of images whose highest score is that of their label; NaN where labels are no classes."""
    if y.shape != scores.shape[:-1] or y.dtype.kind not in "iu":
        return float("nan")
    return float((scores.argmax(axis=-1) == y).mean())


def pair(data):
    """The images and labels to train on: of a Dataset, of a Split, or as they come."""
    data = getattr(data, "train", data)
    if hasattr(data, "x") and hasattr(data, "y"):
        return data.x, data.y
    if isinstance(data, (tuple, list)) and len(data) == 2:
        return data
    raise TypeError(f"data is a {type(data).__name__}: use a Dataset, a Split or a pair (x, y)")


def check_data(net, x, y, loss, what="images", least=1):
    """The images and labels as arrays the net can take, or one sentence about what is wrong with them."""
    if not isinstance(net, Sequential):
        raise TypeError(f"only a Sequential can be trained, not a {type(net).__name__}: put it into one")
    given, y = image_array(x), np.asarray(y)
    if given.ndim and len(given) < least:
        raise ValueError(f"there are no {what}: give at least one")
    x = net.checked(given)
    if y.ndim == 0 or len(x) != len(y):
        raise ValueError(f"{len(x)} {what} do not go with {y.size} labels: give one label for each")
    _check_finite(x, what)
    if loss in (softmax_cross_entropy, multiclass_svm) and len(net.output_shape) == 1:
        y = check_classes(y, len(x), net.output_shape[0], what)
    if what == "images":
        warn_of_scale(net.scale_sentence(given))
    return x, y


def _check_finite(x, what):
    if not x.size or (np.isfinite(x.min()) and np.isfinite(x.max())):  # NaN passes through both
        return
    bad = np.flatnonzero([not np.isfinite(image).all() for image in x])
    raise ValueError(
        f"{len(bad)} of {len(x)} {what} hold NaN or infinity, the first at position {bad[0]}: "
        f"repair them or leave them out"
    )


def check_run(N, epochs, batch_size, optimizer, fetch_every=1):
    """The optimiser to use; or one sentence about a number that makes no sense."""
    for value, name, least in ((epochs, "epochs", 0), (batch_size, "batch_size", 1), (fetch_every, "fetch_every", 1)):
        if not hasattr(value, "__index__") or isinstance(value, bool) or value < least:
            raise ValueError(f"{name} {value!r} is not a whole number of at least {least}")
    if batch_size > N:
        raise ValueError(f"batch_size {batch_size} is larger than the {N} images: use at most {N}")
    optimizer = Adam() if optimizer is None else optimizer
    if isinstance(optimizer, type):
        raise TypeError(f"optimizer is the class {optimizer.__name__}: call it, as in {optimizer.__name__}()")
    if not hasattr(optimizer, "step"):
        raise TypeError(f"optimizer {optimizer!r} has no step method: use one such as Adam(1e-3)")
    return optimizer


def check_schedule(schedule):
    """The function from 0..1 to a factor, None for a learning rate that is left alone."""
    if schedule is None or callable(schedule):
        return schedule
    if schedule not in SCHEDULES:
        names = ", ".join(map(repr, SCHEDULES))
        raise ValueError(f"schedule {schedule!r} is unknown: use {names}, or a function from 0..1 to a factor")
    return SCHEDULES[schedule]
