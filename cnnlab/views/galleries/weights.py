"""Facts about the filters of a layer: their biases, their norms, and which are nearly zero."""

import numpy as np

ZERO = 0.01  # of the largest norm in the layer: below it a filter counts as nearly zero


def biases(nodes, number):
    """The bias of every unit ``(K,)``; None without one."""
    node = nodes[number]
    if not node.layer.bias:
        return None
    b = np.asarray(node.layer.params["bias"], float)
    return b[b.shape[0] // 2, b.shape[1] // 2] if node.kind.unshared else b


def norms(w):
    """The Euclidean norm of every filter."""
    return np.sqrt(np.square(w, dtype=float).sum(axis=(1, 2, 3)))


def nearly_zero(sizes):
    """Which filters are nearly zero beside the largest of their layer."""
    finite = sizes[np.isfinite(sizes)]
    return sizes <= ZERO * finite.max(initial=0)
