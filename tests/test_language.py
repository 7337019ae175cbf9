"""A language is chosen in one place, and its tables have the keys of the English ones."""

import json
import re
from pathlib import Path

import pytest

import cnnlab
from cnnlab import texts
from cnnlab.texts import say, say_many, sentence
from helpers.tables import gaps

LIBRARY = Path(cnnlab.__file__).parent
TABLES = sorted(LIBRARY.glob("**/texts/*.json"))
ENGLISH = json.loads((LIBRARY / "texts" / "en.json").read_text("utf-8"))
GROUPS = "|".join(sorted({key.split(".")[0] for key in ENGLISH}))
KEY = re.compile(rf"""(say_many\(\s*f?)?["']((?:{GROUPS})\.[a-z_0-9*]+)["']""")


def used():
    """The keys in the code of the library as patterns; what is known only at run time is open."""
    for path in LIBRARY.rglob("*.py"):
        for many, key in KEY.findall(re.sub(r"\{\w*\}", "*", path.read_text("utf-8"))):
            open_key = re.escape(key).replace(r"\*", "[a-z_0-9]*")
            yield re.compile(open_key + ("_(one|many)" if many else ""))


def test_every_key_in_the_code_has_words():
    missing = [key.pattern for key in used() if not any(map(key.fullmatch, ENGLISH))]
    assert missing == []


def test_every_sentence_is_used():
    patterns = set(used())
    assert [key for key in ENGLISH if not any(one.fullmatch(key) for one in patterns)] == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_table_has_english_keys_in_order_and_puts_the_same_values_in(path):
    table = json.loads(path.read_text("utf-8"))
    english = json.loads(path.with_name("en.json").read_text("utf-8"))
    assert set(table) <= set(english) and list(table) == sorted(table)
    assert [key for key in table if gaps(table[key]) != gaps(english[key])] == []


@pytest.fixture
def klingon(tmp_path, monkeypatch):
    """A language "xx" that has a few sentences of two packages."""
    for package, table in (
        ("", {"training.bar_loss": "chIl"}),
        ("views", {"view.photo_and": " je "}),
    ):
        folder = tmp_path / package / "texts"
        folder.mkdir(parents=True)
        (folder / "en.json").write_text(
            (LIBRARY / package / "texts" / "en.json").read_text("utf-8")
        )
        (folder / "xx.json").write_text(json.dumps(table))
    monkeypatch.setattr(texts, "ROOT", tmp_path)


def test_english_is_the_present_language():
    assert cnnlab.language() == "en" and texts.languages() == ("en",)


def test_an_unknown_language_is_refused_with_those_there_are(klingon):
    with pytest.raises(ValueError, match="there are no texts in 'kl': use one of 'en', 'xx'"):
        cnnlab.language("kl")
    assert cnnlab.language() == "en"


def test_a_language_is_chosen_for_good_or_for_a_while(klingon):
    with cnnlab.language("xx") as chosen:
        assert cnnlab.language() == "xx" and say("training.bar_loss") == "chIl"
        assert repr(chosen) == "language('xx')"
    assert cnnlab.language() == "en" and say("training.bar_loss") == "loss"
    cnnlab.language("xx")
    assert say("training.bar_loss") == "chIl"
    cnnlab.language("en")


def test_what_a_language_lacks_is_said_in_english(klingon):
    with cnnlab.language("xx"):
        assert say("training.bar_step") == "step"
        assert say_many("figures.threads", 1) == "GFLOP/s on 1 thread"


def test_a_sentence_is_put_into_words_when_it_is_read(klingon):
    what = sentence("training.loss_became", loss="nan")
    cause = sentence("ledger.input")
    why = sentence("training.went_back", what=what, failed=2, step=1, cause=cause)
    assert str(why).startswith("the loss became nan at step 2") and str(why).endswith("; input")
    assert sentence("training.bar_loss").words("xx") == "chIl"


def test_a_view_speaks_the_language_it_was_made_in_or_its_own(klingon):
    views = pytest.importorskip("cnnlab.views")
    with cnnlab.language("xx"):
        chosen, own = views.Strip1D(), views.Strip1D(language="en")
    assert (chosen.language, own.language, views.Strip1D().language) == ("xx", "en", "en")
    assert chosen.texts["view.photo_and"] == " je " and own.texts["view.photo_and"] == " and "
    chosen.language = "en"
    assert chosen.texts == own.texts
