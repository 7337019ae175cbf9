"""No answer makes a check raise: errors become feedback that names the learner's own line."""

import linecache
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as cases
from hypothesis import settings
from hypothesis import strategies as st

from cnnlab.exercises import check, given, keys
from helpers.exercises import ALL, FUNCTIONS, VALUES, bound, out_size

ROOT = Path(__file__).parents[1]


CELL = """def half(W):
    return W / 0

def out_size(W, F, S, P):
    room = W - F
    return half(room)
"""


def test_an_error_is_told_with_the_learners_own_line():
    feedback = check("02.out_size", bound(CELL, "out_size"))
    assert feedback.kind == "raised" and feedback.mistake is None
    assert feedback.sentence == (
        "ZeroDivisionError: division by zero, in line 2 of your code: `return W / 0` (With W=7, "
        "F=3, S=1, P=0.)"
    )


def test_an_error_deep_in_numpy_is_told_with_the_line_that_called_it():
    source = (
        "def walk(X, W, b, i, j, S):\n    from textwrap import dedent\n    return "
        "dedent(np.stack([X, W]))\n"
    )
    feedback = check("03.walk", bound(source, "walk"))
    assert (
        "ValueError: all input arrays must have the same shape, in line 3 of your code: `return "
        "dedent(" in repr(feedback)
    )


def test_an_error_in_a_file_of_the_learner_is_told_as_well(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(CELL)
    linecache.cache.pop(str(path), None)
    space = {}
    exec(compile(CELL, str(path), "exec"), space)
    assert (
        "in line 2 of your code: `return W / 0`" in check("02.out_size", space["out_size"]).sentence
    )


def test_an_error_without_source_or_line_is_told_all_the_same():
    space = {}
    exec(compile(CELL, "<nowhere>", "exec"), space)
    assert (
        "ZeroDivisionError: division by zero, in line 2 of your code."
        in check("02.out_size", space["out_size"]).sentence
    )
    assert check("02.out_size", "{9}".format).sentence.startswith(
        "IndexError: Replacement index 9 out of range"
    )


class Stop(KeyboardInterrupt):
    """Not what pressing stop raises."""


class Unspeakable(Exception):
    def __str__(self):
        raise RuntimeError


@pytest.mark.parametrize(
    "error", [SystemExit(1), GeneratorExit(), Stop(), Unspeakable(), BaseException("x" * 10**6)]
)
def test_whatever_code_raises_is_feedback(error):
    def same_padding(F):
        raise error

    feedback = check(same_padding)
    assert (
        feedback.kind == "raised"
        and type(error).__name__ in feedback.sentence
        and len(feedback.sentence) < 400
    )


def test_code_that_calls_itself_for_ever_is_feedback():
    def same_padding(F):
        return same_padding(F)

    assert "RecursionError" in check(same_padding).sentence


def test_a_loop_without_an_end_is_ended_and_no_other_case_is_tried(monkeypatch):
    monkeypatch.setattr("cnnlab.exercises.calling.LIMIT", 0.3)
    called = []
    source = "def out_size(W, F, S, P):\n    called.append(W)\n    while True:\n        W += 1\n"
    endless = bound(source, "out_size")
    endless.__globals__["called"] = called
    feedback = check("02.out_size", endless)
    assert feedback.kind == "raised" and "did not come to an end within 0.3 s" in feedback.sentence
    assert any(f"in line {line}" in feedback.sentence for line in (3, 4)) and len(called) == 1
    assert check("02.out_size", out_size).right


def test_only_pressing_stop_comes_through():
    def same_padding(F):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(same_padding)


def test_a_function_may_spoil_its_arguments_and_print(capsys):
    def walk(X, W, b, i, j, S):
        F = len(W)
        total = (X[i * S : i * S + F, j * S : j * S + F] * W).sum() + b
        X[:], W[:] = 0, 0
        print("walking")
        return total

    before = given("03.walk")
    assert check(walk).right and check(walk).right
    np.testing.assert_array_equal(given("03.walk")["X"], before["X"])
    assert "walking" in capsys.readouterr().out


def test_a_function_may_be_checked_by_its_name_alone():
    assert check(out_size).right
    assert check("02.out_size", out_size) == check(out_size)
    assert check(print).kind == "unknown" and "`02.out_size`" in check(print).sentence


def test_an_unknown_key_is_answered_with_those_of_its_lesson():
    feedback = check("01.predct", [0, 4, 5])
    assert feedback.kind == "unknown" and not feedback.right
    assert (
        feedback.sentence
        == "There is no exercise `01.predct`: use one of `01.predict`, `01.most_read`, `01.edge`."
    )
    for key in ("", "99.nothing", 3, None, ["01.predict"], "x" * 10**6, np.zeros(3)):
        assert all(known in check(key, 1).sentence for known in keys())
        assert len(check(key, 1).sentence) < 1000


def test_the_keys_are_listed_by_lesson():
    assert keys("01") == keys(1) == ("01.predict", "01.most_read", "01.edge")
    assert set(keys()) == set(ALL) and keys("77") == ()


class Evil:
    def __getattribute__(self, name):
        raise SystemExit("no")

    __eq__ = __len__ = __array__ = __repr__ = __float__ = lambda *arguments: 1 / 0
    __hash__ = None


class EvilType(type):
    __name__ = property(lambda self: 1 / 0)


class EvilArray(np.ndarray):
    def __array_ufunc__(self, *arguments, **options):
        raise SystemExit


def endless():
    loop = []
    loop.append(loop)
    return loop


ODD = [
    Evil(),
    [Evil()],
    EvilType("X", (), {})(),
    np.ones((3, 3)).view(EvilArray),
    endless(),
    object,
    type,
    int,
    ...,
    b"abc",
    np.array("x"),
    np.array(None),
    np.array([], dtype=object),
    np.zeros((0, 3)),
    np.array(["2020-01-01"], dtype="datetime64[D]"),
    np.zeros(3, dtype=[("a", int)]),
    np.ma.masked,
    range(10**15),
    (n for n in range(3)),
    [10**400, -(10**400), 0],
    Decimal("sNaN"),
    np.broadcast_to(np.int8(1), (10**6, 10**6)),
    lambda *arguments, **options: Evil(),
    lambda *arguments: endless(),
    lambda *arguments: (yield),
    lambda *arguments: arguments,
]
numbers = (
    st.integers()
    | st.floats()
    | st.none()
    | st.booleans()
    | st.text(max_size=3)
    | st.complex_numbers()
)
lists = st.recursive(
    numbers, lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner), max_leaves=12
)
answers = lists | st.dictionaries(st.text(max_size=2), numbers, max_size=2)


