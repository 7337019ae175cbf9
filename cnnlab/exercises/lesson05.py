"""The exercises of lesson 05, make it fast: seven loops, im2col, its memory, a CUDA kernel.

The kernel is run by ``cudatrace``, thread by thread, so it needs no GPU.
"""

from itertools import product

import numpy as np

from .. import shapes
from ..cudatrace import cuda
from . import kernel_mistakes, loops_mistakes
from .answer_code import sum_begins_plain
from .exercise import FunctionExercise, ValueExercise, label
from .kernel import KernelExercise
from .loops import LoopsExercise
from .words import number

_rng = np.random.default_rng(5)


def _whole(*shape):
    """Small whole numbers, so that sums are exact; none is 0, so that no product vanishes."""
    return _rng.integers(1, 5, shape) * _rng.choice((-1.0, 1.0), shape)


def _halves(*shape):
    """Integers minus a half: sums are exact, and a buffer of integers cannot hold them."""
    return _whole(*shape) - 0.5


def conv(x, w, b, stride):
    N, H, W, C = x.shape
    K, FH, FW, _ = w.shape
    OH, OW = (H - FH) // stride + 1, (W - FW) // stride + 1
    y = np.zeros((N, OH, OW, K))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for k in range(K):
                    y[n, i, j, k] = b[k]
                    for u in range(FH):
                        for v in range(FW):
                            for c in range(C):
                                y[n, i, j, k] += (
                                    x[n, i * stride + u, j * stride + v, c] * w[k, u, v, c]
                                )
    return y


WARM_UP = ValueExercise(
    "05.warm_up",
    (75, 15),
    (
        ("one_channel", (25, 15)),
        ("counted_the_bias", (76, 15)),
        ("one_row", (15, 15)),
        ("forgot_plus_one", (75, 14)),
        ("forgot_stride", (75, 29)),
        ("forgot_filter", (75, 17)),
    ),
    labels=(label("multiplications"), label("places")),
    separate=True,
    solution="""
        answer = [5 * 5 * 3, (33 - 5) // 2 + 1]
    """,
)

LOOPS = LoopsExercise(
    "05.loops",
    conv,
    loops_mistakes.MISTAKES,
    # With the stride at the filter no window leaves the image: D(F − 1) + 1 cells fit often enough.
    cases=(
        {"x": _halves(1, 5, 7, 4), "w": _halves(6, 2, 3, 4), "b": _halves(6), "stride": 1},
        {"x": _halves(2, 7, 9, 4), "w": _halves(5, 3, 2, 4), "b": _halves(5), "stride": 2},
    ),
    even={"x": _halves(3, 4, 4, 2), "w": _halves(3, 2, 2, 2), "b": _halves(3), "stride": 1},
    imports="import numpy as np",
)


def im2col(x, FH, FW, S):
    OH, OW = (x.shape[0] - FH) // S + 1, (x.shape[1] - FW) // S + 1
    windows = [x[i * S : i * S + FH, j * S : j * S + FW] for i in range(OH) for j in range(OW)]
    return np.stack([window.ravel() for window in windows], axis=1)


def _columns(x, FH, FW, S, order=(0, 1, 2), axes=(0, 1)):
    """im2col with the numbers of a window, or the windows, in another order.

    S may be a pair: different down and across.
    """
    rows, columns = S if isinstance(S, tuple) else (S, S)
    starts = [range(0, x.shape[0] - FH + 1, rows), range(0, x.shape[1] - FW + 1, columns)]
    walk = [
        tuple(start[axes.index(axis)] for axis in (0, 1))
        for start in product(*(starts[axis] for axis in axes))
    ]
    return np.stack([x[r : r + FH, q : q + FW].transpose(order).ravel() for r, q in walk], axis=1)


def _output_size(x, FH, FW, S):
    return (x.shape[0] - FH) // S + 1, (x.shape[1] - FW) // S + 1


def _starts_at_i_j(x, FH, FW, S):
    OH, OW = _output_size(x, FH, FW, S)
    return im2col(x[: FH + OH - 1, : FW + OW - 1], FH, FW, 1)


def _miscounted(x, FH, FW, S):
    """Column i·OH + j where i·OW + j is right: later windows overwrite earlier ones."""
    columns, (OH, OW) = im2col(x, FH, FW, S), _output_size(x, FH, FW, S)
    wrong = np.zeros_like(columns)
    for i, j in np.ndindex(OH, OW):
        wrong[:, i * OH + j] = columns[:, i * OW + j]
    return wrong


def _one_too_few(x, FH, FW, S):
    OH, OW = _output_size(x, FH, FW, S)
    return im2col(x, FH, FW, S).reshape(-1, OH, OW)[:, :-1, :-1].reshape(FH * FW * x.shape[2], -1)


