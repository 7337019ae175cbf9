"""The numbers of an optimiser, held against their ranges, and what it was called with.

Every refusal is one sentence, given before any parameter moves.
"""

from difflib import get_close_matches
from inspect import Parameter, signature
from math import isfinite

import numpy as np

from .checks import is_flag, is_number

LEAST_EPS = (
    1e-30  # below, the division it stands under would be one by zero where all gradients were zero
)
ELSEWHERE = {
    "learning_rate": "lr",
    "epsilon": "eps",
    "rho": "alpha",
    "beta1": "betas",
    "beta_1": "betas",
}

# What a hyperparameter of this name may be: a test of a finite number, and how to say it; None for
# True or False.
RANGES = {
    **dict.fromkeys(("lr", "weight_decay"), (lambda v: v >= 0, "finite and at least 0")),
    **dict.fromkeys(
        ("momentum", "alpha", "betas"), (lambda v: 0 <= v < 1, "at least 0 and below 1")
    ),
    "eps": (lambda v: v >= LEAST_EPS, f"finite and at least {LEAST_EPS}"),
    "nesterov": None,
}


def check_value(name, value):
    """Raise ValueError unless the hyperparameter ``name`` may have this value; other names may have
    any.
    """
    if name not in RANGES:
        return
    if RANGES[name] is None:
        if not is_flag(value):
            raise ValueError(f"{name} {_short(value)} is not possible: use True or False")
        return
    possible, wanted = RANGES[name]
    for number in _pair(value) if name == "betas" else (value,):
        if not is_number(number) or not _finite(number) or not possible(number):
            raise ValueError(
                f"{name} {_short(number)} is not possible: use a number that is {wanted}"
            )


def _pair(value):
    if (isinstance(value, (tuple, list)) or getattr(value, "ndim", 0) == 1) and len(value) == 2:
        return value
    raise ValueError(
        f"betas {_short(value)} is not possible: use two numbers, as in betas=(0.9, 0.999)"
    )


def _finite(number):
    try:
        return isfinite(number)
    except OverflowError:  # a whole number beyond all floats
        return False


def _short(value):
    said = repr(value)
    return said if len(said) <= 40 and "\n" not in said else f"of type {type(value).__name__}"


def check_call(cls, args, kwargs):
    """Raise TypeError where an optimiser is given the parameters of a net, or a name it does not
    know.
    """
    takes = list(signature(cls.__init__).parameters.values())[1:]
    names = [one.name for one in takes]
    if any(one.kind in (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL) for one in takes):
        return
    if names[:1] == ["lr"] and ("params" in kwargs or (args and _many(args[0]))):
        raise TypeError(
            f"{cls.__name__} is made without the parameters of a net: leave them out, as in "
            f"{cls.__name__}(lr=0.01), "
            f"for they come with each step"
        )
    for name in kwargs:
        if name not in names:
            near = (
                [ELSEWHERE[name]]
                if ELSEWHERE.get(name) in names
                else get_close_matches(name, names, 1, 0.5)
            )
            rest = (
                f"did you mean {near[0]}?"
                if near
                else f"it takes {', '.join(names) or 'no arguments'}"
            )
            raise TypeError(f"{cls.__name__} takes no {name}: {rest}")


def _many(value):
    return hasattr(value, "__iter__") and not isinstance(value, (str, np.ndarray))


def check_writeable(params):
    """Refuse parameters that cannot be written into, before any is moved."""
    for name, param in params.items():
        if isinstance(param, np.ndarray) and not param.flags.writeable:
            raise ValueError(
                f"{name} is read-only, so it cannot be trained: unlock it with "
                f"params[{name!r}].flags.writeable = True"
            )
