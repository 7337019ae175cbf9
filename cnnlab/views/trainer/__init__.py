"""Train a net live: change every number while it learns, see filters and maps form, scrub back through the film.

The net trains in a thread; a few times a second the browser is sent what it looks like.
"""

import asyncio
from contextlib import suppress

import traitlets

from ...train.judge import Judge
from ...train.live import Live
from ..base import View, modules, styles
from ..mail import Mail
from ..nets import names
from ..sized import Real, Size
from . import rules
from .packet import packet
from .picture import still
from .start import beginning, check_settings
from .state import frame, scene, state

PARTS = ("layout", "charts", "tiles", "panels", "controls", "film", "main")
NOW = -1


class Trainer(View):
    """Train ``net`` on ``data`` (a Dataset, a Split or a pair): ``start()``, ``pause()``, ``advance(n)``, ``reset()``.

    ``film`` is a Film, a path or the name of a bundled one: its net, and its data set unless another is given, are
    shown without any training. ``lr, momentum, weight_decay, batch_size, optimizer`` change while it runs; ``picture``
    and ``layer`` choose whose maps are shown, ``cell`` = [truth, answer] whose confusions, ``moment`` a moment of the
    film (−1: now). Raises ValueError (TypeError for things of the wrong kind) for what does not go together.
    """

    _esm = modules(*(f"trainer/{name}" for name in PARTS))
    _css = styles("trainer/trainer")

    running = traitlets.Bool(False, help="it is training").tag(sync=True)
    optimizer = traitlets.Enum(tuple(rules.RATES), "Adam", help="the rule by which weights move").tag(sync=True)
    lr = Real(1e-6, 10.0, rules.RATES["Adam"], "learning rate")
    momentum = Real(0.0, 0.99, 0.9, "momentum of SGD and Nesterov")
    weight_decay = Real(0.0, 1.0, 0.0, "weight decay")
    batch_size = Size(1, 1024, 32, "images a step")
    picture = Size(0, 10**9, 0, "the held-out picture whose maps are shown")
    layer = Size(0, 10**9, 0, "the layer whose maps are shown")
    panel = traitlets.Enum(("pictures", "confusion"), "pictures", help="what stands on the right").tag(sync=True)
    cell = traitlets.List(help="[truth, answer] of the confusions whose pictures are shown, or []").tag(sync=True)
    moment = traitlets.CInt(NOW, help="the moment of the film that is shown; −1 is now").tag(sync=True)
    playing = traitlets.Bool(False, help="the film plays").tag(sync=True)
    speed = traitlets.CFloat(1.0, help="times the usual pace of the film").tag(sync=True)
    look = traitlets.Dict(help="what is seen of the net").tag(sync=True)
    album = traitlets.List(help="in an exported page: what is seen at every moment").tag(sync=True)

    def __init__(self, net=None, data=None, *, film=None, seed=0, **traits):
        check_settings(traits)
        net, data, film, classes = beginning(net, data, film)
        self.live, self.trouble, self.serial, self._verdicts = None, None, 0, {}
        running = traits.pop("running", False)
        if "optimizer" in traits:
            traits.setdefault("lr", rules.RATES[traits["optimizer"]])
        super().__init__(**traits)
        self.live = Live(net, data, optimizer=rules.rule(self), batch_size=self.batch_size, seed=seed, film=film)
        self.classes = names(net, classes)
        self.live.looked, self.live.ended = self._push, self._ended
        self.pictures, self.labels = self.live.judge.x, self.live.judge.y
        self._mail, self._screen, self._loop = Mail(self.send), net.copy(), _running_loop()
        self._judge = Judge(net, self.pictures, self.labels, self.live.judge.loss)
        self.picture, self.layer = self.picture, traits.get("layer", rules.first_maps(net))
        self.scene = scene(self)
        self.on_msg(self._hear)
        self._see()
        self.running = running

    @property
    def net(self):
        """The net that is trained."""
        return self.live.net

    @property
    def film(self):
        """The moments of this run so far."""
        return self.live.film

    @property
    def outputs(self):
        """How many moments the film has."""
        return len(self.film)

    def start(self):
        """Train on, until ``pause()``."""
        self.running = True

    def pause(self):
        """Stop after the running step."""
        self.running = False

    def advance(self, steps=1):
        """Train ``steps`` steps here and now, and show the net."""
        self.pause()
        self.trouble = None
        self._try(lambda: self.live.advance(steps))
        self._see_now()

    def reset(self):
        """Back to the first moment; ``undo()`` takes it back."""
        self.pause()
        self.trouble, self._verdicts = None, {}
        self.live.reset()
        self._see_now()

    def undo(self):
        """Take back the last reset."""
        self.pause()
        self._verdicts = {}
        self.live.undo()
        self._see_now()

    def go_back(self, moment=None):
        """Go on from a moment of the film, from the one that is shown if None: the net becomes what it was then."""
        self.pause()
        self.trouble = None
        moment = self.moment if moment is None else moment
        if moment != NOW:
            self.live.go_back(moment)
        self._see_now()

    def _see_now(self):
        self.moment = NOW
        self._see()

    def _try(self, action):
        """What cannot be done is shown as a sentence. True if it was done."""
        try:
            action()
        except ValueError as error:
            self.trouble = {"sentence": str(error), "repairs": []}
            return False
        return True

    @traitlets.observe("running")
    def _run(self, change):
        if change.new:
            self.trouble = None
            if self._try(self.live.start):
                return
            self.running = False
        else:
            self.live.pause()
        self._see()

    @traitlets.observe("lr", "momentum", "weight_decay", "batch_size")
    def _steer(self, change):
        if self.live is not None:
            rules.steer(self)

    @traitlets.observe("optimizer")
    def _exchange(self, change):
        """Another rule begins afresh, at the learning rate that usually suits it."""
        if self.live is not None:
            self.lr = rules.RATES[change.new]
            self.live.optimizer = rules.rule(self)

    @traitlets.validate("picture", "layer")
    def _one_there_is(self, proposal):
        if self.live is None:
            return proposal.value
        most = len(self.pictures) if proposal.trait.name == "picture" else len(self.net.layers)
        return min(proposal.value, most - 1)

    @traitlets.validate("moment")
    def _moment_there_is(self, proposal):
        return proposal.value if self.live is None else max(NOW, min(proposal.value, len(self.film) - 1))

    @traitlets.validate("cell")
    def _cell_there_is(self, proposal):
        cell = [int(k) for k in proposal.value]
        return cell if len(cell) == 2 and all(0 <= k < len(self.classes) for k in cell) else []

    @traitlets.observe("picture", "layer", "cell", "moment")
    def _other(self, change):
        if self.live is None:
            return
        if self.running and self.moment == NOW:
            self.live.wanted = True  # the thread shows it after the running step
        else:
            self._see()

    @traitlets.observe("language")
    def _named(self, change):
        if self.live is not None:
            self.scene = scene(self)

    def _see(self):
        """Show the net as it is, or as it was at the moment that is chosen; in the main thread alone."""
        if self.moment == NOW and not self.live.running:
            self.look = state(self, packet(self, self.live.twin, self.live.verdict))
        elif self.moment != NOW:
            self.look = state(self, self.seen_at(self.moment))

    def seen_at(self, t):
        """What is seen at moment ``t`` of the film."""
        self.film.put(self._screen, t)
        return packet(self, self._screen, self.verdict_at(t))

    def verdict_at(self, t):
        """What the net of moment ``t`` makes of the held-out pictures; worked out once."""
        step = self.film.steps[t]
        if step not in self._verdicts:
            self.film.put(self._screen, t)
            self._verdicts[step] = self._judge.whole(self._screen, step)
        return self._verdicts[step]

    def verdict_of(self, step):
        """The Verdict on the net of that step, if there is one already; None if not."""
        return self._verdicts.get(step)

    def _push(self):
        """Called by the thread that trains: send what is seen, without touching a trait."""
        seen = packet(self, self.live.twin, self.live.verdict) if self.moment == NOW else None
        self._mail.push({"kind": "look", "look": state(self, seen)})

    def _ended(self, sentence, repair):
        """Called by the thread that trains: it has stopped by itself."""
        words = (
            [{"trait": repair[0], "value": repair[1], "words": self.say("trainer.try", value=f"{repair[1]:g}")}]
            if repair
            else []
        )
        self.trouble = {"sentence": f"{sentence[0].upper()}{sentence[1:]}.", "repairs": words}
        stop = self.pause
        if self._loop is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(stop)
        else:
            stop()

    def frame(self, t=None):
        """Moment ``t`` of the film (as it is now if None): step, losses, accuracies, and the sentence that says so."""
        return frame(self, t)

    def still(self, figure):
        """Curves, filters and maps on a matplotlib figure."""
        still(self, figure)

    def export(self, path):
        """As every view; the page carries every moment of the film."""
        self.album = [self.seen_at(t) for t in range(len(self.film))]
        try:
            return super().export(path)
        finally:
            self.album = []

    def close(self):
        """Stop training; the net keeps what it has learnt."""
        with suppress(AttributeError):  # closed before it was whole
            self.pause()
        super().close()

    def _hear(self, widget, content, buffers):
        """A button was pressed, or the browser has seen what was sent."""
        kind = content.get("kind")
        if kind in ("seen", "hello"):
            self._mail.seen()
        elif kind in ("advance", "reset", "undo", "go_back"):
            getattr(self, kind)()
        if kind == "hello":
            self.live.wanted = True


def _running_loop():
    """The loop of the kernel's main thread; None outside of a notebook."""
    with suppress(RuntimeError):
        return asyncio.get_running_loop()
    return None
