"""The arrays of the Im2col view: checked, and cut or refused where they are too large to show."""

import numpy as np

from ...data.demo import convolution_demo
from ..convolution.arrays import biases, repeated, shown_filters, shown_image

RANKS = {"x": 3, "w": 4, "b": 1}


def starting_arrays(x, w, b, limits, say):
    """``(x, w, b)`` that go together, those not given from the notes' demo, and what was left out
    in a sentence.
    """
    demo = convolution_demo()
    if w is not None:
        w = shown_filters(w, limits)
    if x is None:
        x = demo.x[0] if w is None else demo.x[0][..., : w.shape[3]]
    x, note = shown_image(x, limits, say)
    if w is None:
        w, b = repeated(demo.w, x.shape[2]), demo.b if b is None else b
    _check_channels(w, x.shape)
    b = np.zeros(len(w)) if b is None else biases(b, len(w))
    return (x, w, b), note


def _check_channels(w, x_shape):
    C = x_shape[2]
    if w.shape[3] != C:
        raise ValueError(f"w has {w.shape[3]} channels and x has {C}: give w as (K, FH, FW, {C})")
