"""The state of a training run as the Trainer sends it: step, curves, metrics, problems."""

from math import isfinite

import numpy as np

from ...numbers import format_number, format_percent
from ..shared.view import json_number, packed
from .packet import MOST_SAMPLES
from .rules import OWN, RULES


def scene(view):
    """What stays the same: names of classes and layers, and where the numbers come from."""
    net, run = view.net, view.training_run
    one = np.unique(run.y)
    note = (
        view.say("trainer.one_class", n=len(run.y), name=view.classes[int(one[0])])
        if len(one) == 1
        else ""
    )
    return {
        "classes": list(view.classes),
        "layers": [_named(n, layer) for n, layer in enumerate(net.layers)],
        "images": len(view.images),
        "shape": list(net.input_shape),
        "held_out": run.held_out,
        "all": len(run.evaluator.x),
        "own": None if view.own is None else type(view.own).__name__,
        "rules": [*RULES, *([OWN] if view.own is not None else [])],
        "with_momentum": [name for name, rule in RULES.items() if rule.has_momentum],
        "page": MOST_SAMPLES,
        "note": note,
        "serial": view.scene.get("serial", 0) + 1,
    }


def _named(number, layer):
    shape = " × ".join(map(str, layer.output_shape))
    return f"{number} · {type(layer).__name__} {shape}"


def state(view, seen):
    """Where the run stands, with ``seen``, the packet of what is seen (None: it stays as it is)."""
    run = view.training_run
    return {
        "serial": next(view.serials),
        "running": run.running,
        "stopping": run.stopping,
        "step": run.step,
        "epoch": run.epoch if view.checkpoint < 0 else None,
        "images_per_second": run.images_per_second,
        "metrics": measured(view, view.chosen() if view.checkpoint >= 0 else None),
        "curves": curves(view),
        "checkpoints": list(run.film.steps),
        "checkpoint": view.checkpoint,
        "problem": view.problem and view.problem.packed(view),
        "undo": run.can_undo,
        "seen": seen,
    }


def measured(view, t):
    """Of checkpoint ``t`` of the film, or of the run as it stands if None: the step, the loss of
    the batches before it, and what the last evaluation says, which may be of an earlier step
    (``test_step``).
    """
    run, film = view.training_run, view.film
    if t is not None:
        checkpoint = film.checkpoints[t]
        found = {
            "step": checkpoint.step,
            "loss": checkpoint.loss,
            **_evaluated_numbers(view, view.evaluation_of(checkpoint), checkpoint),
        }
    else:
        loss = run.loss.recent()
        if not isfinite(loss):
            loss = next((m.loss for m in film.checkpoints if m.step == run.step), loss)
        found = {"step": run.step, "loss": loss, **_evaluated_numbers(view, run.evaluation)}
    return {name: json_number(value) for name, value in found.items()}


def _evaluated_numbers(view, evaluation, checkpoint=None):
    """What a evaluation tells in numbers; without one, what the checkpoint of the film tells."""
    if evaluation is None:
        metrics = {
            "test_step": checkpoint.step,
            "test_loss": checkpoint.test_loss,
            "test_accuracy": checkpoint.test_accuracy,
        }
    else:
        names = {
            "train_loss": evaluation.train_loss,
            "accuracy": evaluation.train_accuracy,
            "trained": evaluation.trained,
        }
        metrics = {
            **names,
            "test_step": evaluation.step,
            "test_loss": evaluation.loss,
            "test_accuracy": evaluation.accuracy,
        }
        metrics["evaluated_images"] = len(evaluation.indices)
    return (
        metrics
        if view.training_run.held_out
        else {**metrics, "test_loss": None, "test_accuracy": None}
    )


def curves(view):
    """The curves as arrays ``(2, points)``, steps and values: of the batches as they came, and of
    training and held-out images by the same net.
    """
    run = view.training_run
    before, evaluated = _before(run), _evaluated(view)
    batches = {"loss": run.loss.points(), "accuracy": run.accuracy.points()}
    lines = {
        f"batch_{name}": np.hstack([[before["step"], before[name]], line])
        for name, line in batches.items()
    }
    names = ("test_loss", "test_accuracy", "train_loss", "train_accuracy")
    lines |= {
        name: evaluated[:, [0, n]].T for n, name in enumerate(names, 1) if run.held_out or n > 2
    }
    return {name: packed(_known(line), "float32") for name, line in lines.items()}


def _evaluated(view):
    """A row for each step that was evaluated, in this run or for the film: step, the losses and
    accuracies.
    """
    rows = {step: (step, *values) for step, *values in view.training_run.evaluations.rows}
    for checkpoint in view.film.checkpoints:
        evaluation, known = view.evaluation_of(checkpoint), view.trained_at(checkpoint)
        trained = known or rows.get(checkpoint.step, (None, None, None, np.nan, np.nan))[3:]
        if evaluation is not None:
            rows[checkpoint.step] = (
                checkpoint.step,
                evaluation.loss,
                evaluation.accuracy,
                *trained,
            )
        elif checkpoint.step not in rows:
            rows[checkpoint.step] = (
                checkpoint.step,
                checkpoint.test_loss,
                checkpoint.test_accuracy,
                *trained,
            )
    return np.array([rows[step] for step in sorted(rows)], float).reshape(-1, 5)


def _before(run):
    """What the film tells of the steps before the first point: of those before this run, and of its
    beginning, which a curve of equal spans no longer shows when the run is long.
    """
    metrics, points = run.film.history, run.loss.points()[0]
    first = points[0] if len(points) else np.inf
    return {name: values[metrics["step"] < first] for name, values in metrics.items()}


def _known(line):
    return line[:, np.isfinite(line).all(axis=0)]


def frame(view, t=None):
    """Checkpoint ``t`` of the film as plain data; the net as it is now if ``t`` is None."""
    evaluation = view.training_run.evaluation if t is None else view.evaluation_at(t)
    metrics = {
        "step": evaluation.step,
        "test_loss": evaluation.loss,
        "test_accuracy": evaluation.accuracy,
    }
    measured = (
        {}
        if t is None
        else {name: getattr(view.film.checkpoints[t], name) for name in ("loss", "accuracy")}
    )
    kind = "held_out" if view.training_run.held_out else "trained"
    dead = sum(int(np.sum(lights)) for lights in evaluation.dead.values())
    words = {
        "step": f"{evaluation.step:,}",
        "pictures": f"{len(evaluation.indices):,}",
        "loss": format_number(evaluation.loss),
    }
    sentence = view.say(
        f"trainer.sentence_{kind}", right=format_percent(evaluation.accuracy), dead=dead, **words
    )
    return {**metrics, **measured, "dead": dead, "sentence": sentence}
