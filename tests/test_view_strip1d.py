"""The Strip1D view without a browser: the notes' figure, at every setting as the library says."""

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.numbers import format_number
from cnnlab.shapes import FITS, MisfitError, out_size, windows
from cnnlab.views import Strip1D
from cnnlab.views.strip1d import LIMITS
from helpers.views import unpack

SIZES = st.fixed_dictionaries({name: st.integers(*ends) for name, ends in LIMITS.items()})


def axis(view):
    return view.width, view.kernel_size, view.stride, view.padding, view.dilation


def truth(view):
    """The outputs as ops computes them; None where no window fits or the policy refuses."""
    try:
        return ops.conv2d(
            view.x[None, None, :, None],
            view.w[None, None, :, None],
            [view.b],
            stride=(1, view.stride),
            padding=(0, view.padding),
            dilation=(1, view.dilation),
            fit=view.fit,
            backend="numpy",
        )[0, 0, :, 0]
    except MisfitError:
        return None


def test_it_starts_as_the_figure_of_the_notes():
    view = Strip1D()
    assert unpack(view.scene["y"]).tolist() == [-2, 2, 1, 2, 1]
    assert view.scene["problem"] is None
    view.stride = 2
    assert unpack(view.scene["y"]).tolist() == [-2, 1, 1]
    view.stride = 3
    assert view.scene["formula"] == "(W − F + 2P)/S + 1 = (5 − 3 + 2·1)/3 + 1 = 2.33, so 2"
    assert view.scene["problem"]["sentence"].startswith("2.33 windows: 2 fit")


def test_a_frame_says_what_an_output_is_made_of():
    frame = Strip1D().frame(0)
    assert frame["ledger"] == "0×1 + 1×0 + 2×(−1) + 0 = −2"
    assert frame["sentence"] == "output 0: 0×1 + 1×0 + 2×(−1) + 0 = −2"
    assert (frame["place"], frame["products"], frame["bias"], frame["total"]) == (
        0,
        [0, 0, -2],
        0,
        -2,
    )
    assert [tap["column"] for tap in frame["taps"]] == [-1, 0, 1]
    assert frame["formula"] == "(W − F + 2P)/S + 1 = (5 − 3 + 2·1)/1 + 1 = 5"


@settings(max_examples=60, deadline=None)
@given(SIZES, st.sampled_from(FITS))
def test_every_setting_gives_a_scene_that_equals_the_library(sizes, fit):
    view = Strip1D(b=2)
    with view.hold_trait_notifications():
        for name, value in {**sizes, "fit": fit}.items():
            setattr(view, name, value)
    y, scene = truth(view), view.scene
    if y is None:
        assert view.outputs == 0 and view.frame()["place"] is None
        assert view.frame()["sentence"] == scene["problem"]["sentence"]
        return
    assert unpack(scene["y"]) == pytest.approx(y)
    read = windows(*axis(view), fit)
    assert scene["windows"] == read
    for t in range(view.outputs):
        frame = view.frame(t)
        assert frame["total"] == pytest.approx(y[t]) and frame["place"] == t
        assert frame["ledger"] == f"{' + '.join(scene['terms'][t])} + 2 = {format_number(y[t])}"
        assert unpack(scene["sofar"])[t, -1] == pytest.approx(y[t] - 2)
        assert unpack(scene["products"])[t].tolist() == frame["products"]
        assert [tap["column"] for tap in frame["taps"]] == list(read[t])


@settings(max_examples=40, deadline=None)
@given(SIZES, st.sampled_from(FITS))
def test_its_code_line_is_true(sizes, fit):
    view = Strip1D(b=1, fit=fit, **sizes)
    for t in range(view.outputs):
        padding, line = view.frame(t)["code"].split(";")
        names = {"np": np, "x": view.x, "w": view.w, "b": view.b}
        exec(padding, names)
        assert eval(line.split(" = ")[1], names) == pytest.approx(view.frame(t)["total"])


