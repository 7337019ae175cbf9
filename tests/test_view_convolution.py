"""The Convolution view without a browser: its scene and frames agree with the library."""

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.trace import trace
from cnnlab.views import Convolution
from cnnlab.views.convolution import LIMITS
from helpers.views import unpack


def sizes(**narrower):
    ends = {
        **LIMITS,
        "height": (1, 12),
        "width": (1, 12),
        "channels": (1, 4),
        "filters": (1, 4),
        **narrower,
    }
    return st.fixed_dictionaries({name: st.integers(*ends[name]) for name in ends})


def test_it_starts_as_the_notes_demo():
    view = Convolution()
    y = unpack(view.scene["y"])
    assert y[..., 0].tolist() == [[0, -2, -4], [2, -6, -5], [-3, 2, 5]]
    assert y[..., 1].tolist() == [[0, 2, -3], [0, 4, -6], [4, -3, 0]]
    assert view.scene["problem"] is None
    assert view.scene["formula"] == ["(W − F + 2P)/S + 1 = (5 − 3 + 2·1)/2 + 1 = 3"]


def test_a_frame_says_what_an_output_is_made_of():
    frame = Convolution().frame(13)
    assert frame["place"] == (1, 1, 1)
    assert frame["code"] == "V[1, 1, 1] = np.sum(X[2:5, 2:5, :] * W1) + b1"
    assert frame["sentence"] == "row 1, column 1, filter 1: 27 products, sum 4, bias 0, output 4"
    assert sum(tap["product"] for tap in frame["taps"]) == 4


def test_its_code_line_is_true():
    view = Convolution(dilation=2, height=9, width=8, padding=2, groups=3, filters=3)
    X, bindings = np.pad(view.x, ((2, 2), (2, 2), (0, 0))), {"np": np}
    for k in range(3):
        bindings |= {f"W{k}": view.w[k], f"b{k}": view.b[k]}
    for t in range(view.outputs):
        frame = view.frame(t)
        _, expression = frame["code"].split(" = ")
        assert eval(expression, bindings | {"X": X}) == frame["total"]


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(sizes())
def test_every_setting_gives_a_scene_that_equals_the_library(traits):
    view = Convolution()
    with view.hold_trait_notifications():
        for name, value in traits.items():
            setattr(view, name, value)
    scene = view.scene
    if not view.outputs:
        assert scene["problem"]["sentence"] and view.frame()["place"] is None
        return
    x, options = view.x[None], view.settings
    y = ops.conv2d(x, view.w, view.b, **options, backend="numpy")[0]
    np.testing.assert_array_equal(unpack(scene["y"]), y)
    t = view.outputs // 2
    step = list(trace("conv2d", x, view.w, view.b, **options))[t]
    _, i, j, k = step.place
    assert unpack(scene["sums"])[i, j, k].tolist() == pytest.approx(list(step.sums))
    # The browser finds the taps of an output in these rows and columns.
    assert [list(scene["rows"][i]), list(scene["columns"][j])] == [
        sorted({tap.row for tap in step.taps}),
        sorted({tap.column for tap in step.taps}),
    ]
    assert scene["first"][k] == min(tap.channel for tap in step.taps)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(sizes(stride=(1, 4), kernel_height=(1, 5), kernel_width=(1, 5)))
def test_every_repair_that_is_offered_repairs(traits):
    for repair in (Convolution(**traits).scene["problem"] or {"repairs": []})["repairs"]:
        view = Convolution(**traits | {repair["trait"]: repair["value"]})
        sentence = view.scene["problem"] and view.scene["problem"]["sentence"]
        assert sentence is None or repair["trait"] == "groups"


def test_a_misfit_is_said_with_its_numbers_and_what_is_dropped():
    view = Convolution(width=6)
    assert view.scene["problem"]["sentence"].startswith("3.5 windows along the width: 3 fit")
    assert [r["words"] for r in view.scene["problem"]["repairs"]] == [
        "S = 1",
        "F width = 2",
        "W = 5",
    ]
    assert view.scene["unread"] == [[], [6]]  # the last column of the padding
    assert view.scene["overhang"] == [None, [5, 6, 7]]


def test_a_filter_larger_than_the_input_is_shown_and_said():
    view = Convolution(kernel_size=9)
    assert view.outputs == 0
    assert (
        "A filter of 9 does not fit an input of height and width 5"
        in view.scene["problem"]["sentence"]
    )
    assert view.png()[:4] == b"\x89PNG"


def test_sliders_clamp_and_never_raise():
    view = Convolution()
    view.stride, view.padding, view.height = 99, -3, 1000
    assert (view.stride, view.padding, view.height) == (8, 0, 64)
    view.groups = 2
    assert (
        view.scene["problem"]["sentence"]
        == "3 channels and 2 filters cannot be split into 2 groups."
    )
    assert [(r["trait"], r["value"]) for r in view.scene["problem"]["repairs"]] == [("groups", 1)]


