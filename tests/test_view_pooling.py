"""The Pooling view without a browser: forward, backward and moved, it shows the library's."""

import numpy as np
import pytest
from hypothesis import given, settings

from cnnlab.numbers import format_number
from cnnlab.trace import trace
from cnnlab.views import Pooling
from cnnlab.views.pooling.arrays import shifted
from helpers.views import CHOICES, POOLS, SIZES, made, pooled, unpack


def test_it_starts_as_the_figure_of_the_notes():
    view = Pooling()
    assert unpack(view.scene["y"])[..., 0].tolist() == [[6, 8], [3, 4]]
    assert view.scene["formula"] == [
        "(W − F + 2P)/S + 1 = (4 − 2 + 2·0)/2 + 1 = 2",
        "16 values become 4 (25 %), without any weights",
    ]
    assert view.scene["problem"] is None


def test_a_frame_says_how_an_output_is_made():
    frame = Pooling().frame(0)
    assert frame["ledger"] == "max of 1, 1, 5, 6 = 6"
    assert frame["code"] == "V[0, 0, 0] = np.max(x[0:2, 0:2, 0])"
    assert frame["sentence"] == "row 0, column 0, channel 0: max of 1, 1, 5, 6 = 6"
    assert (frame["place"], frame["winner"], frame["switch"], frame["total"]) == (
        (0, 0, 0),
        3,
        5,
        6,
    )
    assert Pooling(mode="average").frame(0)["ledger"] == "(1 + 1 + 5 + 6) / 4 = 3.25"
    assert Pooling(mode="l2").frame(0)["ledger"] == "√(1² + 1² + 5² + 6²) = 7.94"
    assert (
        Pooling(-np.ones((2, 2)), mode="l2").frame(0)["ledger"]
        == "√((−1)² + (−1)² + (−1)² + (−1)²) = 2"
    )
    assert (
        Pooling(np.arange(16).reshape(4, 4), kernel_size=4).frame(0)["ledger"]
        == "max of 0, 1, 2, 3, …, 15 = 15"
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(SIZES, CHOICES)
def test_every_setting_gives_a_scene_that_equals_the_library(sizes, choices):
    view = made({}, {})
    with view.hold_trait_notifications():
        for name, value in {**sizes, **choices}.items():
            setattr(view, name, value)
    y, scene = pooled(view), view.scene
    if y is None:
        assert view.outputs == 0 and view.frame()["place"] is None
        assert view.frame()["sentence"] == scene["problem"]["sentence"] != ""
        return
    np.testing.assert_array_equal(unpack(scene["y"]), y[0])
    if view.mode == "max":
        _, switches = pooled(view, return_switches=True)
        np.testing.assert_array_equal(unpack(scene["switches"]), switches[0])
    for t, step in enumerate(
        trace(POOLS[view.mode], view.x[None], view.kernel_size, **view.settings)
    ):
        frame = view.frame(t)
        _, i, j, c = step.place
        assert frame["place"] == (i, j, c) and frame["total"] == step.total == pytest.approx(
            y[0, i, j, c]
        )
        assert [tuple(cell.values()) for cell in frame["cells"]] == [
            tuple(cell) for cell in step.cells
        ]
        assert frame["ledger"] == f"{scene['ledgers'][t]} = {format_number(step.total)}"
        # The browser finds the cells of an output in these rows and columns.
        assert [(r, q) for r in scene["rows"][i] for q in scene["columns"][j]] == [
            c[2:4] for c in map(tuple, step.cells)
        ]


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(SIZES, CHOICES)
def test_its_code_line_is_true(sizes, choices):
    view = made(sizes, choices)
    for t in range(0, view.outputs, 7):
        frame = view.frame(t)
        assert eval(frame["code"].split(" = ")[1], {"np": np, "x": view.x}) == pytest.approx(
            frame["total"]
        )


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(SIZES, CHOICES)
def test_the_backward_pass_adds_up_to_that_of_the_library(sizes, choices):
    view = made(sizes, choices, backward=True)
    if not view.outputs:
        return
    view.dy = np.random.default_rng(1).integers(-2, 3, unpack(view.scene["y"]).shape)
    x, added, ran = view.x, np.zeros(view.x.shape), np.zeros(view.x.shape)
    for t in range(view.outputs):
        frame = view.frame(t)
        i, j, c = frame["place"]
        assert frame["dy"] == view.dy[i, j, c] and frame["ledger"] == view.scene["ledgers"][t]
        for cell, share in zip(frame["cells"], frame["dx"], strict=True):
            if cell["inside"]:
                added[cell["row"], cell["column"], c] += share
        with np.errstate(invalid="ignore"):
            exec(frame["code"], {"dX": ran, "dY": view.dy, "x": x, "V": unpack(view.scene["y"])})
    np.testing.assert_allclose(unpack(view.scene["dx"]), added, atol=1e-9)
    if view.mode != "l2" or unpack(view.scene["y"]).all():
        np.testing.assert_allclose(ran, added, atol=1e-9)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(SIZES, CHOICES)
def test_a_moved_picture_is_pooled_and_compared(sizes, choices):
    view = made(sizes, choices)
    moved, y = view.scene.get("shift"), pooled(view)
    if y is None or not (view.shift_down or view.shift_right):
        assert moved is None
        return
    down, right = view.shift_down, view.shift_right
    padded = np.pad(view.x, ((3, 3), (3, 3), (0, 0)))
    H, W, _ = view.x.shape
    x = padded[3 - down : 3 - down + H, 3 - right : 3 - right + W]
    np.testing.assert_array_equal(unpack(moved["x"]), x)
    after = pooled(view, x)[0]
    np.testing.assert_array_equal(unpack(moved["y"]), after)
    assert moved["count"] == (after != y[0]).sum() == unpack(moved["changed"]).sum()
    assert f"{moved['count']} of {after.size} outputs changed" in moved["sentence"]
    assert view.frame(0)["after"] == after[0, 0, 0]


def test_pooling_is_not_indifferent_to_a_pixel_but_moves_along_with_the_stride():
    view = Pooling(source="digit", shift_right=1)
    assert (
        view.scene["shift"]["sentence"]
        == "Moved by 1 to the right, zeros roll in: 10 of 16 outputs changed."
    )
    assert "moved along" not in view.scene["shift"]["sentence"]
    view.shift_right, view.shift_down = -2, 2
    sentence = view.scene["shift"]["sentence"]
    assert sentence.startswith("Moved by 2 down, 2 to the left") and sentence.endswith(
        "they only moved along."
    )


def test_a_shift_larger_than_the_picture_leaves_zeros():
    assert shifted(np.ones((2, 2, 1)), 3, 0).sum() == 0
    assert shifted(np.arange(6.0).reshape(2, 3, 1), 0, -1)[..., 0].tolist() == [
        [1, 2, 0],
        [4, 5, 0],
    ]


@pytest.mark.parametrize("other", ["predict", "backward"])
def test_the_shift_waits_while_something_else_is_shown(other):
    view = Pooling(shift_down=1, **{other: True})
    assert view.scene["shift"] is None and view.scene["note"].startswith(
        "The shift is compared while"
    )
    setattr(view, other, False)
    assert view.scene["shift"]["count"] == 4


def test_sliders_clamp_and_never_raise():
    view = Pooling()
    view.stride, view.padding, view.height, view.shift_down = 99, -3, 1000, -9
    assert (view.stride, view.padding, view.height, view.shift_down) == (6, 0, 24, -3)
    view.step = 10**6
    assert view.step == view.outputs - 1


def test_cells_that_stay_keep_their_values_when_the_size_changes():
    view = Pooling()
    before = view.x.copy()
    view.height, view.width, view.channels = 7, 3, 2
    np.testing.assert_array_equal(view.x[:4, :, :1], before[:, :3])
    digit = Pooling(source="digit", width=10)
    assert (digit.x[:, 8:] == 0).all()


def test_a_stride_that_is_not_given_is_as_large_as_the_window():
    assert Pooling(kernel_size=3).stride == 3
    assert Pooling(kernel_size=3, stride=1).stride == 1


def wrong(view):
    return {
        mistake["name"]: unpack(mistake["y"])[0, 0, 0] for mistake in reversed(view.scene["wrong"])
    }


def test_wrong_predictions_are_told_apart():
    x = np.array([[3, 4, 1], [0, -12, 2], [5, 5, 5]])
    largest = wrong(Pooling(x, predict=True))
    assert (
        largest["took_mean"] == -1.25 and largest["took_sum"] == -5 and largest["took_least"] == -12
    )
    assert largest["ignored_sign"] == 12
    average = wrong(Pooling(x, mode="average", predict=True))
    assert (average["took_sum"], average["took_max"], average["ignored_sign"]) == (-5, 4, 19 / 4)
    l2 = wrong(Pooling(x, mode="l2", predict=True))
    assert (l2["forgot_root"], l2["root_of_mean"]) == (pytest.approx(169), pytest.approx(6.5))
    padded = wrong(Pooling(x, mode="average", padding=1, predict=True))
    assert padded["counted_padding"] == 3 / 4 and padded["no_padding"] == -1.25
    assert Pooling(x).scene["wrong"] == []


def test_windows_one_cell_off_and_other_channels_are_mistakes_too():
    view = Pooling(np.arange(24.0).reshape(4, 3, 2), stride=1, predict=True)
    found = [m for m in view.scene["wrong"] if m["name"] == "one_cell_off"]
    y = unpack(view.scene["y"])
    assert any(unpack(m["y"])[0, 0, 0] == y[1, 0, 0] for m in found)
    assert wrong(view)["other_channel"] == y[0, 0, 1]


def test_sliders_that_come_back_bring_back_every_number():
    view = Pooling()
    before = view.x.copy()
    view._on_message(view, {"kind": "paint", "array": "x", "place": [3, 3, 0], "value": -5}, [])
    assert view.source == "own"
    view.height, view.width, view.channels = 2, 1, 2
    view.height, view.width, view.channels = 4, 4, 1
    before[3, 3, 0] = -5
    np.testing.assert_array_equal(view.x, before)
    view.source = "numbers"
    np.testing.assert_array_equal(view.x, Pooling().x)


def test_the_output_shown_stays_at_its_place_and_each_scene_has_a_number():
    view = Pooling(step=3)
    before = view.scene["serial"]
    view.stride = 1
    assert (
        view.frame()["place"] == (1, 1, 0) and view.step == 4 and view.scene["serial"] == before + 1
    )