@settings(max_examples=60, deadline=None)
@given(SIZES, st.sampled_from(FITS))
def test_every_cell_is_read_or_crossed_out(sizes, fit):
    view = Strip1D(fit=fit, **sizes)
    if view.outputs:
        read = {place for window in view.scene["windows"] for place in window}
        row = set(range(-view.padding, view.width + view.padding))
        assert set(view.scene["unread"]) == row - read
        assert view.scene["past"] == max(0, max(read) + 1 - view.width - view.padding)


@settings(max_examples=60, deadline=None)
@given(SIZES)
def test_every_repair_that_is_offered_repairs(sizes):
    for repair in (Strip1D(**sizes).scene["problem"] or {"repairs": []})["repairs"]:
        view = Strip1D(**{**sizes, repair["trait"]: repair["value"]})
        assert view.scene["problem"] is None and view.outputs


def test_what_is_left_over_is_shown_under_every_policy():
    view = Strip1D(width=10, padding=0, stride=2)
    scene = view.scene
    assert scene["problem"]["sentence"] == (
        "4.5 windows: 4 fit, and “floor” drops what is left at the end: 1 cell. Nobody reads it."
    )
    assert [r["words"] for r in scene["problem"]["repairs"]] == ["S = 1", "F = 2"]
    assert (scene["unread"], scene["overhang"], scene["refused"]) == ([9], [8, 9, 10], ())
    view.fit = "exact"
    assert view.scene["problem"]["sentence"] == (
        "F 3, S 2, P 0 give 4.5 outputs along a row of 10: “exact” refuses and computes none."
    )
    assert view.outputs == 0 and len(view.scene["refused"]) == 4
    view.fit = "ceil"
    assert (view.outputs, view.scene["past"], view.scene["problem"]["mild"]) == (5, 1, True)
    assert view.scene["formula"].endswith("= 4.5, rounded up to 5")


def test_ceil_adds_no_window_that_begins_past_the_row():
    view = Strip1D(stride=3, fit="ceil")
    assert out_size(5, 3, 3, 1, fit="ceil") == view.outputs == 2
    assert "“ceil” adds none here" in view.scene["problem"]["sentence"]
    assert view.scene["formula"].endswith("= 2.33, so 2")


def test_a_filter_larger_than_the_row_is_shown_and_said():
    view = Strip1D(kernel_size=9, padding=0)
    assert (
        view.scene["problem"]["sentence"] == "A filter of 9 does not fit a row of 5 with padding 0."
    )
    assert [(r["trait"], r["value"]) for r in view.scene["problem"]["repairs"]] == [
        ("padding", 2),
        ("kernel_size", 5),
    ]
    assert view.scene["overhang"] == list(range(9))
    assert view.png()[:4] == b"\x89PNG"


def test_gaps_and_equal_lengths_are_noted():
    assert (
        Strip1D().scene["note"] == "The output is as long as the row: S = 1 and P = (F − 1)/2 = 1."
    )
    assert "P = D·(F − 1)/2 = 2" in Strip1D(dilation=2, padding=2).scene["note"]
    assert (
        Strip1D(kernel_size=2, stride=3, padding=0, width=8)
        .scene["note"]
        .startswith("Gaps: with S 3 and F 2")
    )


def test_sliders_clamp_and_never_raise():
    view = Strip1D()
    view.stride, view.padding, view.width, view.kernel_size, view.dilation = 99, -3, 1000, 0, 7
    assert (view.stride, view.padding, view.width, view.kernel_size, view.dilation) == (
        8,
        0,
        24,
        1,
        4,
    )
    view.step = 10**6
    assert view.step == view.outputs - 1


def test_cells_that_stay_keep_their_values_when_the_size_changes():
    view = Strip1D()
    view.width = 9
    assert view.x[:5].tolist() == [1, 2, -1, 1, -3] and len(view.x) == 9
    view.width, view.kernel_size = 3, 5
    assert view.x.tolist() == [1, 2, -1] and view.w[:3].tolist() == [1, 0, -1]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"x": np.zeros((2, 3))}, r"x has shape \(2, 3\): give one axis"),
        ({"x": []}, r"x has shape \(0,\): give one axis"),
        ({"w": np.zeros(10)}, "w has 10 weights: give at most 9"),
        ({"b": [1, 2]}, r"b has shape \(2,\): give one number"),
        ({"stride": 0}, "stride must be an integer from 1 to 8, not 0"),
        ({"width": 2.5}, "width must be an integer from 1 to 24, not 2.5"),
    ],
)
def test_arguments_that_cannot_be_shown_get_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Strip1D(**arguments)


