"""The exercises of lesson 01, the sliding window: outputs by hand, reads of a cell, an edge filter.

The first two are about the convolution of the course notes' animation.
"""

import numpy as np

from .. import ops
from ..data.demo import convolution_demo
from ..mistakes import REFERENCE, wrong_outputs
from ..shapes import windows
from ..trace import trace
from .exercise import ValueExercise, label
from .feedback import complaint
from .words import number

DEMO = convolution_demo()
SETTINGS = {"stride": DEMO.stride, "padding": DEMO.padding}
OUTPUTS = ((1, 0, 0), (1, 1, 1), (2, 2, 0))


def _outputs():
    """The outputs ``y (OH, OW, K)``, their ``sums (OH, OW, K, C)``, and the products of each."""
    steps = {step.place[1:]: step for step in trace("conv2d", DEMO.x, DEMO.w, DEMO.b, **SETTINGS)}
    shape = tuple(last + 1 for last in max(steps))
    in_order = [steps[index] for index in np.ndindex(shape)]
    y = np.reshape([step.total for step in in_order], shape)
    return y, np.reshape([step.sums for step in in_order], (*shape, -1)), len(in_order[0].taps)


def _wrong_predictions(y, sums):
    """The demo's wrong outputs at the three positions; the true one where a mistake has none."""
    for name, wrong in wrong_outputs(DEMO.x, DEMO.w, DEMO.b, y, sums, SETTINGS):
        filled = np.where(np.isnan(wrong), y, wrong)
        yield name, [filled[index] for index in OUTPUTS]
    yield "swapped_row_and_column", [y[j, i, k] for i, j, k in OUTPUTS]


Y, SUMS, PRODUCTS = _outputs()

PREDICT = ValueExercise(
    "01.predict",
    [Y[index] for index in OUTPUTS],
    tuple(_wrong_predictions(Y, SUMS)),
    facts={"products": PRODUCTS, "C": SUMS.shape[-1], "S": DEMO.stride, "P": DEMO.padding},
    given={"X": DEMO.x[0], "W": DEMO.w, "b": DEMO.b},
    labels=tuple(label("output", i=i, j=j, k=k) for i, j, k in OUTPUTS),
    separate=True,
    solution="""
        import numpy as np
        from cnnlab.data.demo import convolution_demo

        x, w, b, stride, padding = convolution_demo()
        X = np.pad(x[0], ((1, 1), (1, 1), (0, 0)))
        answer = [
            np.sum(X[2:5, 0:3, :] * w[0]) + b[0],
            np.sum(X[2:5, 2:5, :] * w[1]) + b[1],
            np.sum(X[4:7, 4:7, :] * w[0]) + b[0],
        ]
    """,
)


def readers():
    """How many windows of the demo read each cell: ``(H, W)``."""
    _, H, W, _ = DEMO.x.shape
    F = DEMO.w.shape[1]
    along = [
        [sum(p in window for window in windows(n, F, DEMO.stride, DEMO.padding)) for p in range(n)]
        for n in (H, W)
    ]
    return np.outer(*along)


READERS = readers()


def _most_read(cell):
    row, column = cell
    details = {"row": number(row), "column": number(column)}
    H, W = READERS.shape
    if any(i != int(i) or not 0 <= i < n for i, n in zip(cell, (H, W), strict=True)):
        raise complaint("01.most_read.outside", last=H - 1, **details)
    row, column = int(row), int(column)
    details["count"] = int(READERS[row, column])
    if details["count"] == READERS.max():
        return
    if (row, column) == (H // 2, W // 2):
        raise complaint("01.most_read.centre", **details)
    if row in (0, H - 1) and column in (0, W - 1):
        raise complaint("01.most_read.corner", **details)
    if row and column and READERS[row - 1, column - 1] == READERS.max():
        raise complaint("01.most_read.counted_from_one", **details)
    raise complaint("01.most_read.wrong", **details)


MOST_READ = ValueExercise(
    "01.most_read",
    np.argwhere(READERS.max() == READERS)[0].tolist(),
    (
        ("centre", (2, 2)),
        ("corner", (0, 4)),
        ("outside", (-1, 1)),
        ("outside", (5, 5)),
        ("counted_from_one", (2, 4)),
    ),
    facts={"S": DEMO.stride, "P": DEMO.padding, "most": READERS.max()},
    given={"X": DEMO.x[0]},
    check=_most_read,
    solution="""
        import numpy as np
        from cnnlab.shapes import windows

        rows = windows(5, 3, 2, 1)
        reads = np.array([sum(row in window for window in rows) for row in range(5)])
        counts = np.outer(reads, reads)
        answer = tuple(np.argwhere(counts == counts.max())[0])
    """,
)

BRIGHTER_TO_THE_RIGHT = np.repeat([[0.0, 0.0, 0.0, 1.0, 1.0, 1.0]], 6, axis=0)
TINY = 1e-6


def _seen(picture, filter_):
    """What a 3x3 filter makes of a grey picture."""
    return ops.conv2d(picture[None, :, :, None], filter_.reshape(1, 3, 3, 1), **REFERENCE)[
        0, :, :, 0
    ]


def _edge(values):
    w = values.reshape(3, 3)
    if not w.any():
        raise complaint("01.edge.all_zero")
    w = w / np.abs(w).max()
    across = _seen(BRIGHTER_TO_THE_RIGHT, w)
    down = np.abs(_seen(BRIGHTER_TO_THE_RIGHT.T, w)).max()
    if abs(w.sum()) > TINY:
        raise complaint("01.edge.not_zero_on_flat", sum=number(values.sum()))
    if np.abs(across).max() <= TINY:
        raise complaint("01.edge.turned" if down > TINY else "01.edge.wrong")
    if across.max() <= TINY:
        raise complaint("01.edge.wrong_sign")
    if across.min() < -TINY:
        raise complaint("01.edge.both_signs")
    if down > TINY:
        raise complaint("01.edge.slanted")


EDGE = ValueExercise(
    "01.edge",
    [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]],
    (
        ("turned", [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]),
        ("not_zero_on_flat", [[0, 0, 1], [0, 0, 1], [0, 0, 1]]),
        ("wrong_sign", [[1, 0, -1], [1, 0, -1], [1, 0, -1]]),
        ("all_zero", [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("both_signs", [[-1, 2, -1], [-1, 2, -1], [-1, 2, -1]]),
        ("slanted", [[-1, -1, 0], [-1, 0, 1], [0, 1, 1]]),
    ),
    given={"picture": BRIGHTER_TO_THE_RIGHT},
    check=_edge,
    fits=lambda shape: len(shape) < 6 and tuple(n for n in shape if n != 1) == (3, 3),
    solution="answer = [[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]]",
)

EXERCISES = (PREDICT, MOST_READ, EDGE)
