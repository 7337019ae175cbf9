"""What a Trainer shows: the net as it is now, or as it was at a checkpoint of the film.

The main thread sets the trait ``run_state``; the thread that trains sends messages instead.
"""

from .packet import packet
from .state import state

NOW = -1
# Multiplications: a film whose checkpoints cost less is evaluated on training images when it is
# opened.
FILM_WORK = 3e9


class Display:
    """The part of a Trainer that shows ``training_run`` and the checkpoints of ``film``.

    ``_shown_net`` is a copy of the net for all threads but the one that trains, and
    ``_display_lock`` the lock around it.
    """

    def _see(self):
        """Show the net as it is, or as it was at the checkpoint that is chosen; not in the thread
        that trains.
        """
        with self._display_lock:
            if self.checkpoint != NOW:
                self.run_state = state(self, self.seen_at(self.chosen()))
            elif not self.training_run.running:
                self._copy_net()
                run = self.training_run
                self.run_state = state(
                    self, packet(self, self._shown_net, run.evaluation, run.step)
                )

    def _copy_net(self):
        for mine, theirs in (
            (self._shown_net.params, self.net.params),
            (self._shown_net.state, self.net.state),
        ):
            for name, array in mine.items():
                array[...] = theirs[name]

    def seen_at(self, t):
        """What is seen at checkpoint ``t`` of the film."""
        with self._display_lock:
            evaluation = self.evaluation_at(t)
            self.film.restore(self._shown_net, t)
            return packet(self, self._shown_net, evaluation, evaluation.step, past=True)

    def evaluation_at(self, t):
        """What the net of checkpoint ``t`` makes of the held-out images; worked out once."""
        checkpoint = self.film.checkpoints[t]
        with self._display_lock:
            if checkpoint not in self._evaluated:
                self.film.restore(self._shown_net, t)
                self._evaluated[checkpoint] = self._evaluator.whole(
                    self._shown_net, checkpoint.step
                )
        return self._evaluated[checkpoint]

    def evaluation_of(self, checkpoint):
        """The Evaluation on the net of that checkpoint, if there is one already; None if not."""
        return self._evaluated.get(checkpoint)

    def trained_at(self, checkpoint):
        """Loss and accuracy of the net of that checkpoint on training images, if they are known;
        None if not.
        """
        evaluation = self.evaluation_of(checkpoint)
        return (
            self._trained.get(checkpoint)
            if evaluation is None
            else (evaluation.train_loss, evaluation.train_accuracy)
        )

    def _evaluate_film(self):
        """A film tells what the batches gave; what its nets make of one and the same training
        images is found here.
        """
        cost = len(self.film) * self._evaluator.size * self.net.ledger().macs
        for checkpoint in (
            self.film.checkpoints if self._evaluator.training and cost <= FILM_WORK else ()
        ):
            self.film.restore(self._shown_net, self.film.steps.index(checkpoint.step))
            self._trained[checkpoint] = self._evaluator.trained(self._shown_net)

    def chosen(self):
        """The checkpoint of the film that is shown: the last there is, where the film has become
        shorter meanwhile.
        """
        return min(self.checkpoint, len(self.film) - 1)

    def _push(self):
        """Called by the thread that trains: send what is seen, without touching a trait."""
        if self._outbox.full:
            return self._outbox.pulse({"kind": "pulse", "step": self.training_run.step})
        run = self.training_run
        seen = packet(self, run.twin, run.evaluation, run.step) if self.checkpoint == NOW else None
        return self._outbox.send({"kind": "run_state", "run_state": state(self, seen)})
