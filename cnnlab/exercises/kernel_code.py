"""What the source of a kernel tells beyond its run: lines that no thread has come to."""

import ast
import inspect
from textwrap import dedent


def would_write(kernel):
    """Does a line of it write an element of an array, whether or not it is ever reached?"""
    return any(isinstance(node, ast.Subscript) for node in _targets(kernel))


def gives_name_away(kernel, array):
    """Does a line give the array's name to something else, which leaves the array as it was?"""
    return any(isinstance(node, ast.Name) and node.id == array for node in _targets(kernel))


def _targets(kernel):
    """What stands left of a ``=``; nothing where there is no source to read."""
    try:
        tree = ast.parse(dedent(inspect.getsource(kernel)))
    except (OSError, TypeError, SyntaxError, ValueError):
        return []
    return [node for node in ast.walk(tree) if isinstance(getattr(node, "ctx", None), ast.Store)]
