"""Input validation of the operations: contiguous float arrays of the right shape, or an error.

Integers become float32, other floats than float32 and float64 too; views are copied into one
contiguous block, since every new memory layout would compile every kernel again. What may only be
read is read where it lies.
"""

from math import gcd

import numpy as np

from .. import kernels
from ..validation import as_int, integer

LETTERS = {
    "x": {4: "(N, H, W, C)", 2: "(N, D)"},
    "w": {4: "(K, FH, FW, C // groups)", 6: "(OH, OW, K, FH, FW, C)", 2: "(K, D)"},
    "dy": {4: "(N, OH, OW, K)", 2: "(N, K)"},
}
F32 = np.dtype(np.float32)
OPTIONAL = "b"  # the bias, which may be left out


class _Memory:
    """The memory of an array that may only be read, as NumPy takes it: kernels are compiled for one
    kind of array.

    No kernel writes into what an operation is given, so nothing needs to be copied.
    """

    def __init__(self, a):
        interface = a.__array_interface__
        address, _ = interface["data"]
        self.owner = a
        self.__array_interface__ = {**interface, "data": (address, False)}


def floats(**arrays):
    """Return the arrays, a bias left out as None, contiguous and of one dtype: float64 if any is,
    else float32.

    If one of them lies in the memory of the GPU, all are brought there.
    """
    if all(_is_ready(a) or (a is None and name == OPTIONAL) for name, a in arrays.items()):
        return _as_asked(arrays.values())
    ready = {
        name: a if a is None and name == OPTIONAL else _numeric(name, a)
        for name, a in arrays.items()
    }
    double = any(
        a is not None and a.dtype.kind == "f" and a.dtype.itemsize == 8 for a in ready.values()
    )
    dtype = np.float64 if double else np.float32
    bring = kernels.to_gpu if any(map(kernels.is_on_gpu, ready.values())) else plain
    return _as_asked(a if a is None else bring(a, dtype) for a in ready.values())


def _as_asked(arrays):
    """A list of the arrays, or the only one."""
    arrays = list(arrays)
    return arrays[0] if len(arrays) == 1 else arrays


def _is_ready(a):
    """Is the array just as kernels take it? As nearly all are, and looking is not free."""
    return type(a) is np.ndarray and a.dtype is F32 and a.flags.carray


def _numeric(name, a):
    try:
        masked = isinstance(a, np.ma.MaskedArray) and a.mask.any()
        a = kernels.to_gpu(a) if kernels.is_on_gpu(a) else np.asarray(a)
    except ValueError:
        raise ValueError(f"{name} is a ragged list: its rows must have equal lengths") from None
    if masked:
        raise ValueError(
            f"{name} is a masked array with values left out: fill them with {name}.filled(0)"
        )
    if a.dtype.kind not in "fiub":
        raise TypeError(f"{name} holds {a.dtype} values: give an array of numbers, such as float32")
    return a


def plain(a, dtype):
    """The array as every kernel takes it: itself where it is contiguous, aligned and of this
    machine's byte order.
    """
    a = np.asarray(a, dtype, order="C")
    if a.flags.carray:
        return a
    return np.asarray(_Memory(a)) if a.flags.aligned else a.copy()


def rank(name, a, ndim):
    """Refuse an array that has not ``ndim`` axes."""
    if a.ndim == ndim:
        return
    wanted = LETTERS.get(name, {}).get(ndim, f"{ndim} axes")
    hint = f": add a batch axis with {name}[None]" if name == "x" and a.ndim == ndim - 1 else ""
    raise ValueError(f"{name} has shape {a.shape}, but {wanted} is needed{hint}")


def axes(name, a, least=1):
    """Refuse a single number, or an array of fewer axes than ``least``, where there must be
    channels.
    """
    if a.ndim < least:
        raise ValueError(
            f"{name} has shape {a.shape}, but at least {least} axes are needed, channels last"
        )


def same_shape(name, a, shape, why):
    """Refuse an array whose shape is not ``shape``."""
    if a.shape != tuple(shape):
        raise ValueError(f"{name} has shape {a.shape}, but {why} needs {tuple(shape)}")


def image_shape(x_shape):
    """The shape (N, H, W, C) of images as four ints."""
    four = tuple(map(as_int, x_shape)) if isinstance(x_shape, (tuple, list)) else ()
    if len(four) != 4 or None in four or min(four) < 0:
        raise ValueError(
            f"x_shape {x_shape!r} is not the shape of images: give four integers (N, H, W, C)"
        )
    return four


def pixels(x):
    """Refuse images without a single pixel."""
    if 0 in x.shape[1:]:
        raise ValueError(
            f"x has shape {x.shape}: every image needs at least one pixel and one channel"
        )


def channels(x_channels, w, groups, filters_axis=0):
    """Refuse weights whose channels or groups do not agree with ``x_channels`` input channels."""
    groups = integer("groups", groups)
    K = w.shape[filters_axis]
    if x_channels % groups or K % groups:
        raise ValueError(uneven_groups(groups, x_channels, K))
    if w.shape[-1] * groups != x_channels:
        raise ValueError(
            f"the filters expect {w.shape[-1] * groups} input channels ({w.shape[-1]} for each of "
            f"{groups} groups), "
            f"but x has {x_channels}"
        )
    return groups


def uneven_groups(groups, C, K):
    """The text of the error for C channels or K filters that ``groups`` does not divide."""
    return (
        f"groups must divide the {C} input channels and the {K} filters evenly, "
        f"but {groups} does not: use a divisor of both, such as {gcd(C, K)}"
    )


def bias(b, shape, like):
    """The bias, or zeros of its shape where it is None."""
    if b is None:
        b = kernels.empty(shape, like.dtype, like)
        b[...] = 0
        return b
    same_shape("b", b, shape, "one bias for each filter")
    return b
