"""What a layer is, in two short lines as they stand over its maps: "conv" and "8·3×3"."""

from ...explain.kinds import OTHER
from ...numbers import format_number
from ...validation import pair


def words(view, node):
    """What a node is, in two short lines: ("conv", "8·3×3")."""
    kind, layer = node.kind, node.layer
    if kind is OTHER:
        return [type(layer).__name__, ""]
    first = view.say(f"layer.kind_{kind.name}")
    if kind.detail is None:
        return [first, ""]
    numbers = {name: _text(name, getattr(layer, name)) for name in kind.detail}
    return [first, view.say(f"layer.detail_{kind.name}", **numbers)]


def _text(name, value):
    """A hyperparameter as it stands in the second line."""
    if name == "kernel_size":
        return "×".join(map(str, pair(name, value)))
    return str(value) if isinstance(value, int) else format_number(value)
