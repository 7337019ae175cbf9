"""The exercises: what is right passes, and each named mistake gets its own hint."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cnnlab import ops, shapes
from cnnlab.data.demo import convolution_demo
from cnnlab.exercises import check, given, solution
from cnnlab.exercises.lesson01 import READERS
from cnnlab.exercises.words import texts
from helpers.answering import ALL, FUNCTIONS, MISTAKES, bound, out_size


@pytest.mark.parametrize("key", ALL)
def test_our_solution_is_right_and_so_is_the_reference(key):
    exercise = ALL[key]
    verdict = check(key, bound(solution(key).source, exercise.name))
    assert verdict.right and verdict.kind == "right" and verdict.mistake is None, verdict
    assert verdict.sentence == exercise.say("right")
    assert check(key, exercise.reference).right


def without_values(text):
    """The words of a text, with a zero character in the place of each value."""

    class Gaps(dict):
        def __missing__(self, key):
            return "\0"

    return texts()[text].format_map(Gaps())


@pytest.mark.parametrize(("key", "name", "wrong"), MISTAKES)
def test_a_named_mistake_gets_its_own_hint(key, name, wrong):
    verdict = check(key, wrong)
    assert not verdict.right and verdict.mistake == name
    assert verdict.kind in ("wrong", "wrong shape")
    longest = max(without_values(f"{key}.{name}").split("\0"), key=len)
    assert longest in verdict.sentence


@pytest.mark.parametrize("key", ALL)
def test_each_exercise_has_at_least_three_named_mistakes(key):
    assert len({name for name, _ in ALL[key].mistakes}) >= 3


@pytest.mark.parametrize("key", ALL)
def test_what_is_left_open_is_not_attempted(key):
    exercise = ALL[key]
    for answer in (..., None, *((lambda *arguments: ...,) if key in FUNCTIONS else ())):
        verdict = check(key, answer)
        assert verdict.kind == "not attempted" and exercise.say("task") in verdict.sentence
    assert check(key).kind == "not attempted"


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_function_that_returns_nothing_is_asked_for_its_return(key):
    verdict = check(key, lambda *arguments: None)
    assert verdict.kind == "wrong type" and "is a `return` missing?" in verdict.sentence


def test_an_answer_filled_in_by_half_is_not_attempted():
    assert check("01.predict", [0, ..., None]).kind == "not attempted"
    assert (
        "still open" in check("06.ties", [[0, 1, 1, 0], [0] * 4, [0, ..., 1, 0], [0] * 4]).sentence
    )


def test_the_references_are_those_of_the_library():
    for case in ALL["02.out_size"].cases:
        assert ALL["02.out_size"].reference(**case) == shapes.out_size(**case)
    for case in ALL["02.same_padding"].cases:
        assert shapes.out_size(20, case["F"], 1, ALL["02.same_padding"].reference(**case)) == 20
    for case in ALL["03.walk"].cases:
        x, w = (np.asarray(case[name], float)[None] for name in "XW")
        y = ops.conv2d(x, w, [case["b"]], stride=case["S"], backend="numpy")
        assert ALL["03.walk"].reference(**case) == y[0, case["i"], case["j"], 0]
    for case in ALL["06.max_pool"].cases:
        y = ops.max_pool2d(case["x"][None], case["F"], case["S"], backend="numpy")[0]
        np.testing.assert_array_equal(ALL["06.max_pool"].reference(**case), y)


def test_the_predicted_outputs_are_those_of_the_demo():
    x, w, b, stride, padding = convolution_demo()
    y = ops.conv2d(x, w, b, stride=stride, padding=padding, backend="numpy")[0]
    assert ALL["01.predict"].reference == [y[1, 0, 0], y[1, 1, 1], y[2, 2, 0]] == [2, 4, 5]


def test_a_mistake_in_some_of_the_predictions_is_recognised():
    verdict = check("01.predict", [2, 4, 4])
    assert (
        verdict.mistake == "forgot_bias"
        and "V[2, 2, 0]: 4 is what comes out without the bias" in verdict.sentence
    )
    assert "27 products" in verdict.sentence
    assert check("01.predict", [2, 6, 5]).mistake == "one_channel"
    two = check("01.predict", [-7, -6, 5])
    assert two.mistake == "no_padding" and two.sentence.startswith("V[1, 0, 0]")
    unknown = check("01.predict", [2, 17, 5])
    assert unknown.mistake is None and "V[1, 1, 1] is not 17. It is 27 products" in unknown.sentence
    assert 'hint("01.predict")' in unknown.sentence


def test_row_and_column_that_have_changed_places_are_told():
    x, w, b, stride, padding = convolution_demo()
    y = ops.conv2d(x, w, b, stride=stride, padding=padding, backend="numpy")[0]
    verdict = check("01.predict", [y[0, 1, 0], 4, 5])
    assert verdict.mistake == "swapped_row_and_column" and "row, column, filter" in verdict.sentence


def test_a_case_with_another_array_than_the_given_one_names_it():
    fixed = given("03.walk")["W"]

    def own_filter(X, W, b, i, j, S):
        return np.sum(X[i * S : i * S + 5, j * S : j * S + 5] * fixed) + b

    sentence = check("03.walk", own_filter).sentence
    assert "W of shape (3, 3, 4)" in sentence and "X of shape" not in sentence


@pytest.mark.parametrize("place", range(3))
def test_a_mistake_in_any_one_prediction_is_told_apart_from_the_others(place):
    exercise = ALL["01.predict"]
    for name, wrong in exercise.mistakes:
        answer = list(exercise.reference)
        answer[place] = wrong[place]
        if answer != exercise.reference:
            assert check("01.predict", answer).mistake == name


def test_a_guess_of_zero_is_no_output_that_is_asked_for():
    assert 0 not in ALL["01.predict"].reference


def test_every_way_to_round_is_told_that_it_rounds():
    for size in (lambda n: round(n), lambda n: round(n - 1) + 1, lambda n: int(np.round(n))):
        verdict = check("02.out_size", lambda W, F, S, P, size=size: size((W - F + 2 * P) / S + 1))
        assert verdict.mistake == "rounded" and "nearest whole number" in verdict.sentence
    assert check("02.out_size", lambda W, F, S, P: int((W - F + 2 * P) / S + 1)).right


def test_a_pooling_that_slides_by_one_does_not_halve():
    for F, P in ((17, 0), (19, 1), (21, 2)):
        assert check("02.pool32", (F, 1, P)).mistake == "slides_by_one"
    for P in range(30):
        for F in range(1, 40):
            for S in range(1, 6):
                assert not check("02.pool32", (F, S, P)).right or S == 2


def test_every_cell_read_most_is_right_and_no_other():
    for row, column in np.ndindex(READERS.shape):
        assert check("01.most_read", (row, column)).right == (READERS[row, column] == 4)
    for cell in ((1, 3), [3, 3], np.array([3, 1]), (np.int8(1), 1.0)):
        assert check("01.most_read", cell).right
    assert "(0, 1): 2. Other cells are read by more" in check("01.most_read", (0, 1)).sentence


@pytest.mark.parametrize(
    "filter_",
    [
        [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]],
        [[0, 0, 0], [0, -1, 1], [0, 0, 0]],
        np.array([-0.05, 0, 0.05] * 3).reshape(1, 3, 3, 1),
        np.array([-3, 1, 2] * 3).reshape(3, 3, 1),
    ],
)
def test_any_filter_that_finds_the_edge_is_right(filter_):
    assert check("01.edge", filter_).right


def test_a_filter_blind_to_both_edges_is_wrong():
    assert "sees no difference" in check("01.edge", [[1, -2, 1], [-2, 4, -2], [1, -2, 1]]).sentence


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("02.pool32", (4, 2, 1)),
        ("02.pool32", np.array([6.0, 2.0, 2.0])),
        ("06.fractional", [0, 1, 2, 3, 4, 6, 8, 10]),
        ("06.fractional", np.array([0, 2, 4, 6, 7, 8, 9, 10])),
        ("06.l2", (4, Fraction(-5, 4), Decimal(13))),
        ("06.l2", [np.float32(4), -1.25, 13.00001]),
        ("02.alexnet", 227.0),
        ("02.alexnet", np.array([227])),
        ("12.stripes", [7]),
        ("12.stripes", np.array([[7]])),
        ("03.weights", np.array([75, 180], np.uint8)),
        ("03.grey", [[[[0.299, 0.587, 0.114]]]]),
        ("06.ties", [[0, 1, 1, 0], [0, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]),
    ],
)
def test_other_right_answers_and_other_ways_to_write_them(key, answer):
    assert check(key, answer).right


def test_whole_numbers_are_compared_exactly():
    assert not check("03.weights", (75, 181)).right and check("03.weights", (75, 180)).right
    assert not check("02.out_size", lambda W, F, S, P: out_size(W, F, S, P) + (W == 227)).right


def test_a_function_with_another_answer_hears_the_first_case_that_differs():
    verdict = check("02.out_size", lambda W, F, S, P: 5)
    assert verdict.kind == "wrong" and verdict.mistake is None
    assert verdict.sentence.startswith("For W=7, F=3, S=2, P=0 you give 5, it is 3.")
    verdict = check(
        "06.max_pool", lambda x, F, S: np.zeros(ALL["06.max_pool"].reference(x, F, S).shape)
    )
    assert verdict.sentence.startswith(
        "For x of shape (4, 4, 1), F=2, S=2 you give 0 at [0, 0, 0], it is 4."
    )


def test_a_case_of_few_numbers_is_written_out_so_that_one_can_recompute_it():
    sentence = check("11.descend", lambda w, gradients, lr, momentum: 5).sentence
    assert sentence.startswith(
        "For w=1, gradients=[2, 2, 2], lr=0.1, momentum=0.5 you give 5, it is 0.15."
    )
    sentence = check("12.nearest", lambda codes, labels, code: 9).sentence
    assert sentence.startswith(
        "For codes=[[6, 1], [4, 4], [−3, −5]], labels=[2, 7, 4], code=[1, 1] you give 9"
    )


def test_the_arguments_that_were_given_are_not_repeated():
    assert check("03.walk", lambda X, W, b, i, j, S: 7).sentence.startswith(
        "For i=0, j=0, S=2 you give 7, it is 26."
    )


@pytest.mark.parametrize(
    ("key", "answer", "both"),
    [
        (
            "01.predict",
            [1, 2, 3, 4],
            "You give a list of four numbers; a list of three numbers is needed.",
        ),
        ("01.predict", 3, "You give one number; a list of three numbers is needed."),
        ("01.predict", [], "You give an empty list;"),
        ("01.predict", [3], "You give a list of one number;"),
        ("01.predict", [0] * 20, "You give a list of 20 numbers;"),
        ("12.stripes", [7, 8], "You give a list of two numbers; one number is needed."),
        ("02.alexnet", [227, 227], "You give a list of two numbers; one number is needed."),
        (
            "06.ties",
            [[1, 2], [3]],
            "The rows of your answer are not equally long; an array of shape (4, 4) is needed.",
        ),
        (
            "01.edge",
            np.ones((3, 4)),
            "You give an array of shape (3, 4); an array of shape (3, 3) is needed.",
        ),
        ("06.fractional", 7, "You give one number; a list of eight numbers is needed."),
        (
            "01.edge",
            np.broadcast_to(1, (10**9, 10**9)),
            "You give an array of shape (1000000000, 1000000000)",
        ),
        (
            "02.out_size",
            lambda W, F, S, P: [W, F],
            "You give a list of two numbers; one number is needed. (With W=7,",
        ),
        (
            "03.walk",
            lambda *arguments: np.broadcast_to(1, (10**9, 10**9)),
            "one number is needed. (With i=0, j=0, S=2.)",
        ),
    ],
)
def test_another_shape_is_told_with_both_shapes(key, answer, both):
    verdict = check(key, answer)
    assert verdict.kind == "wrong shape" and both in verdict.sentence


@pytest.mark.parametrize(
    ("key", "answer", "sentence"),
    [
        ("02.alexnet", "227", "You give something of type str; one number is needed."),
        ("02.alexnet", True, "type bool"),
        ("02.alexnet", 227 + 0j, "type complex"),
        ("01.predict", {0, 4, 5}, "type set; a list of three numbers is needed."),
        (
            "01.predict",
            ["a", "b", "c"],
            "holds text where numbers belong; a list of three numbers is needed.",
        ),
        (
            "03.weights",
            ["75", "180"],
            "holds text where numbers belong; a list of two numbers is needed.",
        ),
        ("01.predict", lambda: 3, "this is a function"),
        ("02.out_size", 5, 'without calling it: `check("02.out_size", out_size)`'),
        (
            "02.out_size",
            lambda W, F, S: 5,
            "is called as `out_size(W, F, S, P)`, but yours is `out_size(W, F, S)`",
        ),
        (
            "02.out_size",
            lambda W, F, S, P: "5",
            "type str; one number is needed. (With W=7, F=3, S=1, P=0.)",
        ),
        (
            "02.out_size",
            lambda W, F, S, P: out_size(W, F, S, P) if W < 10 else None,
            "is a `return` missing? (With W=10",
        ),
    ],
)
def test_another_type_is_told(key, answer, sentence):
    verdict = check(key, answer)
    assert verdict.kind == "wrong type" and sentence in verdict.sentence


def test_numbers_that_are_none_are_told():
    assert "holds nan" in check("02.alexnet", float("nan")).sentence
    assert "holds inf" in check("01.edge", np.full((3, 3), np.inf)).sentence
    assert "holds inf" in check("02.alexnet", 10**400).sentence
    assert "you give nan, it is 5" in check("02.out_size", lambda *sizes: np.nan).sentence
