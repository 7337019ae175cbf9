"""The exercises of lesson 06, pooling: max pooling, three kinds of pooling, ties, fractional.

The rule for ties is the library's: of equals the first wins, row by row.
"""

import numpy as np

from .. import ops, shapes
from ..mistakes import REFERENCE
from .exercise import FunctionExercise, ValueExercise, label
from .feedback import complaint
from .words import number

WARM_UP = ValueExercise(
    "06.warm_up",
    (4 * 8 + 4, 4),
    (
        ("forgot_biases", (4 * 8, 4)),
        ("bias_for_each_weight", (4 * 8 * 2, 4)),
        ("one_channel", (4 + 4, 4)),
        ("one_filter", (8 + 1, 4)),
        ("half_a_window", (36, 4.5)),
        ("rounded_up", (36, 5)),
        ("slides_by_one", (36, 8)),
    ),
    labels=(label("parameters"), label("windows")),
    separate=True,
    solution="answer = [4 * 8 + 4, (9 - 2) // 2 + 1]",
)


def max_pool(x, F, S):
    H, W, C = x.shape
    OH, OW = (H - F) // S + 1, (W - F) // S + 1
    y = np.empty((OH, OW, C))
    for i in range(OH):
        for j in range(OW):
            y[i, j] = x[i * S : i * S + F, j * S : j * S + F].max(axis=(0, 1))
    return y


