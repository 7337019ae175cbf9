"""The arrays of the Im2col view: checked, and cut or refused where they are too large to be seen whole."""

import numpy as np

from ...data.demo import convolution_demo
from ..convolution.arrays import repeated
from ..pictures import cropped
from ..sized import numbers

RANKS = {"x": 3, "w": 4, "b": 1}


def starting_arrays(x, w, b, limits, say):
    """``(x, w, b)`` that go together, those not given from the notes' demo, and what was left out in a sentence."""
    demo = convolution_demo()
    if w is not None:
        w = _filters(w, limits)
    if x is None:
        x = demo.x[0] if w is None else demo.x[0][..., : w.shape[3]]
    x, note = _image(x, limits, say)
    if w is None:
        w, b = repeated(demo.w, x.shape[2]), demo.b if b is None else b
    _check_channels(w, x.shape)
    b = np.zeros(len(w)) if b is None else _biases(b, len(w))
    return (x, w, b), note


def checked(name, value, limits, shapes, say):
    """A new array for the trait ``name``, and the sentence on what was left out of it.

    ``shapes`` are those of x and w that it must go with, None while both are being changed.
    """
    if name == "x":
        return _image(value, limits, say)
    if name == "b":
        return _biases(value, shapes and shapes[1][0]), ""
    w = _filters(value, limits)
    if shapes:
        _check_channels(w, shapes[0])
    return w, ""


def _image(x, limits, say):
    x, note = cropped(x, limits["height"][1], say)
    C, most = x.shape[2], limits["channels"][1]
    if most < C:
        raise ValueError(f"x has {C} channels: give at most {most}, as in x[..., :{most}]")
    return x.copy(), note


def _filters(w, limits):
    w = numbers("w", w, RANKS["w"])
    most = tuple(limits[name][1] for name in ("filters", "kernel_height", "kernel_width", "channels"))
    if any(n > end for n, end in zip(w.shape, most, strict=True)):
        cut = ", ".join(f":{end}" for end in most)
        raise ValueError(f"w has shape {w.shape}, of which at most {most} can be shown: give w[{cut}]")
    return w


def _biases(b, K):
    b = numbers("b", b, RANKS["b"])
    if K and len(b) != K:
        raise ValueError(f"b has {len(b)} biases for {K} filters: give {K}")
    return b


def _check_channels(w, x_shape):
    C = x_shape[2]
    if w.shape[3] != C:
        raise ValueError(f"w has {w.shape[3]} channels and x has {C}: give w as (K, FH, FW, {C})")
