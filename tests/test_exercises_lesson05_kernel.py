"""05.kernel as learners write it: every common mistake is recognised."""

import pytest

from cnnlab.cudatrace import launch
from cnnlab.exercises import check
from cnnlab.exercises.words import texts
from helpers.exercises import ALL, bound

LOOPS = """for u in range(w.shape[0]):
            for v in range(w.shape[1]):
                for c in range(w.shape[2]):
                    total += x[i + u, j + v, c] * w[u, v, c]"""

PLACE = (
    "j, i = cuda.blockIdx.x * {0}.x + cuda.threadIdx.x, cuda.blockIdx.y * {0}.y + cuda.threadIdx.y"
)
ADDED = "j, i = cuda.blockIdx.x + cuda.threadIdx.x, cuda.blockIdx.y + cuda.threadIdx.y"


def written(
    end="y[i, j] = total",
    place="j, i = cuda.grid(2)",
    inside="i < y.shape[0] and j < y.shape[1]",
    loops=LOOPS,
):
    """The learner's kernel, with another line here or there."""
    source = f"""from cnnlab.cudatrace import cuda
def one_output(x, w, y):
    {place}
    if {inside}:
        total = np.float32(0)
        {loops}
        {end}
"""
    return bound(source, "one_output")


def test_as_it_stands_it_is_right():
    for kernel in (
        written(),
        written("y[i, j] = total; return None"),
        written(place=PLACE.format("cuda.blockDim")),
    ):
        assert check("05.kernel", kernel).right


def first_output():
    """What the first thread computes in the first case."""
    case = ALL["05.kernel"].cases[0]
    x, w, _ = case["arrays"].values()
    return f"{(x[: w.shape[0], : w.shape[1]] * w).sum():g}"


@pytest.mark.parametrize(
    ("end", "returned"),
    [
        ("return total", first_output()),
        ("y[i, j] = total; return total", first_output()),
        ("y[i, j] = total; return y", "the array y"),
    ],
)
def test_a_kernel_that_returns_something_is_not_right(end, returned):
    feedback = check("05.kernel", written(end))
    assert feedback.kind == "wrong type"
    assert f"is refused, because thread (x=0, y=0) returns {returned}, but " in feedback.sentence
    assert "a kernel gives nothing back: write the result into an array" in feedback.sentence


@pytest.mark.parametrize("rounded", ["int(total)", "round(total)", "np.int32(total)"])
def test_a_rounded_sum_is_not_right(rounded):
    assert check("05.kernel", written(f"y[i, j] = {rounded}")).mistake == "whole_numbers"


def test_no_case_has_whole_sums_alone():
    for case in ALL["05.kernel"].cases:
        y = case["arrays"]["y"].copy()
        arrays = {**case["arrays"], "y": y}
        launch(ALL["05.kernel"].reference, case["blocks"], case["threads"], *arrays.values())
        assert (y % 1 != 0).any()


def test_an_index_far_outside_is_told():
    feedback = check("05.kernel", written("", loops="y[10**30, j] = 1"))
    assert (
        feedback.kind == "wrong"
        and f"writes y[1{30 * '0'}, 0], but y has shape (5, 7)" in feedback.sentence
    )


@pytest.mark.parametrize("end", ["yield total", "y[i, j] = total; yield"])
def test_a_generator_is_told(end):
    feedback = check("05.kernel", written(end))
    assert (
        feedback.kind == "wrong type" and "because `yield` makes a generator" in feedback.sentence
    )


@pytest.mark.filterwarnings("error")
def test_a_coroutine_is_told():
    feedback = check(
        "05.kernel", bound("async def one_output(x, w, y):\n    y[0, 0] = 1\n", "one_output")
    )
    assert (
        feedback.kind == "wrong type"
        and "because `async def` makes a coroutine" in feedback.sentence
    )


@pytest.mark.parametrize("end", ["one_output(x, w, y)", "y[i, j] = one_output(x, w, y)"])
def test_a_kernel_that_calls_itself_is_told(end):
    feedback = check("05.kernel", written(end))
    assert feedback.kind == "wrong type" and "because one_output calls itself" in feedback.sentence


@pytest.mark.parametrize(
    "end",
    [
        "return\n        y[i, j] = total",
        "if i > 99: y[i, j] = total",
        "total",
        "z = total",
        "x[i, j, 0]",
    ],
)
def test_a_kernel_that_writes_nothing_is_told(end):
    feedback = check("05.kernel", written(end))
    assert (
        feedback.kind == "wrong"
        and "no thread writes y: the line `y[…] = …` is missing" in feedback.sentence
    )


def test_a_return_before_all_else_is_an_attempt():
    feedback = check("05.kernel", written(place="j, i = cuda.grid(2)\n    return"))
    assert feedback.kind == "wrong" and "a `return` stands before it" in feedback.sentence


def test_an_output_that_loses_its_name_is_told():
    assert (
        "`y = …` only gives the name to something else"
        in check("05.kernel", written("y = total")).sentence
    )


