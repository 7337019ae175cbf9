"""Safety of a training run: Ctrl-C between steps, a copy to go back to, words about explosions."""

from __future__ import annotations

import signal
import threading

import numpy as np

from ..layers.container import named_leaves
from ..texts import sentence


class TrainingWarning(UserWarning):
    """The loss of a training run was no longer finite; the sentence says when, and what to do."""


class Snapshot:
    """A copy of all parameters and states of a net, to go back to."""

    def __init__(self, net, step=0):
        self._net, self.step = net, step
        self._copies = {name: array.copy() for name, array in self._arrays()}

    def _arrays(self):
        yield from ((("params", name), array) for name, array in self._net.params.items())
        yield from ((("state", name), array) for name, array in self._net.state.items())

    def __getitem__(self, name):
        """The parameter of this name, as it was."""
        return self._copies["params", name]

    def finite(self):
        """Does it hold neither NaN nor infinity?"""
        return all(np.isfinite(array).all() for array in self._copies.values())

    def take(self, step=0):
        """Copy the net as it is now, after ``step`` steps."""
        self.step = step
        for name, array in self._arrays():
            self._copies[name][...] = array

    def restore(self):
        for name, array in self._arrays():
            array[...] = self._copies[name]


class Interrupt:
    """Ctrl-C in training: the first is only noted (``asked``), the second raises (``impatient``).

    Signals reach the main thread alone, so in any other this does nothing.
    """

    def __init__(self):
        self.asked = self.impatient = False
        self._main = threading.current_thread() is threading.main_thread()

    def __enter__(self):
        if self._main:
            self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(self, *error):
        if self._main:
            signal.signal(signal.SIGINT, signal.SIG_DFL if self._before is None else self._before)

    def _note(self, number, frame):
        self.impatient = self.asked
        self.asked = True
        if self.impatient:
            raise KeyboardInterrupt


def lost(net):
    """The name of the first parameter or running statistic that holds NaN or infinity, or ""."""
    arrays = (*net.params.items(), *net.state.items())
    return next((name for name, array in arrays if not np.isfinite(array).all()), "")


def explosion(net, step, loss, lr):
    """What went wrong at ``step``: what is no longer finite, its probable cause, a lower ``lr``.

    Two Sentences and a number, or None where the learning rate is not the cause. It must be asked
    before the net goes back. A loss is finite where the parameters of the move after it are not.
    """
    name = lost(net)
    high = sentence("training.lr_too_high", lr=f"{lr:g}", lower=f"{lr / 10:g}"), lr / 10
    details = {"name": name, "loss": f"{loss:g}"}
    if not np.isfinite(loss):
        first = sentence("training.scores_too_large"), None
        return sentence("training.loss_became", **details), *(first if step == 1 else high)
    if name in net.state:
        what = sentence("training.statistic_became", **details)
        return what, _statistics(net, name.rpartition(".")[0]), None
    return sentence("training.parameter_became", **details), *high


def _statistics(net, name):
    """Why the running statistics of the layer at ``name`` are infinite."""
    layer = dict(named_leaves(net))[name]
    momentum = getattr(layer, "momentum", 0)
    if not 0 <= momentum <= 1:
        return sentence("training.momentum_outside", momentum=f"{momentum:g}", name=name)
    return sentence("training.values_too_large")


def finite(net):
    return all(np.isfinite(array).all() for array in (*net.params.values(), *net.state.values()))