def test_cells_that_stay_keep_their_values_when_the_size_changes():
    view = Convolution()
    before = view.x.copy()
    view.height, view.width = 7, 4
    np.testing.assert_array_equal(view.x[:5], before[:, :4])
    view.height = 5
    np.testing.assert_array_equal(view.x, before[:, :4])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"x": np.zeros((2, 5, 5, 3))}, r"x has shape \(2, 5, 5, 3\): give one image as"),
        (
            {"x": np.zeros((5, 5, 4)), "w": np.zeros((2, 3, 3, 3))},
            r"w has 3 channels and x has 4: give w as",
        ),
        ({"w": np.zeros((3, 3))}, r"w has shape \(3, 3\): give 4 axes"),
        ({"b": [1, 2, 3]}, "b has 3 biases for 2 filters: give 2"),
        ({"stride": 0}, "stride must be an integer from 1 to 8, not 0"),
        ({"kernel_size": 2.5}, r"kernel_height must be an integer from 1 to 11, not 2.5"),
    ],
)
def test_arguments_that_do_not_go_together_get_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Convolution(**arguments)


def test_an_array_of_the_wrong_shape_leaves_the_view_as_it_was():
    view = Convolution()
    with pytest.raises((ValueError, traitlets.TraitError), match="give one image as"):
        view.x = np.zeros(7)
    assert view.x.shape == (5, 5, 3) and view.outputs == 18


def test_new_arrays_set_the_sizes_and_can_be_observed():
    seen = []
    view = Convolution()
    view.observe(lambda change: seen.append(change.new.shape), "x")
    view.x = np.ones((6, 7, 2))
    assert (view.height, view.width, view.channels) == (6, 7, 2) and view.w.shape == (2, 3, 3, 2)
    assert seen == [(6, 7, 2)]
    view.w = np.ones((4, 2, 3, 1))
    assert (view.filters, view.kernel_height, view.kernel_width, view.groups) == (4, 2, 3, 2)
    assert len(view.b) == 4 and view.outputs


def test_a_picture_too_large_is_cropped_and_says_so():
    view = Convolution(np.zeros((80, 70, 1)), stride=1)
    assert view.x.shape == (64, 64, 1)
    assert view.scene["note"] == "Showing the first 64 rows and 64 columns of a picture of 80 x 70."


def test_a_painted_cell_changes_the_array_and_a_place_outside_is_ignored():
    view = Convolution()
    view._on_message(view, {"kind": "paint", "array": "x", "place": [0, 0, 0], "value": 7}, [])
    assert view.x[0, 0, 0] == 7 and unpack(view.scene["x"])[0, 0, 0] == 7
    view._on_message(view, {"kind": "paint", "array": "x", "place": [9, 0, 0], "value": 1}, [])
    view._on_message(view, {"kind": "paint", "array": "w", "place": [1, 2, 2, 0], "value": 5}, [])
    view._on_message(view, {"kind": "paint", "array": "b", "place": [1], "value": -4}, [])
    assert (view.w[1, 2, 2, 0], view.b[1]) == (5, -4)


def test_a_picture_from_the_browser_becomes_the_input():
    view = Convolution()
    pixels = np.arange(2 * 3 * 4, dtype=np.uint8).tobytes()
    view._on_message(view, {"kind": "image", "height": 2, "width": 3}, [pixels])
    assert view.x.shape == (2, 3, 3) and view.source == "own"
    assert view.x[0, 1].tolist() == [round(v / 255, 2) for v in (4, 5, 6)]


@pytest.mark.parametrize("source", ["demo", "edge", "cross", "digit", "photograph"])
def test_every_source_of_an_input_is_shown(source):
    view = Convolution()
    view.source = source
    assert view.outputs and view.w.shape[3] == view.channels


def test_the_backward_pass_is_that_of_the_library():
    view = Convolution(backward=True)
    rng = np.random.default_rng(0)
    view.dy = rng.integers(-2, 3, (3, 3, 2))
    found = ops.conv2d_backward(
        view.dy[None], view.x[None], view.w, **view.settings, backend="numpy"
    )
    for name, truth in zip(("dx", "dw", "db"), found, strict=True):
        np.testing.assert_array_equal(unpack(view.scene[name]).reshape(truth.shape), truth)
    view._on_message(view, {"kind": "paint", "array": "dy", "place": [0, 0, 0], "value": 9}, [])
    assert unpack(view.scene["dy"])[0, 0, 0] == 9


def test_wrong_predictions_are_told_apart():
    view = Convolution(predict=True)
    wrong = {}
    for mistake in view.scene["wrong"]:
        wrong.setdefault(mistake["name"], []).append(unpack(mistake["y"]))
    x, w, b = view.x[None], view.w, view.b
    first = np.pad(view.x, ((1, 1), (1, 1), (0, 0)))[:3, :3]
    at = (0, 0, 1)
    assert wrong["forgot_bias"][0][at] == (first * w[1]).sum()
    assert [y[at] for y in wrong["one_channel"]] == [
        (first * w[1])[..., c].sum() + b[1] for c in range(3)
    ]
    assert wrong["flipped_filter"][0][at] == (first * w[1, ::-1, ::-1]).sum() + b[1]
    assert wrong["no_padding"][0][at] == (view.x[:3, :3] * w[1]).sum() + b[1]
    assert wrong["stride_one"][0][1, 1, 1] == ops.conv2d(x, w, b, padding=1)[0, 1, 1, 1]
    assert wrong["other_filter"][0][at] == unpack(view.scene["y"])[0, 0, 0]
    assert Convolution().scene["wrong"] == []


def test_only_modes_that_exist_can_be_asked_for():
    assert Convolution(modes=["predict"]).modes == ["predict"]
    with pytest.raises(traitlets.TraitError, match="sideways"):
        Convolution(modes=["sideways"])
