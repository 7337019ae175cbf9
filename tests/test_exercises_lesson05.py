"""Lesson 05's exercises: the library's references, and a kernel checked by what it touches."""

from itertools import product

import numpy as np
import pytest

from cnnlab import ops, shapes
from cnnlab.cudatrace import cuda
from cnnlab.exercises import check, keys
from helpers.exercises import ALL, bound

CASES = ALL["05.kernel"].cases


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
    feedback = check("05.price", (9, 50176, 9))
    assert feedback.mistake == "forgot_depth" and "64 channels" in feedback.sentence
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
    feedback = check("05.kernel", bound(source, "one_output"))
    assert feedback.right and ("64 bits" in feedback.sentence) == (total in ("0", "0.0"))


def test_a_kernel_that_touches_nothing_is_not_attempted():
    def begun(x, w, y):
        cuda.grid(2)

    for kernel in (lambda x, w, y: ..., lambda x, w, y: None, begun):
        assert check("05.kernel", kernel).kind == "not attempted"


def test_the_first_thread_out_of_bounds_is_named():
    feedback = check("05.kernel", dict(ALL["05.kernel"].mistakes)["no_bounds_check"])
    assert feedback.sentence.startswith(
        "With y of shape (5, 7), 2 × 2 blocks of 4 × 4 threads: thread (x=7, y=0) reads x["
    )


@pytest.mark.slow
def test_a_race_is_told():
    def one_output(x, w, y):
        y[0, 0] = x[0, 0, 0] * w[0, 0, 0]

    feedback = check("05.kernel", one_output)
    assert feedback.kind == "wrong" and feedback.mistake is None
    assert (
        "there is a race: y[0, 0] is written by thread (x=0, y=0) and written by thread (x=1, y=0)"
        in feedback.sentence
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
    feedback = check("05.kernel", bound(source, "one_output"))
    assert feedback.kind == "raised" and "works on single numbers" in feedback.sentence
    assert "in line 3 of your code: `y[i, j] = (x[0:3, 0:3] * w).sum()`" in feedback.sentence
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
