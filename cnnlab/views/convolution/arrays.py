"""The arrays of the Convolution view: checked, cut or extended to the sizes the sliders ask for."""

import numpy as np

from ...data.demo import convolution_demo
from ..pictures import cropped, in_grey
from ..sized import numbers, split_sizes

RANKS = {"x": 3, "w": 4, "b": 1, "dy": 3}
BATCHED = ("x", "dy")  # may come as a batch of one image


def split_traits(traits, limits):
    """The sizes among the constructor's arguments, checked against the limits, and the other traits.

    ``kernel_size`` stands for both of its sides.
    """
    traits = dict(traits)
    if "kernel_size" in traits:
        size = traits.pop("kernel_size")
        traits["kernel_height"], traits["kernel_width"] = (size, size) if np.isscalar(size) else size
    return split_sizes(traits, limits)


def starting_arrays(x, w, b, groups, most, say):
    """``x, w, b`` that go together, those not given from the notes' demo, and the sentence on what was left out."""
    demo = convolution_demo()
    x, note = cropped(demo.x if x is None else x, most, say)
    C = x.shape[2]
    if w is None:
        w = repeated(demo.w, max(1, C // groups))
        b = demo.b if b is None else b
    w = numbers("w", w, RANKS["w"])
    if w.shape[3] * max(groups, C // w.shape[3]) != C and C % groups == 0:
        raise ValueError(f"w has {w.shape[3]} channels and x has {C}: give w as (K, FH, FW, {C // groups})")
    b = np.zeros(len(w)) if b is None else numbers("b", b, RANKS["b"])
    if len(b) != len(w):
        raise ValueError(f"b has {len(b)} biases for {len(w)} filters: give {len(w)}")
    return x, w, b, note


def suited(x, w, groups):
    """A picture as filters ``w`` take it: in grey where it has colours and each of them has one channel."""
    one_channel = np.ndim(w) == 4 and np.shape(w)[3] == 1 and groups == 1
    return in_grey(x) if one_channel and x.shape[2] == 3 else x


def repeated(w, C):
    """Filters ``(K, FH, FW, …)`` with C channels: those there are, again and again."""
    return w[..., np.arange(C) % w.shape[3]]
