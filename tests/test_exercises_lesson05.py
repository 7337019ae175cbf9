"""Lesson 05's exercises: the references are the library's, and a kernel is judged by what its
threads touch.
"""

from itertools import product

import numpy as np
import pytest

from cnnlab import ops, shapes
from cnnlab.cudatrace import cuda
from cnnlab.exercises import check, keys
from helpers.answering import ALL, bound

CASES = ALL["05.kernel"].cases


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
    verdict = check("05.loops", loops(**options))
    assert not verdict.right and verdict.mistake == mistake


def test_an_axis_in_the_wrong_place_is_told_beside_the_error_it_raises():
    verdict = check("05.loops", loops(write="y[n, k, i, j] = total + b[k]"))
    assert (
        verdict.kind == "raised"
        and "IndexError" in verdict.sentence
        and "channels are last" in verdict.sentence
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
    verdict = check("05.loops", conv)
    assert verdict.mistake == "slices" and verdict.sentence.startswith(
        "The numbers are right, but slices"
    )


def test_somebody_elses_convolution_is_no_loop():
    verdict = check("05.loops", lambda x, w, b, stride: ops.conv2d(x, w, b, stride=stride))
    assert verdict.mistake == "not_read" and verdict.kind == "wrong"


def test_a_matrix_of_whole_numbers_is_refused():
    def im2col(x, FH, FW, S):
        columns = ALL["05.im2col"].reference(x, FH, FW, S)
        found = np.zeros(columns.shape, int)
        found[:] = columns
        return found

    assert check("05.im2col", im2col).mistake == "whole_numbers"


@pytest.mark.parametrize("key", ["05.loops", "05.im2col"])
def test_sizes_differ_on_every_axis_and_no_number_is_whole(key):
    for case in ALL[key].cases:
        result = ALL[key].reference(**case)
        for array in (*(value for value in case.values() if isinstance(value, np.ndarray)), result):
            assert len(set(array.shape)) == array.ndim
        assert (case["x"] % 1 != 0).all() and (case["x"] < 0).any()


def test_im2col_is_the_librarys_and_its_product_the_convolution():
    for case in ALL["05.im2col"].cases:
        x, size, S = case["x"], (case["FH"], case["FW"]), case["S"]
        columns = ALL["05.im2col"].reference(**case)
        np.testing.assert_array_equal(
            columns, ops.im2col(x[None], size, stride=S, backend="numpy")[0]
        )
        w = np.random.default_rng(0).integers(-3, 4, (4, *size, x.shape[2])).astype(float)
        y = ops.conv2d(x[None], w, stride=S, backend="numpy")[0]
        np.testing.assert_array_equal((w.reshape(4, -1) @ columns).T.reshape(y.shape), y)


def test_the_price_is_that_of_the_matrix():
    rows, columns, factor = ALL["05.price"].reference
    small = ops.im2col(np.zeros((1, 6, 6, 64)), 3, padding=1, backend="numpy")
    assert rows == small.shape[1] and columns == shapes.out_size(224, 3, P=1) ** 2
    assert factor == small.size / (6 * 6 * 64) == rows * columns / (224 * 224 * 64)


def test_one_wrong_part_of_the_price_is_told():
    verdict = check("05.price", (9, 50176, 9))
    assert verdict.mistake == "forgot_depth" and "64 channels" in verdict.sentence
    assert "The factor is not 8.5" in check("05.price", (576, 50176, 8.5)).sentence


def test_the_kernel_computes_the_librarys_convolution():
    assert check("05.kernel", ALL["05.kernel"].reference).right
    for case in CASES:
        x, w, y = case["arrays"].values()
        assert y.shape == ops.conv2d(x[None], w[None], backend="numpy").shape[1:3]


def test_some_blocks_of_a_case_hang_over_and_none_is_square_in_all():
    hang = [np.mod(case["arrays"]["y"].shape[::-1], case["threads"]).any() for case in CASES]
    assert hang == [True, False, True]
    assert any(case["blocks"][0] != case["blocks"][1] for case in CASES)


@pytest.mark.parametrize("total", ["0.0", "np.float32(0)", "0"])
def test_the_kernel_may_be_written_in_other_ways(total):
    source = (
        "from cnnlab.cudatrace import cuda\n"
        "def one_output(image, filt, out):\n"
        "    j = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x\n"
        "    i = cuda.blockIdx.y * cuda.blockDim.y + cuda.threadIdx.y\n"
        "    OH, OW = out.shape\n"
        "    if i >= OH or j >= OW:\n"
        "        return\n"
        f"    total = {total}\n"
        "    FH, FW, C = filt.shape\n"
        "    for c in range(C):\n"
        "        for u in range(FH):\n"
        "            for v in range(FW):\n"
        "                total = total + filt[u, v, c] * image[i + u, j + v, c]\n"
        "    out[i, j] = total\n"
    )
    verdict = check("05.kernel", bound(source, "one_output"))
    assert verdict.right and ("64 bits" in verdict.sentence) == (total in ("0", "0.0"))


def test_a_kernel_that_touches_nothing_is_not_attempted():
    def begun(x, w, y):
        cuda.grid(2)

    for kernel in (lambda x, w, y: ..., lambda x, w, y: None, begun):
        assert check("05.kernel", kernel).kind == "not attempted"


def test_the_first_thread_astray_is_named():
    verdict = check("05.kernel", dict(ALL["05.kernel"].mistakes)["no_bounds_check"])
    assert verdict.sentence.startswith(
        "With y of shape (5, 7), 2 × 2 blocks of 4 × 4 threads: thread (x=7, y=0) reads x["
    )


def test_a_race_is_told():
    def one_output(x, w, y):
        y[0, 0] = x[0, 0, 0] * w[0, 0, 0]

    verdict = check("05.kernel", one_output)
    assert verdict.kind == "wrong" and verdict.mistake is None
    assert (
        "there is a race: y[0, 0] is written by thread (x=0, y=0) and written by thread (x=1, y=0)"
        in verdict.sentence
    )


def test_other_faults_of_a_kernel_are_told():
    def corner(x, w, y):
        if cuda.grid(2) == (0, 0):
            y[0, 0] = x[0, 0, 0]

    def other_numbers(x, w, y):
        j, i = cuda.grid(2)
        if i < y.shape[0] and j < y.shape[1]:
            y[i, j] = 77

    assert "nobody writes y[0, 1]" in check("05.kernel", corner).sentence
    assert "you leave 77 at y[0, 0], it is " in check("05.kernel", other_numbers).sentence


def test_a_thread_with_two_outputs_is_told():
    def one_output(x, w, y):
        j, i = cuda.grid(2)
        if i < y.shape[0] and j < y.shape[1] and j % 2 == 0:
            for here in (j, j + 1):
                if here < y.shape[1]:
                    y[i, here] = sum(
                        x[i + u, here + v, c] * w[u, v, c]
                        for u, v, c in product(*map(range, w.shape))
                    )

    assert "writes 2 elements of y: each thread has one" in check("05.kernel", one_output).sentence


def test_a_slice_or_another_error_is_told_with_the_learners_own_line():
    source = "def one_output(x, w, y):\n    j, i = 0, 0\n    y[i, j] = (x[0:3, 0:3] * w).sum()\n"
    verdict = check("05.kernel", bound(source, "one_output"))
    assert verdict.kind == "raised" and "works on single numbers" in verdict.sentence
    assert "in line 3 of your code: `y[i, j] = (x[0:3, 0:3] * w).sum()`" in verdict.sentence
    assert "is called as" in check("05.kernel", lambda x, y: None).sentence
    assert check("05.kernel", 3).kind == "wrong type"


def test_checking_leaves_the_cases_alone():
    before = [case["arrays"]["y"].copy() for case in CASES]
    check("05.kernel", ALL["05.kernel"].reference)
    assert all(
        np.array_equal(case["arrays"]["y"], y) for case, y in zip(CASES, before, strict=True)
    )


@pytest.mark.parametrize(
    "odd", [print, int, type, np.sum, lambda *a: (yield), lambda *a: 1 / 0, lambda x, w, y: y]
)
def test_no_odd_kernel_makes_a_check_raise(odd):
    assert not check("05.kernel", odd).right


def test_the_lesson_has_a_warm_up_and_four_exercises():
    assert keys("05") == ("05.warm_up", "05.loops", "05.im2col", "05.price", "05.kernel")
