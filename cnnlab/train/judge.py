"""How good is the net on pictures it does not learn from? Judged a few pictures at a time, beside the training.

The judge works on a copy, so that all pictures meet the same net while the training goes on.
"""

from typing import NamedTuple

import numpy as np

from ..layers import ReLU
from ..layers.base import Weighted
from ..layers.container import fitted
from .stream import accuracy

CHUNK = 64  # pictures at a time: a few milliseconds in a small net


class Verdict(NamedTuple):
    """What a net makes of the held-out pictures: its ``scores (N, K)``, and which filters are dead.

    ``dead`` maps the place of a layer with weights to a bool for each of its filters (or units): True where the ReLU
    behind it gave 0 for every picture, everywhere (NaN is not dead but lost).
    """

    step: int
    loss: float
    accuracy: float
    scores: np.ndarray
    dead: dict

    def confusion(self, labels):
        """How often pictures of class ``row`` were taken for class ``column``: ints ``(K, K)``."""
        K = self.scores.shape[1]
        return np.bincount(labels * K + self.scores.argmax(axis=1), minlength=K * K).reshape(K, K)


class _Spied:
    """A ReLU whose largest output for each channel is remembered."""

    def __init__(self, relu):
        self._forward, self.largest = relu.forward, None
        relu.forward = self.forward

    def forward(self, x, training=False):
        y = self._forward(x, training)
        largest = y.max(axis=tuple(range(y.ndim - 1)))
        self.largest = largest if self.largest is None else np.maximum(self.largest, largest)
        return y


class Judge:
    """Scores ``x (N, …)`` with labels ``y`` by copies of a net: ``begin``, then ``work`` until it gives a Verdict."""

    def __init__(self, net, x, y, loss):
        self.x, self.y, self.loss, self._net = x, y, loss, net.copy()
        self._spies = {place: _Spied(relu) for place, relu in relus(self._net)}
        self._scores = np.zeros((len(x), *net.output_shape), net.dtype)
        self._at, self._step, self.idle = 0, 0, True

    def begin(self, net, step):
        """Take over the parameters of ``net``, which has the same layers, as they are after ``step`` steps."""
        for mine, theirs in ((self._net.params, net.params), (self._net.state, net.state)):
            for name, array in mine.items():
                array[...] = theirs[name]
        for spy in self._spies.values():
            spy.largest = None
        self._at, self._step, self.idle = 0, step, False

    def work(self):
        """Score some more pictures; a Verdict when that was the last of them, else None."""
        part = self.x[self._at : self._at + CHUNK]
        with np.errstate(over="ignore", invalid="ignore"):
            for layer in self._net.layers:
                part = layer.forward(fitted(layer, part))
        self._scores[self._at : self._at + CHUNK] = part
        self._at += CHUNK
        return self._verdict() if self._at >= len(self.x) else None

    def whole(self, net, step):
        """The Verdict on ``net`` now."""
        self.begin(net, step)
        while (verdict := self.work()) is None:
            pass
        return verdict

    def _verdict(self):
        self.idle = True
        self._net.forget()
        scores = self._scores.copy()
        with np.errstate(over="ignore", invalid="ignore"):
            loss = float(self.loss(scores, self.y)[0])
        dead = {place: spy.largest <= 0 for place, spy in self._spies.items()}
        return Verdict(self._step, loss, accuracy(scores, self.y), scores, dead)


def relus(stack, above=""):
    """Pairs of the place of a layer with weights and the ReLU that follows it, through blocks too.

    Between the two only layers may stand that keep the channels, such as normalisation.
    """
    waiting = None
    for name, layer in stack.parts().items():
        place = f"{above}{name}"
        if layer.parts():
            yield from relus(layer, f"{place}.")
            waiting = None
        elif isinstance(layer, ReLU) and waiting:
            yield waiting, layer
            waiting = None
        elif isinstance(layer, Weighted):
            waiting, channels = place, layer.output_shape[-1:]
        elif waiting and layer.output_shape[-1:] != channels:
            waiting = None
