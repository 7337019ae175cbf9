"""A training run in a background thread, which can be watched, steered and paused.

The net can be used meanwhile: the thread trains a copy of it that shares its parameters.
"""

import threading
from contextlib import contextmanager, suppress
from time import perf_counter, sleep
from weakref import WeakValueDictionary

from ..texts import sentence
from .safety import Interrupt, finite
from .training_run import TrainingRun

DISPLAYS_PER_SECOND = 8  # at most
DISPLAYING = 0.03  # of the training time, at most
EPOCHS = 10  # that are evaluated at their ends
FRESH = 1.6  # seconds of training between evaluations: what is shown is never older than two
DEAR = 3  # times as long as an evaluation takes is between two of them, in any case
CREDIT = 0.25  # seconds that may go into evaluating the checkpoints of the film
EVALUATING = 0.03  # share of the time that may go into it beyond these
TAKEN = sentence("training.taken")

# The last run that trained an array, by the array's identity.
_runs: WeakValueDictionary = WeakValueDictionary()
_guard = threading.Lock()


class BackgroundRun(TrainingRun):
    """A training run in a thread that can be started, paused, advanced, reset and set back.

    ``on_display()`` is called after a step, at most 8 times a second, in whichever thread trains,
    and ``on_end(sentence, repair)``, with a Sentence, when training stops by itself. One run at a
    time trains a net: the later one takes over.
    """

    def __init__(self, net, data, **options):
        self.on_display, self.on_end = lambda: None, lambda sentence, repair: None
        self.wanted, self.number = False, 0
        self._turn = threading.RLock()
        self._stop = threading.Event()
        self._thread = None
        self._active = False
        self._displaying = self._evaluating = self._last_display = self._cost = 0.0
        self.advancing = self._asked = False
        super().__init__(net, data, **options)

    @property
    def running(self):
        """Is it training, in its thread or in ``advance``?"""
        return self._active or self.advancing

    @property
    def stopping(self):
        """Is it to stop after the running step?"""
        return self.running and self._stop.is_set()

    def start(self):
        """Train on, in a thread, until ``pause()``.

        Raises ValueError where the net holds NaN or infinity.
        """
        with self._at_rest(only_if_stopped=True) as rests:
            if not rests:
                return
            self._ready()
            self.number += 1
            self._thread = threading.Thread(target=self._work, name="cnnlab training", daemon=True)
            self._active = True
            try:
                self._thread.start()
            except RuntimeError:
                self._active, self._thread = False, None
                raise

    def pause(self):
        """Stop after the running step, and evaluate the net as it is."""
        with self._at_rest() as rests:
            if rests and self.evaluation_is_old():
                self._evaluate_now()

    def stop_soon(self):
        """Ask it, from any thread, to stop after this step; ``on_end(None, None)`` follows."""
        self._asked = True
        self._stop.set()

    def advance(self, steps=1):
        """Train ``steps`` steps in this thread, and evaluate the net.

        Ctrl-C ends it after the running step.
        """
        with self._at_rest() as rests, Interrupt() as interrupt:
            if rests:
                self._ready()
                self.advancing, self._last_display = True, perf_counter()
                try:
                    self._train_and_evaluate(
                        lambda done: done < steps and not (interrupt.asked or self._stop.is_set())
                    )
                finally:
                    self.advancing = self._asked = False
        if rests:
            self._report()

    def reset(self):
        """Back to the first checkpoint, with nothing seen; ``undo()`` takes it back once."""
        with self._at_rest() as rests:
            if rests:
                self._take_ownership()
                self._reset()
                self._displaying = self._evaluating = 0.0

    def go_back(self, t):
        """Set the net to checkpoint ``t`` of the film, to train on from there, until ``undo()``."""
        with self._at_rest() as rests:
            if rests:
                self._take_ownership()
                self._go_back(self.film.check(t))

    def undo(self):
        """Take back the last reset or step back, if there was one."""
        with self._at_rest() as rests:
            if rests and self._to_undo is not None:
                self._take_ownership()
                self._undo()

    def evaluation_is_old(self):
        """Is the last Evaluation of another step than the present one, or of a sample alone?"""
        return (
            self.evaluation.step != self.step
            or not self.evaluation.whole
            or self.step not in self.film.steps
        )

    @contextmanager
    def _at_rest(self, only_if_stopped=False):
        """Stop the run and keep it stopped in the block; yields False where that is impossible.

        The thread that trains cannot wait for itself: there, only the request to stop is noted.
        """
        if threading.current_thread() is self._thread:
            self._stop.set()
            yield False
            return
        with self._turn:
            if only_if_stopped and self._active and not self._stop.is_set():
                yield False
                return
            self._stop.set()
            if self._thread is not None:
                self._thread.join()
            self._stop.clear()
            self._asked = False
            yield True

    def _ready(self):
        if not finite(self.net):
            raise ValueError(sentence("training.net_is_lost"))
        self._take_ownership()
        self._good.take(self.step)

    def _take_ownership(self):
        """Stop any other run of this net, for two would move its parameters at the same time."""
        with _guard:
            arrays = [id(array) for array in self.net.params.values()]
            others = {
                id(run): run
                for run in map(_runs.get, arrays)
                if run is not None and run is not self
            }
            _runs.update(dict.fromkeys(arrays, self))
        for other in others.values():
            other._stop_for_other()

    def _stop_for_other(self):
        if self._active and threading.current_thread() is not self._thread:
            self._end = TAKEN, None
            self._stop.set()
            self._thread.join()

    def _work(self):
        try:
            self._train_and_evaluate(lambda done: not self._stop.is_set())
        except Exception as error:  # a custom layer may raise anything; only this shows it
            what = {"type": type(error).__name__, "message": str(error)}
            self._end = sentence("training.error", step=self.step, **what), None
        finally:
            self._active = False
        if threading.main_thread().is_alive():  # otherwise Python is ending
            self._report()

    def _train_and_evaluate(self, goes_on):
        """Train, then evaluate the net as it is, also where training ends with an error."""
        try:
            self._train(goes_on)
        except BaseException:
            with suppress(Exception):  # what cannot learn may not be able to answer either
                self._evaluate_now()
            raise
        self._evaluate_now()

    def _report(self):
        """Call ``on_end`` with the reason why training stopped, unless a caller waits for it."""
        end, self._end = self._end or ((None, None) if self._asked else None), None
        if end is not None:
            self.on_end(*end)

    def _train(self, goes_on):
        done = 0
        while goes_on(done):
            evaluates = self._evaluation_due()
            self.wanted |= evaluates
            due = self._look_due(perf_counter())
            last = not goes_on(done + 1)
            if not self._train_step(watched=due or last) or (due and not self._is_whole()):
                return
            done += 1
            if evaluates:
                self._evaluating += _seconds(self._evaluate_sample)
            if due:
                self._look()
        if done:
            self._is_whole()

    def _evaluation_due(self):
        """Is an evaluation due after the next step: an epoch ends, the last one is old, or the film
        needs one?
        """
        if 0 < self.batches.ending(self.batch_size) <= EPOCHS:
            return True
        age = self.seconds + self.pace - self.evaluated_at
        if age >= max(FRESH, DEAR * self._cost):
            return True
        return (
            self.film.is_due(self.step + 1)
            and self._evaluating <= CREDIT + EVALUATING * self.seconds
        )

    def _evaluate_sample(self):
        began = perf_counter()
        evaluation = self.evaluator.quick(self.twin, self.step, self._stop.is_set)
        if evaluation is not None:
            self._add_evaluation(evaluation)
            self._cost = perf_counter() - began
            if self.film.steps[-1] == self.step:
                self._record()

    def _look_due(self, now):
        may = self.wanted or self._displaying <= DISPLAYING * self.seconds
        return may and now - self._last_display >= 1 / DISPLAYS_PER_SECOND

    def _look(self):
        self._last_display, self.wanted = perf_counter(), False
        self._displaying += _seconds(self.on_display)
        sleep(0)  # another thread that waits for the interpreter has a turn


def _seconds(action):
    """How long an action took."""
    began = perf_counter()
    action()
    return perf_counter() - began
