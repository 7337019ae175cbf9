"""Every sentence of a view is in the table of its language, and no other."""

import json
import re
from pathlib import Path

VIEWS = Path(__file__).parents[1] / "cnnlab" / "views"
SOURCES = [*VIEWS.rglob("*.py"), *VIEWS.rglob("*.js")]
ENGLISH = json.loads((VIEWS / "texts" / "en.json").read_text("utf-8"))
GROUPS = {key.split(".")[0] for key in ENGLISH}
KEY = re.compile(rf'["`]((?:\*(?=\.title)|{"|".join(sorted(GROUPS))})\.[a-z_0-9*]+)["`]')
PUT_IN = {
    ".js": r"\$\{[^{}]*\}",
    ".py": r"\{[^{}]*\}",
}  # the part of a key that is known only at run time


def used():
    """The keys in the code as patterns, and as they stand there."""
    found = {
        key
        for path in SOURCES
        for key in KEY.findall(re.sub(PUT_IN[path.suffix], "*", path.read_text("utf-8")))
    }
    return {
        key: re.compile(re.escape(key).replace(r"\*", "[a-z_0-9]+") + "$") for key in sorted(found)
    }


def test_every_key_in_the_code_has_words():
    assert [key for key, pattern in used().items() if not any(map(pattern.match, ENGLISH))] == []


def test_every_sentence_is_used():
    patterns = used().values()
    assert [key for key in ENGLISH if not any(pattern.match(key) for pattern in patterns)] == []


def test_no_key_is_so_open_that_it_matches_all():
    assert [key for key in used() if key.endswith(".*")] == []
