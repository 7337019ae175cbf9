"""The exercises of lesson 02, will it fit?: output sizes, AlexNet, a pooling that halves, padding.

What fits is decided by ``shapes.out_size``, the only place that knows.
"""

from math import floor

from .. import shapes
from ..data.demo import convolution_demo
from .exercise import FunctionExercise, ValueExercise, label
from .feedback import complaint
from .words import number

DEMO = convolution_demo()
_, SIDE, _, DEPTH = DEMO.x.shape
EXTENT = DEMO.w.shape[1]
PRODUCTS = EXTENT * EXTENT * DEPTH

WARM_UP = ValueExercise(
    "02.warm_up",
    (PRODUCTS, SIDE),
    (
        ("one_channel", (EXTENT * EXTENT, SIDE)),
        ("counted_the_bias", (PRODUCTS + 1, SIDE)),
        ("whole_picture", (SIDE * SIDE * DEPTH, SIDE)),
        ("forgot_padding", (PRODUCTS, SIDE - EXTENT + 1)),
        ("padding_once", (PRODUCTS, SIDE - EXTENT + 2)),
        ("with_padding", (PRODUCTS, SIDE + 2)),
        ("all_places", (PRODUCTS, SIDE * SIDE)),
    ),
    facts={"extent": EXTENT, "depth": DEPTH, "side": SIDE},
    labels=(label("products"), label("side")),
    separate=True,
    solution="answer = [3 * 3 * 3, 5 - 3 + 2 * 1 + 1]",
)


def unrounded(W, F, S, P):
    """How many windows would fit if a part of one counted: ``(W − F + 2P)/S + 1``, not rounded."""
    return (W - F + 2 * P) / S + 1


def out_size(W, F, S, P):
    return (W - F + 2 * P) // S + 1


