"""The door of every operation: what comes in is a contiguous float array of the right shape, or one clear sentence.

Integers become float32, other floats than float32 and float64 too; views are copied into one contiguous block,
since every new memory layout would compile every kernel anew.
"""

import numpy as np

from .. import kernels

LETTERS = {
    "x": {4: "(N, H, W, C)", 2: "(N, D)"},
    "w": {4: "(K, FH, FW, C // groups)", 6: "(OH, OW, K, FH, FW, C)", 2: "(K, D)"},
    "dy": {4: "(N, OH, OW, K)", 2: "(N, K)"},
}


def floats(**arrays):
    """Return the arrays, None left out as None, contiguous and of one dtype: float64 if any is, else float32.

    If one of them lies in the memory of the GPU, all are brought there.
    """
    ready = {name: a if a is None else _numeric(name, a) for name, a in arrays.items()}
    double = any(a is not None and a.dtype == np.float64 for a in ready.values())
    dtype = np.float64 if double else np.float32
    bring = kernels.to_device if any(map(kernels.on_device, ready.values())) else np.ascontiguousarray
    ready = [a if a is None else bring(a, dtype) for a in ready.values()]
    return ready[0] if len(ready) == 1 else ready


def _numeric(name, a):
    try:
        a = kernels.to_device(a) if kernels.on_device(a) else np.asarray(a)
    except ValueError:
        raise ValueError(f"{name} is a ragged list: its rows must have equal lengths") from None
    if a.dtype.kind not in "fiub":
        raise TypeError(f"{name} holds {a.dtype} values: give an array of numbers, such as float32")
    return a


def rank(name, a, ndim):
    """Refuse an array that has not ``ndim`` axes."""
    if a.ndim == ndim:
        return
    wanted = LETTERS.get(name, {}).get(ndim, f"{ndim} axes")
    hint = f": add a batch axis with {name}[None]" if name == "x" and a.ndim == ndim - 1 else ""
    raise ValueError(f"{name} has shape {a.shape}, but {wanted} is needed{hint}")


def same_shape(name, a, shape, why):
    """Refuse an array whose shape is not ``shape``."""
    if a.shape != tuple(shape):
        raise ValueError(f"{name} has shape {a.shape}, but {why} needs {tuple(shape)}")


def pixels(x):
    """Refuse images without a single pixel."""
    if 0 in x.shape[1:]:
        raise ValueError(f"x has shape {x.shape}: every image needs at least one pixel and one channel")


def channels(x_channels, w, groups, filters_axis=0):
    """Refuse weights whose channels or groups do not agree with ``x_channels`` input channels."""
    if groups != int(groups) or groups < 1:
        raise ValueError(f"groups {groups} is not a whole number of at least 1")
    K = w.shape[filters_axis]
    for count, what in ((x_channels, "input channels"), (K, "filters")):
        if count % groups:
            raise ValueError(f"groups {groups} does not divide {count} {what}: use a divisor of both")
    if w.shape[-1] * groups != x_channels:
        raise ValueError(
            f"the filters expect {w.shape[-1] * groups} input channels ({w.shape[-1]} for each of {groups} groups), "
            f"but x has {x_channels}"
        )


def bias(b, shape, like):
    """The bias, or zeros of its shape where it is None."""
    if b is None:
        b = kernels.empty(shape, like.dtype, like)
        b[...] = 0
        return b
    same_shape("b", b, shape, "one bias for each filter")
    return b


def result(out, shape, like, dtype=None):
    """The array to write: ``out`` if one was given, else a fresh one, where ``like`` is and of its dtype."""
    dtype = like.dtype if dtype is None else dtype
    if out is None:
        return kernels.empty(shape, dtype, like)
    if kernels.on_device(out) != kernels.on_device(like):
        raise ValueError("x and out lie in the memories of different devices: bring both to the same")
    if out.shape != tuple(shape) or out.dtype != dtype or not out.flags.c_contiguous:
        raise ValueError(f"out is {out.dtype} {out.shape}, but a contiguous {np.dtype(dtype)} {tuple(shape)} is needed")
    return out


def results(out, *shapes, like):
    """The arrays to write; a shape of None stays None."""
    out = (None,) * len(shapes) if out is None else out
    pairs = zip(out, shapes, strict=True)
    return tuple(None if shape is None else result(o, shape, like) for o, shape in pairs)
