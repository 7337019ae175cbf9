"""A language for the tests in which every text is marked: an unmarked word is English in the code.

The values in a text stay outside of its marks, so that they are looked at, too.
"""

import json
import re
from pathlib import Path
from string import Formatter

import cnnlab

NAME = "xx"
LIBRARY = Path(cnnlab.__file__).parent
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
# In backticks, a name before a bracket, and names with a point between such as "blockIdx.x".
CODE = re.compile(r"`[^`]*`|\b[A-Za-z_]\w*(?=[\[=(])|\b\w+(?:\.[a-z]\w*)+")
WORD = re.compile(r"[^\W\d_]{2,}")
NUMBERS = ("nan", "NaN", "inf")


def marked(text):
    """ "{n} cells of {name}" as "{n}⟦ cells of ⟧{name}"."""
    parts = []
    for plain, name, spec, _ in Formatter().parse(text):
        parts.append(f"⟦{plain}⟧" if plain.strip() else plain)
        if name is not None:
            parts.append(f"{{{name}:{spec}}}" if spec else f"{{{name}}}")
    return "".join(parts)


def write_tables(root):
    """Write the English tables and the marked ones under ``root``, as they lie in the library."""
    for path in LIBRARY.glob("**/texts/en.json"):
        table = json.loads(path.read_text("utf-8"))
        folder = root / path.parent.relative_to(LIBRARY)
        folder.mkdir(parents=True)
        (folder / "en.json").write_text(json.dumps(table), "utf-8")
        marks = {key: marked(text) for key, text in table.items()}
        (folder / f"{NAME}.json").write_text(json.dumps(marks), "utf-8")


def unmarked(text, names=()):
    """The words of ``text`` outside of all marks, but for numbers, code and ``names``."""
    # A mark leaves its backticks behind: what stands between two of them is code.
    rest = MARKED.sub(lambda mark: " " + "`" * mark[0].count("`") + " ", text)
    rest = CODE.sub(" ", rest)
    for name in sorted({*NUMBERS, *map(str, names)}, key=len, reverse=True):
        rest = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", " ", rest)
    return WORD.findall(rest)
