"""One filter shown large: its slices with their numbers, or the strongest slices of many."""

import numpy as np

from ..shared.view import packed

WIDTH, HEIGHT, LOW = 498, 212, 166  # of the part of the drawing it has; if no numbers fit anyway
CELL, LARGE = 38, 48  # as wide as a number; and where there is a single slice
GAP, LABEL = 12, 18
COLOUR = 3
ROOM = 300  # for a filter and its best patch side by side


def slice_plan(h, w, C, coloured=False):
    """How wide a cell is, and how many slices fit: (cell, across, down). In colour four stand side
    by side.
    """
    beside = 4 if coloured else 1
    widest = (WIDTH - (beside - 1) * GAP) / beside / w
    largest = LARGE if C == 1 else CELL
    cell = min(largest, (HEIGHT - LABEL) / h, widest)
    if cell < CELL:
        cell = min(cell, (LOW - LABEL) / h)
    across = max(1, int((WIDTH + GAP + 0.01) // (w * cell + GAP)))
    return cell, across, max(1, int((LOW + 4) // (h * cell + LABEL + 4)))


def slices_shown(weights, coloured):
    """The channels of a filter ``(FH, FW, C)`` that are shown: all, or those with the largest
    norms.
    """
    h, w, C = weights.shape
    _, across, down = slice_plan(h, w, C, coloured)
    most = max(1, across * down - coloured)  # a coloured filter is shown in colour too
    if most >= C:
        return list(range(C))
    size = np.nan_to_num(np.square(weights, dtype=float).sum(axis=(0, 1)), nan=np.inf)
    return sorted(int(c) for c in np.argsort(-size, kind="stable")[:most])


def detail(view, unit):
    """The filter for the browser."""
    weights = view.weights[unit]
    channels = slices_shown(weights, view.coloured)
    cell, across, _ = slice_plan(*weights.shape, view.coloured)
    title = view.say("filtergallery.large", unit=unit, size="×".join(map(str, weights.shape)))
    if len(channels) < weights.shape[-1]:
        title += view.say("filtergallery.strongest", count=len(channels), of=weights.shape[-1])
    return {
        "channels": channels,
        "slices": packed(np.moveaxis(weights[..., channels], -1, 0), "float32"),
        "cell": cell,
        "across": across,
        "coloured": view.coloured and len(channels) == COLOUR,
        "heading": title,
        "numbers": view.unit_words(unit),
        **at_best(view, unit, cell),
    }


def at_best(view, unit, cell):
    """For a filter over a grey image: its best patch, and how the two make the value there, where
    there is room.
    """
    weights, found = view.weights[unit], view.best(unit)
    same = (
        found.patches.shape[1:] == weights.shape
        and weights.shape[2] == 1
        and view.node.inputs == (0,)
    )
    if not same or cell < CELL or not len(found.values) or 2 * weights.shape[1] * cell > ROOM:
        return {}
    patch = np.nan_to_num(np.asarray(found.patches[0], float))  # padding is zeros
    bias = 0.0 if view.bias is None else float(view.bias[unit])
    total = float((patch * weights).sum()) + bias
    return {
        "patch": packed(patch[..., 0]),
        "terms": packed([total - bias, bias, total]),
        "bounds": list(view.ends),
    }
