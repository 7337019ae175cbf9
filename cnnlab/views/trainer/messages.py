"""The messages a Trainer gets: from the browser, and from the training thread when it ends.

Messages come in the main thread, or, where the kernel lets them pass a running cell, in one beside
it.
"""

import threading
from typing import Any, NamedTuple

from ...numbers import format_number
from ...texts import Sentence


class Messages:
    """The part of a Trainer that hears."""

    def _hear(self, widget, content, buffers):
        """A button was pressed, or the browser has seen what was sent."""
        kind = content.get("kind")
        if kind in ("seen", "hello"):
            self._outbox.acknowledge()
        elif kind == "pause":
            self._pause_soon()
        elif kind == "ping":
            self.send({"kind": "pong", "n": content.get("n")})
        elif kind == "gone":
            self._audience.gone()
        elif kind in ("start", "advance", "reset", "undo", "go_back"):
            getattr(self, kind)()
        if kind == "hello":
            self._audience.answer()
            self.training_run.wanted = True

    def _pause_soon(self):
        """The message may have come in a thread beside a running cell: there, traits are left
        alone.
        """
        if self.training_run.running:
            self.training_run.stop_soon()
        elif threading.current_thread() is threading.main_thread():
            self.pause()

    def _ended(self, sentence, repair):
        """Called by the thread that trains: it has stopped by itself, or because it was asked to
        (``sentence`` None).
        """
        self.problem = None if sentence is None else Problem(sentence, repair)
        run = self.training_run.number
        if threading.current_thread() is not threading.main_thread():
            self._push()  # the browser hears of it also while the main thread is busy

        def stop():
            if self.training_run.number == run:  # no other one was started meanwhile
                problem, self.running = self.problem, False
                self.problem = problem
                self._see()

        if self.loop is not None and self.loop.is_running():
            self.loop.call_soon_threadsafe(stop)
        else:
            stop()


class Problem(NamedTuple):
    """What stopped the training: a Sentence or a text, and ``(trait, value)`` of its repair."""

    sentence: Any
    repair: tuple | None = None

    def packed(self, view):
        """As the browser takes it, in the language of the view: with a capital at its beginning
        and a full stop.
        """
        known = isinstance(self.sentence, Sentence)
        text = self.sentence.words(view.language) if known else str(self.sentence)
        repairs = [] if self.repair is None else [self._packed_repair(view)]
        return {"sentence": f"{text[:1].upper()}{text[1:]}.", "repairs": repairs}

    def _packed_repair(self, view):
        trait, value = self.repair
        words = view.say("trainer.try", value=format_number(value))
        return {"trait": trait, "value": value, "words": words}
