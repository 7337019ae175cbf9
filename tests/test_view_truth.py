"""A view never shows a wrong number: arrays set later are treated as arrays given first.

Nor does it tear where two threads change it, or give an answer away in what a notebook stores.
"""

import json
import re
import threading

import numpy as np
import pytest
import traitlets

from cnnlab import Flatten, Linear, Sequential, views

RNG = np.random.default_rng(0)
BIG = {
    views.Convolution: RNG.normal(size=(70, 66, 3)),
    views.Im2col: RNG.normal(size=(9, 12, 3)),
    views.Pooling: RNG.normal(size=(30, 25, 5)),
    views.Strip1D: RNG.normal(size=30),
}
big_view = pytest.mark.parametrize("view", BIG, ids=lambda view: view.__name__)
every_view = pytest.mark.parametrize(
    "view", [getattr(views, name) for name in views.__all__], ids=lambda v: v.__name__
)


@big_view
def test_what_is_left_out_is_said_whether_x_is_given_first_or_set_later(view):
    first, later = view(BIG[view]), view()
    later.x = BIG[view]
    assert first.scene["note"] and first.scene["note"] == later.scene["note"]
    assert np.array_equal(first.x, later.x)


@pytest.mark.parametrize("view", [views.Convolution, views.Im2col])
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("x", np.ones((4, 4, 20)), "x has 20 channels"),
        ("w", np.ones((20, 3, 3, 3)), r"w has shape \(20, 3, 3, 3\)"),
        ("w", np.ones((2, 13, 3, 3)), r"w has shape \(2, 13, 3, 3\)"),
        ("b", np.ones(5), "b has 5 biases for 2 filters"),
    ],
)
def test_arrays_of_which_only_a_part_could_be_shown_are_refused_first_and_later(
    view, name, value, words
):
    with pytest.raises(ValueError, match=words):
        view(**{name: value})
    shown = view()
    before = shown.frame()
    with pytest.raises(ValueError, match=words):
        setattr(shown, name, value)
    assert shown.frame() == before


def test_filters_of_another_depth_are_refused_first_and_later():
    w, shown = np.ones((2, 3, 3, 2)), views.Convolution()
    with pytest.raises(ValueError, match="w has 2 channels and x has 3"):
        views.Convolution(w=w)
    with pytest.raises(ValueError, match="w has 2 channels and x has 3"):
        shown.w = w
    shown.x = np.ones((5, 5, 2))  # the way out that the sentence names
    shown.w = w
    shown.padding = 0
    assert shown.frame(0)["total"] == 18 + shown.b[0]


def test_channel_sums_are_finite_next_to_an_infinite_channel():
    x = np.ones((3, 3, 2))
    x[1, 1, 1] = np.inf
    view = views.Convolution(x, np.ones((1, 3, 3, 2)))
    sums = np.frombuffer(view.scene["sums"]["data"])
    assert sums.tolist() == [9.0, np.inf] == view.frame(0)["sums"]


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        (views.Convolution, views.Convolution),
        (views.Pooling, views.Convolution),
        (views.Strip1D,) * 2,
    ],
)
def test_views_can_be_linked_by_arrays_also_with_nan(kind, other):
    one, two = kind(), other()
    x = np.array(np.asarray(one.x))
    x.flat[0] = np.nan
    link, back = traitlets.link((one, "x"), (two, "x")), traitlets.link((two, "x"), (one, "x"))
    one.x = x
    assert np.array_equal(two.x, x, equal_nan=True)
    two.x = np.nan_to_num(x, nan=3)
    assert np.array_equal(one.x, np.nan_to_num(x, nan=3))
    link.unlink(), back.unlink()


def test_what_a_view_shows_is_not_changed_behind_its_back():
    view = views.Convolution()
    with pytest.raises(ValueError, match="change a copy"):
        view.x[0, 0, 0] = 5
    copy = view.x.copy()
    copy[0, 0, 0] = 5
    view.x = copy
    assert view.x[0, 0, 0] == 5 and type(view.x + 1) is np.ndarray
    view.x += 1
    assert (
        view.frame()["sentence"]
        == views.Convolution(copy + 1, view.w, view.b, **view.settings).frame(0)["sentence"]
    )


