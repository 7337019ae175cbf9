"""No English is left in the views: where every text is marked, each shown word is marked."""

import re
import warnings

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib.figure import Figure

import cnnlab
from cnnlab import figures, views
from cnnlab.layers import Conv2d, Flatten, Linear
from cnnlab.net import Sequential
from helpers import pseudo
from helpers.pseudo_tests import artists, closed, english, speaking  # noqa: F401 (two are fixtures)
from helpers.trainers import conv_net, trainer
from helpers.training import background_run, images, wait_for

SETTINGS = [
    *((getattr(views, name), {}) for name in views.__all__),
    (views.Convolution, {"backward": True}),
    (views.Convolution, {"kernel_size": 9}),
    (views.Convolution, {"predict": True, "stride": 3}),
    (views.Strip1D, {"stride": 3, "fit": "exact"}),
    (views.Strip1D, {"stride": 3, "fit": "ceil", "dilation": 2}),
    (views.Strip1D, {"predict": True, "stride": 5}),
    (views.Pooling, {"shift_down": 1, "shift_right": -1}),
    (views.Pooling, {"backward": True, "mode": "l2"}),
    (views.Pooling, {"padding": 3}),
    (views.Pooling, {"predict": True, "mode": "average", "stride": 3}),
    (views.FilterLab, {"mode": "mix"}),
    (views.FilterLab, {"mode": "each", "stride": 7}),
    (views.FilterLab, {"mode": "grey", "shown": "signed"}),
    (views.Im2col, {"predict": True}),
    (views.Im2col, {"kernel_size": 4, "stride": 3}),
    (views.NetworkExplorer, {"unit": ["3", 5]}),
    (views.NetworkExplorer, {"unit": ["5", 5]}),
    (views.NetworkExplorer, {"unit": ["7", 5]}),
    (views.ActivationGallery, {"unit": 1}),
    (views.FilterGallery, {"layer": 3, "unit": 1}),
]


def sentences(data):
    """The texts in plain data; a single lower-case word names something there and is not shown."""
    if isinstance(data, str):
        yield from [] if re.fullmatch("[a-z0-9_]*", data) else [data]
    elif isinstance(data, (dict, list, tuple)):
        for inner in data.values() if isinstance(data, dict) else data:
            yield from sentences(inner)


@pytest.mark.slow
@pytest.mark.parametrize(("view", "traits"), SETTINGS)
def test_what_a_view_and_its_still_picture_say_is_marked(view, traits):
    view, figure = view(**traits), Figure()
    view.draw_static(figure)
    found = [view.caption(), *sentences(view.frame()), *sentences(view.scene), *artists(figure)]
    assert len(found) > 1 and english(found, [*getattr(view, "classes", ()), "X_col"]) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("view", "traits"), SETTINGS)
def test_a_view_changes_all_its_words_with_its_language(view, traits):
    with cnnlab.language("en"):
        view = view(**traits)
        view.language = pseudo.NAME
        found = [view.caption(), *sentences(view.frame()), *sentences(view.scene)]
    assert english(found, [*getattr(view, "classes", ()), "X_col"]) == {}


@pytest.mark.parametrize("view", [views.NetworkExplorer, views.ActivationGallery])
def test_what_a_view_says_of_pictures_in_bytes_is_marked_in_its_own_language(view):
    bytes_ = np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28, 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        view = view(data=bytes_)
    with cnnlab.language("en"):
        assert view.scale and english([view.scale], ["float32", "uint8"]) == {}
    assert english(sentences(view.scene), ["float32", "uint8", *view.classes]) == {}


def test_a_still_picture_is_in_the_language_of_its_view(monkeypatch):
    drawn = []

    def noted(self, figure):
        drawn.append(figure)
        figures.scores([0.2, 0.8], ["a", "b"], figure.subplots())

    monkeypatch.setattr(views.Strip1D, "draw_static", noted)
    view = views.Strip1D()
    with cnnlab.language("en"):
        view.png()
    assert english(artists(drawn[0])) == {} and "⟦share in %⟧" in artists(drawn[0])


def test_a_stored_view_is_marked():
    words = views.Strip1D().say("view.static_image")
    assert words.startswith("⟦") and english([words]) == {}


def exploding(net=None, **options):
    net = net or Sequential(Conv2d(4, 3), Flatten(), Linear(3), input_shape=(4, 3, 1))
    x, y = images(40)
    return trainer(net, (1e15 * x, y), **{"lr": 10, "optimizer": "SGD", **options})


def trouble(view):
    wait_for(lambda: view.run_state["problem"] and not view.running)
    return [view.run_state["problem"]["sentence"], *sentences(view.run_state["problem"]["repairs"])]


@pytest.mark.slow
def test_what_a_trainer_says_of_an_explosion_is_marked_in_its_own_language():
    view = exploding()
    with cnnlab.language("en"):
        view.start()
        assert english(trouble(view)) == {}


@pytest.mark.slow
def test_what_stopped_a_trainer_is_said_again_in_the_language_chosen_then():
    with cnnlab.language("en"):
        view = exploding()
        view.start()
        assert english(trouble(view)) != {}
        view.language = pseudo.NAME
        assert english(trouble(view)) == {} and english([view.frame()["sentence"]]) == {}


@pytest.mark.slow
def test_what_a_trainer_says_of_another_one_of_a_lost_net_and_of_other_layers_is_marked():
    net = conv_net()
    one, two = trainer(net), trainer(net)
    one.start()
    two.start()
    assert english(trouble(one)) == {}
    two.pause()
    net.params["0.weight"][...] = np.nan
    two.start()
    assert english(trouble(two)) == {}


@pytest.mark.slow
def test_what_ends_a_run_is_marked():
    ends = []
    for spoil in (
        lambda run: run.net.layers[0].params.update(
            weight=np.zeros_like(run.net.params["0.weight"])
        ),
        lambda run: setattr(run.optimizer, "step", None),
    ):
        run = background_run()
        run.on_end = lambda sentence, repair: ends.append(str(sentence))
        known = len(ends)
        run.start()
        wait_for(lambda run=run: run.step > 2)
        spoil(run)
        wait_for(lambda known=known: len(ends) > known)
    assert ends and english(ends, ["TypeError", "NoneType", "object is not callable"]) == {}
