"""The recipe for a layer is right: the files and functions that it names exist."""

import re
from pathlib import Path

import pytest

import cnnlab
from cnnlab.explain.kinds import KINDS
from cnnlab.layers import Layer
from cnnlab.ops import check, written

ROOT = Path(__file__).parents[1]
RECIPE = (ROOT / "docs" / "how-to" / "layer.md").read_text("utf-8")
FILES = sorted(set(re.findall(r"`((?:cnnlab|tests)/[\w/.]*)`", RECIPE)))
SHORT = sorted(set(re.findall(r"`((?:gpu/|ops/|layers/)?\w+\.py)`", RECIPE)))


@pytest.mark.parametrize("path", FILES)
def test_a_file_of_the_recipe_is_there(path):
    assert (ROOT / path).exists()


@pytest.mark.parametrize("path", SHORT)
def test_a_file_named_in_short_is_there(path):
    assert list((ROOT / "cnnlab").rglob(path))


def test_the_recipe_names_what_there_is():
    assert len(FILES) >= 8 and len(SHORT) >= 5
    for name in (
        "infer_shapes",
        "forward",
        "backward",
        "macs",
        "save_for_backward",
        "saved",
        "buffer",
        "ranges",
    ):
        assert f"`{name}`" in RECIPE and hasattr(Layer, name)
    for module in (check, written):
        names = re.findall(rf"`{module.__name__.rpartition('.')[2]}\.(\w+)", RECIPE)
        assert names and all(callable(getattr(module, name)) for name in names)
    assert callable(cnnlab.kernels.backend_for) and callable(cnnlab.gradcheck)


def files_that_name(pattern):
    """The files of the library (Python, JavaScript, styles, words) in which a pattern is found."""
    return {
        path.relative_to(ROOT / "cnnlab").as_posix()
        for path in (ROOT / "cnnlab").rglob("*.*")
        if path.suffix in (".py", ".js", ".css", ".json")
        and re.search(pattern, path.read_text("utf-8"))
    }


def test_a_layer_with_kernels_is_named_in_nine_files_its_words_included():
    kind = KINDS[cnnlab.LocalResponseNorm]
    assert kind.name == kind.formula == "response"
    words = rf"\.(kind|detail|value|window)_{kind.name}\b"
    assert files_that_name(rf"\bLocalResponseNorm\b|(\b|_)response_norm(\b|_)|{words}") == {
        "ops/response_norm.py",
        "ops/__init__.py",
        "kernels/reference/norm.py",
        "kernels/cpu/loops_norm.py",
        "kernels/gpu/norm.py",
        "layers/norm.py",
        "layers/__init__.py",
        "explain/kinds/norm.py",
        "views/texts/en.json",
    }


def test_an_optimiser_is_named_in_three_files():
    named = files_that_name(r"(?i)\b_?adagrad\b")
    assert named == {"optim/__init__.py", "kernels/gpu/optim.py", "__init__.py"}


@pytest.mark.parametrize("name", ["relu", "relu_backward"])
def test_the_layer_to_read_along_stands_where_the_recipe_leads(name):
    for backend in ("numpy", "loops", "im2col", "tiled"):
        assert callable(getattr(cnnlab.kernels.get_backend(backend), name))
    assert callable(getattr(cnnlab.ops, name))


def test_every_link_of_contributing_and_the_docs_leads_to_a_file():
    for path in (ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")):
        links = re.findall(r"\]\(([^)#:]+)\)", path.read_text("utf-8"))
        assert [link for link in links if not (path.parent / link).exists()] == []
