"""The FilterLab without a browser: its result is the library's convolution, whatever is edited."""

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.trace import trace
from cnnlab.views import FilterLab
from cnnlab.views.filterlab.presets import FIRST, MODES, PRESETS, SIGNED, weights
from helpers.views import unpack

modes = pytest.mark.parametrize("mode", MODES)
SMALL = np.random.default_rng(0).random((9, 7, 3)).astype(np.float32)


def truth(view):
    options = {"stride": view.stride, "padding": view.padding, "groups": view.groups}
    return ops.conv2d(view.x[None].astype(float), view.w, view.b, **options, backend="numpy")[0]


@modes
def test_it_starts_with_a_photograph_and_the_first_preset_of_its_mode(mode):
    view = FilterLab(mode=mode)
    assert view.source == "photograph" and view.preset == FIRST[mode] and max(view.x.shape) == 160
    np.testing.assert_allclose(unpack(view.scene["y"]), truth(view), atol=1e-4)
    assert view.shown == ("signed" if view.preset in SIGNED else "picture")


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.sampled_from(MODES), st.data())
def test_every_setting_shows_what_the_library_computes(mode, data):
    view = FilterLab(SMALL, mode=mode)
    view.preset = data.draw(st.sampled_from(PRESETS[mode]))
    view.kernel_size = data.draw(st.integers(0, 9))
    view.stride, view.padding = (
        data.draw(st.integers(0, 9)),
        data.draw(st.sampled_from(["same", "valid"])),
    )
    if not view.outputs:
        assert view.scene["problem"]["sentence"] and view.frame()["place"] is None
        return
    y = truth(view)
    np.testing.assert_allclose(unpack(view.scene["y"]), y, atol=1e-4)
    frame = view.frame(data.draw(st.integers(0, view.outputs - 1)))
    i, j = frame["place"]
    np.testing.assert_allclose(frame["totals"], y[i, j], atol=1e-5)
    assert (view.scene["rows"][i], view.scene["columns"][j]) == frame["window"]


@modes
@pytest.mark.parametrize(("stride", "padding"), [(1, "same"), (2, "same"), (3, "valid")])
def test_a_frame_is_a_step_of_the_trace_over_the_whole_picture(mode, stride, padding):
    view = FilterLab(SMALL, mode=mode, stride=stride, padding=padding)
    whole = list(
        trace(
            "conv2d",
            view.x[None],
            view.w,
            view.b,
            stride=stride,
            padding=padding,
            groups=view.groups,
        )
    )
    for t in range(view.outputs):
        frame = view.frame(t)
        steps = [step for step in whole if step.place[1:3] == frame["place"]]
        assert [step["place"] for step in frame["steps"]] == [step.place for step in steps]
        assert (
            [step["total"] for step in frame["steps"]]
            == [step.total for step in steps]
            == frame["totals"]
        )
        for mine, theirs in zip(frame["steps"], steps, strict=True):
            assert mine["taps"] == [tap._asdict() for tap in theirs.taps]


@modes
def test_the_code_line_of_a_frame_is_true(mode):
    for padding in ("same", "valid"):
        view = FilterLab(
            SMALL,
            mode=mode,
            preset="identity" if mode == "mix" else "sharpen",
            stride=2,
            padding=padding,
        )
        V = np.full((*unpack(view.scene["y"]).shape[:2], 1), np.nan)
        bindings = {"np": np, "x": view.x, "V": V, "W0": view.w[0], "b0": view.b[0]}
        for t in range(view.outputs):
            frame = view.frame(t)
            exec(frame["code"], bindings)
            assert V[*frame["place"], 0] == pytest.approx(frame["totals"][0])


def test_a_frame_says_what_the_pixel_is_made_of():
    frame = FilterLab(np.eye(3), preset="box").frame(4)
    assert frame["code"] == (
        "X = np.pad(x, ((1, 1), (1, 1), (0, 0)));   V[1, 1, 0] = np.sum(X[1:4, 1:4, :] * W0) + b0"
    )
    assert frame["sentence"] == "row 1, column 1: 9 products and a bias, output 0.333"


@modes
@pytest.mark.parametrize("F", FilterLab.SIZES)
def test_presets_keep_the_brightness_or_leave_only_changes(mode, F):
    for preset in PRESETS[mode]:
        w, _ = weights(mode, preset, F)
        sums = w.sum(axis=(1, 2, 3))
        if preset in SIGNED:
            np.testing.assert_allclose(sums, 0, atol=1e-12)
        elif mode != "mix":
            np.testing.assert_allclose(sums, 1)


def test_the_presets_do_what_their_names_say():
    edge = np.zeros((8, 8))
    edge[:, 4:] = 1
    found = {name: FilterLab(edge, preset=name).result()[..., 0] for name in PRESETS["grey"]}
    np.testing.assert_array_equal(found["identity"], edge)
    assert found["vertical"][4, 4] == 4 and found["horizontal"][2:-2].max() == 0
    assert 0 < found["box"][4, 4] < 1 and 0 < found["gaussian"][4, 4] < 1
    assert found["sharpen"][4, 4] > 1 and found["outline"][4, 3] < 0 < found["outline"][4, 4]
    colour = np.zeros((5, 5, 3))
    colour[..., 0] = 1
    mixed = {
        name: FilterLab(colour, mode="mix", preset=name).result()[2, 2] for name in PRESETS["mix"]
    }
    np.testing.assert_allclose(mixed["grey"], 0.299, rtol=1e-6)
    assert mixed["swap"].tolist() == [0, 0, 1] and mixed["negative"].tolist() == [0, 1, 1]
    assert FilterLab(colour, mode="colour", preset="red").result()[2, 2, 0] == 1


