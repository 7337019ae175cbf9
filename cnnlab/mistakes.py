"""Convolutions computed with one mistake each, to recognise a learner's wrong prediction.

They are plain arrays: a view packs them for the browser, an exercise compares answers with them.
"""

import numpy as np

from . import ops
from .shapes import MisfitError

REFERENCE = {"backend": "numpy"}  # tiny arrays: no compiled kernel is worth its start


def wrong_outputs(x, w, b, y, sums, settings):
    """``[(name, y), …]`` in the order of comparison; NaN where a mistake has no value.

    ``x (1, H, W, C)``, ``y (OH, OW, K)`` the truth, ``sums (OH, OW, K, C)`` what each channel
    gives, ``settings`` those of ops.conv2d.
    """
    wrong = [("forgot_bias", y - b)]
    if sums.shape[-1] > 1:
        wrong += [("one_channel", sums[..., c] + b) for c in range(sums.shape[-1])]
    wrong.append(("flipped_filter", _conv(x, w[:, ::-1, ::-1], b, settings)))
    wrong.append(("stride_one", _conv(x, w, b, {**settings, "stride": 1})))
    if settings["padding"]:
        wrong.append(("no_padding", _conv(x, w, b, {**settings, "padding": 0})))
    wrong += [("other_filter", np.roll(y, shift, -1)) for shift in range(1, y.shape[-1])]
    return [(name, filled(values, y.shape)) for name, values in wrong]


def _conv(x, w, b, settings):
    try:
        return ops.conv2d(x, w, b, **settings, **REFERENCE)[0]
    except MisfitError:
        return np.empty((0, 0, len(w)))


def filled(values, shape):
    """``values``, cut or filled with NaN to ``shape (OH, OW, K)``."""
    whole = np.full(shape, np.nan)
    OH, OW, _ = shape
    whole[: len(values), : values.shape[1]] = values[:OH, :OW]
    return whole
