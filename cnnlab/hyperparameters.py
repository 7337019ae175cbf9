"""The check of an optimiser's hyperparameters: their names and their ranges.

Every refusal is one sentence, given before any parameter moves.
"""

from inspect import Parameter, signature

import numpy as np

from . import validation

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

# The limits of the hyperparameter of each name, as validation.number takes them.
LIMITS = {
    "lr": {"least": 0},
    "weight_decay": {"least": 0},
    "momentum": {"least": 0, "below": 1},
    "alpha": {"least": 0, "below": 1},
    "betas": {"least": 0, "below": 1},
    "eps": {"least": LEAST_EPS},
}


def check_value(name, value):
    """Raise ValueError unless the hyperparameter ``name`` may have this value.

    Names of custom optimisers may have any value.
    """
    if name == "nesterov":
        validation.flag(name, value)
    elif name in LIMITS:
        for number in _pair(value) if name == "betas" else (value,):
            validation.number(name, number, **LIMITS[name])


def _pair(value):
    if (isinstance(value, (tuple, list)) or getattr(value, "ndim", 0) == 1) and len(value) == 2:
        return value
    given = validation.shown(value)
    raise ValueError(f"betas must be two numbers, as in betas=(0.9, 0.999), not {given}")


def check_call(cls, args, kwargs):
    """Raise TypeError where an optimiser is given a net's parameters or an unknown name."""
    takes = list(signature(cls.__init__).parameters.values())[1:]
    names = [parameter.name for parameter in takes]
    if any(
        parameter.kind in (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL) for parameter in takes
    ):
        return
    if names[:1] == ["lr"] and ("params" in kwargs or (args and _many(args[0]))):
        raise TypeError(
            f"{cls.__name__} is made without the parameters of a net: leave them out, as in "
            f"{cls.__name__}(lr=0.01), "
            f"because each step is given them"
        )
    instead = {name: f"did you mean {own!r}?" for name, own in ELSEWHERE.items() if own in names}
    validation.arguments(cls.__name__, kwargs, names, instead)


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
