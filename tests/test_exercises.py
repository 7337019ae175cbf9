"""The exercises: what is right passes, and each named mistake gets its own hint."""

import numpy as np
import pytest

from cnnlab import ops, shapes
from cnnlab.data.demo import convolution_demo
from cnnlab.exercises import check, given, solution
from cnnlab.exercises.lesson01 import READERS
from cnnlab.exercises.words import texts
from helpers.exercises import ALL, FUNCTIONS, MISTAKES, bound


@pytest.mark.parametrize("key", ALL)
def test_our_solution_is_right_and_so_is_the_reference(key):
    exercise = ALL[key]
    feedback = check(key, bound(solution(key).source, exercise.name))
    assert feedback.right and feedback.kind == "right" and feedback.mistake is None, feedback
    assert feedback.sentence == exercise.say("right")
    assert check(key, exercise.reference).right


def without_values(text):
    """The words of a text, with a zero character in the place of each value."""

    class Gaps(dict):
        def __missing__(self, key):
            return "\0"

    return texts()[text].format_map(Gaps())


@pytest.mark.slow
@pytest.mark.parametrize(("key", "name", "wrong"), MISTAKES)
def test_a_named_mistake_gets_its_own_hint(key, name, wrong):
    feedback = check(key, wrong)
    assert not feedback.right and feedback.mistake == name
    assert feedback.kind in ("wrong", "wrong shape")
    longest = max(without_values(f"{key}.{name}").split("\0"), key=len)
    assert longest in feedback.sentence


@pytest.mark.parametrize("key", ALL)
def test_each_exercise_has_at_least_three_named_mistakes(key):
    assert len({name for name, _ in ALL[key].mistakes}) >= 3


@pytest.mark.parametrize("key", ALL)
def test_what_is_left_open_is_not_attempted(key):
    exercise = ALL[key]
    for answer in (..., None, *((lambda *arguments: ...,) if key in FUNCTIONS else ())):
        feedback = check(key, answer)
        assert feedback.kind == "not attempted" and exercise.say("task") in feedback.sentence
    assert check(key).kind == "not attempted"


@pytest.mark.parametrize("key", FUNCTIONS)
def test_a_function_that_returns_nothing_is_asked_for_its_return(key):
    feedback = check(key, lambda *arguments: None)
    assert feedback.kind == "wrong type" and "is a `return` missing?" in feedback.sentence


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
    feedback = check("01.predict", [2, 4, 4])
    assert (
        feedback.mistake == "forgot_bias"
        and "V[2, 2, 0]: 4 is what comes out without the bias" in feedback.sentence
    )
    assert "27 products" in feedback.sentence
    assert check("01.predict", [2, 6, 5]).mistake == "one_channel"
    two = check("01.predict", [-7, -6, 5])
    assert two.mistake == "no_padding" and two.sentence.startswith("V[1, 0, 0]")
    unknown = check("01.predict", [2, 17, 5])
    assert unknown.mistake is None and "V[1, 1, 1] is not 17. It is 27 products" in unknown.sentence
    assert 'hint("01.predict")' in unknown.sentence


def test_row_and_column_that_have_changed_places_are_told():
    x, w, b, stride, padding = convolution_demo()
    y = ops.conv2d(x, w, b, stride=stride, padding=padding, backend="numpy")[0]
    feedback = check("01.predict", [y[0, 1, 0], 4, 5])
    assert (
        feedback.mistake == "swapped_row_and_column" and "row, column, filter" in feedback.sentence
    )


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
        feedback = check("02.out_size", lambda W, F, S, P, size=size: size((W - F + 2 * P) / S + 1))
        assert feedback.mistake == "rounded" and "nearest whole number" in feedback.sentence
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
