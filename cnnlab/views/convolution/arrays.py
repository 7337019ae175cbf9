"""The arrays of the Convolution view: checked, cut or extended to the sizes the sliders ask for."""

import numpy as np

from ...data.demo import convolution_demo
from ..shared.inputs import cropped, in_grey
from ..shared.stepped_view import numbers, split_sizes

RANKS = {"x": 3, "w": 4, "b": 1, "dy": 3}


def split_traits(traits, limits, kernel_size=None):
    """The sizes among the constructor's arguments, checked against the limits, and the other
    traits.

    ``kernel_size`` stands for both of its sides.
    """
    if kernel_size is not None:
        both = (kernel_size, kernel_size) if np.isscalar(kernel_size) else kernel_size
        traits = {**traits, **dict(zip(("kernel_height", "kernel_width"), both, strict=True))}
    return split_sizes(traits, limits)


def starting_arrays(x, w, b, groups, limits, say):
    """``x, w, b`` that go together, those not given from the notes' demo, and the sentence on what
    was left out.
    """
    demo = convolution_demo()
    x, note = shown_image(demo.x if x is None else x, limits, say)
    C = x.shape[2]
    if w is None:
        w = repeated(demo.w, max(1, C // groups))
        b = demo.b if b is None else b
    w = shown_filters(w, limits)
    if w.shape[3] * max(groups, C // w.shape[3]) != C and C % groups == 0:
        raise ValueError(
            f"w has {w.shape[3]} channels and x has {C}: give w as (K, FH, FW, {C // groups})"
        )
    b = np.zeros(len(w)) if b is None else biases(b, len(w))
    return x, w, b, note


def checked(name, value, limits, shapes, say):
    """A new array for the trait ``name``, and the sentence on what was left out of it.

    ``shapes`` are those of x and w that it must go with, None while they are being changed
    together.
    """
    if name == "x":
        return shown_image(value, limits, say)
    if name == "b":
        return biases(value, shapes and shapes[1][0]), ""
    w = shown_filters(value, limits)
    if shapes and shapes[0][2] % w.shape[3]:
        C = shapes[0][2]
        raise ValueError(
            f"w has {w.shape[3]} channels and x has {C}: give w as (K, FH, FW, {C}), or set x first"
        )
    return w, ""


def shown_image(x, limits, say):
    """``x`` as one image ``(H, W, C)`` of as many rows and columns as there is room for, and what
    is left out.

    Raises ValueError for more channels than are shown: a sum over some of them would be no output
    of the layer.
    """
    x, note = cropped(x, limits["height"][1], say)
    C, most = x.shape[2], limits["channels"][1]
    if most < C:
        raise ValueError(
            f"x has {C} channels, of which at most {most} are shown: give x[..., :{most}], and w "
            f"likewise"
        )
    return x.copy(), note


def shown_filters(w, limits):
    """The filters as a new array. Raises ValueError for more of them, or larger ones, than are
    shown.
    """
    w = numbers("w", w, RANKS["w"])
    most = tuple(
        limits[name][1] for name in ("filters", "kernel_height", "kernel_width", "channels")
    )
    if any(n > end for n, end in zip(w.shape, most, strict=True)):
        cut = ", ".join(f":{end}" for end in most)
        raise ValueError(
            f"w has shape {w.shape}, of which at most {most} is shown: give w[{cut}]; x and b "
            f"likewise"
        )
    return w


def biases(b, K):
    """The biases as a new array. Raises ValueError if they are not K; None for K leaves that
    open.
    """
    b = numbers("b", b, RANKS["b"])
    if K and len(b) != K:
        raise ValueError(f"b has {len(b)} biases for {K} filters: give {K}")
    return b


def suited(x, w, groups):
    """An image as filters ``w`` take it: in grey where it has colours and each of them has one
    channel.
    """
    one_channel = np.ndim(w) == 4 and np.shape(w)[3] == 1 and groups == 1
    return in_grey(x) if one_channel and x.shape[2] == 3 else x


def repeated(w, C):
    """Filters ``(K, FH, FW, …)`` with C channels: those there are, again and again."""
    return w[..., np.arange(C) % w.shape[3]]
