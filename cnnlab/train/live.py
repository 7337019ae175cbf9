"""Training beside everything else: a thread that learns, and can be steered, paused and looked at while it does.

It trains a twin of the net, which shares the net's parameters: whoever uses the net meanwhile disturbs nothing.
"""

import threading
from math import isfinite, log
from time import perf_counter, sleep
from weakref import WeakValueDictionary

import numpy as np

from ..losses import softmax_cross_entropy
from ..optim import Adam
from .changes import changes
from .curve import Curve, Marks
from .judge import Judge
from .moments import Film
from .safety import Snapshot, finite
from .stream import _one_step, check_data, check_run, pair

RATE = 8  # looks a second, at most
LOOKING, JUDGING = 0.04, 0.05  # of the training time, at most
SANE = 3  # times the loss of the beginning: a net beyond that is not worth going back to
CREDIT = 0.1  # seconds of judging that the beginning has beyond that, because most happens there
HELD_OUT = 1000  # pictures of the training set that are judged where there are none to hold out

_trained = WeakValueDictionary()  # who trained a net last, by the identity of its first array
_guard = threading.Lock()


class Live:
    """A training run in a thread: ``start()``, ``pause()``, ``advance(n)``, ``reset()``; its numbers change any time.

    ``optimizer`` and ``batch_size`` may be set while it runs. ``loss`` and ``accuracy`` are Curves over the steps,
    ``judged`` the Marks of the held-out pictures, ``verdict`` the last Verdict, ``film`` the Film. ``looked()`` is
    called after a step, at most 8 times a second, in whichever thread trains, and ``ended(sentence, repair)`` when
    training stops by itself. Data and errors: as ``train``.
    """

    def __init__(self, net, data, *, optimizer=None, batch_size=32, loss=softmax_cross_entropy, seed=0, film=None):
        self.x, self.y = check_data(net, *pair(data), loss, "images")
        self.held_out, held = _held_out(net, data, loss, self.x, self.y)
        self.optimizer = check_run(len(self.x), 1, batch_size, Adam(5e-3) if optimizer is None else optimizer)
        self.net, self.twin, self.batch_size, self._loss, self._seed = net, net.twin(), batch_size, loss, seed
        self.judge, self.film = Judge(net, *held, loss), film
        self.looked, self.ended = lambda: None, lambda sentence, repair: None
        self._stop, self._thread, self._active, self._end, self.wanted = threading.Event(), None, False, None, False
        self._before = None
        self._fresh(film.steps[-1] if film else 0)

    def _fresh(self, step=0):
        """Everything as before the first step."""
        self.step, self.epoch, self.images, self.seconds = step, 0, 0, 0.0
        self._looking = self._judging = 0.0
        self.loss, self.accuracy, self.judged, self.rate = Curve(step), Curve(step), Marks("loss", "accuracy"), 0.0
        self.changes, self.verdict, self._last_look = {}, None, 0.0
        self._batches = self._stream(np.random.default_rng(self._seed))
        self._good, self._trial = Snapshot(self.net), Snapshot(self.net)
        if self.film is None:
            self.film = Film(self.net)
        self._judge_now()
        self._sane = SANE * max(self.verdict.loss, log(max(2, self.verdict.scores.shape[1])))

    @property
    def running(self):
        """Is the thread training?"""
        return self._active

    @property
    def can_undo(self):
        """Is there a reset that can be taken back?"""
        return self._before is not None

    def start(self):
        """Train on, in a thread, until ``pause()``. Raises ValueError where somebody else trains this net."""
        if self.running:
            return
        self._claim()
        self._stop.clear()
        self._active = True
        self._thread = threading.Thread(target=self._work, name="cnnlab training", daemon=True)
        self._thread.start()

    def pause(self):
        """Stop after the running step, and judge the net as it is."""
        self._stop.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
            self._rest()

    def advance(self, steps=1):
        """Train ``steps`` steps here and now, and judge the net."""
        self.pause()
        self._claim()
        self._stop.clear()
        self._train(steps)
        self._report()
        self._rest()

    def reset(self):
        """Back to the first moment, with nothing seen; ``undo()`` takes it back once."""
        self.pause()
        before = {name: vars(self)[name] for name in _UNDONE}, Snapshot(self.net)
        self.film.put(self.net, 0)
        self.film, self._before = None, before
        self.optimizer.reset()
        self._fresh()

    def undo(self):
        """Take back the last reset, if there was one."""
        if self._before is None:
            return
        self.pause()
        values, snapshot = self._before
        snapshot.restore()
        vars(self).update(values)
        self._before = None
        self.optimizer.reset()
        self._good.take()

    def go_back(self, t):
        """Set the net to moment ``t`` of the film, to train on from there."""
        self.pause()
        self.film.put(self.net, t)
        self.film.rewind(t)
        self.optimizer.reset()
        self.step = self.film.steps[t]
        for line in (self.loss, self.accuracy, self.judged):
            line.cut(self.step)
        self._good.take()
        self._judge_now()

    def _claim(self):
        """Only one run trains a net at a time, or both would move its parameters."""
        key = id(next(iter(self.net.params.values()), self.net))
        with _guard:
            other = _trained.get(key)
            if other is not None and other is not self and other.running:
                raise ValueError("another trainer is training this net: pause that one first, or train a net.copy()")
            _trained[key] = self

    def _work(self):
        try:
            self._train()
        except Exception as error:  # a layer of one's own may raise anything, and nobody else would hear of it
            self._end = f"training stopped at step {self.step}: {type(error).__name__}: {error}", None
        finally:
            self._active = False
        self._report()

    def _report(self):
        """Say why training stopped by itself, if it did."""
        end, self._end = self._end, None
        if end is not None:
            self.ended(*end)

    def _train(self, steps=None):
        done = 0
        while not self._stop.is_set() and (steps is None or done < steps):
            began = perf_counter()
            due = steps is None and self._due(began)
            if not self._one(watched=due or (steps is not None and done == steps - 1)):
                return
            self._count(perf_counter() - began)
            done += 1
            if due and not self._whole():
                return
            if due:
                self._look()
            elif steps is None and self._judging < CREDIT + JUDGING * self.seconds:
                self._judge_some()

    def _due(self, now):
        may = self.wanted or self._looking < LOOKING * self.seconds
        return may and now - self._last_look >= 1 / RATE

    def _one(self, watched):
        """One step; False if it must be the last."""
        x, y = next(self._batches)
        if watched:
            self._trial.take()
        loss, right = _one_step(self.twin, x, y, self.optimizer, self._loss)
        if not isfinite(loss):
            return self._exploded(loss)
        self.step, self.images = self.step + 1, self.images + len(x)
        self.loss.add(loss)
        self.accuracy.add(right)
        if self.film.due(self.step):
            self._take()
        if watched:
            self.changes = changes(self._trial, self.twin)
            if loss <= self._sane:  # what the loss was taken of, before this step, is worth going back to
                self._good, self._trial = self._trial, self._good
        return True

    def _count(self, seconds):
        """Time and throughput, the latter as a running mean over about a second."""
        self.seconds += seconds
        keep = 0.5 ** (seconds / 0.5)
        self.rate = keep * self.rate + (1 - keep) * self.batch_size / max(seconds, 1e-9)

    def _look(self):
        """Let the view look."""
        began = perf_counter()
        self._last_look, self.wanted = began, False
        self.looked()
        self._looking += perf_counter() - began
        sleep(0)  # whoever waits for the interpreter has a turn

    def _whole(self):
        """Is the net still the one that is trained, and finite?"""
        if any(self.net.params.get(name) is not array for name, array in self.twin.params.items()):
            self._end = "the layers of the net were exchanged while it was training: make a new Trainer for it", None
            return False
        return finite(self.twin) or self._exploded(float("nan"))

    def _judge_some(self):
        began = perf_counter()
        if self.judge.idle:
            self.judge.begin(self.twin, self.step)
        self._note(self.judge.work())
        self._judging += perf_counter() - began

    def _judge_now(self):
        self._note(self.judge.whole(self.net, self.step))
        if self.step not in self.film.steps:
            self._take()

    def _rest(self):
        """The net stands still: judge all of it, and note the moment."""
        if self.verdict.step != self.step or self.step not in self.film.steps:
            self._judge_now()

    def _note(self, verdict):
        if verdict is not None:
            self.verdict = verdict
            self.judged.add(verdict.step, verdict.loss, verdict.accuracy)

    def _take(self):
        measured = {"loss": self.loss.recent(), "accuracy": self.accuracy.recent()}
        if self.verdict is not None and self.verdict.step == self.step:
            measured |= {"test_loss": self.verdict.loss, "test_accuracy": self.verdict.accuracy}
        self.film.take(self.net, self.step, **measured)

    def _exploded(self, loss):
        """The net goes back to the last copy that was whole, and training stops with a sentence."""
        self._good.restore()
        self.optimizer.reset()
        lr = self.optimizer.lr
        self._end = (
            f"the loss became {loss:g} at step {self.step + 1}, and the net went back to where it was a moment before: "
            f"the learning rate {lr:g} is probably too high, try {lr / 10:g}",
            ("lr", lr / 10),
        )
        return False

    def _stream(self, rng):
        """Batches without end; the batch size may change from one to the next."""
        while True:
            order, at = rng.permutation(len(self.x)), 0
            self.epoch += 1
            while at < len(order):
                places = order[at : at + self.batch_size]
                at += len(places)
                yield self.x[places], self.y[places]


_UNDONE = ("film", "step", "epoch", "images", "seconds", "loss", "accuracy", "judged", "rate", "verdict", "changes")


def _held_out(net, data, loss, x, y):
    """Are there pictures to hold out? Those, or the first ones of the training set."""
    test = getattr(data, "test", None)
    if test is not None and len(test):
        return True, check_data(net, *pair(test), loss, "test images")
    return False, (x[:HELD_OUT], y[:HELD_OUT])
