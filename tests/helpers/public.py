"""The public names of the library, and what their docstrings say."""

import importlib
import inspect
import re

from cnnlab.views.shared.view import View
from tools.reference import exported

# The modules whose names are public. The reference in docs/ shows the same.
MODULES = (
    "cnnlab.cudatrace",
    "cnnlab.data",
    "cnnlab.exercises",
    "cnnlab.explain",
    "cnnlab.figures",
    "cnnlab.layers",
    "cnnlab.ops",
    "cnnlab.optim",
    "cnnlab.shapes",
    "cnnlab.train",
    "cnnlab.views",
    "cnnlab",
)
# And single names of modules that hold others, too.
SINGLE = (
    "cnnlab.benchmark.Copies",
    "cnnlab.benchmark.Benchmark",
    "cnnlab.benchmark.Timing",
    "cnnlab.machine.Machine",
    "cnnlab.exercises.feedback.Feedback",
    "cnnlab.gradcheck.numerical_gradient",
    "cnnlab.ledger.Ledger",
    "cnnlab.ledger.Row",
    "cnnlab.storage.load",
    "cnnlab.storage.save",
    "cnnlab.trace.trace",
    "cnnlab.views.shared.view.View",
)


OBJECTS = {
    f"{module}.{name}": getattr(importlib.import_module(module), name)
    for module in MODULES
    for name in exported(module)
}
for name in SINGLE:
    module, _, last = name.rpartition(".")
    OBJECTS[name] = getattr(importlib.import_module(module), last)
# Functions and classes, each under its first name; constants and modules are neither.
CALLABLES = {}
for name, thing in OBJECTS.items():
    is_new = not any(thing is other for other in CALLABLES.values())
    if is_new and (inspect.isclass(thing) or inspect.isroutine(thing)):
        CALLABLES[name] = thing


def methods(cls):
    """``{"forward": function, ...}``: the public methods that a class of the library defines or
    inherits from one.
    """
    ours = [base for base in cls.__mro__ if base.__module__.startswith("cnnlab")]
    names = {name: getattr(cls, name) for base in ours for name in vars(base)}
    return {
        name: thing
        for name, thing in names.items()
        if not name.startswith("_") and (inspect.isfunction(thing) or inspect.ismethod(thing))
    }


# Those of a view do what View says they do.
METHODS = {
    f"{method.__module__}.{method.__qualname__}": method
    for thing in CALLABLES.values()
    if inspect.isclass(thing) and (thing is View or not issubclass(thing, View))
    for method in methods(thing).values()
}


def parameters(thing):
    """The parameters that a caller gives, by name."""
    if inspect.isclass(thing) and not issubclass(thing, tuple):
        thing = thing.__init__  # Layer and Optimizer take anything in their __new__
        if not inspect.isfunction(thing):  # but one of object or Exception
            return {}
    found = inspect.signature(thing).parameters.items()
    return {name: parameter for name, parameter in found if name not in ("self", "cls")}


def section(docstring, title):
    """The lines below ``title:`` in a docstring, as far as they are indented."""
    lines = inspect.cleandoc(docstring or "").splitlines()
    if f"{title}:" not in lines:
        return []
    below = []
    for line in lines[lines.index(f"{title}:") + 1 :]:
        if line and not line.startswith(" "):
            break
        below.append(line)
    return below


def explained(docstring):
    """The arguments and attributes that have a line: ``x, w: as in conv2d`` counts for both."""
    lines = [*section(docstring, "Arguments"), *section(docstring, "Attributes")]
    heads = (re.match(r" {4}((?:\*{0,2}\w+(?:, )?)+):", line) for line in lines)
    return {name.lstrip("*") for head in heads if head for name in head[1].split(", ")}
