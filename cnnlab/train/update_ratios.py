"""How far a step moves the weights, relative to their size: about 0.001 usually learns well."""

import numpy as np


def update_ratios(before, net):
    """For each weight: its gradient's norm, and its change since ``before`` over its own norm."""
    ratios = {}
    for name, array in net.params.items():
        if name.endswith("weight"):
            moved = _norm(array - before[name])
            ratios[name] = _norm(net.grads[name]), moved / (_norm(array) or 1.0)
    return ratios


def _norm(array):
    squares = np.square(array, dtype=float)  # in double precision nothing overflows
    return float(np.sqrt(np.sum(squares)))
