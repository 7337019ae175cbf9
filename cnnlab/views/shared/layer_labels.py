"""What a layer is, in two short lines as they stand over its maps: "conv" and "8·3×3"."""

from ...numbers import said
from ...shapes import pair


def words(view, node):
    """What a node is, in two short lines: ("conv", "8·3×3")."""
    layer = node.layer
    first = view.say(f"layer.kind_{node.kind}")
    if node.kind == "other":
        return [type(layer).__name__, ""]
    if node.kind in ("conv", "transpose", "local"):
        at = 3 if node.kind == "local" else 1
        return [
            first,
            f"{node.units}·{'×'.join(map(str, layer.params['weight'].shape[at : at + 2]))}",
        ]
    size = getattr(layer, "kernel_size", None)
    if size is not None:
        size = "×".join(map(str, pair(size, "kernel_size")))
        return [
            first,
            view.say("layer.detail_lp", size=size, value=said(layer.p))
            if node.kind == "lp"
            else size,
        ]
    return [first, _detail(view, node)]


def _detail(view, node):
    """The number that matters most of a layer without a window."""
    names = {"fractional": "ratio", "dropout": "p", "group": "num_groups", "response": "size"}
    if node.kind not in names:
        return view.say("layer.detail_batch") if node.kind == "batch" else ""
    return view.say(f"layer.detail_{node.kind}", value=said(getattr(node.layer, names[node.kind])))
