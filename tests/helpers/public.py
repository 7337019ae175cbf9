"""What a user may call: the public names of the library, and what their docstrings say."""

import importlib
import inspect
import re

# The modules whose names are public. The reference in docs/ shows the same.
MODULES = ("cnnlab.ops", "cnnlab.shapes")


def names_of(module):
    """The public names of a module: its ``__all__``, or what it defines and imports from inside."""
    if hasattr(module, "__all__"):
        return module.__all__
    package = module.__name__
    return [
        name
        for name, thing in sorted(vars(module).items())
        if not name.startswith("_")
        and not inspect.ismodule(thing)
        and (getattr(thing, "__module__", None) or "").startswith(package)
    ]


OBJECTS = {
    f"{module.__name__}.{name}": getattr(module, name)
    for module in map(importlib.import_module, MODULES)
    for name in names_of(module)
}
# Functions and classes; constants and modules are neither.
CALLABLES = {
    name: thing
    for name, thing in OBJECTS.items()
    if inspect.isclass(thing) or inspect.isroutine(thing)
}


def methods(cls):
    """``{"forward": function, ...}``: the public methods that a class of the library defines or
    inherits from one.
    """
    return {
        name: method
        for name, method in inspect.getmembers(cls, inspect.isroutine)
        if not name.startswith("_")
        and (getattr(method, "__module__", None) or "").startswith("cnnlab")
    }


METHODS = {
    f"{name}.{method.__name__}": method
    for name, thing in CALLABLES.items()
    if inspect.isclass(thing)
    for method in methods(thing).values()
}


def parameters(thing):
    """The parameters that a caller gives, by name."""
    return {
        name: parameter
        for name, parameter in inspect.signature(thing).parameters.items()
        if name not in ("self", "cls")
    }


def section(docstring, title):
    """The lines below ``title:`` in a docstring, as far as they are indented."""
    lines = iter(inspect.cleandoc(docstring or "").splitlines())
    if f"{title}:" not in lines:  # which goes on to the line behind it
        return []
    below = []
    for line in lines:
        if line and not line.startswith(" "):
            break
        below.append(line)
    return below


def explained(docstring):
    """The names for which the section of arguments has a line: ``x, w: as in conv2d`` counts for
    both.
    """
    heads = (
        re.match(r" {4}((?:\*{0,2}\w+(?:, )?)+):", line) for line in section(docstring, "Arguments")
    )
    return {name.lstrip("*") for head in heads if head for name in head[1].split(", ")}