@every_view
def test_an_unknown_argument_is_refused_with_the_nearest_name(view):
    with pytest.raises(
        TypeError, match=f"{view.__name__} has no argument 'languag': did you mean 'language'"
    ):
        view(languag="en")
    with pytest.raises(TypeError, match="has no argument 'scene'"):
        view(scene={})


Y = np.arange(12) % 3
NET_VIEWS = [views.NetworkExplorer, views.FilterGallery, views.ActivationGallery]


@pytest.mark.parametrize(
    "labels",
    [np.eye(3)[Y], Y.astype(str), Y[:5], Y + 1, Y - 1, Y + 0.5],
    ids=lambda y: str(y.dtype),
)
@pytest.mark.parametrize("view", NET_VIEWS, ids=lambda view: view.__name__)
def test_labels_that_do_not_go_with_the_pictures_are_refused_at_once(view, labels):
    net = Sequential(Flatten(), Linear(3), input_shape=(4, 4, 1))
    with pytest.raises(ValueError, match="label"):
        view(net, (np.ones((12, 4, 4, 1), np.float32), labels))


@pytest.mark.parametrize("view", NET_VIEWS, ids=lambda view: view.__name__)
def test_an_autoencoders_pair_shows_its_pictures(view):
    x = RNG.random((5, 6)).astype(np.float32)
    assert view(Sequential(Linear(6), input_shape=(6,)), (x, x)).frame()["sentence"]


def test_names_with_any_signs_and_numbers_beyond_json_make_a_page_that_can_be_read(tmp_path):
    net = Sequential(Flatten(), Linear(2), input_shape=(4, 4, 1))
    net.params["1.weight"][...] = np.nan
    view = views.NetworkExplorer(net, np.ones((2, 4, 4, 1)))
    view.classes = ("<!--<script>", '</script>"\u2028🙂$\\frac\n')
    view.refresh()
    page = view.export(tmp_path / "page.html").read_text("utf-8")
    traits = re.search(r'id="traits">(.*?)</script>', page, re.S)[1]
    assert "<" not in traits
    found = json.loads(traits, parse_constant=lambda word: pytest.fail(word))
    assert sorted(found["scene"]["softmax"]["classes"]) == sorted(view.classes)
    assert view.png()[:4] == b"\x89PNG"


@pytest.mark.slow
@pytest.mark.parametrize("view", [views.Convolution, views.Pooling, views.Strip1D, views.Im2col])
def test_in_predict_mode_no_stored_word_gives_the_answer_away(view):
    shown, open_ = view(predict=True), view()
    data, metadata = shown._repr_mimebundle_()
    assert data["text/plain"] != repr(open_) and data["image/png"] != open_.png()
    assert metadata["image/png"]["alt"] == shown.caption() != shown.frame()["sentence"]


@pytest.mark.slow
@pytest.mark.parametrize("view", [views.Convolution, views.Pooling, views.Strip1D, views.Im2col])
def test_sliders_moved_in_another_thread_never_tear_a_scene(view):
    shown, trouble = view(), []

    def slide():
        try:
            for n in range(120):
                shown.set_state({"stride": 1 + n % 3, "width": 3 + n % 4})
        except Exception as error:
            trouble.append(error)

    def look(change):
        scene, settings = change.new, change.new["settings"]
        if scene["x"]["shape"][-1 if view is views.Strip1D else 1] != settings["width"]:
            trouble.append(settings)

    shown.observe(look, "scene")
    thread = threading.Thread(target=slide)
    thread.start()
    while thread.is_alive():
        shown.padding = 1 - shown.padding
        assert shown.frame()["sentence"]
    thread.join()
    assert trouble == []
    assert shown.scene["settings"]["stride"] == shown.stride == 1 + 119 % 3


