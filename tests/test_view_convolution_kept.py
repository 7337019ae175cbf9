"""What the Convolution view keeps: cut-off numbers, the learner's own filter, its position."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.data.demo import convolution_demo
from cnnlab.views import Convolution
from cnnlab.views.convolution import LIMITS
from helpers.views import unpack


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(tuple(LIMITS)), st.integers(0, 12)), max_size=8))
def test_sliders_that_come_back_bring_back_every_number(moves):
    view = Convolution()
    before = {name: getattr(view, name) for name in ("x", "w", "b", *LIMITS)}
    for name, value in moves:
        setattr(view, name, value)
    for name in ("groups", *LIMITS):
        setattr(view, name, before[name])
    for name in ("x", "w", "b"):
        np.testing.assert_array_equal(getattr(view, name), before[name])


def test_what_was_painted_comes_back_too_but_nothing_of_an_array_that_was_replaced():
    view = Convolution()
    for array, place, value in [("x", [4, 4, 2], 7), ("w", [1, 2, 2, 0], 5), ("b", [1], -4)]:
        view._on_message(
            view, {"kind": "paint", "array": array, "place": place, "value": value}, []
        )
    view.width, view.kernel_width, view.filters = 3, 1, 1
    view._on_message(view, {"kind": "paint", "array": "x", "place": [0, 0, 0], "value": 9}, [])
    view.width, view.kernel_width, view.filters = 5, 3, 2
    assert (view.x[4, 4, 2], view.x[0, 0, 0], view.w[1, 2, 2, 0], view.b[1]) == (7, 9, 5, -4)
    view.x = np.zeros((5, 3, 3))
    view.width = 5
    assert view.x[4, 4, 2] != 7


def test_the_demo_comes_back_whole_with_the_sliders_as_they_are():
    view, demo = Convolution(), Convolution()
    view._on_message(view, {"kind": "paint", "array": "w", "place": [0, 0, 0, 0], "value": 9}, [])
    assert view.source == "own"
    view.source = "edge"
    assert (view.stride, view.padding, view.w.shape) == (2, 1, (2, 3, 3, 1))
    view.source = "demo"
    for name in ("x", "w", "b"):
        np.testing.assert_array_equal(getattr(view, name), getattr(demo, name))
    np.testing.assert_array_equal(unpack(view.scene["y"]), unpack(demo.scene["y"]))
    view.stride, view.source = 1, "cross"
    view.source = "demo"
    assert view.stride == 1


@pytest.mark.parametrize(("array", "place"), [("x", [0, 0, 0]), ("w", [0, 0, 0, 0]), ("b", [0])])
def test_what_is_painted_is_the_learners_own(array, place):
    view = Convolution(source="edge")
    view._on_message(view, {"kind": "paint", "array": array, "place": place, "value": 1}, [])
    assert view.source == "own" and view.scene["palette"] == "grey"


def test_a_photograph_is_seen_through_the_learners_own_filter():
    w = np.array([[-1, 0, 1]] * 3).reshape(1, 3, 3, 1)
    view = Convolution(source="edge", w=w, padding=0, stride=1)
    view.source = "photograph"
    assert view.x.shape[2] == 1 and view.step == view.outputs - 1
    np.testing.assert_array_equal(view.w, w)
    np.testing.assert_array_equal(view.x, Convolution(source="photograph", w=w).x)
    colours = Convolution(source="photograph").x
    assert view.x[20, 20, 0] == pytest.approx(colours[20, 20] @ (0.299, 0.587, 0.114), abs=0.01)


def test_a_filter_is_repeated_along_the_channels_it_has_not():
    view = Convolution(np.zeros((5, 5, 2)), np.arange(18).reshape(1, 3, 3, 2))
    view.source = "photograph"
    np.testing.assert_array_equal(view.w[..., 2], view.w[..., 0])
    view.source = "digit"
    assert view.w[..., 0].ravel().tolist() == list(range(0, 18, 2))
    each = Convolution(np.zeros((5, 5, 3)), np.ones((3, 3, 3, 1)))
    each.source = "photograph"
    assert each.groups == 3 and each.x.shape[2] == 3 and each.outputs


def test_a_picture_of_values_from_zero_is_grey_and_numbers_are_not():
    for source, brightest in [("edge", 1), ("cross", 1), ("digit", 16)]:
        scene = Convolution(source=source).scene
        assert (scene["palette"], scene["limits"]["x"]) == ("grey", brightest)
    view = Convolution()
    assert view.scene["palette"] == "signed"
    view.source = "edge"
    assert view.scene["palette"] == "grey" and view.png()[:4] == b"\x89PNG"
    view._on_message(view, {"kind": "paint", "array": "x", "place": [0, 0, 0], "value": -1}, [])
    assert view.scene["palette"] == "signed"
    view.x = np.ones((5, 5, 1))
    assert view.scene["palette"] == "signed"


def test_what_is_left_over_is_told_as_cells_or_as_padding():
    def rest(**sizes):
        return Convolution(**{"stride": 3, "padding": 0, **sizes}).scene["problem"]["sentence"]

    assert (
        rest(width=7, height=6)
        == "2.33 windows along the width: 2 fit; left over at the end: 1 column."
    )
    assert rest(width=8, height=6).endswith("2 fit; left over at the end: 2 columns.")
    assert rest(width=5, height=6).startswith("1.67 windows along the width: 1 fits;")
    assert rest(padding=1, height=7, width=5).endswith(
        "left over at the end: 1 column of the padding."
    )
    assert rest(padding=2, height=8, width=7).endswith(
        "left over at the end: 2 columns of the padding."
    )
    assert rest(padding=1, height=7, width=6).endswith(
        "left over at the end: 2 columns, the last 1 of the padding."
    )


def test_dilation_is_named_where_it_is_the_reason_and_can_be_repaired():
    problem = Convolution(dilation=4, stride=1, padding=0).scene["problem"]
    assert problem["sentence"].startswith(
        "A filter of 9 (3 dilated by 4) does not fit an input of height and width 5"
    )
    assert ("dilation", 2, "D = 2") in [tuple(repair.values()) for repair in problem["repairs"]]


def test_gaps_between_the_cells_of_a_dilated_filter_are_noted():
    view = Convolution(dilation=2, stride=2, padding=0, height=7, width=9)
    assert view.scene["note"] == (
        "Gaps along the height and width: with S 2, F 3 and D 2 no window reads the crossed cells."
    )
    assert view.scene["unread"] == [[1, 3, 5], [1, 3, 5, 7]]
    view.stride = 1
    assert view.scene["note"] == ""


def test_gaps_of_a_stride_do_not_speak_of_a_dilation_that_there_is_none_of():
    assert Convolution(stride=4, width=7, height=7, padding=0).scene["note"] == (
        "Gaps along the height and width: with S 4 and F 3 no window reads the crossed cells."
    )


def test_a_filter_of_ones_own_comes_back_after_the_demo_and_does_not_rename_the_input():
    view = Convolution(source="edge")
    view.w, view.b = np.arange(9.0).reshape(1, 3, 3, 1), [7.0]
    assert view.source == "edge"
    view.source = "demo"
    assert view.w.shape == convolution_demo().w.shape
    view.source = "cross"
    np.testing.assert_array_equal(view.w, np.arange(9.0).reshape(1, 3, 3, 1))
    assert view.b == [7] and view.filters == 1
    view.source = "demo"
    view.w = -view.w
    assert view.source == "own"
    view.source = "edge"  # the demo's filters were changed, and stay
    assert view.filters == 2


def test_the_output_shown_stays_at_its_place():
    view = Convolution(step=13)
    place = view.frame()["place"]
    view.stride = 1
    assert view.frame()["place"] == place == (1, 1, 1) and view.step == 25 + 6
    view.stride = 4
    assert view.frame()["place"] == (1, 1, 1)
    view.padding = 0
    assert view.frame()["place"] == (0, 0, 1)
    view.kernel_height = 9
    assert view.outputs == 0 and view.step == 0
    view.kernel_height, view.filters = 3, 1
    assert view.frame()["place"] == (0, 0, 0)
