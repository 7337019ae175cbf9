"""The filters of any layer with weights, as pictures: what each unit multiplies its inputs with."""

import numpy as np

from .graph import flattened_shape

WEIGHTED = ("conv", "transpose", "local", "linear")


def filters_of(nodes, number):
    """The weights of every unit of a node as ``(K, FH, FW, C)``, C channels of what it reads.

    A Linear behind a Flatten has filters as large as the image; of unshared filters it is those of
    the middle place. Raises ValueError for a layer without weights of this kind.
    """
    node = nodes[number]
    if node.kind not in WEIGHTED:
        known = (
            ", ".join(other.name for other in nodes if other.kind in WEIGHTED)
            or "none, it has no such layers"
        )
        raise ValueError(f"layer {node.name} has no filters: use one of {known}")
    w = np.asarray(node.layer.params["weight"])
    if node.kind == "linear":
        return w.reshape(len(w), *(flattened_shape(nodes, node.inputs[0]) or (1, w.shape[1], 1)))
    if node.kind == "local":
        return w[w.shape[0] // 2, w.shape[1] // 2]
    return _transposed(w, node.layer.groups) if node.kind == "transpose" else w


def _transposed(w, groups):
    """``(C, FH, FW, K // groups)`` as ``(K, FH, FW, C // groups)``."""
    parts = np.split(w, groups)
    return np.concatenate([part.transpose(3, 1, 2, 0) for part in parts])
