"""The errors of the library have one form: no capital at the start, no full stop, plain words."""

import ast
import re
from pathlib import Path

import pytest

import cnnlab

LIBRARY = Path(__file__).parents[1] / "cnnlab"
BANNED = re.compile(
    r"\b(whoever|nobody|anew|lest|shall|in vain|the like|of one's own|whole number|"
    r"(?<!there )is no \w+)\b"
)


def literal(node):
    """The text of a string in the code, with ``{}`` for each value; None for what is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return None


def messages(source):
    """(line, text) of each error that is raised with a text of its own."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            text = literal(node.exc.args[0])
            if text is not None:
                yield node.lineno, text


def faults(text):
    """What is wrong with a text: a list of words, empty where it is written as all are."""
    first = text.partition(" ")[0]
    name = "_" in first or hasattr(cnnlab, first)  # of something in the code
    found = ["capital"] if first[:1].isupper() and not name else []
    found += ["full stop"] if text.endswith(".") and not text.endswith("..") else []
    return found + [match[0] for match in BANNED.finditer(text)]


@pytest.mark.parametrize(
    "path", sorted(LIBRARY.rglob("*.py")), ids=lambda path: path.relative_to(LIBRARY).as_posix()
)
def test_errors_are_written_alike(path):
    source = path.read_text("utf-8")
    assert [(line, text) for line, text in messages(source) if faults(text)] == []


def test_there_are_errors_to_look_at():
    sources = (path.read_text("utf-8") for path in LIBRARY.rglob("*.py"))
    assert sum(len(list(messages(source))) for source in sources) > 100


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("The file is missing", "capital"),
        ("{} is missing: install it again.", "full stop"),
        ("{} is not a whole number of at least 1", "whole number"),
        ("save it anew", "anew"),
        ("{} is no file of cnnlab", "is no file"),
    ],
)
def test_a_text_that_is_written_otherwise_is_seen(text, fault):
    assert faults(text) == [fault]


@pytest.mark.parametrize(
    "text", ["Linear needs a row of numbers", "NUMBA_DISABLE_JIT is set", "write x = ..."]
)
def test_a_name_may_stand_at_the_start_and_dots_at_the_end(text):
    assert faults(text) == []


def exceptions(source):
    """The names of all classes that are built on an exception of Python or of the library."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef):
            bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
            if any(base.endswith("Error") or base == "Exception" for base in bases):
                yield node.name


def test_the_name_of_an_error_ends_in_error():
    names = [n for path in LIBRARY.rglob("*.py") for n in exceptions(path.read_text("utf-8"))]
    assert len(names) > 5 and [name for name in names if not name.endswith("Error")] == []
