"""The structure of the library: who may import what, and how long files and functions may be.

The layers are the table LAYERS. A new module or package must be entered in it.
"""

import ast
from pathlib import Path
from textwrap import indent

import pytest

from helpers.imports import cycles, dependencies, imported

ROOT = Path(__file__).parents[1]


LIBRARY = ROOT / "cnnlab"


# From the lowest layer to the highest. Within a layer, a package may import those left of it.
LAYERS = (
    (
        "typing",
        "optional_packages",
        "warn",
        "printable",
        "texts",
        "validation",
        "numbers",
        "shapes",
        "labels",
    ),
    ("atomic", "data"),
    ("kernels",),
    ("ops",),
    (
        "layers",
        "losses",
        "hyperparameters",
        "optim",
        "gradcheck",
        "trace",
        "benchmark",
        "cudatrace",
    ),
    ("ledger", "storage", "net_input", "prediction", "net"),
    ("train", "explain", "mistakes", "figures", "machine"),
    ("views", "exercises"),
)


RANK = {name: rank for rank, name in enumerate(name for layer in LAYERS for name in layer)}


# Outside packages, and the only packages of the library that may import them.
OUTSIDE = {
    "numba": {"kernels"},
    "llvmlite": {"kernels"},
    "matplotlib": {"figures", "views"},
    "ipywidgets": {"views"},
    "anywidget": {"views"},
}


# In lines, signature included and docstring not; kernels may be longer, for their nests of loops.
LONGEST_FUNCTION = 45


LONGEST_FILE = 300


MODULES = sorted(LIBRARY.rglob("*.py"))


OTHER_FILES = [
    path
    for folder in ("tests", "benchmarks", "tools")
    for path in sorted((ROOT / folder).rglob("*.py"))
]


def module_name(path):
    """cnnlab/ops/conv.py is ("cnnlab", "ops", "conv"), cnnlab/ops/__init__.py is ("cnnlab",
    "ops").
    """
    parts = path.relative_to(LIBRARY.parent).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


def package_of(name):
    """The part of cnnlab a module belongs to; "" for cnnlab/__init__.py, which may import all."""
    return name[1] if len(name) > 1 else ""


def complaints(source, name, is_package=False):
    """One sentence for each import of this source that is not allowed."""
    package = package_of(name)
    if package and package not in RANK:
        return [f"{'.'.join(name)} is in no layer: enter {package} in LAYERS."]
    return [
        sentence
        for target in imported(ast.parse(source), name, is_package)
        for sentence in (
            inside(package, target) if target[0] == "cnnlab" else outside(package, target)
        )
    ]


def inside(package, target):
    """Why this package must not import this name of cnnlab: nothing, or one sentence."""
    other = package_of(target)
    if package in ("", other) or RANK.get(other, len(RANK)) < RANK[package]:
        return []
    return [f"{package} imports {'.'.join(target)}, which is not below it."]


def outside(package, target):
    """Why this package must not import this outside package: nothing, or one sentence."""
    allowed = OUTSIDE.get(target[0])
    return (
        [f"{package or 'cnnlab'} imports {target[0]}, which only {sorted(allowed)} may."]
        if allowed and package not in allowed
        else []
    )


def short(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_module_imports_only_from_below(path):
    source = path.read_text("utf-8")
    assert complaints(source, module_name(path), path.name == "__init__.py") == []


def private_imports(source, name, is_package=False):
    """The private names of other modules of cnnlab that this source imports."""
    targets = imported(ast.parse(source), name, is_package)
    own = [t for t in targets if t[0] == "cnnlab" and t[-1].startswith("_")]
    return [".".join(t) for t in own if not t[-1].startswith("__")]


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_module_imports_no_private_name_of_another(path):
    source = path.read_text("utf-8")
    assert private_imports(source, module_name(path), path.name == "__init__.py") == []


def test_an_import_of_a_private_name_is_seen():
    module = ("cnnlab", "train", "learner")
    assert private_imports("from .stream import _step", module) == ["cnnlab.train.stream._step"]
    assert private_imports("from .stream import step\nfrom numpy import _core", module) == []


@pytest.mark.parametrize("path", MODULES, ids=short)
def test_a_module_opens_with_its_idea(path):
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))


@pytest.mark.parametrize("path", [*MODULES, *OTHER_FILES], ids=short)
def test_a_file_is_short(path):
    assert len(path.read_text("utf-8").splitlines()) < LONGEST_FILE


def long_functions(source):
    """The names of the functions of a file that are longer than allowed."""
    functions = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    return [node.name for node in functions if lines(node) > LONGEST_FUNCTION]


