"""A training run that can be watched: steps, curves, film, evaluations, and a way back.

Nothing here knows of threads. The net it trains is a twin, which shares its parameters with the
learner's own.
"""

from math import isfinite, log
from time import perf_counter

import numpy as np

from .. import validation
from ..hyperparameters import check_writeable
from ..layers.container import leaves
from ..losses import softmax_cross_entropy
from ..optim import Adam
from ..texts import sentence
from .batches import Batches
from .checked import check_data, check_options, check_run, pair
from .evaluate import Evaluator
from .films import Film
from .safety import Snapshot, explosion, finite, lost
from .series import DownsampledSeries, SparseSeries
from .stream import batch_spans, needs_two, train_step
from .update_ratios import update_ratios

EVALUATED = ("loss", "accuracy", "train_loss", "train_accuracy")
# What a reset or a step back changes, so that it can be undone.
SERIES = "loss", "accuracy", "evaluations"
VALUES = (
    "film",
    "step",
    "images",
    "seconds",
    "batches",
    "evaluation",
    "changes",
    "_sane",
    "_counted",
)
SANE = 3  # times the loss of the beginning: a net beyond that is not worth going back to
HALF_LIFE = 0.5  # seconds, of the running mean of images per second
HELD_OUT, WORK = (64, 2000), 3e9  # held-out images, and multiplications they may cost
EXCHANGED = sentence("training.exchanged")


