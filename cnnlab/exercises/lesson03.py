"""The exercises of lesson 03, volumes, filters and 1x1: one output, weights, 1x1 convolutions.

The volume that is walked over is the notes': 11x11x4 under filters of 5x5x4 with stride 2.
"""

from math import prod

import numpy as np

from .. import ops, shapes
from ..layers import Conv2d
from ..mistakes import REFERENCE
from ..trace import trace
from .answers import same
from .exercise import FunctionExercise, ValueExercise, label
from .feedback import complaint
from .words import number, shape_words

SIZE = 14
EXTENT = 3
STRIDE = 2
FITTING = shapes.out_size(SIZE, EXTENT, STRIDE)
FLAT, BIAS = 7, 2  # every cell of a window, and what is added to its products

WARM_UP = ValueExercise(
    "03.warm_up",
    (FITTING, BIAS),
    (
        ("half_a_window", ((SIZE - EXTENT) / STRIDE + 1, BIAS)),
        ("rounded_up", (FITTING + 1, BIAS)),
        ("forgot_plus_one", ((SIZE - EXTENT) / STRIDE, BIAS)),
        ("forgot_plus_one", (FITTING - 1, BIAS)),
        ("forgot_stride", (SIZE - EXTENT + 1, BIAS)),
        ("forgot_bias", (FITTING, 0)),
        ("added_the_cells", (FITTING, EXTENT**2 * FLAT + BIAS)),
        ("added_the_cells", (FITTING, EXTENT**2 * FLAT)),
        ("one_product", (FITTING, FLAT + BIAS)),
        ("one_product", (FITTING, FLAT * BIAS)),
    ),
    facts={"size": SIZE, "kernel_size": EXTENT, "stride": STRIDE, "flat": FLAT, "bias": BIAS},
    labels=(label("windows"), label("output")),
    separate=True,
    solution="answer = [(14 - 3) // 2 + 1, 7 * 0 + 2]",
)

_rng = np.random.default_rng(3)
X = _rng.integers(-3, 4, (11, 11, 4))
W = _rng.integers(-2, 3, (5, 5, 4))
B = 2


def walk(X, W, b, i, j, S):
    F = W.shape[0]
    window = X[i * S : i * S + F, j * S : j * S + F, :]
    return np.sum(window * W) + b


def _one_channel(c):
    return lambda X, W, b, i, j, S: walk(X[..., c : c + 1], W[..., c : c + 1], b, i, j, S)


WALK = FunctionExercise(
    "03.walk",
    walk,
    (
        ("swapped_axes", lambda X, W, b, i, j, S: walk(X, W, b, j, i, S)),
        ("forgot_stride", lambda X, W, b, i, j, S: walk(X, W, b, i, j, 1)),
        ("fixed_stride", lambda X, W, b, i, j, S: walk(X, W, b, i, j, 2)),
        ("forgot_bias", lambda X, W, b, i, j, S: walk(X, W, 0, i, j, S)),
        ("bias_in_every_product", lambda X, W, b, i, j, S: walk(X, W, W.size * b, i, j, S)),
        *(("one_channel", _one_channel(c)) for c in range(4)),
        ("flipped_filter", lambda X, W, b, i, j, S: walk(X, W[::-1, ::-1], b, i, j, S)),
        ("mean_instead_of_sum", lambda X, W, b, i, j, S: walk(X, W / W.size, b, i, j, S)),
        (
            "sum_of_each_channel",
            lambda X, W, b, i, j, S: [walk(X, W * k, b, i, j, S) for k in np.eye(4)],
        ),
    ),
    cases=(
        *(
            {"X": X, "W": W, "b": B, "i": i, "j": j, "S": S}
            for i, j, S in ((0, 0, 2), (1, 0, 2), (0, 1, 2), (3, 2, 2), (2, 0, 3), (2, 3, 1))
        ),
        # Another filter, so that its size and its bias are not written into the code.
        {"X": X, "W": W[:3, 1:4], "b": -1, "i": 2, "j": 1, "S": 3},
    ),
    given={"X": X, "W": W, "b": B},
    imports="import numpy as np",
)

SIZES = ((32, 3, 5), (16, 20, 3))  # width, channels, filter


def _weights(width, channels, F):
    """How many products, and so weights, one output of a trace has."""
    x, w = np.zeros((1, width, width, channels)), np.zeros((1, F, F, channels))
    return len(next(trace("conv2d", x, w)).taps)


WEIGHTS = ValueExercise(
    "03.weights",
    [_weights(*size) for size in SIZES],
    (
        ("forgot_depth", [F * F for _, _, F in SIZES]),
        ("with_bias", [_weights(*size) + 1 for size in SIZES]),
        ("whole_image", [width * width * C for width, C, _ in SIZES]),
        ("added_depth", [F * F + C for _, C, F in SIZES]),
    ),
    separate=True,
    solution="answer = [5 * 5 * 3, 3 * 3 * 20]",
)

GREY = (0.299, 0.587, 0.114)
GREY_WEIGHTS = np.reshape(GREY, (1, 1, 1, 3))
COLOURS = np.random.default_rng(4).integers(0, 256, (2, 3, 3))


def _mixed(weights):
    """What a 1x1 convolution makes of the colours: ``(H, W)``."""
    return ops.conv2d(COLOURS[None].astype(float), weights, **REFERENCE)[0, :, :, 0]


def _grey(values):
    if values.shape != GREY_WEIGHTS.shape:
        name = "three_filters" if values.ndim > 1 and values.shape[0] == 3 else "missing_axes"
        raise complaint(f"03.grey.{name}", "wrong shape", given=shape_words(values.shape))
    mixed, truth = _mixed(values), _mixed(GREY_WEIGHTS)
    wrong = np.argwhere(~same(mixed, truth))
    if len(wrong):
        index = tuple(wrong[0])
        colour = ", ".join(map(number, COLOURS[index]))
        details = {"given": number(mixed[index]), "truth": number(truth[index])}
        raise complaint(_grey_fault(values), colour=colour, **details)


def _grey_fault(weights):
    if same(weights, GREY_WEIGHTS[..., ::-1]).all():
        return "03.grey.blue_first"
    if np.ptp(weights) < 0.01 and abs(weights.sum() - 1) < 0.02:  # also 0.33 three times
        return "03.grey.plain_mean"
    return "03.grey.sums_to_more" if weights.sum() > 1.001 else "03.grey.wrong"


GREY_FILTER = ValueExercise(
    "03.grey",
    GREY_WEIGHTS,
    (
        ("three_filters", np.reshape(GREY, (3, 1, 1, 1))),
        ("missing_axes", GREY),
        ("sums_to_more", np.ones((1, 1, 1, 3))),
        ("blue_first", GREY_WEIGHTS[..., ::-1]),
        ("plain_mean", np.full((1, 1, 1, 3), 1 / 3)),
    ),
    facts=dict(zip(("red", "green", "blue"), GREY, strict=True)),
    given={"picture": COLOURS},
    check=_grey,
    fits=lambda shape: prod(shape) == 3,
    solution="""
        import numpy as np

        answer = np.array([0.299, 0.587, 0.114]).reshape(1, 1, 1, 3)
    """,
)


def _mixing(K, C):
    """The shape of the weights of a 1x1 convolution from C to K channels, from the layer."""
    layer = Conv2d(K, 1)
    layer.infer_shapes((8, 8, C))
    return layer.param_shapes["weight"]


MIX = ValueExercise(
    "03.mix",
    _mixing(16, 64),
    (
        ("swapped_in_and_out", (64, 1, 1, 16)),
        ("channels_first", (16, 64, 1, 1)),
        ("forgot_depth", (16, 1, 1, 1)),
        ("one_filter", (1, 1, 1, 64)),
        ("as_a_picture", (1, 1, 64, 16)),
    ),
    facts={"C": 64, "K": 16},
    solution="answer = (16, 1, 1, 64)",
)

EXERCISES = (WARM_UP, WALK, WEIGHTS, GREY_FILTER, MIX)
