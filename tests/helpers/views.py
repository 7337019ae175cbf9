"""What the tests of the views share: arrays as the browser reads them, Pooling at any setting."""

import base64
import json

import numpy as np
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.shapes import FITS, MisfitError
from cnnlab.views import Pooling
from cnnlab.views.pooling import LIMITS

POOLS = {"max": "max_pool2d", "average": "avg_pool2d", "l2": "lp_pool2d"}
ENDS = {**LIMITS, "height": (1, 9), "width": (1, 9), "channels": (1, 2)}
SIZES = st.fixed_dictionaries({name: st.integers(*ends) for name, ends in ENDS.items()})
CHOICES = st.fixed_dictionaries(
    {"mode": st.sampled_from(tuple(POOLS)), "fit": st.sampled_from(FITS)}
)


def unpack(packed):
    """An array from the form in which the browser takes it."""
    return np.frombuffer(packed["data"], packed["type"]).reshape(packed["shape"])


def made(sizes, choices, **traits):
    """A Pooling view of fixed random numbers."""
    return Pooling(
        np.random.default_rng(0).integers(-9, 10, (9, 9, 2)), **sizes, **choices, **traits
    )


def pooled(view, x=None, **options):
    """What ops makes of the picture; None where no window fits, or the policy refuses."""
    x = view.x if x is None else x
    try:
        return getattr(ops, POOLS[view.mode])(
            x[None], view.kernel_size, **view.settings, backend="numpy", **options
        )
    except MisfitError:
        return None


def plain(value):
    """Is it JSON, once its bytes are text?"""
    return json.dumps(
        value, default=lambda data: base64.b64encode(bytes(data)).decode(), allow_nan=False
    )


def convolved(view):
    """The outputs as ops computes them; None where no window fits."""
    try:
        return ops.conv2d(view.x[None], view.w, view.b, **view.settings, backend="numpy")[0]
    except MisfitError:
        return None
