"""The documentation is complete: every public name, every trait, and the site builds offline."""

import importlib
import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from cnnlab import views
from tests.helpers.public import CALLABLES
from tools import reference

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = {path.relative_to(DOCS).as_posix(): path.read_text("utf-8") for path in DOCS.rglob("*.md")}
SETTINGS = yaml.safe_load((ROOT / "mkdocs.yml").read_text("utf-8"))
BLOCK = re.compile(r"^::: (\S+)\n((?: {4}.*\n?)*)", re.MULTILINE)

needs_mkdocs = pytest.mark.skipif(
    not all(map(importlib.util.find_spec, ("mkdocs", "mkdocstrings"))),
    reason='needs mkdocs: pip install "cnnlab[docs]"',
)


def files_of(entry):
    """The files that an entry of the navigation leads to."""
    if isinstance(entry, str):
        return [entry]
    inner = entry.values() if isinstance(entry, dict) else entry
    return [file for part in inner for file in files_of(part)]


def documented():
    """Every object that a page of the reference shows, as the library names it."""
    pages = "\n".join(reference.on_page_markdown(page) for page in PAGES.values())
    for name, options in BLOCK.findall(pages):
        members = (yaml.safe_load(options) or {}).get("options", {}).get("members")
        package, _, last = name.rpartition(".")
        for member in members or [last]:
            place = name if members else package
            yield getattr(importlib.import_module(place), member)


def test_the_navigation_leads_to_every_page_and_to_no_other():
    assert sorted(files_of(SETTINGS["nav"])) == sorted(PAGES)


def test_every_public_name_is_in_the_reference():
    shown = {id(thing) for thing in documented()}
    assert [name for name, thing in CALLABLES.items() if id(thing) not in shown] == []


def test_the_picture_of_the_layers_shows_every_package():
    picture = (DOCS / "images" / "layers.svg").read_text("utf-8")
    words = set(re.findall(r"\w+", picture))
    packages = {path.parent.name for path in (ROOT / "cnnlab").glob("*/__init__.py")}
    assert packages and packages - words == set()


@pytest.mark.parametrize("name", reference.exported("cnnlab.views"))
def test_every_view_has_a_table_in_which_each_trait_says_what_it_is(name):
    traits = reference.traits(getattr(views, name))
    assert traits and [name for name, trait in traits.items() if not trait.help] == []
    assert len(reference.trait_table(name).splitlines()) == 2 + len(traits)
    assert reference.trait_table(name) in reference.on_page_markdown(PAGES["reference/views.md"])


@pytest.mark.slow
@needs_mkdocs
def test_the_site_builds_without_a_warning_and_fetches_nothing(tmp_path):
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--site-dir", str(tmp_path)]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    pages = [path.read_text("utf-8") for path in tmp_path.rglob("*.html")]
    assert len(pages) >= len(PAGES)
    fetched = r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//'
    assert [found for page in pages for found in re.findall(fetched, page)] == []
