"""The check of everything that goes into training, before any step.

What does not fit is refused in one sentence. Only what a custom loss or schedule returns has to be
checked as it comes.
"""

from collections.abc import Callable
from functools import wraps
from inspect import signature
from math import cos, pi
from typing import ParamSpec, TypeVar

import numpy as np

from .. import validation
from ..data.scale import warn_of_scale
from ..labels import check_classes
from ..losses import multiclass_svm, softmax_cross_entropy
from ..net import Sequential
from ..net_input import image_array
from ..optim import Adam

P = ParamSpec("P")
R = TypeVar("R")

# The learning rate as a multiple of the optimiser's, by the part of all steps that lies behind (0
# to 1).
SCHEDULES = {"linear": lambda t: 1 - t, "cosine": lambda t: (1 + cos(pi * t)) / 2}

# What other libraries call it, and how it is written here.
ELSEWHERE = {
    "lr": "give optimizer=Adam(lr)",
    "learning_rate": "give optimizer=Adam(learning_rate)",
    "validation_data": "give a Dataset, whose test images are scored after each epoch",
    "shuffle": "leave it out, for every epoch is shuffled",
    "verbose": "write progress=True or progress=False",
    "criterion": "write loss=",
    "scheduler": "write schedule=",
}


def by_name(function: Callable[P, R]) -> Callable[P, R]:
    """Answer a wrong call of ``function(net, data, *, epochs, ...)`` with what to write."""

    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        _check_call(function.__name__, signature(function).parameters, args, kwargs)
        return function(*args, **kwargs)

    return checked


def _check_call(name, takes, args, kwargs):
    if len(args) > 2:
        way = (
            f"{name}(net, data, epochs=10)"
            if validation.is_integer(args[2])
            else f"{name}(net, (x, y), epochs=10)"
        )
        raise TypeError(
            f"{name} takes a net and the data, everything else by name: write it as in {way}"
        )
    validation.arguments(name, kwargs, takes, ELSEWHERE)
    for position, word in enumerate(("net", "data", "epochs")):
        if (position < len(args)) == (word in kwargs):
            what = "twice" if word in kwargs else "not at all"
            raise TypeError(
                f"{name} was given {word} {what}: write it as in {name}(net, data, epochs=10)"
            )


def check_callbacks(callbacks):
    """The callbacks as a tuple."""
    if callable(callbacks):
        raise TypeError("callbacks is one function: put it into a list, as in callbacks=[f]")
    try:
        callbacks = tuple(callbacks)
    except TypeError:
        raise TypeError(
            f"callbacks must be a list of functions, as in callbacks=[f], not {callbacks!r}"
        ) from None
    for number, callback in enumerate(callbacks):
        if not callable(callback):
            raise TypeError(
                f"callback {number} is {callback!r}, which cannot be called: use functions "
                f"of a Step"
            )
    return callbacks


def pair(data):
    """The images and labels to train on: of a Dataset, of a Split, or as they come."""
    data = getattr(data, "train", data)
    if hasattr(data, "x") and hasattr(data, "y"):
        return data.x, data.y
    if isinstance(data, (tuple, list)) and len(data) == 2:
        if all(isinstance(part, tuple) and len(part) == 2 for part in data):
            raise TypeError(
                "data is a pair of pairs: with images to test on, use cnnlab.data.Dataset(name, "
                "Split(x, y), "
                "Split(x_test, y_test), classes, source)"
            )
        return data
    what = f" of {len(data)}" if isinstance(data, (tuple, list)) else ""
    raise TypeError(
        f"data is a {type(data).__name__}{what}: use a Dataset, a Split or a pair (x, y)"
    )


def check_data(net, x, y, loss, what="images", least=1):
    """The images and labels as arrays the net can take, or an error in one sentence."""
    validation.instance("net", net, Sequential, "put it into one")
    given, y = image_array(x), np.asarray(y)
    if given.ndim and len(given) < least:
        raise ValueError(f"there are no {what}: give at least one")
    x = net.checked(given)
    if y.ndim == 0 or len(x) != len(y):
        raise ValueError(f"{len(x)} {what} do not go with {y.size} labels: give one label for each")
    _check_finite(x, what)
    if loss in (softmax_cross_entropy, multiclass_svm) and len(net.output_shape) == 1:
        y = check_classes(y, len(x), net.output_shape[0], what)
    if what == "images":
        warn_of_scale(net.scale_sentence(given))
    return x, y


def _check_finite(x, what):
    if not x.size or (np.isfinite(x.min()) and np.isfinite(x.max())):  # NaN passes through both
        return
    bad = np.flatnonzero([not np.isfinite(image).all() for image in x])
    raise ValueError(
        f"{len(bad)} of {len(x)} {what} hold NaN or infinity, the first at position {bad[0]}: "
        f"repair them or leave them out"
    )


def check_options(loss, drop_last=False):
    """Refuse a loss that cannot be called and a flag that is none."""
    if not callable(loss):
        raise TypeError(
            f"loss {loss!r} cannot be called: use a function from (scores, labels) to (loss, "
            f"dscores)"
        )
    validation.flag("drop_last", drop_last)


def check_run(N, epochs, batch_size, optimizer, fetch_every=1):
    """The optimiser to use; or one sentence about a number that makes no sense."""
    validation.integer("epochs", epochs, least=0)
    validation.integer("batch_size", batch_size)
    validation.integer("fetch_every", fetch_every)
    if batch_size > N:
        raise ValueError(f"batch_size {batch_size} is larger than the {N} images: use at most {N}")
    optimizer = Adam() if optimizer is None else optimizer
    if isinstance(optimizer, type):
        raise TypeError(
            f"optimizer is the class {optimizer.__name__}: call it, as in {optimizer.__name__}()"
        )
    if not callable(getattr(optimizer, "step", None)):
        raise TypeError(f"optimizer {optimizer!r} has no step method: use one such as Adam(1e-3)")
    return optimizer


def check_schedule(schedule, optimizer):
    """The function from 0..1 to a factor, None for a learning rate that is left alone."""
    if schedule is None:
        return None
    if not callable(schedule):
        validation.choice("schedule", schedule, SCHEDULES, "a function from 0..1 to a factor")
    if not validation.is_number(getattr(optimizer, "lr", None)):
        kind = type(optimizer).__name__
        raise TypeError(
            f"a schedule sets optimizer.lr, but the {kind} has none that is a number: leave "
            f"schedule out"
        )
    return schedule if callable(schedule) else SCHEDULES[schedule]


def check_loss(result, shape, loss):
    """What a custom loss returned: the loss as a number, and a gradient like the scores."""
    name = getattr(loss, "__name__", type(loss).__name__)
    if not isinstance(result, (tuple, list)) or len(result) != 2:
        what = (
            f"{len(result)} things"
            if isinstance(result, (tuple, list))
            else f"a {type(result).__name__}"
        )
        raise TypeError(
            f"the loss {name} returned {what}: return (loss, dscores), the loss and its gradient "
            f"{shape}"
        )
    value, dscores = result
    if not validation.is_number(value):
        raise TypeError(
            f"the loss {name} returned a {type(value).__name__} for the loss: return one number, "
            f"its mean"
        )
    if (
        np.shape(dscores) != shape
        or getattr(dscores, "dtype", np.asarray(dscores).dtype).kind not in "fiub"
    ):
        raise ValueError(
            f"the loss {name} returned a gradient of shape {np.shape(dscores)}: return real "
            f"numbers of the shape of "
            f"the scores, {shape}"
        )
    return value, dscores
