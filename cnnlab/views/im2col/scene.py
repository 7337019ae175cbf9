"""What the Im2col view shows, as plain data: windows, columns, a sparse matrix, threads.

All numbers come from ``ops``, ``shapes`` and ``trace``; places are counted row by row, as the
columns of X_col are.
"""

import numpy as np

from ... import ops
from ...mistakes import REFERENCE, wrong_outputs
from ...numbers import abs_max, format_number, format_percent
from ...shapes import windows
from ..convolution.misfit import gaps, problem
from ..convolution.scene import channel_sums, formulas, geometry_of
from ..shared.stepped_view import increment
from ..shared.view import packed
from ..shared.window_text import overhang, unread
from .matrices import columns, copies, sparse
from .threads import grid, idle


def scene(view):
    """Everything the browser needs until a parameter changes."""
    x = view.x
    w = view.w
    b = view.b
    axes = _axes(view)
    shown = {
        "x": packed(x),
        "w": packed(w),
        "b": packed(b),
        "pads": [[view.padding] * 2] * 2,
        "limits": {"x": abs_max(x), "w": abs_max(w)},
        "increment": increment(x, w, b),
        "note": view.note,
        "problem": problem(view),
        "formula": formulas(view, axes),
        "overhang": [overhang(*axis) for axis in axes],
        "first": [[u * D - P[0] for u in range(F)] for _, F, _, P, D in axes],
        "unread": [[], []],
        "outputs": 0,
        "price": [],
    }
    return shown if geometry_of(view) is None else shown | _outputs(view, axes)


def _axes(view):
    """(W, F, S, P, D) of the rows and of the columns, as ``shapes`` takes them."""
    S = view.stride
    P = (view.padding,) * 2
    D = view.dilation
    return tuple((W, F, S, P, D) for W, F in zip(view.x.shape[:2], view.w.shape[1:3], strict=True))


def _outputs(view, axes):
    x = view.x[None]
    w = view.w
    b = view.b
    settings = view.settings
    y = ops.conv2d(x, w, b, **settings, **REFERENCE)[0]
    copied = copies(view)
    read = [windows(*axis) for axis in axes]
    threads = grid(y.shape[:2], view.block, view.say)
    return {
        "outputs": int(y.size),
        "y": packed(y),
        "sums": packed(ops.conv2d(x, w, **settings, **REFERENCE)[0]),
        "cols": packed(columns(view)),
        "copies": packed(copied, "int32"),
        "limits": {"x": abs_max(x), "w": abs_max(w), "y": abs_max(y)},
        "rows": read[0],
        "columns": read[1],
        "unread": [unread(W, P, used) for (W, _, _, P, _), used in zip(axes, read, strict=True)],
        "threads": threads,
        "note": view.note or gaps(view, axes, read),
        "price": price(view, y.shape[:2], copied, threads),
        "wrong": _wrong(view, y) if view.predict else [],
    }


def _wrong(view, y):
    """Outputs made with one mistake each, for the browser to compare a prediction with."""
    sums = channel_sums(view.x[None], view.w, view.settings)
    found = wrong_outputs(view.x[None], view.w, view.b, y, sums, view.settings)
    return [{"name": name, "y": packed(wrong)} for name, wrong in found]


def price(view, out, copied, threads):
    """What each way costs, a sentence each: copies of im2col, cells of the matrix without a tap,
    idle threads.
    """
    say, (rows, places), cells = view.say, copied.shape, view.x.size
    zeros = 1 - np.count_nonzero(copied >= 0) / (places * cells)
    return [
        say(
            "im2col.price_columns",
            rows=rows,
            places=places,
            times=format_number(copied.size / cells),
        ),
        say("im2col.price_sparse", zeros=format_percent(zeros)),
        say("im2col.price_threads", **idle(out, threads, view.filters)),
    ]


def frame(view, step):
    """One step of the trace as plain data: where it stands in each of the four, and what it comes
    to.
    """
    _, i, j, k = step.place
    scene = view.scene
    copied = copies(view)
    say = view.say
    p = i * scene["y"]["shape"][1] + j
    row, column = scene["threads"]["rows"][i], scene["threads"]["columns"][j]
    place = {"i": i, "j": j, "k": k, "p": p}
    numbers = {"sum": sum(step.sums), "bias": step.bias, "total": step.total}
    words = {name: format_number(value) for name, value in numbers.items()}
    thread = {
        "by": row["block"],
        "bx": column["block"],
        "ty": row["thread"],
        "tx": column["thread"],
    }
    return {
        "place": (i, j, k),
        "window": {"rows": scene["rows"][i], "columns": scene["columns"][j]},
        "column": {
            "number": p,
            "values": columns(view)[:, p].tolist(),
            "copies": copied[:, p].tolist(),
        },
        "weights": view.w[k].ravel().tolist(),
        "sparse": sparse(view.w[k].ravel(), copied, view.x.size)[p].tolist(),
        "thread": {**thread, "lines": [row["line"], column["line"]]},
        "taps": [tap._asdict() for tap in step.taps],
        "products": [tap.product for tap in step.taps],
        **numbers,
        "code": say("im2col.code", **place),
        "formula": scene["formula"],
        "price": scene["price"],
        "sentence": say("im2col.sentence", products=len(step.taps), **place, **thread, **words),
    }
