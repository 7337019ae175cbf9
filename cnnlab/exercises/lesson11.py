"""The exercises of lesson 11, train one: first loss, momentum, overfitting, rates, dead filters.

What the learner trains or repairs is checked in ``net_exercises``.
"""

import numpy as np

from .exercise import FunctionExercise, ValueExercise, label
from .net_exercises import BY_HEART, REVIVE

WARM_UP = ValueExercise(
    "11.warm_up",
    (14 * 14 * 8, 3 * 3 * 8 * 16),
    (
        ("one_map", (14 * 14, 3 * 3 * 8 * 16)),
        ("one_side", (14, 3 * 3 * 8 * 16)),
        ("halved", (28 * 28 * 8 // 2, 3 * 3 * 8 * 16)),
        ("pooled_the_depth", (14 * 14 * 4, 3 * 3 * 8 * 16)),
        ("one_channel", (14 * 14 * 8, 3 * 3 * 16)),
        ("one_filter", (14 * 14 * 8, 3 * 3 * 8)),
        ("with_biases", (14 * 14 * 8, 3 * 3 * 8 * 16 + 16)),
    ),
    labels=(label("values"), label("weights")),
    separate=True,
    solution="""
        answer = [28 // 2 * (28 // 2) * 8, 3 * 3 * 8 * 16]
    """,
)


def first_loss(C):
    return np.log(C)


FIRST_LOSS = FunctionExercise(
    "11.first_loss",
    first_loss,
    (
        ("the_share", lambda C: 1 / C),
        ("share_of_mistakes", lambda C: 1 - 1 / C),
        ("forgot_sign", lambda C: np.log(1 / C)),
        ("another_logarithm", lambda C: np.log2(C)),
        ("another_logarithm", lambda C: np.log10(C)),
        ("sum_over_classes", lambda C: C * np.log(C)),
        ("mean_over_classes", lambda C: np.log(C) / C),
        ("always_ten_classes", lambda C: np.log(10)),
        ("always_ten_classes", lambda C: 2.3),
        ("always_ten_classes", lambda C: 2.303),
        ("zero", lambda C: 0),
        ("rounded", lambda C: round(np.log(C), 1)),
        ("rounded", lambda C: round(np.log(C), 2)),
        ("rounded", lambda C: round(np.log(C), 3)),
    ),
    cases=({"C": 10}, {"C": 2}, {"C": 1000}),
    imports="import numpy as np",
)


def descend(w, gradients, lr, momentum):
    v = 0
    for g in gradients:
        v = momentum * v + g
        w = w - lr * v
    return w


def _descend(step, end=lambda w, v, lr: w):
    """Descent: ``step(w, v, g, lr, m)`` gives the next w and v, ``end(w, v, lr)`` the result."""

    def descent(w, gradients, lr, momentum):
        v = 0
        for g in gradients:
            w, v = step(w, v, g, lr, momentum)
        return end(w, v, lr)

    return descent


def _only_v(w, v, g, lr, m):
    return w, m * v + g


DESCEND = FunctionExercise(
    "11.descend",
    descend,
    (
        ("uphill", _descend(lambda w, v, g, lr, m: (w + lr * (m * v + g), m * v + g))),
        ("no_momentum", _descend(lambda w, v, g, lr, m: (w - lr * g, v))),
        ("no_learning_rate", _descend(lambda w, v, g, lr, m: (w - (m * v + g), m * v + g))),
        (
            "running_mean",
            _descend(lambda w, v, g, lr, m: (w - lr * (m * v + (1 - m) * g), m * v + (1 - m) * g)),
        ),
        ("one_step_late", _descend(lambda w, v, g, lr, m: (w - lr * v, m * v + g))),
        ("remembers_one_gradient", _descend(lambda w, v, g, lr, m: (w - lr * (m * v + g), g))),
        ("forgets_nothing", _descend(lambda w, v, g, lr, m: (w - lr * (v + g), v + g))),
        ("shrinks_the_weight", _descend(lambda w, v, g, lr, m: (m * w - lr * g, v))),
        (
            "learning_rate_twice",
            _descend(lambda w, v, g, lr, m: (w - lr * (m * v + lr * g), m * v + lr * g)),
        ),
        ("one_step_at_the_end", _descend(_only_v, lambda w, v, lr: w - lr * v)),
        ("returned_the_velocity", _descend(_only_v, lambda w, v, lr: v)),
        ("returned_the_step", _descend(_only_v, lambda w, v, lr: lr * v)),
        ("only_the_first_step", lambda w, gradients, lr, momentum: w - lr * gradients[0]),
        ("only_the_last_step", lambda w, gradients, lr, momentum: w - lr * gradients[-1]),
    ),
    cases=(
        {"w": 1.0, "gradients": [2.0, 2.0, 2.0], "lr": 0.1, "momentum": 0.5},
        {"w": -3.0, "gradients": [4.0, -1.0, 0.0, 2.0], "lr": 0.25, "momentum": 0.75},
        {"w": 0.5, "gradients": [1.0], "lr": 0.5, "momentum": 0.9},
    ),
)


# Losses of the lesson's net (seed 0) over one epoch, Adam, batches of 32: means of every five
# steps, one row a rate.
RATES = (0.00001, 0.0005, 0.01, 0.3)
CURVES = """
2.67 2.59 2.74 2.69 2.59 2.75 2.63 2.57 2.55 2.54 2.55 2.54 2.64 2.61 2.53 2.44 2.49 2.57 2.47 2.45 2.52 2.40 2.60 2.54 2.41
2.51 2.21 2.07 1.98 1.82 1.74 1.63 1.49 1.36 1.23 1.22 1.11 1.12 1.08 0.94 0.93 0.84 0.82 0.88 0.89 0.77 0.72 0.78 0.83 0.75
2.48 1.63 1.18 0.84 0.84 0.95 0.78 0.70 0.59 0.46 0.61 0.58 0.67 0.61 0.52 0.65 0.60 0.44 0.62 0.68 0.48 0.40 0.58 0.51 0.49
13.1 2.40 2.35 2.32 2.35 2.34 2.34 2.35 2.33 2.33 2.31 2.36 2.34 2.33 2.34 2.32 2.33 2.35 2.35 2.33 2.32 2.32 2.35 2.33 2.35
"""  # noqa: E501
BY_RATE = np.array([row.split() for row in CURVES.split("\n") if row], float)
SHOWN = (3, 1, 0, 2)  # the number of its rate, for each curve shown
CURVE_OF_RATE = tuple(SHOWN.index(rate) for rate in range(4))

WHICH_RATE = ValueExercise(
    "11.rates",
    CURVE_OF_RATE,
    (
        ("rates_not_curves", SHOWN),
        ("largest_first", CURVE_OF_RATE[::-1]),
        ("small_and_large", (CURVE_OF_RATE[3], *CURVE_OF_RATE[1:3], CURVE_OF_RATE[0])),
        (
            "two_in_the_middle",
            (CURVE_OF_RATE[0], CURVE_OF_RATE[2], CURVE_OF_RATE[1], CURVE_OF_RATE[3]),
        ),
        ("counted_from_one", tuple(n + 1 for n in CURVE_OF_RATE)),
    ),
    facts={"steps": 125},
    given={"loss": BY_RATE[list(SHOWN)]},
    labels=tuple(label("curve", rate=f"{rate:f}".rstrip("0")) for rate in RATES),
    solution="""
        from cnnlab import exercises

        loss = exercises.given("11.rates")["loss"]
        # the largest rate throws the loss up, and then nothing moves any more
        leaps = loss[:, 0].argmax()
        slow, steady, fast = [n for n in (-loss[:, -5:].mean(axis=1)).argsort() if n != leaps]
        answer = [slow, steady, fast, leaps]
    """,
)


EXERCISES = (WARM_UP, FIRST_LOSS, DESCEND, BY_HEART, WHICH_RATE, REVIVE)
