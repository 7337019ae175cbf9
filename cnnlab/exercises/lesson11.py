"""Lesson 11, train one: the first loss, momentum, twenty pictures by heart, four learning rates, dead filters.

Two exercises take a net the learner has trained or repaired; it is judged by what it does with pictures.
"""

import numpy as np

from ..data import load
from ..layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from ..losses import softmax_cross_entropy
from ..net import Sequential
from ..optim import SGD, Adam
from ..train import History, train
from .calling import call
from .exercise import FunctionExercise, JudgedExercise, ValueExercise
from .verdict import complaint
from .words import number


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


def _descend(step):
    """Descent in which ``step(w, v, g, lr, m)`` makes the next w and v."""

    def descent(w, gradients, lr, momentum):
        v = 0
        for g in gradients:
            w, v = step(w, v, g, lr, momentum)
        return w

    return descent


DESCEND = FunctionExercise(
    "11.descend",
    descend,
    (
        ("uphill", _descend(lambda w, v, g, lr, m: (w + lr * (m * v + g), m * v + g))),
        ("no_momentum", _descend(lambda w, v, g, lr, m: (w - lr * g, v))),
        ("no_learning_rate", _descend(lambda w, v, g, lr, m: (w - (m * v + g), m * v + g))),
        ("running_mean", _descend(lambda w, v, g, lr, m: (w - lr * (m * v + (1 - m) * g), m * v + (1 - m) * g))),
        ("one_step_late", _descend(lambda w, v, g, lr, m: (w - lr * v, m * v + g))),
        ("remembers_one_gradient", _descend(lambda w, v, g, lr, m: (w - lr * (m * v + g), g))),
        ("forgets_nothing", _descend(lambda w, v, g, lr, m: (w - lr * (v + g), v + g))),
        ("shrinks_the_weight", _descend(lambda w, v, g, lr, m: (m * w - lr * g, v))),
        ("learning_rate_twice", _descend(lambda w, v, g, lr, m: (w - lr * (m * v + lr * g), m * v + lr * g))),
        ("only_the_first_step", lambda w, gradients, lr, momentum: w - lr * gradients[0]),
        ("only_the_last_step", lambda w, gradients, lr, momentum: w - lr * gradients[-1]),
    ),
    cases=(
        {"w": 1.0, "gradients": [2.0, 2.0, 2.0], "lr": 0.1, "momentum": 0.5},
        {"w": -3.0, "gradients": [4.0, -1.0, 0.0, 2.0], "lr": 0.25, "momentum": 0.75},
        {"w": 0.5, "gradients": [1.0], "lr": 0.5, "momentum": 0.9},
    ),
)


def clothes_net(seed):
    """The lesson's net, untrained."""
    first, second = (Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2)), (Conv2d(16, 3, padding=1), ReLU(), MaxPool2d(2))
    return Sequential(*first, *second, Flatten(), Linear(10), input_shape=(28, 28, 1), seed=seed)


def _same_net(result, net, key):
    """Refuse what is not a net with the layers of ``net``."""
    if issubclass(type(result), History):
        raise complaint(f"{key}.returned_history")
    if not issubclass(type(result), Sequential):
        raise complaint("verdict.no_net", "wrong type", type=type(result).__name__)
    given, wanted = ({name: array.shape for name, array in one.params.items()} for one in (result, net))
    if given != wanted or str(result) != str(net):
        raise complaint("verdict.another_net", "wrong shape")


def _unmoved(result, net):
    return all(np.array_equal(array, net.params[name]) for name, array in result.params.items())


ENOUGH = 0.01  # a loss that low is knowing by heart
HEART = {"enough": ENOUGH, "guess": number(round(float(np.log(10)), 2))}


def by_heart(net, x, y):
    train(net, (x, y), epochs=100, batch_size=20, optimizer=Adam(0.01), progress=False)
    return net


def _few():
    few = load("fashion").train.take(20)
    return {"net": clothes_net(11), "x": few.x, "y": few.y}


def _judge_by_heart(result, net, x, y):
    _same_net(result, net, "11.by_heart")
    scores = call(result.scores, (x,))
    loss = softmax_cross_entropy(scores, y)[0]
    said = {"loss": number(round(loss, 3)), "right": int((scores.argmax(axis=1) == y).sum()), **HEART}
    if loss < ENOUGH:
        return
    if _unmoved(result, net):
        raise complaint("11.by_heart.untouched", **said)
    if np.ptp(scores, axis=0).max() < 1e-6:
        raise complaint("11.by_heart.dead", **said)
    raise complaint("11.by_heart.far_away" if not loss < 2 else "11.by_heart.not_far_enough", **said)


def _heart(**options):
    """The same with other choices."""

    def by_heart(net, x, y):
        train(net, (x, y), **{"epochs": 100, "batch_size": 20, "progress": False, **options})
        return net

    return by_heart


BY_HEART = JudgedExercise(
    "11.by_heart",
    by_heart,
    (
        ("returned_history", lambda net, x, y: train(net, (x, y), epochs=1, batch_size=20, progress=False)),
        ("untouched", lambda net, x, y: net),
        ("dead", _heart(optimizer=Adam(1.0))),
        ("far_away", _heart(optimizer=Adam(1e-5))),
        ("far_away", _heart(optimizer=SGD(1e-4))),
        ("not_far_enough", _heart(optimizer=Adam(0.01), epochs=10)),
    ),
    facts=HEART,
    imports="from cnnlab import Adam, train",
    setting=_few,
    judge=_judge_by_heart,
)

