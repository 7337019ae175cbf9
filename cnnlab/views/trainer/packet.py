"""What the Trainer shows of a net at one checkpoint, as plain data and small arrays.

Maps and filters travel as bytes: they are only coloured. Numbers that can be read travel as floats.
"""

import numpy as np

from ...layers import Dropout, Flatten, Linear
from ...layers.container import leaves
from ...numbers import abs_max
from ...ops import softmax
from ..shared.view import json_number, packed

MOST_MAPS = 32
MOST_NUMBERS = 1024
MOST_FILTERS = 32
MOST_SLICES = 8
MOST_SAMPLES = 8
MOST_CLASSES = 40  # rows and columns of the confusion matrix
TOP = 3  # classes named for an image


def packet(view, net, evaluation, step, past=False):
    """All that is seen of ``net`` after ``step`` steps: filters, maps and scores of the chosen
    image, samples; and of the net of ``evaluation``, which may be an earlier one: confusion and
    dead filters. ``past``: it is of the film.
    """
    x = view.images
    places = samples(view, evaluation)
    chosen = x[[view.picture, *places]]
    outputs = _activations(net, chosen, view.layer)
    return {
        "filters": _filters(net, view.layer),
        "maps": _maps(outputs["maps"]),
        "images": packed(np.round(np.clip(chosen, 0, 1) * 255), "uint8"),
        "answers": [
            _answer(view, n, scores)
            for n, scores in zip((view.picture, *places), outputs["scores"], strict=True)
        ],
        "table": _table({} if past else view.training_run.changes, net, evaluation),
        "cell": _shown_cell(view, evaluation),
        **_confusion(view, evaluation),
        "step": step,
        "evaluated_step": evaluation.step,
        "evaluated_images": len(evaluation.indices),
    }


def samples(view, evaluation):
    """The places of the images shown beside the confusion: the first ones, or those of the cell
    that was clicked.
    """
    if not view.cell:
        return list(range(min(MOST_SAMPLES, len(view.labels))))
    first = _first(view)
    return _confused(view, evaluation)[first : first + MOST_SAMPLES].tolist()


def _confused(view, evaluation):
    """The places of all images of the cell that was clicked."""
    truth, answer = view.cell[:2]
    return evaluation.indices[
        (view.labels[evaluation.indices] == truth) & (evaluation.answers() == answer)
    ]


def _confusion(view, evaluation):
    """The confusion matrix of all classes, or, where they are many, of those that are confused
    most.
    """
    counts, shown = evaluation.confusion(view.labels), np.arange(len(view.classes))
    if len(shown) > MOST_CLASSES:
        wrong = counts.sum(axis=0) + counts.sum(axis=1) - 2 * counts.diagonal()
        shown = np.sort(np.argsort(-wrong, kind="stable")[:MOST_CLASSES])
    return {"confusion": packed(counts[np.ix_(shown, shown)], "int32"), "shown": shown.tolist()}


def _first(view):
    return MOST_SAMPLES * (view.cell[2] if len(view.cell) > 2 else 0)


def _shown_cell(view, evaluation):
    """Which of the images of a cell are shown: from the ``first`` on, ``of`` all there are."""
    if not view.cell:
        return None
    truth, answer = view.cell[:2]
    return {
        "truth": truth,
        "answer": answer,
        "first": _first(view),
        "of": len(_confused(view, evaluation)),
    }


def _activations(net, x, layer):
    """The maps of the first image behind ``layer``, and the scores of all."""
    with np.errstate(over="ignore", invalid="ignore"):
        for number, stage in enumerate(net.layers):
            x = stage.forward(x)
            if number == layer:
                maps = x[0].copy()
        net.release()
    return {"maps": maps, "scores": x.copy()}


def _maps(maps):
    """Maps ``(H, W, C)`` as tiles ``(C, 1, H, W)``; each of a row of numbers as a tile of one
    cell.
    """
    flat = maps.ndim == 1
    shown = maps.reshape(-1, 1, 1)[:MOST_NUMBERS] if flat else np.moveaxis(maps, -1, 0)[:MOST_MAPS]
    return {**tiles(shown[:, None], maps.shape[-1]), "flat": flat}


def _filters(net, layer):
    """The filters of the last convolution up to ``layer``; of a linear layer on an image, its
    weights as images.
    """
    filters = last_weights(net, layer)
    if filters is None:
        return None
    name, w = filters
    return {
        "name": name,
        **tiles(w.transpose(0, 3, 1, 2)[:MOST_FILTERS, :MOST_SLICES], len(w), w.shape[3]),
    }


def last_weights(net, layer):
    """The name and weights ``(K, FH, FW, C)`` of the last filters up to ``layer``, or else of the
    first there are.
    """
    candidates = [
        (number, one)
        for number, stage in enumerate(net.layers)
        for one in leaves(stage)
        if _is_filters(one)
    ]
    first = next(
        (n for n, stage in enumerate(net.layers) if not isinstance(stage, (Flatten, Dropout))), 0
    )
    if not candidates and isinstance(net.layers[first], Linear) and len(net.input_shape) == 3:
        candidates = [(first, net.layers[first])]
    if not candidates:
        return None
    number, one = next((pair for pair in reversed(candidates) if pair[0] <= layer), candidates[0])
    w = one.params["weight"]
    return f"{number} · {type(one).__name__}", w if w.ndim == 4 else w.reshape(
        len(w), *net.input_shape
    )


def _is_filters(layer):
    return "weight" in layer.params and layer.params["weight"].ndim == 4


def tiles(array, count, depth=1):
    """Tiles ``(K, C, h, w)`` as bytes of a scale from −limit to limit, of ``count`` and ``depth``
    that there are.
    """
    limit = abs_max(array)
    levels = np.nan_to_num(np.round(array / limit * 127), nan=-128)
    return {
        "tiles": packed(np.clip(levels, -128, 127), "int8"),
        "limit": limit,
        "shown": len(array),
        "count": count,
        "depth": depth,
    }


def _answer(view, n, scores):
    """What the net says to image ``n``: the best classes with their shares, and the truth."""
    with np.errstate(over="ignore", invalid="ignore"):
        shares = np.nan_to_num(softmax(scores[None].astype(float))[0])
    best = np.argsort(-shares, kind="stable")[:TOP]
    return {
        "n": int(n),
        "truth": int(view.labels[n]),
        "best": [[int(k), float(shares[k])] for k in best],
    }


def _table(changes, net, evaluation):
    """A row for each layer with weights: gradient and change over size, where they are known, and
    dead filters.
    """
    rows = []
    for name in (name for name, w in net.params.items() if name.endswith("weight") and w.ndim > 1):
        place = name.removesuffix(".weight")
        gradient, ratio = changes.get(name, (None, None))
        dead = evaluation.dead.get(place)
        row = {
            "name": f"{place} · {_kind(net, place)}",
            "gradient": json_number(gradient),
            "ratio": json_number(ratio),
        }
        rows.append({**row, "dead": None if dead is None else dead.tolist()})
    return rows


def _kind(net, place):
    layer = net
    for name in place.split("."):
        layer = layer.children()[name]
    return type(layer).__name__
