"""Joins the ES modules of a view into the one module that anywidget takes, by following imports.

No build step and no Node: ``import { … } from "…"`` lines say what comes first and are left out, so
all files of a view share one scope. Comments stay behind; they are for those who read the files.
"""

import re
from functools import cache
from pathlib import Path

VIEWS = Path(__file__).parents[1]
SHARED = VIEWS / "shared" / "web"
IMPORT = re.compile(r'^import \{[^}]*\} from "([^"]+)";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let)\b)", re.MULTILINE)
ENTRY = re.compile(r"^export default ", re.MULTILINE)
COMMENT = re.compile(r"^[ \t]*(?://.*|/\*\*(?:.|\n)*?\*/)\n", re.MULTILINE)
EMPTY = re.compile(r"\n{2,}")
DEFAULT = "export default view;\n"


@cache
def module(view):
    """The source of a view's ES module: its ``web/main.js`` and all that it imports."""
    return joined(VIEWS / view / "web" / "main.js") + DEFAULT


def scoped(source):
    """The source of a module for a page where more code follows in its scope: it has ``view``."""
    return source.removesuffix(DEFAULT)


@cache
def standalone():
    """The source of ``standalone(view)``, which shows a view on a page without a kernel."""
    return joined(SHARED / "page.js")


@cache
def style(*views):
    """The shared style sheet, then those of these views."""
    sheets = [SHARED / "style.css", *(VIEWS / view / "web" / "style.css" for view in views)]
    return "\n".join(sheet.read_text("utf-8") for sheet in sheets)


def joined(path):
    """A file after all that it imports, each file once, without ``import`` and ``export``."""
    return "".join(_plain(file.read_text("utf-8")) for file in ordered(path))


def ordered(path):
    """The files that ``path`` needs, itself last: what a file imports comes before it."""
    files = {}

    def visit(file):
        if file not in files:
            files[file] = None  # seen; it moves behind its imports below
            for target in IMPORT.findall(file.read_text("utf-8")):
                visit((file.parent / target).resolve())
            del files[file]
            files[file] = None

    visit(path.resolve())
    return list(files)


def _plain(source):
    source = ENTRY.sub("const view = ", EXPORT.sub("", IMPORT.sub("", source)))
    return EMPTY.sub("\n", COMMENT.sub("", source)).lstrip("\n")
