"""Evaluation on held-out images during training: a sample of them often, all when training stops.

The Evaluator works on a copy of the net, whose ReLUs are recorded: the net itself may train on or
be used meanwhile.
"""

from typing import NamedTuple

import numpy as np

from ..layers import ReLU
from ..layers.container import prepared
from ..layers.weights import WithWeights
from .stream import accuracy

SAMPLE, SAMPLE_WORK = (32, 300), 1e8  # images of a sample, and multiplications they may cost
CHUNK, CHUNK_WORK = 64, 5e7  # images and multiplications at a time, then a stop is heard


class Evaluation(NamedTuple):
    """The results on held-out images: ``scores (n, K)`` for those at ``indices``, of ``total``.

    ``train_loss`` and ``train_accuracy`` are those of the same net on ``trained`` images it learns
    from. ``dead`` maps the name of a layer with weights to a bool for each of its filters (or
    units): True where the ReLU behind it gave 0 everywhere for every held-out image, never for
    those of a sample alone (NaN is not dead but lost).
    """

    step: int
    loss: float
    accuracy: float
    train_loss: float
    train_accuracy: float
    trained: int
    scores: np.ndarray
    dead: dict
    indices: np.ndarray
    total: int

    @property
    def whole(self):
        """Is it about all held-out images?"""
        return len(self.indices) == self.total

    def answers(self):
        """The class with the highest score for each image at ``indices``: ints ``(n,)``."""
        return self.scores.argmax(axis=1)

    def confusion(self, labels):
        """How often images of class ``row`` were taken for ``column``: ints ``(K, K)``; ``labels``
        of all images.
        """
        counts = np.zeros((self.scores.shape[1],) * 2, np.intp)
        np.add.at(counts, (np.asarray(labels)[self.indices].astype(np.intp), self.answers()), 1)
        return counts


class _MaxRecorder:
    """Records the largest output of a ReLU for each channel, while it is ``on``."""

    def __init__(self, relu):
        self._forward = relu.forward
        self.largest = None
        self.on = False
        relu.forward = self.forward

    def forward(self, x, training=False):
        y = self._forward(x, training)
        if self.on:
            # First over the images, along whole rows of memory: many times as fast as over three
            # axes at once.
            largest = y.max(axis=0).reshape(-1, y.shape[-1]).max(axis=0)
            self.largest = largest if self.largest is None else np.maximum(self.largest, largest)
        return y


class Evaluator:
    """Evaluates copies of ``net`` on held-out images ``x (N, …)`` with labels ``y``.

    ``training`` is a pair of training images and labels; where it is None, nothing is held out and
    ``x`` are images the net learns from.
    """

    def __init__(self, net, x, y, loss, training=None):
        self.x = x
        self.y = y
        self.loss = loss
        self.training = training
        self._net = net.copy()
        self._recorders = {name: _MaxRecorder(relu) for name, relu in relus(self._net)}
        macs = max(1, net.ledger().macs)
        self._chunk = int(np.clip(CHUNK_WORK / macs, 1, CHUNK))
        self.size = int(np.clip(SAMPLE_WORK / macs, *SAMPLE))
        order = np.random.default_rng(0).permutation(len(x))  # images may lie there sorted by class
        self._sample, self._rest = np.sort(order[: self.size]), np.sort(order[self.size :])

    def whole(self, net, step):
        """The Evaluation on ``net`` as it is now, after ``step`` steps, by all held-out images."""
        self._begin(net)
        trained, indices = self._trained(), np.arange(len(self.x))
        return self._evaluation(
            step, indices, self._scores(self.x, indices, recorded=True), trained
        )

    def quick(self, net, step, stop=lambda: False):
        """The Evaluation by a sample, by all images where a filter gives 0 on the whole sample.

        None if ``stop()`` meanwhile.
        """
        self._begin(net)
        trained = self._trained(self.size, stop)
        indices, scores = self._sample, self._scores(self.x, self._sample, stop, recorded=True)
        if (
            scores is not None
            and len(self._rest)
            and any((recorder.largest <= 0).any() for recorder in self._recorders.values())
        ):
            rest = self._scores(self.x, self._rest, stop, recorded=True)
            indices, scores = _joined(indices, scores, self._rest, rest)
        return (
            None
            if scores is None or trained is None
            else self._evaluation(step, indices, scores, trained)
        )

    def _begin(self, net):
        for mine, theirs in ((self._net.params, net.params), (self._net.state, net.state)):
            for name, array in mine.items():
                array[...] = theirs[name]
        for recorder in self._recorders.values():
            recorder.largest = None

    def trained(self, net):
        """Loss and accuracy of ``net`` on a sample of the training images."""
        self._begin(net)
        return self._trained(self.size)[:2]

    def _trained(self, most=None, stop=lambda: False):
        """Loss, accuracy and number of at most ``most`` training images; None if ``stop()``."""
        if self.training is None:
            return ()
        x, y = (array[:most] for array in self.training)
        scores = self._scores(x, np.arange(len(x)), stop)
        return None if scores is None else (*self._measured(scores, y), len(x))

    def _scores(self, x, indices, stop=lambda: False, recorded=False):
        """The scores of the images at ``indices``, some at a time; None if ``stop()`` meanwhile."""
        scores = np.empty((len(indices), *self._net.output_shape), self._net.dtype)
        for recorder in self._recorders.values():
            recorder.on = recorded
        for start in range(0, len(indices), self._chunk):
            if stop():
                return None
            part = x[indices[start : start + self._chunk]]
            with np.errstate(over="ignore", invalid="ignore"):
                for layer in self._net.layers:
                    part = layer.forward(prepared(layer, part))
            scores[start : start + self._chunk] = part
        return scores

    def _measured(self, scores, y):
        with np.errstate(over="ignore", invalid="ignore"):
            return float(self.loss(scores, y)[0]), accuracy(scores, y)

    def _evaluation(self, step, indices, scores, trained):
        self._net.release()
        held = self._measured(scores, self.y[indices])
        dead = {name: recorder.largest <= 0 for name, recorder in self._recorders.items()}
        return Evaluation(
            step, *held, *(trained or (*held, len(indices))), scores, dead, indices, len(self.x)
        )


def _joined(indices, scores, others, more):
    """The scores of two sets of images joined, in the order of their indices; None if no more."""
    if more is None:
        return indices, None
    order = np.argsort(both := np.concatenate([indices, others]))
    return both[order], np.concatenate([scores, more])[order]


def relus(stack, above=""):
    """Pairs of the name of a layer with weights and the ReLU that follows it, through blocks too.

    Between the two only layers may stand that keep the channels, such as normalisation.
    """
    waiting = None
    for name, layer in stack.children().items():
        path = f"{above}{name}"
        if layer.children():
            yield from relus(layer, f"{path}.")
            waiting = None
        elif isinstance(layer, ReLU) and waiting:
            yield waiting, layer
            waiting = None
        elif isinstance(layer, WithWeights):
            waiting, channels = path, layer.output_shape[-1:]
        elif waiting and layer.output_shape[-1:] != channels:
            waiting = None
