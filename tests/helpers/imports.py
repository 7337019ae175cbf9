"""Which modules import which, at the top or inside a function, and the cycles among them."""

import ast


def imported(tree, name, is_package):
    """The dotted names, as tuples, of all that a module imports, at its top or inside a
    function.
    """
    package = name if is_package else name[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (tuple(alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            base += tuple(node.module.split(".")) if node.module else ()
            yield from ((*base, alias.name) for alias in node.names)


def dependencies(sources):
    """Which modules each module of ``{(name, is_package): source}`` depends on, as a dict of sets.

    ``from .conv import conv2d`` and ``from . import conv`` are a dependency on the module conv,
    ``from . import conv2d`` on the package that exports it. That Python runs the ``__init__`` of
    every package around a module first is none: nothing of it is used.
    """
    names = {name for name, _ in sources}
    found = {}
    for (name, is_package), source in sources.items():
        targets = (
            _owner(target, names) for target in imported(ast.parse(source), name, is_package)
        )
        found[name] = {target for target in targets if target} - {name}
    return found


def _owner(target, names):
    """The module of ``names`` that a dotted name is, or stands in; None for one from outside."""
    return next((target[:n] for n in range(len(target), 0, -1) if target[:n] in names), None)


def cycles(graph):
    """The modules that depend on each other in a cycle: the strongly connected components."""
    reached = {name: _reached(name, graph) for name in graph}
    rings = {
        frozenset(other for other in reached[name] if name in reached[other])
        for name in graph
        if name in reached[name]
    }
    return sorted(sorted(".".join(name) for name in ring) for ring in rings)


def _reached(name, graph):
    """All modules that this one depends on, directly or by others."""
    seen, waiting = set(), [name]
    while waiting:
        new = graph.get(waiting.pop(), set()) - seen
        seen |= new
        waiting += new
    return seen
