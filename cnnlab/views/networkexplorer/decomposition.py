"""How the chosen unit is computed, packed for the browser, and its numbers at one position.

Of very many input channels only the strongest are sent, the others as the map they add up to.
"""

import numpy as np

from ...explain.decompose import decompose, strongest, terms
from ...numbers import format_number
from ..shared.view import packed
from .shown import LARGE, shown_units

BUDGET = 900_000  # bytes of maps in one message
PAGE = 700_000  # bytes of maps in an exported page
TERMS = 9  # a window of more cells is described by its largest products


def unit_of(view):
    """The Decomposition of the chosen unit, with as many of its parts as the browser is sent."""
    layer, channel = view.unit
    return _kept(view, view.number(layer), channel)


def _kept(view, number, channel):
    whole = decompose(view.nodes, view.activations, number, channel)
    each = 4 * (whole.x[0].size + whole.y[0].size + (0 if whole.w is None else 2 * whole.w[0].size))
    return strongest(whole, max(4, BUDGET // each), chosen_place(view, whole))


def size_of(view):
    """Height and width of the chosen unit's map."""
    shape = view.nodes[view.number(view.unit[0])].shape
    return shape[:2] if len(shape) == 3 else (1, 1)


def chosen_place(view, decomposition):
    """The place that is written out: the one set, or where the map is largest in size."""
    if view.place and view.unit == [view.nodes[decomposition.node].name, decomposition.unit]:
        return tuple(view.place)
    size = np.nan_to_num(np.abs(decomposition.result), nan=np.inf)
    return tuple(int(at) for at in np.unravel_index(size.argmax(), size.shape))


def packed_unit(view):
    """The chosen unit for the browser, with what the layers folded into it make of it."""
    return _packed(view, unit_of(view), shown_units(view))


def _packed(view, decomposition, shown):
    """Maps that the scene holds anyway are not sent again."""
    node = view.nodes[decomposition.node]
    x, y = (
        None if _is_shown(view, decomposition, shown) else _exact(decomposition.x),
        _exact(decomposition.y),
    )
    return {
        "layer": node.name,
        "unit": decomposition.unit,
        "node": decomposition.node,
        "rule": decomposition.rule,
        "formula": decomposition.kind.formula,
        "largest": decomposition.kind.largest,
        "hands_on": decomposition.kind.hands_on,
        "dense": decomposition.kind.dense,
        "sources": list(map(int, decomposition.sources)),
        "units": list(map(int, decomposition.units)),
        "x": x,
        "y": y,
        "w": None if decomposition.w is None else packed(decomposition.w),
        "bias": None if decomposition.bias is None else packed(decomposition.bias),
        "rest": None if decomposition.rest is None else _exact(decomposition.rest),
        "left": decomposition.left,
        "result": _exact(decomposition.result),
        "rows": decomposition.rows,
        "columns": decomposition.columns,
        "start": list(chosen_place(view, decomposition)),
        "then": _then(view, decomposition),
        **_more(decomposition),
    }


def _more(decomposition):
    """The other numbers of the formula, None for what is none; those that differ from place to
    place as maps.
    """
    plain = {
        name: value if np.ndim(value) or np.isfinite(value) else None
        for name, value in decomposition.more.items()
    }
    return {name: packed(value) if np.ndim(value) else value for name, value in plain.items()}


def _is_shown(view, decomposition, shown):
    size = decomposition.x.shape[1:]
    reads = zip(decomposition.sources, decomposition.units, strict=True)
    return max(size) <= LARGE and all(
        view.nodes[n].shape[:2] == size and unit in shown[n] for n, unit in reads
    )


def _exact(array):
    """In float32, as the net computes; sums were made in float64 before."""
    return packed(array, "float32")


def _then(view, decomposition):
    """The units that change this one's values one by one: its ReLU, for one."""
    steps, number = [], decomposition.node
    while number is not None:
        after = [n for n, node in enumerate(view.nodes) if number in node.inputs]
        number = after[0] if len(after) == 1 and view.nodes[after[0]].kind.pointwise else None
        if number is not None:
            step = decompose(view.nodes, view.activations, number, decomposition.unit)
            steps.append(
                {
                    "node": number,
                    "formula": step.kind.formula,
                    "y": _exact(step.result),
                    **_more(step),
                }
            )
    return steps


def album(view):
    """Every unit of every layer, by "layer/unit", as far as a page has room; the pixels of a
    Flatten are left out.
    """
    units = {}
    bytes_left = PAGE
    shown = shown_units(view)
    for number in range(len(view.nodes) - 1, 0, -1):
        node = view.nodes[number]
        if node.kind.flattens:
            continue
        for unit in range(node.units):
            data = _packed(view, _kept(view, number, unit), shown)
            bytes_left -= sum(
                len(part["data"])
                for part in data.values()
                if isinstance(part, dict) and "data" in part
            )
            if bytes_left < 0:
                return units
            units[f"{node.name}/{unit}"] = data
    return units


def frame(view):
    """The chosen unit at its place: terms of each part, sums, rest, bias, total, and a sentence
    that says them.
    """
    decomposition = unit_of(view)
    i, j = chosen_place(view, decomposition)
    node, total = view.nodes[decomposition.node], float(decomposition.result[i, j])
    bias = decomposition.bias
    numbers = {
        "layer": node.name,
        "channel": decomposition.unit,
        "place": (i, j),
        "rule": decomposition.rule,
        "reads": [
            (view.nodes[n].name, unit)
            for n, unit in zip(decomposition.sources, decomposition.units, strict=True)
        ],
        "total": total,
        "bias": None if bias is None else float(bias[i % len(bias), j % bias.shape[1]]),
        "rest": 0.0 if decomposition.rest is None else float(decomposition.rest[i, j]),
        "terms": [],
        "sums": [],
    }
    if decomposition.rule == "sum":
        numbers["terms"] = [
            [term._asdict() for term in part] for part in terms(decomposition, i, j)
        ]
        numbers["sums"] = [float(y[i, j]) for y in decomposition.y]
    elif decomposition.rule == "window":
        numbers["terms"] = [
            [term._asdict() for term in part] for part in terms(decomposition, i, j)
        ]
    return {**numbers, "sentence": _sentence(view, node, decomposition, numbers)}


def _sentence(view, node, decomposition, numbers):
    i, j = numbers["place"]
    layer = f"{node.name}, {view.say(f'layer.kind_{node.kind.name}')}"
    place = {
        "unit": decomposition.unit,
        "layer": layer,
        "i": i,
        "j": j,
        "total": format_number(numbers["total"]),
    }
    if decomposition.rule != "sum" or decomposition.w is None:
        return view.say("networkexplorer.said_value", **place)
    count = (
        sum(map(len, numbers["terms"]))
        * (len(decomposition.units) + decomposition.left)
        // max(1, len(decomposition.units))
    )
    bias = 0.0 if numbers["bias"] is None else numbers["bias"]
    return view.say("networkexplorer.said_sum", products=count, bias=format_number(bias), **place)
