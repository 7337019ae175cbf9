"""The exercises of lesson 11 about nets: twenty pictures learnt by heart, dead filters revived.

A net that the learner has trained or repaired is checked by what it does with pictures.
"""

import numpy as np

from ..data import load
from ..layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from ..losses import softmax_cross_entropy
from ..net import Sequential
from ..optim import SGD, Adam
from ..train import History, train
from .calling import call
from .exercise import OpenExercise
from .feedback import complaint
from .words import number


def clothes_net(seed):
    """The lesson's net, untrained."""
    first = (Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2))
    second = (Conv2d(16, 3, padding=1), ReLU(), MaxPool2d(2))
    return Sequential(*first, *second, Flatten(), Linear(10), input_shape=(28, 28, 1), seed=seed)


def _same_net(result, net, key):
    """Refuse what is not a net with the layers of ``net``."""
    if issubclass(type(result), History):
        raise complaint(f"{key}.returned_history")
    if not issubclass(type(result), Sequential):
        raise complaint("feedback.no_net", "wrong type", type=type(result).__name__)
    given, wanted = (
        {name: array.shape for name, array in each.params.items()} for each in (result, net)
    )
    if given != wanted or str(result) != str(net):
        raise complaint("feedback.another_net", "wrong shape")


def _unmoved(result, net):
    return all(np.array_equal(array, net.params[name]) for name, array in result.params.items())


ENOUGH = 0.01  # a loss that low is knowing by heart
MANY = 0.65  # of the held-out pictures: nets that know only twenty have about half of them right
HEART = {"enough": ENOUGH, "guess": number(round(float(np.log(10)), 2))}


def by_heart(net, x, y):
    train(net, (x, y), epochs=100, batch_size=20, optimizer=Adam(0.01), progress=False)
    return net


def _few():
    few = load("fashion").train.take(20)
    return {"net": clothes_net(11), "x": few.x, "y": few.y}


def _check_by_heart(result, net, x, y):
    _same_net(result, net, "11.by_heart")
    scores = call(result.scores, (x,))
    loss = softmax_cross_entropy(scores, y)[0]
    details = {
        "loss": number(round(loss, 3)),
        "right": int((scores.argmax(axis=1) == y).sum()),
        **HEART,
    }
    if loss < ENOUGH:
        return
    if _unmoved(result, net):
        raise complaint("11.by_heart.untouched", **details)
    if np.ptp(scores, axis=0).max() < 1e-6:
        raise complaint("11.by_heart.dead", **details)
    new = load("fashion").test
    if (call(result.predict, (new.x,)) == new.y).mean() > MANY:
        raise complaint("11.by_heart.trained_on_all", **details)
    raise complaint(
        "11.by_heart.far_away" if not loss < 2 else "11.by_heart.not_far_enough", **details
    )


def _heart(**options):
    """The same with other choices."""

    def by_heart(net, x, y):
        train(net, (x, y), **{"epochs": 100, "batch_size": 20, "progress": False, **options})
        return net

    return by_heart


def _trained_on_all(net, x, y):
    train(
        net, load("fashion").train, epochs=1, batch_size=20, optimizer=Adam(0.005), progress=False
    )
    return net


BY_HEART = OpenExercise(
    "11.by_heart",
    by_heart,
    (
        (
            "returned_history",
            lambda net, x, y: train(net, (x, y), epochs=1, batch_size=20, progress=False),
        ),
        ("untouched", lambda net, x, y: net),
        ("dead", _heart(optimizer=Adam(1.0))),
        ("trained_on_all", _trained_on_all),
        ("far_away", _heart(optimizer=Adam(1e-5))),
        ("far_away", _heart(optimizer=SGD(1e-4))),
        ("not_far_enough", _heart(optimizer=Adam(0.01), epochs=10)),
    ),
    facts=HEART,
    imports="from cnnlab import Adam, train",
    setting=_few,
    check=_check_by_heart,
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


def _check_revive(result, net, x):
    _same_net(result, net, "11.revive")
    maps = call(result.activations, (x,))[1]
    w, b = result.params["0.weight"], result.params["0.bias"]
    dead = np.flatnonzero((maps <= 0).all(axis=(0, 1, 2))).tolist()
    details = {"dead": ", ".join(map(str, dead)), "count": len(dead), "filters": len(BURIED)}
    living = [k for k in range(len(w)) if k not in BURIED]
    if not all(
        np.array_equal(a[living], net.params[name][living])
        for a, name in ((w, "0.weight"), (b, "0.bias"))
    ):
        raise complaint("11.revive.trained_on" if dead else "11.revive.all_new", **details)
    if dead and not w[dead].any() and not b[dead].any():
        raise complaint("11.revive.all_zero", **details)
    if dead:
        raise complaint(f"11.revive.{_how_dead(result, net, dead)}", **details)
    if (maps[..., list(BURIED)] > 0).all(axis=(0, 1, 2)).any():
        raise complaint("11.revive.never_off", **details)


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
        train(
            net,
            (x, np.arange(len(x)) % 10),
            epochs=2,
            batch_size=10,
            optimizer=optimizer,
            progress=False,
        )
        return net

    return revive


def _all_zero(net, x):
    net.params["0.weight"][list(BURIED)] = 0
    return _with_bias(0)(net, x)


REVIVE = OpenExercise(
    "11.revive",
    revive,
    (
        (
            "returned_history",
            lambda net, x: train(
                net, (x, np.arange(50) % 10), epochs=1, batch_size=10, progress=False
            ),
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
    check=_check_revive,
)
