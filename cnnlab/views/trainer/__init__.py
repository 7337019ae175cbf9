"""The Trainer view: train a net live, change its settings meanwhile, go back through the film.

The net trains in a thread; a few times a second the browser is sent what it looks like.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from threading import RLock
from weakref import WeakKeyDictionary

import traitlets

from ...losses import softmax_cross_entropy
from ...train.background_run import BackgroundRun
from ...train.evaluate import Evaluator
from ..shared.bundle import module, style
from ..shared.net_inputs import names
from ..shared.outbox import Outbox
from ..shared.rerun import pause_previous_views
from ..shared.stepped_view import Real, Size
from ..shared.view import View
from . import rules
from .auto_pause import Audience, allow_while_busy, heed_interrupts, running_loop
from .checks import Checks
from .display import NOW, Display
from .messages import Messages, Problem
from .start import LIMITS, beginning, check_classes, check_settings
from .state import frame, measured, scene, state
from .static import draw_static


class Trainer(Checks, Messages, Display, View):
    """A net that learns while one watches: ``start()``, ``pause()``, ``advance(n)``, ``reset()``.

    ``go_back(checkpoint)`` goes on from a checkpoint of the film, ``undo()`` takes that or a reset
    back. ``lr``, ``momentum``, ``weight_decay``, ``batch_size`` and ``optimizer`` change while it
    runs.

    Arguments:
        net: a Sequential that gives each image one class.
        data: a Dataset, a Split or a pair ``(x, y)``.
        film: a Film, a path or the name of a bundled one: its net, and its data set unless another
            is given, are shown without any training.
        seed: determines the order of the images.
        loss: as in ``train``.
        optimizer: a name or an optimiser, also a custom one.
        **traits: any of the traits below.

    Raises:
        ValueError: the arguments do not go together.
        TypeError: something is of the wrong kind.

    Examples:
        >>> from cnnlab import views
        >>> net = cnnlab.Sequential(cnnlab.Flatten(), cnnlab.Linear(10), input_shape=(8, 8, 1))
        >>> trainer = views.Trainer(net, cnnlab.data.load("digits"))
        >>> trainer.advance(2)
        >>> trainer.frame()["step"]
        2
    """

    _esm = module("trainer")
    _css = style("trainer")

    running = traitlets.Bool(False, help="it is training").tag(sync=True)
    optimizer = traitlets.Enum(
        (*rules.RULES, rules.OWN), rules.FIRST, help="the rule by which weights move"
    ).tag(sync=True)
    lr = Real(*LIMITS["lr"], rules.RULES[rules.FIRST].lr, "learning rate")
    momentum = Real(*LIMITS["momentum"], 0.9, "momentum of SGD and Nesterov")
    weight_decay = Real(*LIMITS["weight_decay"], 0.0, "weight decay")
    batch_size = Size(*LIMITS["batch_size"], 32, "images a step")
    picture = Size(0, 10**9, 0, "the held-out image whose maps are shown")
    layer = Size(0, 10**9, 0, "the layer whose maps are shown")
    panel = traitlets.Enum(
        ("pictures", "confusion"), "pictures", help="what stands on the right"
    ).tag(sync=True)
    cell = traitlets.List(
        help="[truth, answer] of the confusions whose images are shown, or []; a third number "
        "turns the page"
    ).tag(sync=True)
    checkpoint = traitlets.CInt(
        NOW, help="the checkpoint of the film that is shown; −1 is now"
    ).tag(sync=True)
    playing = traitlets.Bool(False, help="the film plays").tag(sync=True)
    speed = traitlets.CFloat(1.0, help="times the usual pace of the film").tag(sync=True)
    run_state = traitlets.Dict(help="where the run stands, and what is seen of the net").tag(
        sync=True
    )
    album = traitlets.List(help="in an exported page: what is seen at every checkpoint").tag(
        sync=True
    )

    def __init__(
        self,
        net=None,
        data=None,
        *,
        film=None,
        seed=0,
        loss=softmax_cross_entropy,
        optimizer=rules.FIRST,
        **traits,
    ):
        name, numbers, given = rules.described(optimizer)
        traits = {**numbers, **traits, "optimizer": name}
        check_settings(traits)
        net, data, film, classes = beginning(net, data, film)
        self._begin(given if name == rules.OWN else None)
        chosen = "lr" in traits
        later = {
            name: traits.pop(name)
            for name in ("checkpoint", "picture", "layer", "cell", "running")
            if name in traits
        }
        traits.setdefault("lr", rules.usual_lr(name, rules.RULES[rules.FIRST].lr))
        super().__init__(**traits)
        self._lr_chosen = chosen
        options = {"loss": loss, "batch_size": self.batch_size, "seed": seed, "film": film}
        self.training_run = BackgroundRun(
            net, data, optimizer=rules.rule(self) if given is None else given, **options
        )
        check_classes(self.training_run)
        self.classes = names(net, classes)
        self.training_run.on_display, self.training_run.on_end = self._push, self._ended
        evaluator = self.training_run.evaluator
        self.images, self.labels = evaluator.x, evaluator.y
        self._outbox, self._shown_net = Outbox(self.send), net.copy()
        self._evaluator = Evaluator(net, evaluator.x, evaluator.y, loss, evaluator.training)
        self._evaluate_film()
        self.scene = scene(self)
        self._open_with({"layer": rules.first_maps(net), **later})
        pause_previous_views(self)

    def _open_with(self, traits):
        """Set what is shown first, open the view to the browser, and train if that is asked for."""
        running = traits.pop("running", False)
        for name, value in traits.items():
            self.set_trait(name, value)
        self._see()
        self.on_msg(self._hear)
        self.open()
        allow_while_busy(self.comm)
        self.set_trait("running", running)

    def _begin(self, own):
        """What must be there before the first trait is set."""
        self.own = own
        self.training_run = None
        self.problem = None
        self.serials = count(1)
        self._evaluated = WeakKeyDictionary()
        self._trained = WeakKeyDictionary()
        self._display_lock = RLock()
        self.loop, self._audience = running_loop(), Audience(self)

    @property
    def net(self):
        """The net that is trained."""
        return self.training_run.net

    @property
    def film(self):
        """The checkpoints of this run so far."""
        return self.training_run.film

    @property
    def outputs(self):
        """How many checkpoints the film has."""
        return len(self.film)

    def start(self) -> None:
        """Train on, until ``pause()``."""
        if self.running and not self.training_run.running:
            self.running = False  # it has ended by itself, which was not shown yet
        self.running = True

    def pause(self) -> None:
        """Stop after the running step."""
        if self.running:
            self.running = False
        else:
            self.training_run.pause()
            self._see()

    def advance(self, steps: int = 1) -> None:
        """Train ``steps`` steps here and now, and show the net."""
        self._do(lambda: self.training_run.advance(steps))

    def reset(self) -> None:
        """Back to the first checkpoint; ``undo()`` takes it back."""
        self._do(self.training_run.reset)

    def undo(self) -> None:
        """Take back the last ``reset`` or ``go_back``."""
        self._do(self.training_run.undo)

    def go_back(self, checkpoint: int | None = None) -> None:
        """Go on from a checkpoint of the film: the net becomes what it was then.

        Arguments:
            checkpoint: its number; the one that is shown if None.
        """
        checkpoint = self.checkpoint if checkpoint is None else checkpoint
        if checkpoint != NOW:
            self._do(lambda: self.training_run.go_back(checkpoint))

    def _do(self, action):
        """Stand still, do it, and show the net as it is now."""
        self.running, self.problem = False, None
        try:
            self._try(action)
        finally:  # whatever a custom layer raises, what is shown is the net as it is now
            self.checkpoint = NOW
            self._see()

    def _try(self, action):
        """What cannot be done is shown as a sentence. True if it was done."""
        try:
            action()
        except ValueError as error:
            self.problem = Problem(error.args[0] if error.args else error)
            return False
        return True

    @traitlets.observe("running")
    def _run(self, change):
        if not change.new:
            self.training_run.pause()
        else:
            self.problem, self.checkpoint = None, NOW  # after a start, training is shown
            if self._try(self.training_run.start):
                heed_interrupts(self)
                self._outbox.send({"kind": "run_state", "run_state": state(self, None)})
            else:
                self.running = False
        self._see()

    @traitlets.observe("lr", "momentum", "weight_decay", "batch_size")
    def _steer(self, change):
        if self.training_run is not None:
            rules.steer(self)

    @traitlets.observe("optimizer")
    def _exchange(self, change):
        """Another optimiser starts afresh, and at its usual learning rate if none was set."""
        if self.training_run is None:
            return
        chosen = self._lr_chosen
        lr = self.lr if chosen else rules.usual_lr(change.new, self.lr)
        self.training_run.optimizer = rules.rule(self, lr)
        self.set_trait("lr", lr)
        self._lr_chosen = chosen

    @traitlets.observe("picture", "layer", "cell", "checkpoint")
    def _other(self, change):
        if self.training_run is None:
            return
        if self.running and self.checkpoint == NOW:
            self.training_run.wanted = True  # the thread shows it after the running step
        else:
            self._see()

    @traitlets.observe("language")
    def _named(self, change):
        if self.training_run is not None:
            self.scene = scene(self)
            self._see()

    def frame(self, t=None):
        """Checkpoint ``t`` of the film (as it is now if None): step, losses, accuracies, and the
        sentence that says so.
        """
        return frame(self, t)

    def draw_static(self, figure):
        """Curves, filters and maps on a matplotlib figure."""
        draw_static(self, figure)

    def export(self, path):
        """As every view; the page carries every checkpoint of the film."""
        self.album = [
            {"seen": self.seen_at(t), "metrics": measured(self, t)} for t in range(len(self.film))
        ]
        try:
            return super().export(path)
        finally:
            self.album = []

    def close(self):
        """Stop training; the net keeps what it has learnt."""
        with suppress(AttributeError):  # closed before it was whole
            if self.running:
                self.pause()
        super().close()
