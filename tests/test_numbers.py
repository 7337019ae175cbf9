"""A number is written the same way in Python and in the browser, and rounded right.

The cases of numbers.json are read by both; random ones are compared between them.
"""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab.exercises.words import number
from cnnlab.numbers import format_number, format_percent

HELPERS = Path(__file__).parent / "helpers"
TABLES = json.loads((HELPERS / "numbers.json").read_text("utf-8"))
CASES = TABLES["three digits"]
ROOT = Path(__file__).parents[1]
DOM = (ROOT / "cnnlab/views/shared/web/dom.js").as_uri()
ASK = f"""
import {{ readFileSync }} from "node:fs";
import {{ number }} from {DOM!r};
const cases = JSON.parse(readFileSync(0, "utf-8"));
process.stdout.write(JSON.stringify(cases.map(([text, places]) => number(Number(text), places))));
"""


@pytest.mark.parametrize(("value", "words"), CASES)
def test_a_number_is_written_with_three_digits(value, words):
    assert format_number(float(value)) == words


@pytest.mark.parametrize(("share", "words"), TABLES["per cent"])
def test_a_share_is_written_in_per_cent(share, words):
    assert format_percent(float(share)) == words


@pytest.mark.parametrize(
    ("value", "words"), [(1e-9, "1e−9"), (105705600, "105705600"), (0.12345678, "0.123457")]
)
def test_a_number_to_compare_has_six_digits_and_is_whole_in_full(value, words):
    assert number(value) == words


@given(st.floats(-1e300, 1e300), st.integers(1, 6))
def test_what_is_written_is_the_number_rounded(value, places):
    back = float(format_number(value, places).replace("−", "-"))
    assert (back == 0) == (value == 0) and back * value >= 0
    if value.is_integer() and abs(value) < 1e6:
        assert back == value
    elif abs(value) >= 1:
        assert abs(back - value) <= 0.5001 * 10.0 ** (1 - places) * abs(value)
    elif abs(value) >= 10.0**-places:
        assert abs(back - value) <= 0.5001 * 10.0**-places


def test_the_browser_writes_the_same():
    node = shutil.which("node")
    if node is None:
        pytest.skip(
            "no node found: install Node.js to compare how Python and JavaScript write numbers"
        )
    rng = np.random.default_rng(0)
    values = [
        *rng.normal(size=300) * 10.0 ** rng.integers(-12, 13, 300),
        *(rng.integers(-9999, 9999, 300) / 16),
    ]
    asked = [(text, 3) for text, _ in CASES] + [
        (repr(float(v)), 1 + n % 5) for n, v in enumerate(values)
    ]
    done = subprocess.run(
        [node, "--input-type=module", "-e", ASK],
        input=json.dumps(asked),
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    wrong = [
        (v, p, js, format_number(float(v), p))
        for (v, p), js in zip(asked, json.loads(done.stdout), strict=True)
    ]
    assert [case for case in wrong if case[2] != case[3]] == []
