"""What the NetworkExplorer shows, as plain data: the maps of every node, edges and scores.

Only the maps shown are sent. Very large ones are shrunk for it; how a unit is computed is always
exact.
"""

from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from ...explain.graph import activations, connection_strengths
from ...numbers import abs_max, format_number, format_percent
from ...ops import softmax
from ..shared.layer_labels import words
from ..shared.photos import resampled
from ..shared.view import packed
from . import decomposition
from .shown import LARGE, most_units, shown_units

EDGES = 24  # that are drawn to one unit
CLASSES = 12  # scores that are shown


def scene(view):
    """All the browser needs until the image or the net changes."""
    nodes, outputs = view.nodes, view.activations
    shown = shown_units(view)
    columns = [_column(view, n, shown) for n in range(len(nodes))]
    terms = scores(view)
    return {
        "nodes": columns,
        "limit": max(column["limit"] for column in columns[1:]),
        "ends": list(view.ends),
        "x": packed(outputs[0], "float32"),
        "softmax": _packed_scores(view, terms),
        "note": " ".join(filter(None, (view.note, view.scale))),
        "settings": {"picture": view.picture},
        "title": title(view),
        "sentence": sentence(view, terms),
        "problem": problem(view),
    }


def _column(view, n, shown):
    node, values = view.nodes[n], view.activations[n]
    units = shown[n]
    label = words(view, node)
    finite = np.isfinite(values)
    return {
        "name": node.name,
        "kind": node.kind.name,
        "words": label,
        "short": label[1] if node.kind.filters and label[1] else label[0],
        "size": "×".join(map(str, node.shape)),
        "shape": list(node.shape),
        "inputs": list(node.inputs),
        "column": node.column,
        "lane": list(node.lane),
        "flat": node.flat,
        "flattens": node.kind.flattens,
        "dense": node.kind.dense,
        "folds": _folds(view.nodes, n),
        "units": [] if node.flat else units,
        "most": 0 if node.flat else most_units(view.nodes, node),
        "limit": abs_max(values),
        "largest": [abs_max(values[..., unit]) for unit in ([] if node.flat else units)],
        "holes": int(finite.size - np.count_nonzero(finite)),
        "zero": bool(not np.any(values)),
        "values": packed(values if node.flat else _maps(values, units), "float32"),
        "edges": _edges(view, n, shown),
    }


def _maps(values, units):
    """The maps of these units as (n, H, W), none larger than LARGE."""
    maps = values[..., units]
    H, W, _ = maps.shape
    if max(H, W) > LARGE:
        scale = LARGE / max(H, W)
        maps = resampled(maps, max(1, round(H * scale)), max(1, round(W * scale)))
    return np.moveaxis(maps, -1, 0)


def _folds(nodes, n):
    """Can this node be shown as one with the only one that reads it, because that changes values
    one by one?
    """
    readers = [node for node in nodes if n in node.inputs]
    return n > 0 and len(readers) == 1 and readers[0].kind.pointwise


def _edges(view, n, shown):
    """For each unit shown: [which input, place there, strength from 0 to 1] of those it reads
    most.
    """
    node = view.nodes[n]
    if n == 0:
        return []
    if node.kind.dense or node.kind.flattens:
        return _to_flat(view, n)
    found = []
    for slot, strength in enumerate(connection_strengths(view.nodes, n)):
        source = view.nodes[node.inputs[slot]]
        there = list(range(source.units)) if source.flat else shown[node.inputs[slot]]
        part = strength[np.ix_(shown[n], there)] if not (node.flat and source.flat) else strength
        found.append((slot, np.nan_to_num(part / abs_max(strength))))
    units = range(len(found[0][1])) if found else ()
    return (
        [_strongest(found, unit) for unit in units] if not node.flat or len(units) <= LARGE else []
    )


def _strongest(found, unit):
    edges = [
        [slot, int(at), round(float(part[unit, at]), 3)]
        for slot, part in found
        for at in np.flatnonzero(part[unit])
    ]
    return sorted(edges, key=lambda edge: -edge[2])[:EDGES]


def _to_flat(view, n):
    """To the cells of a row of numbers: those that give most, as the sign of what they give
    says.
    """
    node = view.nodes[n]
    if node.kind.flattens or node.units > LARGE:
        return []
    gives = np.asarray(node.layer.params["weight"]) * view.activations[node.inputs[0]]
    gives = np.nan_to_num(gives, nan=0.0, posinf=0.0, neginf=0.0)
    most = np.abs(gives).max() or 1.0
    ranked = np.argsort(-np.abs(gives), axis=1)[:, :EDGES]
    return [
        [[0, int(at), round(float(gives[k, at] / most), 3)] for at in row]
        for k, row in enumerate(ranked)
    ]


