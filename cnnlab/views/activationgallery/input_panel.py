"""The image beside the maps, and the part of it that each position of a map sees."""

import numpy as np

from ...explain.receptive_fields import receptive_field
from ..galleries.best import in_bytes
from ..shared.photos import shrunk
from ..shared.view import packed

SIDE = 160  # pixels a side of the image that is sent


def input_panel(view):
    """The image for the browser."""
    x = view.x if view.x.ndim == 3 else view.x[None, :, None]
    return {
        "image": packed(in_bytes(shrunk(np.asarray(x, float), SIDE), view.ends), "uint8"),
        "pixels": list(x.shape[:2]),
        "image_title": view.title_of_image,
    }


def field_tables(view, units):
    """The fields of the units of the page, each kind once: rows and columns of (first, stop, first
    seen, stop seen).
    """
    if view.nodes[0].flat:
        return {"fields": [], "field_of": [0] * len(units)}
    kinds, which = {}, []
    for unit in units:
        table = _table(view, unit)
        which.append(
            kinds.setdefault(tuple(part.tobytes() for part in table), (len(kinds), table))[0]
        )
    tables = [
        {"rows": packed(rows, "int32"), "columns": packed(columns, "int32")}
        for _, (rows, columns) in kinds.values()
    ]
    return {"fields": tables, "field_of": which}


def _table(view, unit):
    key = view.number, unit
    if key not in view._fields:
        found = receptive_field(view.nodes, view.number, unit)
        view._fields[key] = tuple(
            np.concatenate([axis.box, axis.seen], axis=1).astype(np.int32) for axis in found
        )
    return view._fields[key]