@pytest.mark.parametrize("end", ["x[i, j, 0] = total", "y[i, j] = total; w[0, 0, 0] = w[0, 0, 0]"])
def test_an_input_must_stay_as_it_is(end):
    feedback, array = check("05.kernel", written(end)), "x" if end.startswith("x") else "w"
    assert (
        feedback.mistake is None
        and f"writes {array}[0, 0, 0], but {array} is an input and must" in feedback.sentence
    )


@pytest.mark.parametrize(
    ("parts", "told"),
    [
        (
            {"place": "j, i = cuda.grid(1)"},
            "cuda.grid(1) gives one number, x: for two write `j, i = cuda.grid(2)`",
        ),
        ({"place": "j = i = cuda.grid(2)"}, "cuda.grid(2) gives 2 numbers at once"),
        ({"place": "j, i = cuda.threadidx.x, 0"}, "(did you mean cuda.threadIdx?)"),
        ({"loops": "total = x * w"}, "x is an array, and a thread works on single numbers"),
        ({"end": "cuda.atomic.max(y, (i, j), total)"}, "cuda.atomic.max is not offered here"),
    ],
)
def test_what_the_words_say_comes_with_the_learners_line(parts, told):
    feedback = check("05.kernel", written(**parts))
    assert (
        feedback.kind == "raised"
        and told in feedback.sentence
        and "of your code: `" in feedback.sentence
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parts", "mistake"),
    [
        ({"end": "y[i, j] += total"}, "added_to_y"),
        ({"end": "cuda.atomic.add(y, (i, j), total)"}, "added_to_y"),
        ({"inside": "True"}, "no_bounds_check"),
        ({"inside": "i <= y.shape[0] and j <= y.shape[1]"}, "one_too_far"),
        ({"inside": "i < y.shape[0] and j <= y.shape[1]"}, "one_too_far"),
        ({"inside": "i < y.shape[0] - 1 and j < y.shape[1] - 1"}, "one_too_few"),
        ({"inside": "i < y.shape[0] or j < y.shape[1]"}, "checks_with_or"),
        ({"inside": "j < y.shape[0] and i < y.shape[1]"}, "swapped_bounds"),
        ({"inside": "i >= y.shape[0] or j >= y.shape[1]"}, "check_turned_round"),
        ({"place": "i, j = cuda.grid(2)"}, "swapped_i_j"),
        ({"end": "y[j, i] = total"}, "swapped_in_y"),
        ({"loops": LOOPS.replace("i + u, j + v", "j + u, i + v")}, "swapped_in_x"),
        ({"loops": LOOPS.replace("i + u, j + v", "i + v, j + u")}, "swapped_u_v"),
        ({"loops": LOOPS.replace(" * w[u, v, c]", "")}, "forgot_filter"),
        (
            {
                "loops": LOOPS.replace(
                    "            for v", "            total = 0\n            for v"
                )
            },
            "starts_again",
        ),
        ({"loops": LOOPS.replace("+=", "=")}, "last_product"),
        (
            {"loops": LOOPS + "\n                    y[i, j] = total", "end": ""},
            "writes_in_the_loop",
        ),
        ({"loops": LOOPS + "\n            y[i, j] = total", "end": ""}, "writes_in_the_loop"),
        ({"place": "j, i = cuda.threadIdx.x, cuda.threadIdx.y"}, "forgot_block"),
        ({"place": "j, i = cuda.blockIdx.x, cuda.blockIdx.y"}, "forgot_thread"),
        ({"place": ADDED}, "miscounted_place"),
        ({"place": PLACE.format("cuda.gridDim")}, "miscounted_place"),
        ({"place": "i, j = divmod(cuda.grid(1), y.shape[1])"}, "one_number_of_the_grid"),
    ],
)
def test_a_common_mistake_is_recognised(parts, mistake):
    feedback = check("05.kernel", written(**parts))
    assert not feedback.right and feedback.mistake == mistake
    assert texts()[f"05.kernel.{mistake}"].format(left=100) in feedback.sentence


def whole(indented):
    """The loops over all outputs, where each thread needs none."""
    source = (
        "from cnnlab.cudatrace import cuda\ndef one_output(x, w, y):\n    j, i = cuda.grid(2)\n"
    )
    return bound(source + indented, "one_output")


@pytest.mark.slow
def test_loops_over_the_whole_output_are_told():
    rows = "    for i in range(y.shape[0]):\n        for j in range(y.shape[1]):\n"
    body = (
        "            total = np.float32(0)\n            "
        + LOOPS.replace("\n", "\n    ")
        + "\n            y[i, j] = total\n"
    )
    feedback = check("05.kernel", whole(rows + body))
    assert feedback.mistake == "loops_over_outputs"
    assert "thread (x=0, y=0) writes 35 elements of y: each thread has one" in feedback.sentence


def test_a_race_elsewhere_is_not_laid_on_the_loops():
    end = "a = cuda.shared.array(1, np.float32); a[0] = total; y[i, j] = total"
    feedback = check("05.kernel", written(end))
    assert feedback.mistake is None and "there is a race: shared1[0] of block" in feedback.sentence