def scores(view):
    """The softmax of the last row of numbers, term by term; None where the net does not end in one.

    ``share[k] = exp(logit[k] − largest) / sum``: the largest logit is subtracted, so that no exp
    overflows.
    """
    node, logits = view.nodes[-1], np.asarray(view.activations[-1], float)
    if not node.flat or node.units < 2:
        return None
    with np.errstate(all="ignore"):
        exps = np.exp(logits - logits.max())
        shares = softmax(logits[None])[0]
    order = np.argsort(-np.nan_to_num(shares, nan=-1.0), kind="stable")
    shown = np.arange(node.units) if node.units <= CLASSES else order[:CLASSES]
    return Scores(tuple(map(int, shown)), int(order[0]), logits, exps, shares)


class Scores(NamedTuple):
    """The terms of a softmax; ``numbers`` are the classes shown, ``best`` is the one with the
    largest share.
    """

    numbers: tuple
    best: int
    logits: np.ndarray
    exps: np.ndarray
    shares: np.ndarray


def _packed_scores(view, terms):
    """They may hold values that are no numbers, so they travel as bytes."""
    if terms is None:
        return None
    kept = list(terms.numbers)
    return {
        "classes": [view.classes[k] for k in kept],
        "numbers": kept,
        "of": len(terms.logits),
        "truth": view.truth,
        "best": terms.best,
        "totals": packed([terms.logits.max(), terms.exps.sum()]),
        "logits": packed(terms.logits[kept]),
        "exps": packed(terms.exps[kept]),
        "shares": packed(terms.shares[kept]),
    }


def title(view):
    """Which image it is, and what it shows."""
    if view.source != "test":
        return view.say(f"networkexplorer.title_{view.source}")
    words = {"n": view.picture, "count": f"{view.pictures:,}"}
    if view.truth is None:
        return view.say("networkexplorer.title_picture", **words)
    return view.say("networkexplorer.title_test", name=view.classes[view.truth], **words)


def sentence(view, terms):
    """The image and the answer of the net, in one sentence."""
    if terms is None and view.nodes[-1].flat:
        return view.say(
            "networkexplorer.sentence_value",
            title=title(view),
            value=format_number(view.activations[-1][0]),
        )
    if terms is None:
        return view.say(
            "networkexplorer.sentence_maps", title=title(view), layers=len(view.nodes) - 1
        )
    share = float(terms.shares[terms.best])
    answer = {
        "name": view.classes[terms.best],
        "share": format_percent(share),
    }
    return view.say("networkexplorer.sentence", title=title(view), **answer)


def problem(view):
    """The first layer with values that are no numbers, or whose values are all 0; else None."""
    for number, (node, values) in enumerate(zip(view.nodes, view.activations, strict=True)):
        name = view.say("networkexplorer.layer", name=node.name, kind=words(view, node)[0])
        holes = int(np.count_nonzero(~np.isfinite(values)))
        if holes:
            line = view.say("networkexplorer.holes", layer=name, holes=holes, of=values.size)
            return {"sentence": line, "repairs": [], "mild": False}
        if number and not np.any(values):
            line = view.say("networkexplorer.zero", layer=name)
            return {"sentence": line, "repairs": [], "mild": True}
    return None


def frame(view, t):
    """See ``NetworkExplorer.frame``."""
    if t is not None and (view.source, view.picture) != ("test", t):
        view = _of_image(view, min(max(t, 0), view.pictures - 1))
    terms, shown = scores(view), shown_units(view)
    layers = [
        {
            "name": node.name,
            "kind": node.kind.name,
            "shape": node.shape,
            "shown": len(units),
            "of": node.units,
        }
        for node, units in zip(view.nodes, shown, strict=True)
    ]
    state = {
        "picture": view.picture if view.source == "test" else None,
        "truth": view.truth,
        "scores": dict(zip(view.classes, terms.shares.tolist(), strict=True)) if terms else {},
        "layers": layers,
        "unit": decomposition.frame(view) if view.unit else None,
    }
    of_unit = state["unit"]["sentence"] if view.unit else ""
    return {**state, "sentence": f"{sentence(view, terms)} {of_unit}".strip()}


def _of_image(view, t):
    """What the view would show of image ``t`` of its data."""
    names = ("nodes", "pages", "classes", "pictures", "say")
    kept = {name: getattr(view, name) for name in names}
    outputs = activations(view.nodes, view.data[t])
    return SimpleNamespace(
        **kept, activations=outputs, truth=view.class_number(t), source="test", picture=t, unit=[]
    )
