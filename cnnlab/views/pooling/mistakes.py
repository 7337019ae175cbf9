"""Poolings with one mistake each, to recognise what a learner's wrong prediction comes from."""

from functools import partial

import numpy as np

from ... import ops
from ...mistakes import REFERENCE, filled
from ...shapes import MisfitError
from ..shared.view import packed
from .arrays import shifted

# What a window becomes by mistake, by the mode that is right.
RULES = {
    "max": ("ignored_sign", "took_mean", "took_sum", "took_least"),
    "average": ("took_sum", "counted_padding", "took_max", "ignored_sign"),
    "l2": ("forgot_root", "took_sum", "root_of_mean", "took_max", "took_mean"),
}


def wrong_outputs(view, y):
    """``[{"name", "y"}, …]`` in the order in which an answer is compared with them; NaN where one
    has no value.
    """
    settings = dict(view.settings)
    right = partial(_rule, view.mode)
    found = [
        (name, _rule(name, view.x, view.kernel_size, settings, view.mode))
        for name in RULES[view.mode]
    ]
    found += [
        ("one_cell_off", right(shifted(view.x, *by), view.kernel_size, settings))
        for by in _NEIGHBOURS
    ]
    found.append(("stride_one", right(view.x, view.kernel_size, {**settings, "stride": 1})))
    if settings["padding"]:
        found.append(("no_padding", right(view.x, view.kernel_size, {**settings, "padding": 0})))
    found += [("other_channel", np.roll(y, by, -1)) for by in range(1, y.shape[-1])]
    return [{"name": name, "y": packed(filled(values, y.shape))} for name, values in found]


_NEIGHBOURS = ((0, -1), (-1, 0), (-1, -1), (0, 1), (1, 0), (1, 1))


def _rule(name, x, F, settings, mode=None):
    """What the rule ``name`` makes of every window; empty where no window fits."""
    pool = partial(_pool, x, F, settings)
    try:
        return {
            "max": lambda: pool(ops.max_pool2d),
            "average": lambda: pool(ops.avg_pool2d),
            "l2": lambda: pool(ops.lp_pool2d),
            "took_max": lambda: pool(ops.max_pool2d),
            "took_mean": lambda: pool(ops.avg_pool2d),
            "took_least": lambda: -_pool(-x, F, settings, ops.max_pool2d),
            "took_sum": lambda: pool(ops.avg_pool2d) * _count(x, F, settings),
            "counted_padding": lambda: pool(ops.avg_pool2d, count_include_pad=True),
            "ignored_sign": lambda: _pool(
                np.abs(x), F, settings, ops.max_pool2d if mode == "max" else ops.avg_pool2d
            ),
            "forgot_root": lambda: pool(ops.lp_pool2d) ** 2,
            "root_of_mean": lambda: pool(ops.lp_pool2d) / np.sqrt(_count(x, F, settings)),
        }[name]()
    except MisfitError:
        return np.empty((0, 0, x.shape[2]))


def _pool(x, F, settings, pool, **options):
    return pool(x[None], F, **settings, **options, **REFERENCE)[0]


def _count(x, F, settings):
    """The pixels in each window."""
    return _pool(np.ones_like(x), F, settings, ops.lp_pool2d, p=1)