def test_an_array_of_the_wrong_shape_leaves_the_view_as_it_was():
    view = Strip1D()
    with pytest.raises((ValueError, traitlets.TraitError), match="give one axis"):
        view.x = np.zeros((2, 2))
    assert len(view.x) == 5 and view.outputs == 5


def test_new_arrays_set_the_sizes_and_a_long_row_is_cropped():
    view = Strip1D([1, 2, 3, 4], [1, 1], 3)
    assert (view.width, view.kernel_size, view.padding) == (4, 2, 0)
    assert unpack(view.scene["y"]).tolist() == [6, 8, 10]
    view.x = np.arange(30)
    assert view.width == 24 and view.scene["note"] == "Showing the first 24 cells of 30."
    assert Strip1D(np.ones((1, 7))).width == 7


def test_a_painted_cell_changes_the_array_and_a_place_outside_is_ignored():
    view = Strip1D()
    for array, place, value in [
        ("x", [0], 7),
        ("w", [2], 4),
        ("b", [0], -5),
        ("x", [5], 1),
        ("y", [0], 1),
    ]:
        view._on_message(
            view, {"kind": "paint", "array": array, "place": place, "value": value}, []
        )
    assert (view.x.tolist(), view.w.tolist(), view.b) == ([7, 2, -1, 1, -3], [1, 0, 4], -5)
    assert unpack(view.scene["x"])[0] == 7 and unpack(view.scene["b"]) == -5


def test_wrong_predictions_are_told_apart():
    view = Strip1D(predict=True, stride=2, b=3)
    wrong = {mistake["name"]: unpack(mistake["y"]) for mistake in view.scene["wrong"]}
    assert wrong["forgot_bias"].tolist() == [-2, 1, 1]
    assert wrong["flipped_filter"].tolist() == [2 + 3, -1 + 3, -1 + 3]
    assert wrong["stride_one"].tolist() == [1, 5, 4]
    assert wrong["no_padding"][:2].tolist() == [1 + 1 + 3, -1 + 3 + 3]
    assert Strip1D().scene["wrong"] == []


def test_sliders_that_come_back_bring_back_every_number():
    view = Strip1D()
    view._on_message(view, {"kind": "paint", "array": "w", "place": [2], "value": 8}, [])
    view.kernel_size, view.width = 2, 1
    view.kernel_size, view.width = 9, 12
    view.kernel_size, view.width = 3, 5
    assert (view.x.tolist(), view.w.tolist()) == ([1, 2, -1, 1, -3], [1, 0, 8])


def test_what_is_left_over_may_be_padding_only():
    assert (
        Strip1D(stride=3)
        .scene["problem"]["sentence"]
        .endswith("left at the end: 1 cell of the padding. Nobody reads it.")
    )
    one = Strip1D(width=4, padding=0, stride=2).scene["problem"]["sentence"]
    assert (
        one == "1.5 windows: 1 fits, and “floor” drops what is left at the end: 1 cell. Nobody "
        "reads it."
    )


def test_dilation_is_named_where_it_is_the_reason_and_can_be_repaired():
    problem = Strip1D(dilation=4, padding=0).scene["problem"]
    assert (
        problem["sentence"]
        == "A filter of 9 (3 dilated by 4) does not fit a row of 5 with padding 0."
    )
    assert ("dilation", 2) in [(repair["trait"], repair["value"]) for repair in problem["repairs"]]


def test_the_output_shown_stays_at_its_place_and_each_scene_has_a_number():
    view = Strip1D(step=3)
    before = view.scene["serial"]
    view.width = 8
    assert view.step == 3 and view.scene["serial"] == before + 1
    view.width = 2
    assert view.step == 1
