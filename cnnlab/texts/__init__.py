"""The language of what a learner reads, and its sentences by key.

Every folder ``texts`` of the library holds one table for each language, ``en.json`` the English
one; a language is there as soon as one of them holds its file.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
ENGLISH = "en"

_present = ENGLISH


def language(name: str | None = None) -> Any:
    """The present language, or another one for all that is made from now on.

    It is the language of views, and of exercises, figures, tables and notices of training. Errors
    of the library stay English, and so does each sentence that a language does not have.

    Arguments:
        name: the language to choose, such as "en": ``language("ko")`` for good,
            ``with language("ko"): ...`` for a while. None only asks.

    Returns:
        The name of the present language, or the one chosen, as a context manager.

    Raises:
        ValueError: there are no texts in this language.

    Examples:
        >>> cnnlab.language()
        'en'
    """
    return _present if name is None else _Chosen(name)


class _Chosen:
    """The choice of a language; as a context manager it restores the one before."""

    def __init__(self, name):
        global _present
        self.name = known(name)
        self.before, _present = _present, name

    def __enter__(self):
        return self

    def __exit__(self, *error):
        global _present
        _present = self.before

    def __repr__(self):
        return f"language({self.name!r})"


def languages():
    """The languages there are texts in, as ``("en", …)``."""
    return _languages(ROOT)


@cache
def _languages(root):
    packages = [root, *(path for path in root.iterdir() if path.is_dir())]
    folders = [package / "texts" for package in packages if (package / "texts").is_dir()]
    names = {path.name for folder in folders for path in folder.iterdir()}
    return tuple(sorted(name.removesuffix(".json") for name in names if name.endswith(".json")))


def known(name):
    """``name``, if there are texts in this language; ValueError with the known ones if not."""
    if name not in languages():
        there = ", ".join(map(repr, languages()))
        raise ValueError(f"there are no texts in {name!r}: use one of {there}")
    return name


def texts(package="", name=None):
    """Every sentence of a package, such as "views": a dict from key to template.

    ``""`` is the library below the views and the exercises. ``name`` is a
    language, the present one if None.
    """
    return _texts(ROOT, package, name or _present)


@cache
def _texts(root, package, name):
    folder = root / package / "texts" if package else root / "texts"
    english = _table(folder, ENGLISH)
    return english if name == ENGLISH else {**english, **_table(folder, name)}


def _table(folder, name):
    path = folder / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}


def say(key, /, **values):
    """The library's words for ``key`` in the present language, with the values put in by name."""
    return texts()[key].format(**values)


def say_many(key, n, /, **values):
    """The words for ``key_one`` where ``n`` is 1, else for ``key_many``; both may name ``n``."""
    return say(f"{key}_{'one' if n == 1 else 'many'}", n=n, **values)


class Sentence(NamedTuple):
    """A sentence not yet put into words: its key and its values, which may be Sentences too.

    Its ``str`` is in the present language.
    """

    key: str
    values: dict

    def words(self, name=None):
        """The words in a language, or in the present one."""
        values = {
            label: value.words(name) if isinstance(value, Sentence) else value
            for label, value in self.values.items()
        }
        return texts("", name)[self.key].format(**values)

    def __str__(self):
        return self.words()


def sentence(key, /, **values):
    """The Sentence of a key with its values."""
    return Sentence(key, values)