OUT_SIZE = FunctionExercise(
    "02.out_size",
    out_size,
    (
        ("fraction", unrounded),
        ("rounded", lambda W, F, S, P: round(unrounded(W, F, S, P))),
        ("rounded", lambda W, F, S, P: round((W - F + 2 * P) / S) + 1),
        ("rounded", lambda W, F, S, P: floor(unrounded(W, F, S, P) + 0.5)),
        ("rounded_up", lambda W, F, S, P: -(-(W - F + 2 * P) // S) + 1),
        ("forgot_plus_one", lambda W, F, S, P: (W - F + 2 * P) // S),
        ("forgot_brackets", lambda W, F, S, P: W - F + 2 * P // S + 1),
        ("forgot_brackets", lambda W, F, S, P: W - F + 2 * P / S + 1),
        ("padding_last", lambda W, F, S, P: (W - F) // S + 1 + 2 * P),
        ("only_width", lambda W, F, S, P: W // S),
        ("only_width", lambda W, F, S, P: (W + 2 * P) // S),
        ("as_whole_filters", lambda W, F, S, P: W // F),
        ("forgot_stride", lambda W, F, S, P: W - F + 2 * P + 1),
        ("forgot_padding", lambda W, F, S, P: (W - F) // S + 1),
        ("padding_once", lambda W, F, S, P: (W - F + P) // S + 1),
        ("padding_taken_away", lambda W, F, S, P: (W - F - 2 * P) // S + 1),
        ("swapped_filter_and_stride", lambda W, F, S, P: (W - S + 2 * P) // F + 1),
    ),
    cases=tuple(
        dict(zip("WFSP", sizes, strict=True))
        for sizes in (
            (7, 3, 1, 0),
            (7, 3, 2, 0),
            (5, 3, 1, 1),
            (5, 3, 2, 1),
            (10, 3, 2, 0),
            (32, 3, 2, 1),
            (227, 11, 4, 0),
            (224, 11, 4, 2),
            (28, 5, 3, 2),
            (10, 3, 4, 0),
            (12, 3, 5, 0),
        )
    ),
)

# AlexNet's first filters: the paper speaks of pictures of 224 cells and of 55 outputs.
FILTERS = {"F": 11, "S": 4, "P": 0}
OUTPUTS, PAPER = 55, 224
FITTING, _ = shapes.transposed_out((OUTPUTS, OUTPUTS), FILTERS["F"], FILTERS["S"], FILTERS["P"])

ALEXNET = ValueExercise(
    "02.alexnet",
    FITTING,
    (
        ("the_paper", PAPER),
        ("forgot_plus_one", OUTPUTS * FILTERS["S"] + FILTERS["F"]),
        ("forgot_filter", OUTPUTS * FILTERS["S"]),
        ("last_start", (OUTPUTS - 1) * FILTERS["S"]),
        *(("leftover", FITTING + left) for left in range(1, FILTERS["S"])),
    ),
    facts={
        **FILTERS,
        "outputs": OUTPUTS,
        "paper": PAPER,
        "places": number(unrounded(PAPER, **FILTERS)),
        "missing": FITTING - PAPER,
    },
    solution="answer = (55 - 1) * 4 + 11",
)

WIDTH, HALF = 32, 16


def _halves(values):
    if any(v != int(v) for v in values) or min(values[:2]) < 1 or values[2] < 0:
        raise complaint("02.pool32.no_sizes")
    F, S, P = map(int, values)
    details = {"F": F, "S": S, "P": P, "W": WIDTH, "half": HALF}
    if P >= F:
        raise complaint("02.pool32.too_much_padding", **details)
    if F > WIDTH + 2 * P:
        raise complaint("02.pool32.too_large", **details)
    try:
        windows = shapes.out_size(WIDTH, F, S, P, fit="exact")
    except shapes.MisfitError:
        name = {(3, 2, 0): "as_in_alexnet", (3, 2, 1): "padded"}.get((F, S, P), "does_not_fit")
        raise complaint(
            f"02.pool32.{name}", places=number(unrounded(WIDTH, F, S, P)), **details
        ) from None
    if windows != HALF:
        raise complaint("02.pool32.fits_but_not_half", given=windows, **details)
    if S != WIDTH // HALF:
        raise complaint(
            "02.pool32.slides_by_one" if S == 1 else "02.pool32.mostly_padding", **details
        )


POOL32 = ValueExercise(
    "02.pool32",
    (2, 2, 0),
    (
        ("as_in_alexnet", (3, 2, 0)),
        ("padded", (3, 2, 1)),
        ("does_not_fit", (5, 2, 0)),
        ("fits_but_not_half", (2, 1, 0)),
        ("fits_but_not_half", (4, 4, 0)),
        ("slides_by_one", (17, 1, 0)),
        ("slides_by_one", (19, 1, 1)),
        ("mostly_padding", (15, 3, 14)),
        ("too_much_padding", (2, 2, 2)),
        ("too_large", (33, 2, 0)),
        ("no_sizes", (2.5, 2, 0)),
        ("no_sizes", (2, 0, 0)),
    ),
    facts={"W": WIDTH, "half": HALF},
    check=_halves,
    solution="""
        from cnnlab.shapes import out_size

        F, S, P = 2, 2, 0
        assert out_size(32, F, S, P, fit="exact") == 16
        answer = F, S, P
    """,
)


def same_padding(F):
    return (F - 1) // 2


SAME = FunctionExercise(
    "02.same_padding",
    same_padding,
    (
        ("rounded_up", lambda F: (F + 1) // 2),
        ("both_sides", lambda F: F - 1),
        ("always_one", lambda F: 1),
        ("fraction", lambda F: F / 2),
        ("as_large_as_the_filter", lambda F: F),
    ),
    cases=tuple({"F": F} for F in (3, 5, 1, 7, 11)),
)

EXERCISES = (WARM_UP, OUT_SIZE, ALEXNET, POOL32, SAME)