def _pool(x, F, S, rule=np.max, start=lambda i, j, S: (i * S, j * S)):
    """Pooling with another rule for a window, or another place where window i, j starts."""
    OH, OW = ((n - F) // S + 1 for n in x.shape[:2])
    starts = [[start(i, j, S) for j in range(OW)] for i in range(OH)]
    return np.array(
        [[rule(x[r : r + F, c : c + F], axis=(0, 1)) for r, c in row] for row in starts]
    )


_rng = np.random.default_rng(6)


def _case(H, W, C, F, S):
    return {"x": _rng.integers(-36, 20, (H, W, C)) / 4, "F": F, "S": S}


MAX_POOL = FunctionExercise(
    "06.max_pool",
    max_pool,
    (
        ("over_channels", lambda x, F, S: max_pool(x.max(2, keepdims=True), F, S)[..., 0]),
        (
            "over_channels",
            lambda x, F, S: max_pool(x.max(2, keepdims=True), F, S).repeat(x.shape[2], 2),
        ),
        ("ignored_stride", lambda x, F, S: max_pool(x, F, F)),
        ("forgot_stride", lambda x, F, S: _pool(x, F, S, start=lambda i, j, S: (i, j))),
        ("whole_numbers", lambda x, F, S: max_pool(x, F, S).astype(int)),
        ("average", lambda x, F, S: _pool(x, F, S, np.mean)),
        ("smallest", lambda x, F, S: _pool(x, F, S, np.min)),
        ("starts_at_zero", lambda x, F, S: np.maximum(max_pool(x, F, S), 0)),
        ("swapped_axes", lambda x, F, S: _pool(x, F, S, start=lambda i, j, S: (j * S, i * S))),
        ("swapped_axes", lambda x, F, S: max_pool(x.transpose(1, 0, 2), F, S)),
    ),
    # Height and width differ by one only, so that with swapped axes no window leaves the image
    # altogether.
    cases=(_case(4, 4, 1, 2, 2), _case(5, 6, 2, 2, 2), _case(6, 5, 3, 2, 1), _case(7, 8, 2, 3, 2)),
    imports="import numpy as np",
)

WINDOW = np.array([[3.0, 4.0], [0.0, -12.0]])


def _pooled(pool, **options):
    return float(pool(WINDOW[None, :, :, None], WINDOW.shape, **options, **REFERENCE).item())


MAX = _pooled(ops.max_pool2d)
AVERAGE = _pooled(ops.avg_pool2d)
L2 = _pooled(ops.lp_pool2d, p=2)
SIZES = np.abs(WINDOW)

THREE_WAYS = ValueExercise(
    "06.l2",
    (MAX, AVERAGE, L2),
    (
        ("another_order", (MAX, L2, AVERAGE)),
        ("another_order", (AVERAGE, MAX, L2)),
        ("another_order", (AVERAGE, L2, MAX)),
        ("another_order", (L2, MAX, AVERAGE)),
        ("another_order", (L2, AVERAGE, MAX)),
        ("forgot_root", (MAX, AVERAGE, L2**2)),
        ("root_of_mean", (MAX, AVERAGE, L2 / WINDOW.size**0.5)),
        ("sum_of_sizes", (MAX, AVERAGE, SIZES.sum())),
        ("largest_size", (SIZES.max(), AVERAGE, L2)),
        ("sum_for_average", (MAX, WINDOW.sum(), L2)),
        ("average_of_sizes", (MAX, SIZES.mean(), L2)),
        ("left_out_zero", (MAX, WINDOW.sum() / np.count_nonzero(WINDOW), L2)),
    ),
    facts={"cells": WINDOW.size, "smallest": number(WINDOW.min())},
    given={"window": WINDOW},
    separate=True,
    solution="""
        import numpy as np
        from cnnlab import exercises

        window = exercises.given("06.l2")["window"]
        answer = [window.max(), window.mean(), np.sqrt((window**2).sum())]
    """,
)

TIED = np.array(
    [[1.0, 3.0, 2.0, 2.0], [3.0, 0.0, 2.0, 2.0], [0.0, 5.0, -1.0, -1.0], [1.0, 4.0, -2.0, -1.0]]
)
F = 2
ONES = np.ones((1, 2, 2, 1))


def _back(image, stride=F):
    """``dX`` of max pooling where every ``dY`` is 1: 1 in the cells that win."""
    x = image[None, :, :, None]
    y, switches = ops.max_pool2d(x, F, stride, return_switches=True, **REFERENCE)
    return ops.max_pool2d_backward(np.ones_like(y), switches, x.shape, **REFERENCE)[0, :, :, 0]


def _in_each_window(image, rule):
    """``rule`` of each window, laid out over its cells again."""
    return _pool(image[..., None], F, F, rule)[..., 0].repeat(F, 0).repeat(F, 1)


WINNERS = (_in_each_window(TIED, np.max) == TIED).astype(float)

TIES = ValueExercise(
    "06.ties",
    _back(TIED),
    (
        ("all_winners", WINNERS),
        ("shared", WINNERS / _in_each_window(WINNERS, np.sum)),
        ("everywhere", ops.avg_pool2d_backward(ONES, (1, 4, 4, 1), F, **REFERENCE)[0, :, :, 0]),
        ("last_wins", _back(TIED[::-1, ::-1])[::-1, ::-1]),
        ("values", TIED * _back(TIED)),
        ("stride_one", _back(TIED, stride=1)),
    ),
    facts={"windows": ONES.size},
    given={"X": TIED, "dY": ONES[0, :, :, 0]},
    solution="""
        import numpy as np
        from cnnlab import exercises

        X, answer = exercises.given("06.ties")["X"], np.zeros((4, 4))
        for i in (0, 2):
            for j in (0, 2):
                u, v = divmod(X[i : i + 2, j : j + 2].argmax(), 2)
                answer[i + u, j + v] += 1
    """,
)

CELLS, REGIONS = 10, 7


def _fractional(edges):
    lengths, windows = np.diff(edges), len(edges) - 1
    details = {"cells": CELLS, "windows": REGIONS, "given": windows}
    if len(edges) == REGIONS and set(edges) <= {1, 2} and edges.sum() == CELLS:
        raise complaint("06.fractional.lengths_instead_of_edges", **details)
    if any(edges != np.round(edges)):
        raise complaint("06.fractional.between_cells", **details)
    if windows != REGIONS:
        raise complaint(
            f"06.fractional.too_{'few' if windows < REGIONS else 'many'}_windows", **details
        )
    if edges[0] != 0:
        raise complaint("06.fractional.does_not_start_at_zero", first=int(edges[0]), **details)
    if edges[-1] != CELLS:
        raise complaint("06.fractional.does_not_reach_the_end", last=int(edges[-1]), **details)
    if lengths.min() < 1:
        raise complaint("06.fractional.empty_window", number=int(lengths.argmin()), **details)
    if lengths.max() > 2:
        raise complaint(
            "06.fractional.three_wide",
            number=int(lengths.argmax()),
            length=int(lengths.max()),
            **details,
        )


FRACTIONAL = ValueExercise(
    "06.fractional",
    shapes.fractional_edges(CELLS, REGIONS),
    (
        ("lengths_instead_of_edges", (1, 2, 1, 2, 1, 2, 1)),
        ("between_cells", np.linspace(0, CELLS, REGIONS + 1)),
        ("too_few_windows", (0, 2, 4, 6, 8, 10)),
        ("too_many_windows", tuple(range(CELLS + 1))),
        ("does_not_start_at_zero", (1, 2, 4, 5, 7, 8, 9, 10)),
        ("does_not_reach_the_end", (0, 1, 3, 4, 6, 7, 8, 9)),
        ("empty_window", (0, 2, 2, 4, 6, 8, 9, 10)),
        ("three_wide", (0, 3, 4, 5, 6, 7, 8, 10)),
    ),
    facts={"cells": CELLS, "windows": REGIONS},
    check=_fractional,
    fits=lambda shape: len(shape) == 1 and shape[0] > 1,
    solution="""
        import numpy as np

        lengths = [1, 2, 1, 2, 1, 2, 1]  # seven windows, ten cells
        answer = [0, *np.cumsum(lengths)]
    """,
)

EXERCISES = (WARM_UP, MAX_POOL, THREE_WAYS, TIES, FRACTIONAL)