@pytest.mark.parametrize("view", [views.Convolution, views.Pooling])
def test_a_gradient_of_another_shape_than_the_outputs_is_refused_first_and_later(view):
    shown = view(backward=True)
    shape = tuple(shown.scene["y"]["shape"])
    wrong = np.ones((shape[0] + 1, *shape[1:]))
    for attempt in (lambda: view(dy=wrong), lambda: setattr(shown, "dy", wrong)):
        with pytest.raises(
            ValueError, match=re.escape(f"dy has shape {wrong.shape}: give {shape}")
        ):
            attempt()
    shown.dy = np.full(shape, 2.0)
    assert shown.scene["dy"] == view(dy=np.full(shape, 2.0), backward=True).scene["dy"]


@pytest.mark.parametrize(
    "view", [views.NetworkExplorer, views.ActivationGallery], ids=lambda view: view.__name__
)
def test_pictures_of_bytes_are_told(view):
    net = Sequential(Flatten(), Linear(3), input_shape=(4, 4, 1))
    x = np.random.default_rng(0).integers(0, 256, (5, 4, 4, 1)).astype(np.uint8)
    x[0] = 0  # a dark one among them
    shown = view(net, x)
    assert "use x / 255" in shown.scene["note"]
    assert view(net, x / 255).scene["note"] == ""
    shown.x = x[1] / 255
    assert shown.scene["note"] == ""
    shown.x = x[1]
    assert "use x / 255" in shown.scene["note"]


@pytest.mark.parametrize(
    ("view", "name"),
    [
        (views.NetworkExplorer, "picture"),
        (views.ActivationGallery, "picture"),
        (views.FilterLab, "stride"),
    ],
    ids=lambda case: getattr(case, "__name__", case),
)
def test_a_scene_says_of_which_setting_it_is(view, name):
    shown = view()
    setattr(shown, name, 3)
    assert shown.scene["settings"][name] == getattr(shown, name) == 3


@pytest.mark.slow
@pytest.mark.parametrize("view", BIG, ids=lambda view: view.__name__)
@pytest.mark.parametrize("seed", range(4))
def test_traits_given_first_are_traits_set_later(view, seed):
    rng = np.random.default_rng(seed)
    names = [n for n in view().limits if not n.startswith("kernel") and n != "groups"]
    asked = {
        n: int(rng.integers(view().limits[n][0], min(view().limits[n][1], 6) + 1)) for n in names
    }
    asked |= {"speed": 2.0, "predict": bool(seed % 2)}
    first, later = view(**asked), view()
    for name in rng.permutation(list(asked)):
        setattr(later, name, asked[name])
    assert {n: getattr(later, n) for n in asked} == {n: getattr(first, n) for n in asked} == asked
    assert first.scene["settings"] == later.scene["settings"] and first.outputs == later.outputs
    if first.outputs and view is not views.Strip1D:
        assert first.scene["x"]["shape"] == later.scene["x"]["shape"] == list(later.x.shape)


ODD = [np.nan, np.inf, -np.inf, 1e300, -1e300, 5e-324, 0.0]


@pytest.mark.slow
@pytest.mark.parametrize("value", ODD)
@pytest.mark.parametrize("view", BIG, ids=lambda view: view.__name__)
def test_values_at_the_ends_of_the_numbers_are_shown_and_summed_as_they_are(view, value):
    x = np.ones(5) if view is views.Strip1D else np.ones((4, 4, 1))
    x.flat[2] = value
    options = (
        {} if view is views.Pooling else {"w": np.ones(3) if x.ndim == 1 else np.ones((1, 3, 3, 1))}
    )
    shown = view(x, **options)
    assert np.isnan(value) or shown.caption()
    assert shown.png()[:4] == b"\x89PNG" and json.loads(json.dumps(shown.frame(), default=str))
    if view is views.Convolution:
        i, j, _ = shown.frame(0)["place"]
        with np.errstate(all="ignore"):
            assert np.array_equal(
                shown.frame(0)["total"], x[i : i + 3, j : j + 3].sum() + shown.b[0], equal_nan=True
            )