# Losses of the lesson's net (seed 0) over one epoch, Adam, batches of 32: means of every five steps, one row a rate.
RATES = (0.00001, 0.0005, 0.01, 0.3)
CURVES = """
2.67 2.59 2.74 2.69 2.59 2.75 2.63 2.57 2.55 2.54 2.55 2.54 2.64 2.61 2.53 2.44 2.49 2.57 2.47 2.45 2.52 2.40 2.60 2.54 2.41
2.51 2.21 2.07 1.98 1.82 1.74 1.63 1.49 1.36 1.23 1.22 1.11 1.12 1.08 0.94 0.93 0.84 0.82 0.88 0.89 0.77 0.72 0.78 0.83 0.75
2.48 1.63 1.18 0.84 0.84 0.95 0.78 0.70 0.59 0.46 0.61 0.58 0.67 0.61 0.52 0.65 0.60 0.44 0.62 0.68 0.48 0.40 0.58 0.51 0.49
13.1 2.40 2.35 2.32 2.35 2.34 2.34 2.35 2.33 2.33 2.31 2.36 2.34 2.33 2.34 2.32 2.33 2.35 2.35 2.33 2.32 2.32 2.35 2.33 2.35
"""  # noqa: E501
BY_RATE = np.array([row.split() for row in CURVES.split("\n") if row], float)
SHOWN = (3, 1, 0, 2)  # the rates of the curves as they are shown
PLACES = tuple(SHOWN.index(rate) for rate in range(4))  # the curve of each rate

WHICH_RATE = ValueExercise(
    "11.rates",
    PLACES,
    (
        ("rates_not_curves", SHOWN),
        ("largest_first", PLACES[::-1]),
        ("small_and_large", (PLACES[3], *PLACES[1:3], PLACES[0])),
        ("two_in_the_middle", (PLACES[0], PLACES[2], PLACES[1], PLACES[3])),
        ("counted_from_one", tuple(place + 1 for place in PLACES)),
    ),
    facts={"steps": 125},
    given={"loss": BY_RATE[list(SHOWN)]},
    places=tuple(f"The curve of {rate:g}" for rate in RATES),
    solution="""
        from cnnlab import exercises

        loss = exercises.given("11.rates")["loss"]
        leaps = loss[:, 0].argmax()  # the largest rate throws the loss up, and then nothing moves any more
        slow, steady, fast = [n for n in (-loss[:, -5:].mean(axis=1)).argsort() if n != leaps]
        answer = [slow, steady, fast, leaps]
    """,
)


def revive(net, x):
    w, b = net.params["0.weight"], net.params["0.bias"]
    dead = (net.activations(x)[1] == 0).all(axis=(0, 1, 2))
    w[dead] = 0.3 * np.random.default_rng(0).standard_normal(w[dead].shape)
    b[dead] = 0
    return net


BURIED, DEPTH = (1, 4, 6), -10.0  # filters whose bias nothing in a picture can outweigh


def _buried():
    net = clothes_net(0)
    net.params["0.bias"][list(BURIED)] = DEPTH
    return {"net": net, "x": load("fashion").test.take(50).x}


def _judge_revive(result, net, x):
    _same_net(result, net, "11.revive")
    maps = call(result.activations, (x,))[1]
    w, b = result.params["0.weight"], result.params["0.bias"]
    dead = np.flatnonzero((maps <= 0).all(axis=(0, 1, 2))).tolist()
    said = {"dead": ", ".join(map(str, dead)), "count": len(dead), "filters": len(BURIED)}
    living = [k for k in range(len(w)) if k not in BURIED]
    if not all(np.array_equal(a[living], net.params[name][living]) for a, name in ((w, "0.weight"), (b, "0.bias"))):
        raise complaint("11.revive.trained_on" if dead else "11.revive.all_new", **said)
    if dead and not w[dead].any() and not b[dead].any():
        raise complaint("11.revive.all_zero", **said)
    if dead:
        raise complaint(f"11.revive.{_how_dead(result, net, dead)}", **said)
    if (maps[..., list(BURIED)] > 0).all(axis=(0, 1, 2)).any():
        raise complaint("11.revive.never_off", **said)


def _how_dead(result, net, dead):
    if _unmoved(result, net):
        return "untouched"
    return "some_left" if len(dead) < len(BURIED) else "still_below"


def _with_bias(bias, filters=BURIED):
    def revive(net, x):
        net.params["0.bias"][list(filters)] = bias
        return net

    return revive


def _train_on(optimizer):
    def revive(net, x):
        train(net, (x, np.arange(len(x)) % 10), epochs=2, batch_size=10, optimizer=optimizer, progress=False)
        return net

    return revive


def _all_zero(net, x):
    net.params["0.weight"][list(BURIED)] = 0
    return _with_bias(0)(net, x)


REVIVE = JudgedExercise(
    "11.revive",
    revive,
    (
        (
            "returned_history",
            lambda net, x: train(net, (x, np.arange(50) % 10), epochs=1, batch_size=10, progress=False),
        ),
        ("untouched", lambda net, x: net),
        ("trained_on", _train_on(SGD(0.05))),
        ("trained_on", _train_on(SGD(0.05, weight_decay=0.1))),
        ("all_new", lambda net, x: clothes_net(1)),
        ("all_zero", _all_zero),
        ("still_below", _with_bias(-5)),
        ("some_left", _with_bias(0, BURIED[:1])),
        ("never_off", _with_bias(10)),
    ),
    facts={"filters": len(BURIED)},
    imports="import numpy as np",
    setting=_buried,
    judge=_judge_revive,
)

EXERCISES = (FIRST_LOSS, DESCEND, BY_HEART, WHICH_RATE, REVIVE)