class TrainingRun:
    """A run of ``net`` on ``data``; arguments as ``train``, and a ``film`` to go on from.

    ``optimizer`` and ``batch_size`` may be set at any time. ``loss`` and ``accuracy`` are series of
    the batches as they came, ``evaluations`` the series of held-out and training images by one and
    the same net, ``evaluation`` the last Evaluation, ``film`` the Film, ``changes`` what the last
    watched step did to the weights.
    """

    def __init__(
        self,
        net,
        data,
        *,
        optimizer=None,
        batch_size=32,
        loss=softmax_cross_entropy,
        seed=0,
        film=None,
    ):
        self.x, self.y = check_data(net, *pair(data), loss, "images")
        self.held_out, held = held_out(net, data, loss, self.x, self.y)
        check_options(loss)
        validation.integer("batch_size", batch_size)
        batch_size = min(batch_size, len(self.x))
        self.optimizer = check_run(
            len(self.x), 1, batch_size, Adam(5e-3) if optimizer is None else optimizer
        )
        check_writeable(net.params)
        seed, self._least = validation.seed(seed), 2 if needs_two(net) else 1
        # Refuses a single image where two are needed.
        batch_spans(net, len(self.x), min(len(self.x), max(batch_size, self._least)))
        self.net = net
        self.batch_size = batch_size
        self._loss = loss
        self._seed = seed
        self.evaluator = Evaluator(
            net, *held, loss, _as_many(self.x, self.y, held) if self.held_out else None
        )
        self.film = Film(net, getattr(data, "name", "")) if film is None else film
        self._to_undo = self._end = None
        self._start_over(self.film.steps[-1] if len(self.film) else 0)

    def _start_over(self, step=0):
        """Everything as before the first step."""
        self.step = step
        self.images = 0
        self._counted = step == 0
        self.seconds = 0.0  # of training in all
        self.pace = 0.0  # seconds of the last step
        self.images_per_second = 0.0
        self.loss = DownsampledSeries(step)
        self.accuracy = DownsampledSeries(step)
        self.evaluations = SparseSeries(*EVALUATED)
        self.changes = {}
        self.batches = Batches(self.x, self.y, self._seed, self._least)
        self.twin = self.net.shared_copy()
        self._good, self._trial = Snapshot(self.net, step), Snapshot(self.net, step)
        self._evaluate_now()
        self._sane = SANE * max(self.evaluation.loss, log(max(2, self.evaluation.scores.shape[-1])))

    @property
    def epoch(self):
        """The present epoch; None where the run did not begin with the first step."""
        return self.batches.epoch if self._counted else None

    @property
    def can_undo(self):
        """Is there a reset or a step back that can be undone?"""
        return self._to_undo is not None

    def _train_step(self, watched):
        """One step; False if it must be the last."""
        began = perf_counter()
        x, y = self.batches.next(self.batch_size)
        if watched:
            self._trial.take(self.step)
        for mine, leaf in zip(leaves(self.twin), leaves(self.net), strict=True):
            mine.trainable = leaf.trainable  # it may be frozen while this runs
        loss, right = train_step(self.twin, x, y, self.optimizer, self._loss)
        if not isfinite(loss):
            return self._exploded(loss, self.step + 1)
        self.step, self.images = self.step + 1, self.images + len(x)
        self.loss.add(self.step, loss)
        self.accuracy.add(self.step, right)
        if watched:
            self.changes = update_ratios(self._trial, self.twin)
            if loss <= self._sane and self._trial.finite():  # worth going back to
                self._good, self._trial = self._trial, self._good
        if self.film.is_due(self.step) and finite(self.twin):
            self._record()
        self._count(len(x), perf_counter() - began)
        return True

    def _count(self, images, seconds):
        """Time and throughput, the latter as a running mean over about a second."""
        self.seconds += seconds
        self.pace = seconds
        keep = 0.5 ** (seconds / HALF_LIFE)
        now = images / max(seconds, 1e-9)
        self.images_per_second = keep * self.images_per_second + (1 - keep) * now

    def _is_whole(self):
        """Is the net still the one that is trained, and finite?"""
        if any(self.net.params.get(name) is not array for name, array in self.twin.params.items()):
            self._end = EXCHANGED, None
            return False
        return finite(self.twin) or self._exploded(self.loss.recent(), self.step)

    def _exploded(self, loss, failed):
        """Set the net back to the last whole copy; the Sentence about it waits in ``_end``."""
        what, cause, lr = explosion(
            self.twin, failed, loss, getattr(self.optimizer, "lr", float("nan"))
        )
        self._good.restore()
        self._forget_after(self._good.step)
        if name := lost(self.twin):
            cause = sentence("training.lost_before", name=name)
            lr = None
        why = sentence("training.went_back", what=what, failed=failed, step=self.step, cause=cause)
        self._end = why, lr and ("lr", lr)
        return False

    def _forget_after(self, step):
        """The run stands at ``step`` again: what came later has not been."""
        self.step, self.changes = step, {}
        self.film.truncate(step)
        for line in (self.loss, self.accuracy, self.evaluations):
            line.cut(step)
        self._forget_past_steps()

    def _forget_past_steps(self):
        getattr(self.optimizer, "reset", lambda: None)()  # its running means may be infinite by now

    def _evaluate_now(self):
        """Evaluate the net on all held-out images, and record a checkpoint."""
        self._add_evaluation(self.evaluator.whole(self.net, self.step))
        self._record()

    def _add_evaluation(self, evaluation):
        self.evaluation, self.evaluated_at = evaluation, self.seconds
        self.evaluations.add(evaluation.step, *(getattr(evaluation, name) for name in EVALUATED))

    def _record(self):
        """Record the net as it is; what was measured at this step before stays."""
        measured = {"loss": self.loss.recent(), "accuracy": self.accuracy.recent()}
        if self.evaluation is not None and self.evaluation.step == self.step:
            measured |= {
                "test_loss": self.evaluation.loss,
                "test_accuracy": self.evaluation.accuracy,
            }
        known = {name: value for name, value in measured.items() if isfinite(value)}
        self.film.record(self.net, self.step, **known)

    def _reset(self):
        self._to_undo = self._values_to_undo()
        self.film.restore(self.net, 0)
        self.film = Film(self.net, self.film.data, self.film.recipe)
        self._forget_past_steps()
        self._start_over()

    def _go_back(self, t):
        self._to_undo = self._values_to_undo()
        self.film.restore(self.net, t)
        self.film, self._counted = self.film.until(t), False
        self._forget_after(self.film.steps[-1])
        self._good.take(self.step)
        self._evaluate_now()

    def _values_to_undo(self):
        """All that a reset or a step back would lose: the values by name, and the net."""
        series = {name: vars(self)[name].copy() for name in SERIES}
        values = {name: vars(self)[name] for name in VALUES}
        return values | series, Snapshot(self.net, self.step)

    def _undo(self):
        values, snapshot = self._to_undo
        snapshot.restore()
        vars(self).update(values)
        self._to_undo = None
        self._forget_past_steps()
        self._good.take(self.step)


def held_out(net, data, loss, x, y):
    """Are there held-out images? Those, else some of the training set; few enough to be quick."""
    test = getattr(data, "test", None)
    most = int(np.clip(WORK / max(1, net.ledger().macs), *HELD_OUT))
    if test is not None and len(test):
        x, y = check_data(net, *pair(test), loss, "test images")
        return True, _spread(x, y, most)
    return False, _spread(x, y, most)


def _as_many(x, y, held):
    """As many random training images as there are held-out ones, to be evaluated with them."""
    indices = np.random.default_rng(1).permutation(len(x))[: len(held[0])]
    return x[indices], y[indices]


def _spread(x, y, most):
    """All images, or ``most`` of them from all parts of the set, which may be sorted by class."""
    if len(x) <= most:
        return x, y
    indices = np.sort(np.random.default_rng(0).choice(len(x), most, replace=False))
    return x[indices], y[indices]
