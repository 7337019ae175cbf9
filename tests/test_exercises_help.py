"""Help with the exercises: hints one by one, solutions that fill a cell, given arrays, texts."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from cnnlab.exercises import check, given, helping, hint, solution, solved
from cnnlab.exercises.exercise import ValueExercise
from cnnlab.exercises.feedback import SIGNS
from cnnlab.exercises.table import exercises
from cnnlab.exercises.words import MOST_IN_WORDS, hint_keys

FOLDER = Path(__file__).parents[1] / "cnnlab" / "exercises"
ENGLISH = json.loads((FOLDER / "texts" / "en.json").read_text("utf-8"))
ALL = exercises()


@pytest.fixture(autouse=True)
def no_hint_given_yet(monkeypatch):
    monkeypatch.setattr(helping, "_given", type(helping._given)())


def test_each_call_gives_one_more_hint_until_the_last():
    first, second, third, fourth = (hint("01.predict") for _ in range(4))
    assert [len(h.texts) for h in (first, second, third, fourth)] == [1, 2, 3, 3]
    assert [h.last for h in (first, second, third, fourth)] == [False, False, True, True]
    assert repr(first).startswith(
        "Hint 1: Find the window first."
    ) and 'hint("01.predict")` once more' in repr(first)
    assert (
        repr(second).startswith(repr(first).splitlines()[0]) and "27 products" in second.texts[-1]
    )
    assert "That was the last hint" in repr(third) and 'solution("01.predict")' in repr(third)
    assert len(hint("02.out_size").texts) == 1


def test_a_hint_is_a_box_in_a_notebook():
    html = hint("02.out_size")._repr_html_()
    assert html.startswith("<div") and "Hint 1:" in html and "var(--jp-info-color1, " in html
    hint("02.out_size")
    assert "<code>//</code>" in hint("02.out_size")._repr_html_()


@pytest.mark.parametrize("key", ALL)
def test_every_exercise_has_at_least_two_hints(key):
    texts = [hint(key).texts[-1] for _ in hint_keys(key)]
    assert len(set(texts)) == len(texts) >= 2


@pytest.mark.parametrize("key", ALL)
def test_a_solution_shows_its_source(key):
    shown = solution(key)
    assert repr(shown) == shown.source and compile(shown.source, key, "exec")
    assert (
        shown._repr_html_().startswith("<pre>")
        and shown.source.splitlines()[0][:20] in shown._repr_html_()
    )


def test_an_unknown_key_is_said_and_not_raised():
    for show in (hint, solution):
        for key in ("01.predct", None, ["01.predict"]):
            assert "`01.predict`" in repr(show(key)) and show(key)._repr_html_().startswith("<div")
        assert solution("01.predct").source == ""
    with pytest.raises(ValueError, match=r"no exercise `01.predct`: use one of `01.predict`"):
        given("01.predct")


def test_given_arrays_are_copies():
    given("06.l2")["window"][:] = 0
    np.testing.assert_array_equal(given("06.l2")["window"], [[3, 4], [0, -12]])
    assert set(given("03.walk")) == {"X", "W", "b"} and given("02.alexnet") == {}


def cell(exercise):
    """A cell as it stands in a lesson, not attempted."""
    if isinstance(exercise, ValueExercise):
        return f'answer = ...  # your answer\ncheck("{exercise.key}", answer)'
    return (
        f'def {exercise.name}(*arguments):\n    ...\n\n\ncheck("{exercise.key}", {exercise.name})'
    )


@pytest.mark.parametrize("key", ALL)
def test_a_solved_cell_is_right(key):
    space, feedback = {}, []
    source = solved(cell(ALL[key]))
    exec("from cnnlab.exercises import check as _check", space)
    space["check"] = lambda *arguments: feedback.append(space["_check"](*arguments))
    exec(source, space)
    assert [answer.right for answer in feedback] == [True]
    assert source.endswith(f'check("{key}", {ALL[key].name})') and "..." not in source


def test_what_stands_above_the_check_is_replaced_but_for_imports():
    filled = solved(
        "import numpy as np\n\ndef out_size(W, F, S, P):\n    ...\n\nexercises.check(\n    "
        "out_size\n);"
    )
    assert (
        filled
        == f"import numpy as np\n{solution('02.out_size').source}\n\n\nexercises.check(\n    "
        f"out_size\n);"
    )


@pytest.mark.parametrize(
    "source", ["", "%matplotlib inline", "x = 1", "# check(1)", "recheck(3)", "check('a', 1)\nx"]
)
def test_a_cell_without_a_check_at_its_end_stays_as_it_is(source):
    assert solved(source) == source


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        (
            'mine = ...\ncheck("01.predict", mine)',
            "the cell checks mine, but the solution of 01.predict binds answer",
        ),
        ('answer = ...\ncheck("01.predct", answer)', "no exercise `01.predct`"),
        ("check(size)", "not exactly one exercise called size"),
    ],
)
def test_a_cell_that_no_solution_fits_is_refused(source, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        solved(source)


def wanted():
    """The keys that every exercise of its sort needs, those of the feedback, and those that stand
    in the code.
    """
    for key, exercise in ALL.items():
        yield from (
            f"{key}.{name}"
            for name in ("task", "right", "hint_1", "hint_2", *dict(exercise.mistakes))
        )
        yield from (f"{key}.{name}" for name, _ in getattr(exercise, "remarks", ()))
        if isinstance(exercise, ValueExercise) and exercise.check is None:
            yield f"{key}.wrong"
        yield from (f"{key}.{name}" for name, _ in getattr(exercise, "labels", ()))
    yield from (f"feedback.kind_{kind.replace(' ', '_')}" for kind in SIGNS)
    yield from (f"feedback.count_{n}" for n in range(2, MOST_IN_WORDS + 1))
    groups = "|".join(["feedback", *map(re.escape, ALL)])
    for path in FOLDER.glob("*.py"):
        yield from re.findall(
            rf"""["']((?:{groups})\.[a-z0-9_]*[a-z0-9])["']""", path.read_text("utf-8")
        )


def test_every_sentence_is_there():
    assert sorted(set(wanted()) - set(ENGLISH)) == []


def test_every_sentence_is_used():
    hints = {name for key in ALL for name in hint_keys(key)}
    assert sorted(set(ENGLISH) - set(wanted()) - hints) == []


STRANGER = np.ones((5, 5, 4))


def test_a_function_that_reads_the_notebook_instead_of_its_arguments_is_told_so():
    def walk(X, W, b, i, j, S):
        return (X[i * S : i * S + 5, j * S : j * S + 5] * STRANGER).sum() + b

    sentence = check("03.walk", walk).sentence
    assert (
        "Your function reads STRANGER of the notebook" in sentence
        and "X, W, b, i, j, S" in sentence
    )


def test_a_window_of_the_wrong_size_is_told_how_a_slice_counts():
    def walk(X, W, b, i, j, S):
        return (X[i * S : 5, j * S : 5] * W).sum() + b

    feedback = check("03.walk", walk)
    assert feedback.kind == "raised" and "F of them from a on are `a:a + F`" in feedback.sentence


def test_where_the_arrays_of_a_case_can_be_seen_is_said():
    feedback = check("03.walk", lambda X, W, b, i, j, S: 24)
    assert "For i=0, j=0, S=2 you give 24, it is" in feedback.sentence
    assert '`given("03.walk")` shows the arrays' in feedback.sentence and set(given("03.walk")) == {
        "X",
        "W",
        "b",
    }
