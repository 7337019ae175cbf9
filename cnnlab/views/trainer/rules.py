"""The optimisers one can choose from while the net trains, the numbers they take, and one of the
learner's own.
"""

from contextlib import suppress

from ...optim import SGD, Adagrad, Adam, RMSProp

RATES = {
    "SGD": 0.05,
    "Nesterov": 0.05,
    "Adagrad": 0.02,
    "RMSProp": 0.002,
    "Adam": 0.005,
}  # that usually suit
OWN = "own"  # the name of an optimiser that is none of these
NUMBERS = ("lr", "momentum", "weight_decay")


def described(optimizer):
    """``(name, its numbers, the optimiser)`` of what was given as the optimiser: one of the names,
    or an object.
    """
    if isinstance(optimizer, str):
        return optimizer, {}, None
    found = {name: getattr(optimizer, name, None) for name in NUMBERS}
    kind = type(optimizer)
    name = kind.__name__ if kind in (SGD, Adagrad, RMSProp, Adam) else OWN
    return "Nesterov" if kind is SGD and optimizer.nesterov else name, numbers(found), optimizer


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
    common = {"lr": lr, "weight_decay": view.weight_decay}
    if view.optimizer == "SGD":
        return SGD(momentum=view.momentum, **common)
    if view.optimizer == "Nesterov":
        return SGD(momentum=view.momentum, nesterov=view.momentum > 0, **common)
    return {"Adagrad": Adagrad, "RMSProp": RMSProp, "Adam": Adam}[view.optimizer](**common)


def steer(view):
    """Give the running optimiser the view's numbers; what it remembers of past steps stays."""
    optimizer = view.live.optimizer
    if view.optimizer in ("SGD", "Nesterov"):
        if not view.momentum:
            optimizer.nesterov = False  # first, because it looks ahead along a momentum
        optimizer.momentum = view.momentum
        optimizer.nesterov = view.optimizer == "Nesterov" and view.momentum > 0
    for name in ("lr", "weight_decay"):
        if hasattr(optimizer, name):
            setattr(optimizer, name, getattr(view, name))
    view.live.batch_size = min(view.batch_size, len(view.live.x))


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
