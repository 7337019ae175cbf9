"""Every number in the prose of a lesson is right: a hidden comment before it says how it follows.

``<!-- = cnnlab expression -->34,944`` claims that the expression, rounded to as many decimals, is
the number.
"""

import json
import re
from pathlib import Path

import numpy as np
import pytest

import cnnlab
from cnnlab import ops, shapes

LESSONS = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(
    [*LESSONS.glob("*.ipynb"), *LESSONS.glob("[a-z]*/*.ipynb")]
)  # [a-z]: no checkpoints of an editor
NUMBER = r"[−-]?\d+(?:,\d{3})*(?:\.\d+)?"
CLAIM = re.compile(rf"<!-- = (.+?) -->\**({NUMBER})?", re.DOTALL)
WORLD = {"cnnlab": cnnlab, "ops": ops, "shapes": shapes, "np": np, "load": cnnlab.data.load}


def prose(path):
    """The text of all markdown cells."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


def broken(text):
    """A sentence for each claim in the text that does not hold."""
    return [sentence for sentence in (_fault(*claim) for claim in CLAIM.findall(text)) if sentence]


def _fault(expression, said):
    if not said:
        return f"no number follows the claim {expression}"
    found = f"{eval(expression, dict(WORLD)):.{len(said.partition('.')[2])}f}"
    return "" if found == _plain(said) else f"the prose says {said}, but {expression} is {found}"


def _plain(number):
    return number.replace(",", "").replace("−", "-")


def unclaimed(text):
    """The numbers over 99 that no claim stands before; years, code, formulas, addresses and notes
    do not count.
    """
    text = re.sub(CLAIM, " ", text)
    text = re.sub(
        r"```.*?```|`[^`]*`|\$[^$]*\$|<!--.*?-->|\]\([^)]*\)|https?://\S+",
        " ",
        text,
        flags=re.DOTALL,
    )
    numbers = re.findall(rf"(?<![\w.,]){NUMBER}", text)
    return [
        n
        for n in numbers
        if abs(float(_plain(n))) > 99 and not re.fullmatch("(19|20)[0-9][0-9]", n)
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_claim_holds(path):
    assert broken(prose(path)) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_claim_opens_a_line(path):
    # Markdown would take the whole line for HTML and show its stars and dollars as they are.
    assert re.findall(r"^<!-- = .*", prose(path), re.MULTILINE) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_number_over_99_has_a_claim(path):
    assert unclaimed(prose(path)) == []


def test_a_claim_is_compared_as_it_is_printed():
    assert (
        broken(
            "<!-- = 3 * 11648 -->34,944 and <!-- = 9 / 2 -->4.5 and <!-- = -1000 -->−1000, **<!-- "
            "= 7 -->7**"
        )
        == []
    )
    assert broken("<!-- = 3 * 11648 -->34,945") == ["the prose says 34,945, but 3 * 11648 is 34944"]
    assert (
        len(broken("<!-- = 9 / 2 -->4.6"))
        == len(broken("<!-- = 9 / 2 -->4.50 and <!-- = 9 / 2 -->5."))
        == 1
    )
    assert broken("<!-- = 5 -->apples") == ["no number follows the claim 5"]
    assert len(broken("<!-- = shapes.out_size(227, 11, 4) -->54")) == 1


def test_numbers_without_a_claim_are_found():
    text = (
        "In 2014, 138,000,000 weights; `x[1000]`, $224 + 1$ and <!-- = 3 * 100 -->300, then "
        "99 and 100, [a](b/500)."
    )
    assert unclaimed(text) == ["138,000,000", "100"]
