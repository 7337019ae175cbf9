"""What the FilterLab shows, as plain data: the filter, the result, and how a pixel is made.

The image is filtered by ``ops.conv2d``; one pixel is traced on its window alone.
"""

import numpy as np

from ... import ops
from ...numbers import format_number
from ...shapes import MisfitError, geometry, windows
from ...trace import trace
from ..shared.view import packed
from ..shared.window_text import overhang, unread
from .misfit import problem

ROUND_ENDS = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)  # times a power of ten: the ends of a colour scale
FEW = 1000  # values
BARELY = 1e-4  # what is beyond by less is rounding


def geometry_of(view):
    """How the window slides over the image; None if it does not fit."""
    try:
        return geometry(view.x.shape[:2], view.w.shape[1:3], view.stride, view.padding)
    except MisfitError:
        return None


def filtered(view):
    """The result ``(OH, OW, K)`` in float32."""
    x, w, b = (np.asarray(array, np.float32) for array in (view.x[None], view.w, view.b))
    return ops.conv2d(x, w, b, stride=view.stride, padding=view.padding, groups=view.groups)[0]


def picture(view):
    """The part of the scene that stays while a filter is edited: the image, and the value that is
    white in it.
    """
    return {"x": packed(view.x, "float32"), "white": white(view.x)}


def white(x):
    """The value that is shown white in the image."""
    return max(1.0, float(x.max()))


def scene(view):
    """Everything else the browser needs until a parameter changes."""
    geo = geometry_of(view)
    shown = {
        "mode": view.mode,
        "settings": {"stride": view.stride},
        "w": packed(view.w),
        "b": packed(view.b),
        "sums": [round(float(one), 6) for one in view.w[0].sum(axis=(0, 1))],
        "outputs": 0,
        "note": view.note,
        "problem": problem(view),
        "pads": [[0, 0], [0, 0]],
        "unread": [[], []],
        "overhang": [
            overhang(n, F, view.stride, (0, 0))
            for n, F in zip(view.x.shape, view.w.shape[1:3], strict=False)
        ],
    }
    return shown | _result(view, geo) if geo else shown


def _result(view, geo):
    y = filtered(view)
    axes = tuple(zip(view.x.shape[:2], geo.kernel, geo.stride, geo.pads, strict=True))
    rows, columns = (windows(*axis) for axis in axes)
    return {
        "outputs": y.shape[0] * y.shape[1],
        "y": packed(y, "float32"),
        "largest": scale_end(y),
        "beyond": beyond(y, white(view.x)),
        "clipped": float(np.mean(np.abs(y) > scale_end(y) * (1 + BARELY))),
        "rows": [window[0] for window in rows],
        "columns": [window[0] for window in columns],
        "pads": [list(pads) for pads in geo.pads],
        "unread": [
            _unread(n, P, used) for (n, _, _, P), used in zip(axes, (rows, columns), strict=True)
        ],
        "overhang": [_hanging(*axis) for axis in axes],
    }


def _unread(n, P, used):
    """The places of the image itself, along one axis, that no window reads."""
    return [place for place in unread(n, P, used) if 0 <= place < n]


def _hanging(n, F, S, P):
    """As ``overhang``, but None for a window that would lie wholly outside the image: a large
    stride leaps over.
    """
    places = overhang(n, F, S, P)
    return places if places and places[0] < n else None


def beyond(y, white):
    """The shares of the values that lie below 0, and above ``white``: an image shows them black,
    and white.
    """
    return [float(np.mean(y < -BARELY)), float(np.mean(y > white + BARELY))]


def scale_end(y):
    """The end of a signed scale: a round number that the largest magnitude, or 95 of 100 of many,
    do not pass.

    The largest of many is often that of a single pixel: it would leave all others pale, and make
    the scale tremble. Zeros do not count: in an image of flat colours they are most of the values.
    """
    size = np.sort(np.abs(y), axis=None)
    size = size[size > BARELY * size[-1]] if size[-1] > 0 else size
    most = float(size[int(0.95 * (size.size - 1))] if size.size > FEW else size[-1]) or float(
        size[-1]
    )
    if not 0 < most < np.inf:
        return 1.0
    power = 10.0 ** np.floor(np.log10(most))
    return float(
        round(next(end * power for end in ROUND_ENDS if most <= end * power * (1 + 1e-6)), 12)
    )


def coded(scene):
    """The same scene with its result in a byte a value, for a page that carries many:
    ``low + step · code``.
    """
    y = np.frombuffer(scene["y"]["data"], "float32").reshape(scene["y"]["shape"])
    low, high = float(y.min()), float(y.max())
    step = (high - low) / 255 or 1.0
    return {**scene, "y": packed(np.round((y - low) / step), "uint8"), "low": low, "step": step}


def frame(view, t):
    """Pixel ``t`` of the result, row by row: its place, its steps (one for each channel of the
    result), code, sentence.

    A step is that of ``trace`` over the whole image: its taps say where in the image they read.
    """
    geo = geometry_of(view)
    i, j = divmod(t, geo.out[1])
    start = tuple(
        at * S - before for at, S, before in zip((i, j), geo.stride, geo.pad_before, strict=True)
    )
    steps = [_in_image(step, start, i, j) for step in _traced(view, geo, start)]
    totals = [step["total"] for step in steps]
    return {
        "place": (i, j),
        "window": start,
        "steps": steps,
        "totals": totals,
        "code": _code(view, geo, i, j),
        "sentence": view.say(
            "filterlab.sentence",
            i=i,
            j=j,
            products=len(steps[0]["taps"]),
            total=", ".join(map(format_number, totals)),
        ),
    }


def _traced(view, geo, start):
    """The steps of one window: the part of the image it sees, padded where it hangs over the
    edge.
    """
    H, W, _ = view.x.shape
    ends = [
        (max(at, 0), min(at + F, n)) for at, F, n in zip(start, geo.kernel, (H, W), strict=True)
    ]
    (top, bottom), (left, right) = ends
    around = tuple(
        (first - at, at + F - last)
        for at, F, (first, last) in zip(start, geo.kernel, ends, strict=True)
    )
    seen = view.x[None, top:bottom, left:right]
    return trace("conv2d", seen, view.w, view.b, padding=around, groups=view.groups)


def _in_image(step, start, i, j):
    """A step of a window alone as one of the whole image, as plain data."""
    _, _, _, k = step.place
    taps = [
        tap._replace(row=start[0] + tap.u, column=start[1] + tap.v)._asdict() for tap in step.taps
    ]
    return step._asdict() | {"place": (0, i, j, k), "taps": taps}


def _code(view, geo, i, j):
    """The line of NumPy that gives the pixel, in its first channel; where there is padding, it pads
    first.
    """
    row, column = i * geo.stride[0], j * geo.stride[1]
    ends = {
        "row": row,
        "row_end": row + geo.kernel[0],
        "column": column,
        "column_end": column + geo.kernel[1],
    }
    line = {"i": i, "j": j, "k": 0, "channels": "0:1" if view.mode == "each" else ":", **ends}
    if not any(map(sum, geo.pads)):
        return view.say("filterlab.code", **line)
    (top, bottom), (left, right) = geo.pads
    return view.say("filterlab.code_padded", top=top, bottom=bottom, left=left, right=right, **line)