def never_raises(key, answer):
    feedback = check(key, answer)
    assert isinstance(repr(feedback), str) and feedback._repr_html_().startswith("<div")
    assert isinstance(feedback.right, bool) and len(feedback.sentence) < 2000


@pytest.mark.slow
@pytest.mark.parametrize("key", ALL)
def test_no_odd_object_makes_a_check_raise(key):
    for answer in ODD:
        never_raises(key, answer)
        if key in FUNCTIONS:
            never_raises(key, lambda *arguments, answer=answer: answer)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@cases(st.sampled_from(list(ALL)), answers, st.booleans())
def test_no_answer_makes_a_check_raise(key, answer, returned):
    never_raises(key, (lambda *arguments: answer) if returned else answer)


@settings(max_examples=100, deadline=None)
@cases(st.sampled_from(VALUES), st.data())
def test_no_numbers_of_the_right_shape_make_a_check_raise(key, data):
    size = np.size(ALL[key].reference)
    values = data.draw(st.lists(st.integers(-3, 40) | st.floats(), min_size=size, max_size=size))
    never_raises(key, np.reshape(values, np.shape(ALL[key].reference)))


@pytest.mark.parametrize("n", range(len(ODD)))
def test_no_odd_key_makes_a_check_raise(n):
    never_raises(ODD[n], ...)
    never_raises(ODD[n], 3)


def test_a_feedback_reads_well_as_text_and_as_a_box():
    right, wrong = check(out_size), check("02.out_size", lambda W, F, S, P: "<b>")
    assert repr(right).startswith("✓ Right. ") and repr(wrong).startswith("✗ ")
    html = check("02.out_size", bound(CELL.replace("W / 0", "W / '<b>'"), "out_size"))._repr_html_()
    assert "<code>return W / &#x27;&lt;b&gt;&#x27;</code>" in html and "<b>" not in html
    assert "✓ Right." in right._repr_html_() and "var(--jp-success-color1, " in right._repr_html_()


def test_importing_the_exercises_is_light():
    heavy = ["matplotlib", "ipywidgets", "anywidget", "numba"]
    code = (
        f"import sys, cnnlab; cnnlab.exercises.keys(); print([name for name in {heavy} if "
        f"name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr
