"""The exercises of lesson 12, looking inside: receptive field, softmax, a unit, codes, confusions.

The net is that of the bundled film "looking"; its layer 6 is the ReLU behind the third convolution.
"""

from functools import cache

import numpy as np

from ..train import film
from .exercise import FunctionExercise, ValueExercise, label
from .feedback import complaint
from .words import number

WARM_UP = ValueExercise(
    "12.warm_up",
    (4000 // 32, 8),
    (
        ("batch_size", (32, 8)),
        ("a_step_for_each_picture", (4000, 8)),
        ("multiplied", (4000 * 32, 8)),
        ("same_row", (125, 4)),
        ("last_row", (125, 9)),
        ("counted_from_one", (125, 7)),
        ("halved", (125, 2)),
    ),
    labels=(label("steps"), label("row")),
    separate=True,
    solution="""
        answer = [4000 // 32, 4 * 2]
    """,
)

ROW, COLUMN = 5, 8
WAY_BACK = ("conv", "pool", "conv", "conv")  # from layer 6 to the pixels


def _seen(index, way=WAY_BACK):
    """The first and the last pixel that reach output ``index``, along one side of the picture."""
    first = last = index
    for layer in way:
        first, last = (first - 1, last + 1) if layer == "conv" else (2 * first, 2 * last + 1)
    return first, last


def _window(**options):
    return *_seen(ROW, **options), *_seen(COLUMN, **options)


TOP, BOTTOM, LEFT, RIGHT = _window()

SEES = ValueExercise(
    "12.sees",
    (TOP, BOTTOM, LEFT, RIGHT),
    (
        ("one_filter", _window(way=("conv",))),
        ("forgot_pool", _window(way=("conv",) * 3)),
        ("forgot_convolutions", _window(way=("pool",))),
        ("last_two_layers", _window(way=("conv", "pool"))),
        ("pool_first", _window(way=("pool", "conv", "conv", "conv"))),
        ("pool_keeps_its_corner", (2 * ROW - 4, 2 * ROW + 4, 2 * COLUMN - 4, 2 * COLUMN + 4)),
        ("as_a_slice", (TOP, BOTTOM + 1, LEFT, RIGHT + 1)),
        ("columns_first", (LEFT, RIGHT, TOP, BOTTOM)),
    ),
    facts={"row": ROW, "column": COLUMN, "side": BOTTOM - TOP + 1},
    labels=(label("first_row"), label("last_row"), label("first_column"), label("last_column")),
    solution="""
        first, last = 5, 5  # the row of the unit
        first, last = first - 1, last + 1  # back through its convolution
        first, last = 2 * first, 2 * last + 1  # through the pooling
        first, last = first - 2, last + 2  # through two more convolutions
        answer = [first, last, first + 2 * 3, last + 2 * 3]  # its column lies 3 places further on
    """,
)


def softmax(scores):
    e = np.exp(scores - np.max(scores))
    return e / e.sum()


def _terms(scores):
    with np.errstate(over="ignore"):
        return np.exp(scores)


def _plain(scores):
    """Softmax without care: where a power of e is infinite, so is the sum, and the share is NaN."""
    with np.errstate(invalid="ignore"):
        return _terms(scores) / _terms(scores).sum()


SOFTMAX = FunctionExercise(
    "12.softmax",
    softmax,
    (
        ("no_exponential", lambda scores: scores / scores.sum()),
        ("not_divided", _terms),
        ("not_divided", lambda scores: np.exp(scores - np.max(scores))),
        ("each_by_itself", lambda scores: 1 / (1 + np.exp(-scores))),
        ("logarithm", lambda scores: np.log(softmax(scores))),
        ("power_of_two", lambda scores: 2**scores / (2**scores).sum()),
        ("mean_for_sum", lambda scores: softmax(scores) * len(scores)),
        ("lost_the_sign", lambda scores: softmax(np.abs(scores))),
        ("lost_the_sign", lambda scores: _plain(np.abs(scores))),
        ("upside_down", lambda scores: softmax(-scores)),
        ("upside_down", lambda scores: _plain(-scores)),
        ("mean_for_sum", lambda scores: _plain(scores) * len(scores)),
        ("overflows", _plain),
    ),
    cases=(
        {"scores": np.array([2.0, 1.0, 0.0, -1.0])},
        {"scores": np.array([1.25, -3.0, 0.5])},
        {"scores": np.array([1000.0, 999.0])},
    ),
    imports="import numpy as np",
)

LAYER = 6
UNITS = 16
WAVE = 7
_WAVES = 0.5 + 0.5 * np.sin(2 * np.pi * (np.arange(28) + np.arange(WAVE)[:, None]) / WAVE)
# Stripes (WAVE, 28, 28, 1), each image a pixel further than the one before.
UPRIGHT = np.repeat(_WAVES[:, None, :, None], 28, axis=1).astype(np.float32)
LEVEL = UPRIGHT.transpose(0, 2, 1, 3).copy()
BEST = 7


@cache
def answers():
    """The mean answer of each unit to upright and to level stripes."""
    net = film("looking").net()
    return [net.activations(x)[LAYER].mean(axis=(0, 1, 2)) for x in (UPRIGHT, LEVEL)]


def _stripes(unit):
    (upright, level), k = answers(), int(unit)
    if k != unit or not 0 <= k < UNITS:
        raise complaint("12.stripes.no_unit", given=number(unit), last=UNITS - 1)
    difference = upright - level
    if k == difference.argmax():
        return
    details = {"given": k, "upright": f"{upright[k]:.2f}", "level": f"{level[k]:.2f}"}
    if k == difference.argmin():
        raise complaint("12.stripes.level_stripes", **details)
    if k == upright.argmax():
        raise complaint("12.stripes.loudest", **details)
    if k - 1 == difference.argmax():
        raise complaint("12.stripes.counted_from_one", **details)
    if upright[k] < 0.1:
        raise complaint("12.stripes.blind", **details)
    raise complaint("12.stripes.quieter" if difference[k] > 0 else "12.stripes.wrong", **details)


STRIPES = ValueExercise(
    "12.stripes",
    BEST,
    (
        ("level_stripes", 2),
        ("loudest", 15),
        ("counted_from_one", BEST + 1),
        ("quieter", 0),
        ("blind", 11),
        ("no_unit", UNITS),
    ),
    facts={"layer": LAYER, "units": UNITS},
    given={"upright": UPRIGHT, "level": LEVEL},
    check=_stripes,
    solution="""
        import cnnlab
        from cnnlab import exercises

        net, pictures = cnnlab.film("looking").net(), exercises.given("12.stripes")
        maps = (net.activations(pictures[name])[6] for name in ("upright", "level"))
        upright, level = (each.mean(axis=(0, 1, 2)) for each in maps)
        answer = (upright - level).argmax()
    """,
)


def nearest(codes, labels, code):
    distances = ((codes - code) ** 2).sum(axis=1)
    return labels[distances.argmin()]


def _distances(codes, code):
    return ((codes - code) ** 2).sum(axis=1)


def _neighbours(seed, N, D):
    rng = np.random.default_rng(seed)
    codes, labels = rng.integers(-12, 13, (N, D)) / 2, rng.permutation(10)[:N]
    return {"codes": codes, "labels": labels, "code": rng.integers(-12, 13, D) / 2}


# Small enough to be recomputed by hand; from corner to corner [4, 4] is nearer, along the streets
# [6, 1].
IN_A_PLANE = {
    "codes": np.array([[6.0, 1.0], [4.0, 4.0], [-3.0, -5.0]]),
    "labels": np.array([2, 7, 4]),
    "code": np.array([1.0, 1.0]),
}

NEAREST = FunctionExercise(
    "12.nearest",
    nearest,
    (
        ("farthest", lambda codes, labels, code: labels[_distances(codes, code).argmax()]),
        ("the_place", lambda codes, labels, code: _distances(codes, code).argmin()),
        ("the_distance", lambda codes, labels, code: _distances(codes, code).min()),
        ("the_distance", lambda codes, labels, code: _distances(codes, code).min() ** 0.5),
        ("the_code", lambda codes, labels, code: codes[_distances(codes, code).argmin()]),
        ("largest_product", lambda codes, labels, code: labels[(codes @ code).argmax()]),
        ("signs_cancel", lambda codes, labels, code: labels[(codes - code).sum(axis=1).argmin()]),
        (
            "signs_cancel",
            lambda codes, labels, code: labels[np.abs((codes - code).sum(axis=1)).argmin()],
        ),
        (
            "city_block",
            lambda codes, labels, code: labels[np.abs(codes - code).sum(axis=1).argmin()],
        ),
        ("forgot_axis", lambda codes, labels, code: labels[0]),
        (
            "wrong_axis",
            lambda codes, labels, code: labels[((codes - code) ** 2).sum(axis=0).argmin()],
        ),
        (
            "first_number_only",
            lambda codes, labels, code: labels[np.abs(codes[:, 0] - code[0]).argmin()],
        ),
    ),
    cases=(
        IN_A_PLANE,
        *(_neighbours(seed, N, D) for seed, N, D in ((1, 4, 3), (2, 4, 3), (3, 6, 2), (4, 5, 2))),
    ),
)


def most_confused(M):
    wrong = M - np.diag(np.diag(M))
    truth, answer = np.unravel_index(wrong.argmax(), M.shape)
    return truth, answer


def _largest(M):
    return np.unravel_index(M.argmax(), M.shape)


def _wrong(M):
    return M - np.diag(np.diag(M))


CONFUSED = FunctionExercise(
    "12.confused",
    most_confused,
    (
        ("kept_the_diagonal", _largest),
        ("turned_round", lambda M: most_confused(M)[::-1]),
        ("both_ways", lambda M: _largest(_wrong(M + M.T))),
        ("how_often", lambda M: _wrong(M).max()),
        ("flat_place", lambda M: _wrong(M).argmax()),
        ("two_sums", lambda M: (_wrong(M).sum(axis=1).argmax(), _wrong(M).sum(axis=0).argmax())),
        ("share_of_row", lambda M: _largest(_wrong(M) / M.sum(axis=1, keepdims=True))),
        ("share_of_column", lambda M: _largest(_wrong(M) / M.sum(axis=0))),
        ("least", lambda M: np.unravel_index((M + 99 * np.eye(len(M))).argmin(), M.shape)),
    ),
    cases=(
        {"M": np.array([[8, 2, 0], [7, 60, 4], [3, 6, 9]])},
        {"M": np.array([[90, 20, 9], [0, 5, 3], [5, 18, 2]])},
        {"M": np.array([[40, 3, 0, 11], [7, 9, 1, 0], [4, 1, 5, 3], [10, 2, 0, 3]])},
    ),
    imports="import numpy as np",
)

EXERCISES = (WARM_UP, SEES, SOFTMAX, STRIPES, NEAREST, CONFUSED)
