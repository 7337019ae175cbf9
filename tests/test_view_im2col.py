"""The Im2col view without a browser: its four pictures hold the same products, the library's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import ops
from cnnlab.numbers import format_number
from cnnlab.trace import trace
from cnnlab.views import Convolution, Im2col
from cnnlab.views.im2col import LIMITS
from cnnlab.views.im2col.matrices import sparse
from cnnlab.views.im2col.threads import grid, idle
from helpers.views import convolved, unpack

SIZES = st.fixed_dictionaries({name: st.integers(*ends) for name, ends in LIMITS.items()})


def brute_matrix(view, k):
    """The sparse matrix of filter k, weight by weight, with a row for each output and a column for
    each input cell.
    """
    (H, W, C), (OH, OW) = view.x.shape, unpack(view.scene["y"]).shape[:2]
    matrix = np.zeros((OH * OW, H * W * C))
    for i, j in np.ndindex(OH, OW):
        for (u, v, c), weight in np.ndenumerate(view.w[k]):
            row = i * view.stride - view.padding + u * view.dilation
            column = j * view.stride - view.padding + v * view.dilation
            if 0 <= row < H and 0 <= column < W:
                matrix[i * OW + j, (row * W + column) * C + c] = weight
    return matrix


def changed(view, sizes):
    """The view with these sizes, set all at once."""
    with view.hold_trait_notifications():
        for name, value in sizes.items():
            setattr(view, name, value)
    return view


def test_it_starts_as_the_notes_demo_with_stride_1():
    view = Im2col()
    np.testing.assert_array_equal(view.x, Convolution().x)
    np.testing.assert_array_equal(
        unpack(view.scene["y"]), unpack(Convolution(stride=1, padding=1).scene["y"])
    )
    assert (view.stride, view.padding, view.block) == (1, 1, 4)
    assert unpack(view.scene["cols"]).shape == (27, 25) and view.outputs == 50
    assert view.scene["formula"] == ["(W − F + 2P)/S + 1 = (5 − 3 + 2·1)/1 + 1 = 5"]


def test_the_price_has_the_numbers_of_the_present_sizes():
    assert Im2col().scene["price"] == [
        "X_col: 27 × 25 numbers, 9 × the input.",
        "Sparse: 73 % meets no weight.",
        "Blocks for all filters: 8; idle threads: 78 of 128.",
    ]
    view = Im2col(stride=2, block=2)
    assert view.scene["price"][0] == "X_col: 27 × 9 numbers, 3.24 × the input."
    assert view.scene["price"][2] == "Blocks for all filters: 8; idle threads: 14 of 32."
    zeros = 1 - np.count_nonzero(
        brute_matrix(Im2col(stride=2, w=np.ones((1, 3, 3, 3)), padding=1), 0)
    ) / (9 * 75)
    assert view.scene["price"][1] == f"Sparse: {100 * zeros:.3g} % meets no weight."


def test_a_frame_tells_one_output_in_four_ways():
    frame = Im2col().frame(19)
    assert (frame["place"], frame["window"]) == (
        (3, 4, 0),
        {"rows": (2, 3, 4), "columns": (3, 4, 5)},
    )
    assert frame["column"]["number"] == 19 and frame["column"]["copies"][-3:] == [-1, -1, -1]
    assert frame["thread"] == {
        **{"by": 0, "bx": 1, "ty": 3, "tx": 0},
        "lines": [
            "i = blockIdx.y * blockDim.y + threadIdx.y = 0 * 4 + 3 = 3",
            "j = blockIdx.x * blockDim.x + threadIdx.x = 1 * 4 + 0 = 4",
        ],
    }
    assert (frame["sum"], frame["bias"], frame["total"]) == (-1, 1, 0)
    assert frame["sentence"] == (
        "row 3, column 4, filter 0: column 19 of X_col, row 19 of S0, thread y 3, x 0 of block y "
        "0, x 1; "
        "27 products, sum −1, bias 1, output 0"
    )


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(SIZES)
def test_every_setting_gives_a_scene_that_equals_the_library(sizes):
    view = changed(Im2col(), sizes)
    y, scene = convolved(view), view.scene
    if y is None:
        assert view.outputs == 0 and view.frame()["place"] is None and scene["price"] == []
        assert view.frame()["sentence"] == scene["problem"]["sentence"] != ""
        return
    np.testing.assert_array_equal(unpack(scene["y"]), y)
    np.testing.assert_allclose(unpack(scene["sums"]), y - view.b, atol=1e-12)
    kernel = view.kernel_height, view.kernel_width
    np.testing.assert_array_equal(
        unpack(scene["cols"]), ops.im2col(view.x[None], kernel, **view.settings)[0]
    )
    copies = unpack(scene["copies"])
    np.testing.assert_array_equal(
        np.where(copies < 0, 0, view.x.ravel()[copies]), unpack(scene["cols"])
    )
    W_row = view.w.reshape(view.filters, -1)
    np.testing.assert_allclose(
        (W_row @ unpack(scene["cols"])).T.reshape(y.shape) + view.b, y, atol=1e-9
    )
    for k in range(view.filters):
        matrix = sparse(W_row[k], copies, view.x.size)
        np.testing.assert_array_equal(matrix, brute_matrix(view, k))
        np.testing.assert_allclose(
            (matrix @ view.x.ravel() + view.b[k]).reshape(y.shape[:2]), y[..., k], atol=1e-9
        )


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(SIZES)
def test_every_frame_is_one_step_of_the_trace_in_four_ways(sizes):
    view = changed(Im2col(), sizes)
    steps = (
        list(trace("conv2d", view.x[None], view.w, view.b, **view.settings)) if view.outputs else []
    )
    assert len(steps) == view.outputs
    for t in range(0, view.outputs, 7):
        frame, step = view.frame(t), steps[t]
        _, i, j, k = step.place
        assert frame["place"] == (i, j, k) and frame["total"] == step.total
        assert frame["window"] == {
            "rows": view.scene["rows"][i],
            "columns": view.scene["columns"][j],
        }
        values, copies = frame["column"]["values"], frame["column"]["copies"]
        assert values == [tap.value for tap in step.taps] and frame["weights"] == [
            tap.weight for tap in step.taps
        ]
        cells = [
            (tap.row * view.width + tap.column) * view.channels + tap.channel for tap in step.taps
        ]
        assert copies == [
            cell if tap.inside else -1 for cell, tap in zip(cells, step.taps, strict=True)
        ]
        assert frame["products"] == [a * b for a, b in zip(values, frame["weights"], strict=True)]
        assert frame["sparse"] == brute_matrix(view, k)[frame["column"]["number"]].tolist()
        thread = frame["thread"]
        assert (
            thread["by"] * view.block + thread["ty"],
            thread["bx"] * view.block + thread["tx"],
        ) == (i, j)
        for line, at in zip(thread["lines"], (i, j), strict=True):
            assert eval(line.split(" = ")[2]) == at == int(line.split(" = ")[3])


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(SIZES)
def test_its_code_line_is_true(sizes):
    view = changed(Im2col(), sizes)
    for t in range(0, view.outputs, 11):
        frame = view.frame(t)
        k = frame["place"][2]
        names = {
            **{
                "x": view.x,
                "b": view.b,
                "W_row": view.w.reshape(view.filters, -1),
                f"S{k}": brute_matrix(view, k),
            },
            "X_col": ops.im2col(view.x[None], view.w.shape[1:3], **view.settings)[0],
        }
        for way in frame["code"].split(" = ")[1:]:
            assert eval(way, names) == pytest.approx(frame["total"])


@given(st.integers(1, 12), st.integers(1, 12), st.integers(2, 8), st.integers(1, 3))
def test_blocks_cover_every_output_and_the_rest_is_idle(OH, OW, block, K):
    threads = grid((OH, OW), block, lambda key, **words: key)
    counted = idle((OH, OW), threads, K)
    found = [
        (i, j) for i, _ in enumerate(threads["rows"]) for j, _ in enumerate(threads["columns"])
    ]
    assert set(np.ndindex(OH, OW)) <= set(found) and counted["threads"] == K * len(found)
    assert counted["idle"] == K * sum(not (i < OH and j < OW) for i, j in found)
    assert counted["threads"] == counted["blocks"] * block**2
    assert 0 <= len(threads["rows"]) - OH < block and 0 <= len(threads["columns"]) - OW < block


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(SIZES)
def test_every_repair_that_is_offered_repairs(sizes):
    for repair in (Im2col(**sizes).scene["problem"] or {"repairs": []})["repairs"]:
        view = Im2col(**{**sizes, repair["trait"]: repair["value"]})
        assert view.scene["problem"] is None and view.outputs


def test_what_does_not_fit_is_shown_and_can_be_repaired():
    problem = Im2col(stride=3, padding=0).scene["problem"]
    assert problem["sentence"] == (
        "1.67 windows along the height and width: 1 fits; left over at the end: 2 rows and 2 "
        "columns."
    )
    assert [repair["words"] for repair in problem["repairs"]] == ["S = 2", "P = 2"]
    none = Im2col(height=2, padding=0)
    assert (
        none.outputs == 0
        and none.scene["overhang"][0] == [0, 1, 2]
        and none.png()[:4] == b"\x89PNG"
    )
    assert (
        none.scene["problem"]["sentence"]
        == "A filter of 3 does not fit an input of height 2 with padding 0."
    )


def test_sliders_clamp_and_never_raise():
    view = Im2col()
    view.stride, view.padding, view.height, view.block, view.filters = 99, -3, 1000, 1, 0
    assert (view.stride, view.padding, view.height, view.block, view.filters) == (4, 0, 8, 2, 1)
    view.step = 10**6
    assert view.step == view.outputs - 1


def test_wrong_predictions_are_told_apart():
    wrong = {
        mistake["name"]: unpack(mistake["y"]) for mistake in Im2col(predict=True).scene["wrong"]
    }
    y = unpack(Im2col().scene["y"])
    np.testing.assert_array_equal(wrong["forgot_bias"], y - [1, 0])
    assert Im2col().scene["wrong"] == []


@pytest.mark.parametrize(
    "sizes", [{}, {"height": 1, "width": 1, "kernel_size": 1}, {"channels": 1, "filters": 1}]
)
def test_the_still_picture_shows_any_size(sizes):
    assert Im2col(**sizes).png()[:4] == b"\x89PNG"


def test_numbers_are_said_as_the_browser_says_them():
    frame = Im2col(np.full((3, 3, 1), 0.125), np.full((1, 3, 3, 1), 0.5), [0.3], padding=0).frame(0)
    assert frame["sentence"].endswith(
        f"9 products, sum {format_number(0.5625)}, bias 0.3, output {format_number(0.8625)}"
    )
