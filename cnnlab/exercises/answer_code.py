"""What the source of an answer tells beyond its run: lines that no thread has come to, loops, how a sum begins."""

import ast
import inspect
from textwrap import dedent

LOOPS = ast.For, ast.While, ast.comprehension


def would_write(kernel):
    """Does a line of it write an element of an array, whether or not it is ever reached?"""
    return any(isinstance(node, ast.Subscript) for node in _targets(kernel))


def gives_name_away(kernel, array):
    """Does a line give the array's name to something else, which leaves the array as it was?"""
    return any(isinstance(node, ast.Name) and node.id == array for node in _targets(kernel))


def has_loop(function):
    """Is there a loop in it? Where there is no source to read, there may be one."""
    nodes = _nodes(function)
    return not nodes or any(isinstance(node, LOOPS) for node in nodes)


def sum_begins_plain(kernel):
    """Does what it writes into an array begin as a plain 0 or 0.0, which a compiler takes for twice the width?"""
    assigned = [node for node in _nodes(kernel) if isinstance(node, ast.Assign)]
    written = {name for node in assigned if isinstance(node.targets[0], ast.Subscript) for name in _names(node.value)}
    begun = {name for node in assigned if _is_plain_zero(node.value) for name in _names(node.targets[0])}
    return bool(written & begun)


def _is_plain_zero(node):
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value == 0


def _names(node):
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _targets(function):
    """What stands left of a ``=``."""
    return [node for node in _nodes(function) if isinstance(getattr(node, "ctx", None), ast.Store)]


def _nodes(function):
    """All of its syntax tree; nothing where there is no source to read."""
    try:
        return list(ast.walk(ast.parse(dedent(inspect.getsource(function)))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return []
