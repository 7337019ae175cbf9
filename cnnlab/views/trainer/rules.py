"""The optimisers a Trainer offers while the net trains, and the numbers they take."""

from contextlib import suppress
from dataclasses import fields
from typing import NamedTuple

from ...optim import OPTIMIZERS


class Rule(NamedTuple):
    """An optimiser of the menu: its class, its usual learning rate, and what else it takes."""

    optimizer: type
    lr: float
    has_momentum: bool = False
    nesterov: bool = False


def _rules():
    for kind in OPTIMIZERS:
        takes = {field.name for field in fields(kind)}
        yield kind.__name__, Rule(kind, kind.usual_lr, "momentum" in takes)
        if "nesterov" in takes:
            yield "Nesterov", Rule(kind, kind.usual_lr, has_momentum=True, nesterov=True)


RULES = dict(_rules())
FIRST = "Adam"
OWN = "own"  # the name of an optimiser that is none of these
NUMBERS = ("lr", "momentum", "weight_decay")


def described(optimizer):
    """``(name, its numbers, the optimiser)`` of what was given as the optimiser: one of the names,
    or an object.
    """
    if isinstance(optimizer, str):
        return optimizer, {}, None
    found = {name: getattr(optimizer, name, None) for name in NUMBERS}
    return _name(optimizer), numbers(found), optimizer


def _name(optimizer):
    kind = type(optimizer), bool(getattr(optimizer, "nesterov", False))
    kinds = {(rule.optimizer, rule.nesterov): name for name, rule in RULES.items()}
    return kinds.get(kind, OWN)


def usual_lr(name, otherwise):
    """The usual learning rate of the optimiser of this name; ``otherwise`` if none is known."""
    return RULES[name].lr if name in RULES else otherwise


def numbers(found):
    """Those that are numbers."""
    return {name: value for name, value in found.items() if isinstance(value, (int, float))}


def rule(view, lr=None):
    """The optimiser that the view's traits describe, with another learning rate if one is given."""
    lr = view.lr if lr is None else lr
    if view.optimizer == OWN:
        with suppress(AttributeError):  # it may have none, or not let it be set
            view.own.lr = lr
        return view.own
    chosen = RULES[view.optimizer]
    options = {"lr": lr, "weight_decay": view.weight_decay}
    if chosen.has_momentum:
        options["momentum"] = view.momentum
    if chosen.nesterov:
        options["nesterov"] = view.momentum > 0
    return chosen.optimizer(**options)


def steer(view):
    """Give the running optimiser the view's numbers; what it remembers of past steps stays."""
    optimizer = view.training_run.optimizer
    chosen = RULES.get(view.optimizer)
    if chosen and chosen.has_momentum:
        if not view.momentum:
            optimizer.nesterov = False  # first, because it looks ahead along a momentum
        optimizer.momentum = view.momentum
        optimizer.nesterov = chosen.nesterov and view.momentum > 0
    for name in ("lr", "weight_decay"):
        if hasattr(optimizer, name):
            setattr(optimizer, name, getattr(view, name))
    view.training_run.batch_size = min(view.batch_size, len(view.training_run.x))


def first_maps(net):
    """The layer whose maps are shown first: behind the first activation that puts out images, or
    the first layer.
    """
    shapes = [
        (n, type(layer).__name__)
        for n, layer in enumerate(net.layers)
        if len(layer.output_shape) == 3
    ]
    return next(
        (n for n, name in shapes if name in ("ReLU", "Tanh", "Sigmoid")),
        shapes[0][0] if shapes else 0,
    )
