"""The check of what a layer is called with; PyTorch's own calls are answered with ours.

Only the arguments that mean the same in both may be given by position; numbers are held against
their ranges.
"""

from inspect import Parameter, signature

from .. import validation

COUNTS = "leave it out, because the net infers it"
ELSEWHERE = {
    **dict.fromkeys(("in_channels", "in_features", "num_features", "num_channels"), COUNTS),
    "inplace": "leave it out, because no layer writes into its input",
    "padding_mode": "leave it out, because padding is always with zeros",
    "device": 'leave it out and use net.to("cuda")',
    "dtype": "leave it out and give dtype to Sequential",
    "ceil_mode": 'write fit="ceil"',
    "return_indices": "leave it out, or use ops.max_pool2d with return_switches",
    "norm_type": "write p=",
    "negative_slope": "write a custom layer",
    "affine": "leave it out, because weight and bias are always there",
    "track_running_stats": "leave it out, because they are always kept",
    "output_ratio": "write ratio=, the input over the output",
    "start_dim": "leave it out, because Flatten always makes one row of an image",
    "end_dim": "leave it out, because Flatten always makes one row of an image",
}


def check_call(cls, args, kwargs):
    """Raise TypeError if ``cls(*args, **kwargs)`` has unknown names or too much by position.

    What is missing is not looked at: copies are made without any arguments.
    """
    takes = list(signature(cls.__init__).parameters.values())[1:]
    if any(p.kind is Parameter.VAR_POSITIONAL for p in takes):
        return
    named = [p.name for p in takes if p.kind is not Parameter.VAR_KEYWORD]
    placed = [
        p.name
        for p in takes
        if p.kind in (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)
    ]
    if len(args) > len(placed) or set(placed[: len(args)]) & kwargs.keys():
        raise TypeError(_too_many(cls.__name__, placed, named, args))
    if len(named) == len(takes):
        validation.arguments(cls.__name__, kwargs, named, ELSEWHERE)


def _too_many(layer, placed, named, args):
    """The sentence about values whose names cannot be known."""
    call = f"{layer}({', '.join(map(repr, args))}{', ...' if len(named) > len(args) else ''})"
    takes = f"only {' and '.join(placed)} may be given" if placed else "nothing may be given"
    others = [name for name in named if name not in placed]
    rest = f"give {', '.join(others)} by name, and " if others else ""
    return (
        f"{call} is ambiguous: {takes} without a name; {rest}leave out what comes in, "
        f"which the net infers"
    )


def check_ranges(layer, ranges):
    """Check the hyperparameters of ``layer`` against ``ranges``: (least, most) or bool by name."""
    for name, allowed in ranges.items():
        value = getattr(layer, name)
        if allowed is bool:
            validation.flag(name, value)
        else:
            validation.number(name, value, *allowed)