def lines(function):
    """How many lines a function has without its docstring."""
    first = function.body[0]
    docstring = first.end_lineno - first.lineno + 1 if ast.get_docstring(function) else 0
    return function.end_lineno - function.lineno + 1 - docstring


@pytest.mark.parametrize("path", [*MODULES, *OTHER_FILES], ids=short)
def test_a_function_is_short(path):
    if LIBRARY / "kernels" not in path.parents:
        assert long_functions(path.read_text("utf-8")) == []


def test_a_long_function_is_seen():
    longest = 'def f():\n    """Title.\n\n    Text.\n    """\n' + 44 * "    x = 1\n"
    longer = longest + "    x = 1\n"
    assert long_functions(longest) == [] and long_functions(longer) == ["f"]
    assert long_functions("class A:\n" + indent(longer, "    ")) == ["f"]


def test_no_modules_import_each_other_in_a_cycle_not_even_inside_functions():
    sources = {
        (module_name(path), path.name == "__init__.py"): path.read_text("utf-8") for path in MODULES
    }
    graph = dependencies(sources)
    assert (("cnnlab", "kernels", "window") in graph["cnnlab", "ops", "conv"]) and not cycles(graph)


A, B, C, PACKAGE = ("p", "a"), ("p", "b"), ("p", "c"), ("p",)


@pytest.mark.parametrize(
    ("sources", "cycle"),
    [
        ({A: "from .b import f", B: "from . import a"}, ["p.a", "p.b"]),
        ({A: "from .b import f", B: "def late():\n    from .a import g"}, ["p.a", "p.b"]),
        ({A: "from . import b", B: "from .c import f", C: "import p.a"}, ["p.a", "p.b", "p.c"]),
        ({PACKAGE: "from .a import f", A: "from . import f"}, ["p", "p.a"]),
    ],
)
def test_a_cycle_of_imports_is_seen(sources, cycle):
    assert cycles(dependencies({(n, n == PACKAGE): s for n, s in sources.items()})) == [cycle]


@pytest.mark.parametrize(
    "sources",
    [
        {A: "from .b import f\nfrom . import c", B: "from .c import f", C: "import numpy"},
        {PACKAGE: "from .a import f", A: "from .b import g\nfrom . import b", B: ""},
    ],
)
def test_imports_without_a_cycle_pass(sources):
    assert cycles(dependencies({(n, n == PACKAGE): s for n, s in sources.items()})) == []


def test_there_are_modules_to_look_at():
    assert MODULES


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (("cnnlab", "shapes"), "from . import ops"),
        (("cnnlab", "shapes"), "from .ops import conv2d"),
        (("cnnlab", "shapes"), "import cnnlab.ops.conv"),
        (("cnnlab", "shapes"), "from cnnlab import ops"),
        (("cnnlab", "shapes"), "def late():\n    from .net import Sequential"),
        (("cnnlab", "kernels", "cpu"), "from ..ops import conv2d"),
        (("cnnlab", "kernels", "cpu"), "from ..ops.conv import conv2d"),
        (("cnnlab", "net"), "from .train import train"),
        (("cnnlab", "net"), "from cnnlab import Sequential"),
        (("cnnlab", "net"), "import cnnlab"),
        (("cnnlab", "net"), "from numba import njit"),
        (("cnnlab", "train"), "import matplotlib.pyplot as plt"),
        (("cnnlab", "exercises", "check"), "import ipywidgets"),
        (("cnnlab",), "import anywidget"),
        (("cnnlab", "helpers"), ""),
    ],
)
def test_a_forbidden_import_is_seen(name, source):
    assert len(complaints(source, name)) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            ("cnnlab", "net"),
            "from . import layers, ops\nfrom .shapes import pair\nimport numpy as np",
        ),
        (
            ("cnnlab", "train", "recipes"),
            "from ..net import Sequential\nfrom .blocks import fire",
        ),
        (
            ("cnnlab", "kernels", "cpu"),
            "import numba\nfrom . import reference\nfrom ..shapes import pair",
        ),
        (("cnnlab", "views", "pooling"), "import anywidget\nimport matplotlib\nimport ipywidgets"),
        (("cnnlab",), "from .views import Convolution"),
    ],
)
def test_an_allowed_import_passes(name, source):
    assert complaints(source, name) == []


def test_a_package_resolves_its_own_dots():
    assert (
        complaints(
            "from .conv import conv2d\nfrom .. import kernels", ("cnnlab", "ops"), is_package=True
        )
        == []
    )
    assert complaints("from .. import net", ("cnnlab", "ops"), is_package=True) != []
