"""Lesson 05's loops in every way that learners write them, and what does not count as loops."""

from itertools import product

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.exercises import check
from helpers.exercises import ALL, bound


def test_the_seven_loops_are_the_librarys_convolution():
    for case in ALL["05.loops"].cases:
        y = ops.conv2d(case["x"], case["w"], case["b"], stride=case["stride"], backend="numpy")
        np.testing.assert_array_equal(ALL["05.loops"].reference(**case), y)


LOOPS = """def conv(x, w, b, stride):
    N, H, W, C = x.shape
    K, FH, FW, _ = w.shape
    OH, OW = (H - FH) // stride + 1, (W - FW) // stride + 1
    y = np.zeros((N, OH, OW, K)BUFFER)
    START_1
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                START_2
                for k in range(K):
                    START_3
                    for u in range(FH):
                        for v in range(FW):
                            START_4
                            for c in range(C):
                                total += x[n, i * stride + u, j * stride + v, c] * w[k, u, v, c]
                    WRITE
    return y
"""


def loops(start=3, write="y[n, i, j, k] = total + b[k]", buffer=""):
    """The loops as learners write them, with the sum set to 0 at another place, or another line at
    the end.
    """
    source = LOOPS.replace("BUFFER", buffer).replace("WRITE", write)
    for place in range(1, 5):
        source = source.replace(f"START_{place}", "total = 0" if place == start else "pass")
    return bound(source, "conv")


def test_loops_as_learners_write_them_are_right():
    assert check("05.loops", loops()).right


@pytest.mark.parametrize(
    ("options", "mistake"),
    [
        ({"start": 1}, "not_set_back"),
        ({"start": 2}, "not_set_back"),
        ({"start": 1, "write": "total += b[k]; y[n, i, j, k] = total"}, "not_set_back"),
        ({"start": 4}, "starts_again"),
        ({"buffer": ", int"}, "whole_numbers"),
        ({"buffer": ", np.int64", "write": "y[n, i, j, k] = b[k]; y[n, i, j, k] += total"}, None),
        ({"write": "y[n, i, j, k] = total"}, "forgot_bias"),
        ({"write": "y[n, k, i, j] = total + b[k]"}, "channels_first"),
        ({"write": "y[n, j, i, k] = total + b[k]"}, "swapped_axes"),
    ],
)
def test_slips_in_the_loops_are_told_by_their_name(options, mistake):
    feedback = check("05.loops", loops(**options))
    assert not feedback.right and feedback.mistake == mistake


def test_an_axis_in_the_wrong_place_is_reported_with_the_error_it_raises():
    feedback = check("05.loops", loops(write="y[n, k, i, j] = total + b[k]"))
    assert (
        feedback.kind == "raised"
        and "IndexError" in feedback.sentence
        and "channels are last" in feedback.sentence
    )


@pytest.mark.parametrize(
    "start",
    [
        "x = np.asarray(x)",
        "x, w = x.tolist(), w.tolist()",
        "y = np.zeros_like(x)",
        "x = x.astype(float)",
    ],
)
def test_loops_over_copies_or_lists_are_loops(start):
    def conv(x, w, b, stride):
        y = np.zeros(ALL["05.loops"].reference(x, w, b, stride).shape)
        space = {"np": np, "x": x, "w": w}
        exec(start, space)
        x, w = space["x"], space["w"]
        for n, i, j, k in np.ndindex(y.shape):
            y[n, i, j, k] = b[k]
            for u, v, c in product(range(len(w[0])), range(len(w[0][0])), range(len(w[0][0][0]))):
                y[n, i, j, k] += x[n][i * stride + u][j * stride + v][c] * w[k][u][v][c]
        return y

    assert check("05.loops", conv).right


@pytest.mark.slow
def test_compiled_loops_are_loops():
    numba = pytest.importorskip("numba")
    assert check("05.loops", numba.njit(ALL["05.loops"].reference)).right


def window_at_once(x, w, b, stride):
    y = np.zeros(ALL["05.loops"].reference(x, w, b, stride).shape)
    FH, FW = w.shape[1:3]
    for n, i, j, k in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[n, i, j, k] = np.sum(x[n, top : top + FH, left : left + FW] * w[k]) + b[k]
    return y


def by_einsum(x, w, b, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[1:3], (1, 2))[
        :, ::stride, ::stride
    ]
    return np.einsum("nijcuv,kuvc->nijk", windows, w) + b


@pytest.mark.parametrize("conv", [window_at_once, by_einsum])
def test_slices_and_sums_of_numpy_are_right_numbers_but_no_loops(conv):
    feedback = check("05.loops", conv)
    assert feedback.mistake == "slices" and feedback.sentence.startswith(
        "The numbers are right, but slices"
    )


def test_a_librarys_convolution_is_no_loop():
    feedback = check("05.loops", lambda x, w, b, stride: ops.conv2d(x, w, b, stride=stride))
    assert feedback.mistake == "not_read" and feedback.kind == "wrong"


def test_a_matrix_of_whole_numbers_is_refused():
    def im2col(x, FH, FW, S):
        columns = ALL["05.im2col"].reference(x, FH, FW, S)
        found = np.zeros(columns.shape, int)
        found[:] = columns
        return found

    assert check("05.im2col", im2col).mistake == "whole_numbers"
