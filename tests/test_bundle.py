"""The JavaScript of the views is real modules: every name is imported, nothing in cycles."""

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from cnnlab.views.shared import bundle

VIEWS = bundle.VIEWS
FILES = sorted(VIEWS.glob("*/web/*.js"))
SHEETS = sorted(VIEWS.glob("*/web/*.css"))
ENTRIES = sorted(VIEWS.glob("*/web/main.js"))
IMPORTED = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.MULTILINE)
TOP_LEVEL = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
LONGEST_FILE = 300

each_file = pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(VIEWS).as_posix()
)


def exported(path):
    return set(
        re.findall(
            r"^export (?:async )?(?:const|let|function|class) (\w+)",
            path.read_text("utf-8"),
            re.MULTILINE,
        )
    )


def imports(path):
    """Pairs of a file and the names that ``path`` takes from it."""
    for names, target in IMPORTED.findall(path.read_text("utf-8")):
        file = (path.parent / target).resolve()
        yield file, [name.strip() for name in names.split(",") if name.strip()]


@each_file
def test_what_is_imported_is_exported_there(path):
    source = path.read_text("utf-8")
    assert len(IMPORTED.findall(source)) == len(re.findall(r"^import\b", source, re.MULTILINE))
    for file, names in imports(path):
        assert set(names) <= exported(file)


@pytest.mark.slow
@each_file
def test_what_is_exported_is_imported_somewhere(path):
    taken = {
        name for other in FILES for file, names in imports(other) if file == path for name in names
    }
    by_python = {"standalone"}
    tested = set(re.findall(r"\w+", " ".join(p.read_text("utf-8") for p in WEB_TESTS)))
    assert exported(path) - by_python - tested <= taken


WEB_TESTS = sorted((Path(__file__).parent / "web").glob("*.js"))


def rounds(graph):
    """Files that import themselves over others, found by taking away what imports nothing left."""
    left = {file: set(targets) for file, targets in graph.items()}
    while free := [file for file, targets in left.items() if not targets & set(left)]:
        for file in free:
            del left[file]
    return sorted(left)


def test_no_module_imports_itself_over_others():
    assert rounds({path: {file for file, _ in imports(path)} for path in FILES}) == []


def test_a_round_of_imports_is_seen():
    assert rounds({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}, "e": set()}) == list("abcd")


def test_no_name_stands_at_the_top_of_two_files():
    names = Counter(name for path in FILES for name in TOP_LEVEL.findall(path.read_text("utf-8")))
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda path: path.parts[-3])
def test_a_view_is_one_module_without_imports(entry):
    source = bundle.module(entry.parts[-3])
    assert (
        source.endswith(bundle.DEFAULT)
        and len(re.findall(r"^const view = ", source, re.MULTILINE)) == 1
    )
    assert re.findall(r"^(?:import|export) .*", source, re.MULTILINE) == ["export default view;"]
    names = Counter(TOP_LEVEL.findall(bundle.scoped(source) + bundle.standalone()))
    assert [name for name, count in names.items() if count > 1] == []


def test_what_a_file_imports_comes_before_it():
    for entry in ENTRIES:
        order = bundle.ordered(entry)
        assert order[-1] == entry.resolve() and len(set(order)) == len(order)
        for place, path in enumerate(order):
            assert {file for file, _ in imports(path)} <= set(order[:place])


def test_every_view_parses_as_a_module(tmp_path):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node found: install Node.js to parse the views' JavaScript")
    for entry in ENTRIES:
        name = entry.parts[-3]
        path = tmp_path / f"{name}.mjs"
        path.write_text(bundle.module(name), "utf-8")
        done = subprocess.run([node, "--check", path], capture_output=True, encoding="utf-8")
        assert done.returncode == 0, done.stderr


@each_file
def test_a_file_of_javascript_can_be_scrolled_once(path):
    assert len(path.read_text("utf-8").splitlines()) < LONGEST_FILE


def selectors(sheet):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    for group in re.findall(r"([^{}]+)\{", text):
        yield from (selector.strip() for selector in group.split(","))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.parts[-3])
def test_a_style_sheet_styles_only_cnnlab(sheet):
    found = list(selectors(sheet))
    assert found and [one for one in found if not one.startswith(".cnnlab")] == []


def test_the_package_ships_every_file_of_the_browser():
    patterns = (VIEWS.parents[1] / "pyproject.toml").read_text("utf-8")
    assert '"**/*.js"' in patterns and '"**/*.css"' in patterns