@modes
def test_a_painted_weight_changes_the_result_and_makes_the_filter_ones_own(mode):
    view = FilterLab(SMALL, mode=mode, preset="identity")
    place = [1, 0, 0, 2] if mode == "mix" else [0, 0, 1, 0]
    view._on_message(view, {"kind": "paint", "array": "w", "place": place, "value": 0.7}, [])
    assert view.w[tuple(place)] == 0.7 and view.preset == "own"
    np.testing.assert_allclose(unpack(view.scene["y"]), truth(view), atol=1e-5)
    if mode == "each":
        assert (view.w == view.w[0]).all()
    before = view.w.copy()
    view._on_message(view, {"kind": "paint", "array": "w", "place": [0, 9, 9, 9], "value": 1}, [])
    np.testing.assert_array_equal(view.w, before)


def test_the_buttons_turn_flip_negate_and_clear():
    view = FilterLab(SMALL, w=np.arange(9.0).reshape(3, 3))

    def press(name):
        view._on_message(view, {"kind": "act", "name": name}, [])

    press("turn")
    assert view.w[0, ..., 0].tolist() == [[6, 3, 0], [7, 4, 1], [8, 5, 2]]
    press("flip")
    assert view.w[0, ..., 0].tolist() == [[2, 5, 8], [1, 4, 7], [0, 3, 6]]
    press("negate")
    assert view.w.min() == -8
    press("zero")
    assert not view.w.any() and view.preset == "own"


def test_a_filter_of_ones_own_keeps_its_middle_when_its_size_changes():
    view = FilterLab(SMALL, w=np.arange(9.0).reshape(3, 3))
    view.kernel_size = 7
    assert (
        view.w.shape == (1, 7, 7, 1)
        and view.w[0, 2:5, 2:5, 0].tolist() == np.arange(9.0).reshape(3, 3).tolist()
    )
    view.kernel_size = 3
    assert view.w[0, ..., 0].tolist() == np.arange(9.0).reshape(3, 3).tolist()


def test_a_filter_of_another_size_brings_its_size_along():
    view = FilterLab(SMALL)
    view.w = np.ones((5, 5))
    assert view.kernel_size == 5 and view.preset == "own" and view.w.shape == (1, 5, 5, 1)
    np.testing.assert_allclose(unpack(view.scene["y"]), truth(view), atol=1e-4)


def test_a_preset_of_another_mode_changes_nothing():
    view = FilterLab(SMALL)
    view.preset = "sepia"
    assert view.preset == "vertical" and view.w.shape == (1, 3, 3, 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"x": np.zeros((2, 3, 4, 5))}, r"x has shape \(2, 3, 4, 5\): give one picture as"),
        ({"x": np.zeros((3, 4, 2))}, r"x has shape \(3, 4, 2\): give one picture as"),
        ({"w": np.zeros((3, 3, 2))}, r"w has shape \(3, 3, 2\): give \(1, 3, 3, 1\)"),
        ({"w": np.zeros((4, 4))}, r"w has shape \(4, 4\): give"),
        ({"w": np.zeros((3, 3)), "b": [1, 2]}, "b has 2 biases: give 1"),
        (
            {"preset": "sepia"},
            "the mode 'grey' has no preset 'sepia': use one of 'identity', 'box'",
        ),
    ],
)
def test_arguments_that_do_not_go_together_get_one_sentence(arguments, sentence):
    with pytest.raises((ValueError, traitlets.TraitError), match=sentence):
        FilterLab(**arguments)


def test_a_picture_smaller_than_the_filter_is_told_and_repaired():
    view = FilterLab(np.ones((4, 9)), kernel_size=7, padding="valid")
    assert (
        view.outputs == 0
        and "7 x 7 does not fit a picture of 4 x 9" in view.scene["problem"]["sentence"]
    )
    repairs = {repair["trait"]: repair["value"] for repair in view.scene["problem"]["repairs"]}
    assert repairs == {"padding": "same", "kernel_size": 3} and view.png()[:4] == b"\x89PNG"
    for trait, value in repairs.items():
        fixed = FilterLab(np.ones((4, 9)), kernel_size=7, padding="valid")
        setattr(fixed, trait, value)
        assert fixed.outputs and fixed.scene["problem"] is None


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(MODES),
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.integers(1, 8),
    st.sampled_from([3, 7]),
)
def test_pixels_left_over_are_told_and_every_repair_repairs(mode, size, stride, F):
    settings = {"mode": mode, "stride": stride, "kernel_size": F, "padding": "valid"}
    view = FilterLab(np.ones(size), **settings)
    if view.outputs:
        assert (view.scene["problem"] is not None) == any(view.scene["unread"])
        for n, starts, unread in zip(
            size, (view.scene["rows"], view.scene["columns"]), view.scene["unread"], strict=True
        ):
            read = {at + u for at in starts for u in range(view.w.shape[1])}
            assert unread == [place for place in range(n) if place not in read]
    for repair in (view.scene["problem"] or {"repairs": []})["repairs"]:
        repaired = FilterLab(np.ones(size), **settings | {repair["trait"]: repair["value"]})
        assert repaired.outputs and repaired.scene["problem"] is None


def test_each_scene_has_a_number_of_its_own():
    view = FilterLab(source="digit")
    before = view.scene["serial"]
    view.stride = 2
    assert view.scene["serial"] == before + 1
