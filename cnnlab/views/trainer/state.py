"""What the Trainer tells the browser beside the pictures: where the run stands, its curves, what went wrong."""

from math import isfinite

import numpy as np

from ..base import packed, told
from ..sized import said


def scene(view):
    """What stays the same: names of classes and layers, and where the numbers come from."""
    net, live = view.net, view.live
    one = np.unique(live.y)
    note = view.say("trainer.one_class", n=len(live.y), name=view.classes[int(one[0])]) if len(one) == 1 else ""
    return {
        "classes": list(view.classes),
        "layers": [_named(n, layer) for n, layer in enumerate(net.layers)],
        "pictures": len(view.pictures),
        "shape": list(net.input_shape),
        "held_out": live.held_out,
        "note": note,
        "serial": view.scene.get("serial", 0) + 1,
    }


def _named(number, layer):
    shape = " × ".join(map(str, layer.output_shape))
    return f"{number} · {type(layer).__name__} {shape}"


def state(view, seen):
    """Where the run stands, with ``seen``, the packet of what is seen (None: it stays as it is)."""
    live = view.live
    view.serial += 1
    return {
        "serial": view.serial,
        "running": live.running,
        "step": live.step,
        "epoch": live.epoch if view.moment < 0 else None,
        "rate": live.rate,
        "told": {name: told(value) for name, value in _measured(view).items()},
        "curves": curves(live),
        "moments": list(live.film.steps),
        "moment": view.moment,
        "trouble": view.trouble,
        "undo": live.can_undo,
        "seen": seen,
    }


def _measured(view):
    """Step, loss and accuracy of what is shown: of the moment that is chosen, or of the run as it stands."""
    live, film = view.live, view.film
    moment = next((m for m in film.moments if m.step == live.step), film.moments[0])
    if view.moment >= 0:
        moment = film.moments[view.chosen()]
    elif isfinite(live.loss.recent()):
        return {"step": live.step, "loss": live.loss.recent(), "accuracy": live.accuracy.recent(), **_judged(live)}
    verdict = view.verdict_of(moment)
    if verdict is None:
        judged = _judged(live)
    else:
        judged = {"test_step": moment.step, "test_loss": verdict.loss, "test_accuracy": verdict.accuracy}
    return {"step": moment.step, "loss": moment.loss, "accuracy": moment.accuracy, **judged}


def _judged(live):
    step, loss, accuracy = live.judged.rows[-1]
    return {"test_step": step, "test_loss": loss, "test_accuracy": accuracy}


def curves(live):
    """The four curves as arrays ``(2, points)``: steps and values."""
    before, judged = _before(live), live.judged.columns()
    lines = {"loss": live.loss.points(), "accuracy": live.accuracy.points()}
    lines |= {f"test_{name}": (judged["step"], judged[name]) for name in ("loss", "accuracy")}
    lines = {name: np.hstack([[before["step"], before[name]], line]) for name, line in lines.items()}
    return {name: packed(_known(line), "float32") for name, line in lines.items()}


def _before(live):
    """What the film tells of the steps before the first point: of those before this run, and of its beginning, which
    a curve of equal spans no longer shows when the run is long."""
    told, points = live.film.history, live.loss.points()[0]
    first = points[0] if len(points) else np.inf
    return {name: values[told["step"] < first] for name, values in told.items()}


def _known(line):
    return line[:, np.isfinite(line).all(axis=0)]


def frame(view, t=None):
    """Moment ``t`` of the film as plain data; the net as it is now if ``t`` is None."""
    verdict = view.live.verdict if t is None else view.verdict_at(t)
    told = {"step": verdict.step, "test_loss": verdict.loss, "test_accuracy": verdict.accuracy}
    measured = {} if t is None else {name: getattr(view.film.moments[t], name) for name in ("loss", "accuracy")}
    kind = "held_out" if view.live.held_out else "trained"
    dead = sum(int(np.sum(lights)) for lights in verdict.dead.values())
    words = {"step": f"{verdict.step:,}", "pictures": f"{len(view.labels):,}", "loss": said(verdict.loss)}
    sentence = view.say(f"trainer.sentence_{kind}", right=f"{verdict.accuracy:.1%}", dead=dead, **words)
    return {**told, **measured, "dead": dead, "sentence": sentence}
