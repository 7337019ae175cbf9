"""The arrays of the Convolution view: checked, cut or extended to the sizes the sliders ask for."""

import numpy as np

from ...data.demo import convolution_demo
from ..pictures import cropped, resized

RANKS = {"x": 3, "w": 4, "b": 1, "dy": 3}


def split_traits(traits, limits):
    """The sizes among the constructor's arguments, checked against the limits, and the other traits.

    ``kernel_size`` stands for both of its sides.
    """
    traits = dict(traits)
    if "kernel_size" in traits:
        size = traits.pop("kernel_size")
        traits["kernel_height"], traits["kernel_width"] = (size, size) if np.isscalar(size) else size
    sizes = {name: traits.pop(name) for name in list(traits) if name in limits}
    for name, value in sizes.items():
        low, high = limits[name]
        if not (isinstance(value, (int, np.integer)) and low <= value <= high):
            raise ValueError(f"{name} {value!r} cannot be shown: use a whole number from {low} to {high}")
    return sizes, traits


def numbers(name, value):
    """``value`` as a float array of the rank that ``name`` has; a batch of one image loses its first axis."""
    array, rank = np.array(value, float), RANKS[name]
    if array.ndim == rank + 1 and len(array) == 1 and name in ("x", "dy"):
        array = array[0]
    if array.ndim != rank or not array.size:
        raise ValueError(f"{name} has shape {array.shape}: give {rank} axes, none of them empty")
    return array


def starting_arrays(x, w, b, groups, most, say):
    """``x, w, b`` that go together, those not given from the notes' demo, and the sentence on what was left out."""
    demo = convolution_demo()
    x, note = cropped(demo.x if x is None else x, most, say)
    C = x.shape[2]
    if w is None:
        w = resized(demo.w, (*demo.w.shape[:3], max(1, C // groups)), low=-1, high=1)
        b = demo.b if b is None else b
    w = numbers("w", w)
    if w.shape[3] * max(groups, C // w.shape[3]) != C and C % groups == 0:
        raise ValueError(f"w has {w.shape[3]} channels and x has {C}: give w as (K, FH, FW, {C // groups})")
    b = np.zeros(len(w)) if b is None else numbers("b", b)
    if len(b) != len(w):
        raise ValueError(f"b has {len(b)} biases for {len(w)} filters: give {len(w)}")
    return x, w, b, note
