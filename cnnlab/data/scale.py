"""A warning for images given as bytes, 0 to 255, where values from 0 to 1 are expected.

A net would answer, but with scores far too large. Nothing is changed or refused, for a net may have
been trained on bytes; one sentence says how to divide.
"""

import numpy as np

from ..texts import say
from ..warn import warn

SAMPLE = 16  # images that are looked at
# Whole numbers up to here, if not stored as bytes, may be a scale of their own, such as 0 to 16.
DARK = 127


class ScaleWarning(UserWarning):
    """Images look like bytes; the sentence says by how much to divide them."""


def scale_sentence(x, name="x"):
    """A sentence, with the way out, if images ``x (N, …)`` look like bytes or 16-bit pixels; or "".

    Arrays of uint8 and uint16 do if they go beyond 1, all others if they hold whole numbers from 0
    to 128…255.
    """
    x = np.asarray(x)
    if not x.size or x.dtype.kind not in "iuf":
        return ""
    sample = x[:: -(-len(x) // SAMPLE)] if x.ndim else x
    top = _top(sample)
    if not top:
        return ""
    return say("data.scale", name=name, dtype=x.dtype, most=f"{sample.max():g}", top=top)


def _top(sample):
    """The largest pixel of the scale that the images seem to have, or None for no such scale."""
    largest = sample.max()
    if sample.dtype.kind == "u" and sample.dtype.itemsize <= 2 and largest > 1:
        return 255 if largest <= 255 else 65535
    bytes_ = DARK < largest <= 255 and sample.min() >= 0 and (sample == np.floor(sample)).all()
    return 255 if bytes_ else None


def warn_of_scale(sentence):
    """Give ``sentence``, if there is one, as a ScaleWarning at the line outside the library."""
    if sentence:
        warn(sentence, ScaleWarning)
