"""Lesson 05, make it fast: the seven loops, im2col, what it costs in memory, and a CUDA kernel of one's own.

The kernel is run by ``cudatrace``, thread by thread, so it needs no GPU.
"""

from itertools import product

import numpy as np

from .. import ops, shapes
from ..cudatrace import cuda
from ..mistakes import REFERENCE
from .exercise import FunctionExercise, ValueExercise
from .kernel import KernelExercise
from .kernel_mistakes import MISTAKES
from .words import number

_rng = np.random.default_rng(5)


def _whole(*shape):
    """Small whole numbers, so that sums are exact; none is 0, lest a product vanish."""
    return _rng.integers(1, 5, shape) * _rng.choice((-1.0, 1.0), shape)


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
                                y[n, i, j, k] += x[n, i * stride + u, j * stride + v, c] * w[k, u, v, c]
    return y


def _conv(x, w, b, stride, **options):
    return ops.conv2d(x, w, b, stride=stride, **options, **REFERENCE)


def _cut(x, w, b, stride, **options):
    """A convolution with other windows, as many as there should be."""
    _, OH, OW, _ = _conv(x, w, b, stride).shape
    return _conv(x, w, b, 1, **options)[:, :OH, :OW]


def _first_image(x, w, b, stride):
    y = np.zeros_like(_conv(x, w, b, stride))
    y[0] = _conv(x[:1], w, b, stride)[0]
    return y


def _last_product(x, w, b, stride):
    last = np.zeros_like(w)
    last[:, -1, -1, -1] = w[:, -1, -1, -1]
    return _conv(x, last, 0 * b, stride)


LOOPS = FunctionExercise(
    "05.loops",
    conv,
    (
        ("forgot_bias", lambda x, w, b, stride: _conv(x, w, 0 * b, stride)),
        ("bias_in_every_product", lambda x, w, b, stride: _conv(x, w, w[0].size * b, stride)),
        ("forgot_stride", lambda x, w, b, stride: _cut(x, w, b, stride)),
        ("forgot_stride", lambda x, w, b, stride: _conv(x, w, b, 1)),
        ("swapped_stride", lambda x, w, b, stride: _cut(x, w, b, stride, dilation=stride)),
        ("flipped_filter", lambda x, w, b, stride: _conv(x, w[:, ::-1, ::-1], b, stride)),
        ("summed_one_channel", lambda x, w, b, stride: _conv(x[..., :1], w[..., :1], b, stride)),
        ("summed_one_channel", lambda x, w, b, stride: _conv(x[..., -1:], w[..., -1:], b, stride)),
        ("last_product", _last_product),
        ("first_image", _first_image),
        ("one_filter", lambda x, w, b, stride: _conv(x, w[:1], b[:1], stride)),
        ("one_filter", lambda x, w, b, stride: _conv(x, w[:1], b[:1], stride)[..., 0]),
        ("swapped_axes", lambda x, w, b, stride: _conv(x, w, b, stride).swapaxes(1, 2)),
    ),
    # With the stride at the filter no window leaves the image: D(F − 1) + 1 cells fit often enough.
    cases=(
        {"x": _whole(1, 4, 5, 2), "w": _whole(3, 2, 3, 2), "b": _whole(3), "stride": 1},
        {"x": _whole(2, 7, 9, 3), "w": _whole(2, 3, 3, 3), "b": _whole(2), "stride": 2},
    ),
    imports="import numpy as np",
)


def im2col(x, FH, FW, S):
    OH, OW = (x.shape[0] - FH) // S + 1, (x.shape[1] - FW) // S + 1
    windows = [x[i * S : i * S + FH, j * S : j * S + FW] for i in range(OH) for j in range(OW)]
    return np.stack([window.ravel() for window in windows], axis=1)


def _columns(x, FH, FW, S, order=(0, 1, 2), places=(0, 1)):
    """im2col with the numbers of a window, or the places, in another order; S may be different down and across."""
    rows, columns = S if isinstance(S, tuple) else (S, S)
    starts = [range(0, x.shape[0] - FH + 1, rows), range(0, x.shape[1] - FW + 1, columns)]
    walk = [tuple(place[places.index(axis)] for axis in (0, 1)) for place in product(*(starts[p] for p in places))]
    return np.stack([x[r : r + FH, q : q + FW].transpose(order).ravel() for r, q in walk], axis=1)


IM2COL = FunctionExercise(
    "05.im2col",
    im2col,
    (
        ("windows_as_rows", lambda x, FH, FW, S: _columns(x, FH, FW, S).T),
        ("only_reshaped", lambda x, FH, FW, S: (cols := _columns(x, FH, FW, S)).T.reshape(cols.shape)),
        ("channels_first", lambda x, FH, FW, S: _columns(x, FH, FW, S, (2, 0, 1))),
        ("window_turned", lambda x, FH, FW, S: _columns(x, FH, FW, S, (1, 0, 2))),
        ("forgot_stride", lambda x, FH, FW, S: _columns(x, FH, FW, 1)),
        ("no_overlap", lambda x, FH, FW, S: _columns(x, FH, FW, (FH, FW))),
        ("column_by_column", lambda x, FH, FW, S: _columns(x, FH, FW, S, places=(1, 0))),
        ("one_channel", lambda x, FH, FW, S: _columns(x[..., :1], FH, FW, S)),
    ),
    cases=(
        {"x": _whole(4, 5, 2), "FH": 3, "FW": 2, "S": 1},
        {"x": _whole(7, 9, 3), "FH": 3, "FW": 3, "S": 2},
    ),
    imports="import numpy as np",
)

# The second convolution of VGG-16: 64 filters on 224 × 224 × 64, which keep the size.
SIDE, C, K, F, P = 224, 64, 64, 3, 1
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
    places=("The number of rows", "The number of columns", "The factor"),
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
    x, w = _whole(OH + FH - 1, OW + FW - 1, C), _whole(FH, FW, C) / 4  # quarters, lest rounded sums be right
    arrays = {"x": x, "w": w, "y": np.full((OH, OW), 100.0)}
    arrays = {name: array.astype(np.float32) for name, array in arrays.items()}
    blocks = tuple(-(-n // t) for n, t in zip((OW, OH), threads, strict=True))
    return {"blocks": blocks, "threads": threads, "arrays": arrays}


KERNEL = KernelExercise(
    "05.kernel",
    one_output,
    MISTAKES,
    facts={"left": 100},
    # Sizes that are no multiples of the block, and more blocks one way than the other.
    cases=(_launch(5, 7, 3, 2, 2, (4, 4)), _launch(4, 8, 1, 3, 1, (4, 4)), _launch(9, 2, 2, 2, 3, (4, 2))),
    imports="import numpy as np\n\nfrom cnnlab.cudatrace import cuda",
)

EXERCISES = (LOOPS, IM2COL, PRICE, KERNEL)