IM2COL = FunctionExercise(
    "05.im2col",
    im2col,
    (
        ("windows_as_rows", lambda x, FH, FW, S: _columns(x, FH, FW, S).T),
        (
            "only_reshaped",
            lambda x, FH, FW, S: (cols := _columns(x, FH, FW, S)).T.reshape(cols.shape),
        ),
        ("channels_first", lambda x, FH, FW, S: _columns(x, FH, FW, S, (2, 0, 1))),
        ("window_turned", lambda x, FH, FW, S: _columns(x, FH, FW, S, (1, 0, 2))),
        ("forgot_stride", lambda x, FH, FW, S: _columns(x, FH, FW, 1)),
        ("forgot_stride", _starts_at_i_j),
        ("no_overlap", lambda x, FH, FW, S: _columns(x, FH, FW, (FH, FW))),
        ("column_by_column", lambda x, FH, FW, S: _columns(x, FH, FW, S, axes=(1, 0))),
        ("miscounted_column", _miscounted),
        ("forgot_plus_one", _one_too_few),
        ("one_channel", lambda x, FH, FW, S: _columns(x[..., :1], FH, FW, S)),
        ("whole_numbers", lambda x, FH, FW, S: np.trunc(im2col(x, FH, FW, S))),
    ),
    # The output is wider than high, so that a column that is counted by rows is still one of them.
    cases=(
        {"x": _halves(4, 5, 2), "FH": 3, "FW": 2, "S": 1},
        {"x": _halves(7, 9, 4), "FH": 3, "FW": 2, "S": 2},
    ),
    imports="import numpy as np",
)

# The second convolution of VGG-16: 64 filters on 224 × 224 × 64, which keep the size.
SIDE = 224
C = 64
K = 64
F = 3
P = 1
ROWS, COLUMNS = F * F * C, shapes.out_size(SIDE, F, P=P) ** 2
UNPADDED = shapes.out_size(SIDE, F) ** 2
IMAGE = SIDE * SIDE * C
FACTOR = ROWS * COLUMNS / IMAGE


def _mib(numbers):
    return number(4 * numbers / 2**20)


PRICE = ValueExercise(
    "05.price",
    (ROWS, COLUMNS, FACTOR),
    (
        ("swapped_rows_and_columns", (COLUMNS, ROWS, FACTOR)),
        ("forgot_depth", (F * F, COLUMNS, F * F / C)),
        ("forgot_padding", (ROWS, UNPADDED, ROWS * UNPADDED / IMAGE)),
        ("one_side", (ROWS, SIDE, ROWS * SIDE / IMAGE)),
        ("counted_filters", (ROWS * K, COLUMNS, FACTOR * K)),
        ("filters_as_rows", (K, COLUMNS, FACTOR)),
        ("one_channel_of_input", (ROWS, COLUMNS, FACTOR * C)),
        ("turned_round", (ROWS, COLUMNS, 1 / FACTOR)),
        ("only_the_copies", (ROWS, COLUMNS, FACTOR - 1)),
    ),
    facts={
        **{"side": SIDE, "C": C, "K": K, "F": F, "P": P, "rows": ROWS, "columns": COLUMNS},
        **{"factor": number(FACTOR), "image": _mib(IMAGE), "matrix": _mib(ROWS * COLUMNS)},
    },
    labels=(label("rows"), label("columns"), label("factor")),
    separate=True,
    solution="""
        rows, columns = 3 * 3 * 64, 224 * 224
        answer = [rows, columns, rows * columns / (224 * 224 * 64)]
    """,
)


def one_output(x, w, y):
    j, i = cuda.grid(2)
    if i < y.shape[0] and j < y.shape[1]:
        total = np.float32(0)
        for u in range(w.shape[0]):
            for v in range(w.shape[1]):
                for c in range(w.shape[2]):
                    total += x[i + u, j + v, c] * w[u, v, c]
        y[i, j] = total


def _launch(OH, OW, FH, FW, C, threads):
    """A case: as many blocks as cover the output, its columns along x and its rows along y."""
    x = _whole(OH + FH - 1, OW + FW - 1, C)
    w = _whole(FH, FW, C) / 4  # quarters, so that rounded sums are wrong
    arrays = {"x": x, "w": w, "y": np.full((OH, OW), 100.0)}
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    blocks = tuple(-(-n // t) for n, t in zip((OW, OH), threads, strict=True))
    return {"blocks": blocks, "threads": threads, "arrays": arrays}


KERNEL = KernelExercise(
    "05.kernel",
    one_output,
    kernel_mistakes.MISTAKES,
    facts={"left": 100},
    remarks=(("right_wide", sum_begins_plain),),
    # Sizes that are no multiples of the block, and more blocks one way than the other.
    cases=(
        _launch(5, 7, 3, 2, 2, (4, 4)),
        _launch(4, 8, 1, 3, 1, (4, 4)),
        _launch(9, 2, 2, 2, 3, (4, 2)),
    ),
    imports="import numpy as np\n\nfrom cnnlab.cudatrace import cuda",
)

EXERCISES = (WARM_UP, LOOPS, IM2COL, PRICE, KERNEL)
