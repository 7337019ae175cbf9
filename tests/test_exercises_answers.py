"""Answers to exercises: every form of a right one passes, a wrong one is told what differs."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from cnnlab.exercises import check
from helpers.exercises import ALL, out_size


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
    feedback = check("02.out_size", lambda W, F, S, P: 5)
    assert feedback.kind == "wrong" and feedback.mistake is None
    assert feedback.sentence.startswith("For W=7, F=3, S=2, P=0 you give 5, it is 3.")
    feedback = check(
        "06.max_pool", lambda x, F, S: np.zeros(ALL["06.max_pool"].reference(x, F, S).shape)
    )
    assert feedback.sentence.startswith(
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
    feedback = check(key, answer)
    assert feedback.kind == "wrong shape" and both in feedback.sentence


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
    feedback = check(key, answer)
    assert feedback.kind == "wrong type" and sentence in feedback.sentence


def test_numbers_that_are_none_are_told():
    assert "holds nan" in check("02.alexnet", float("nan")).sentence
    assert "holds inf" in check("01.edge", np.full((3, 3), np.inf)).sentence
    assert "holds inf" in check("02.alexnet", 10**400).sentence
    assert "you give NaN, it is 5" in check("02.out_size", lambda *sizes: np.nan).sentence
