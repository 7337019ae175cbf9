"""What of a Trainer is seen, and when: the net as it is now, or as it was at a moment of the film.

The main thread sets the trait ``look``; the thread that trains sends messages instead.
"""

from .packet import packet
from .state import state

NOW = -1


class Watching:
    """The part of a Trainer that looks: at ``live``, its run, and at the moments of ``film``."""

    def _see(self):
        """Show the net as it is, or as it was at the moment that is chosen; in the main thread alone."""
        if self.moment == NOW and not self.live.running:
            self.look = state(self, packet(self, self.live.twin, self.live.verdict))
        elif self.moment != NOW:
            self.look = state(self, self.seen_at(self.chosen()))

    def seen_at(self, t):
        """What is seen at moment ``t`` of the film."""
        self.film.put(self._screen, t)
        return packet(self, self._screen, self.verdict_at(t))

    def verdict_at(self, t):
        """What the net of moment ``t`` makes of the held-out pictures; worked out once."""
        moment = self.film.moments[t]
        if moment not in self._verdicts:
            self.film.put(self._screen, t)
            self._verdicts[moment] = self._judge.whole(self._screen, moment.step)
        return self._verdicts[moment]

    def verdict_of(self, moment):
        """The Verdict on the net of that moment, if there is one already; None if not."""
        return self._verdicts.get(moment)

    def chosen(self):
        """The moment of the film that is shown: the last there is, where the film has become shorter meanwhile."""
        return min(self.moment, len(self.film) - 1)

    def _push(self):
        """Called by the thread that trains: send what is seen, without touching a trait."""
        seen = packet(self, self.live.twin, self.live.verdict) if self.moment == NOW else None
        self._mail.push({"kind": "look", "look": state(self, seen)})
