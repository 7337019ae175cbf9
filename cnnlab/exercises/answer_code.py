"""What the source code of an answer shows: lines never reached, loops, names from outside."""

import ast
import inspect
from numbers import Number
from textwrap import dedent

import numpy as np

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
    """Does a sum it writes into an array begin as a plain 0 or 0.0, compiled to 64 bits?"""
    assigned = [node for node in _nodes(kernel) if isinstance(node, ast.Assign)]
    written = {
        name
        for node in assigned
        if isinstance(node.targets[0], ast.Subscript)
        for name in _names(node.value)
    }
    begun = {
        name for node in assigned if _is_plain_zero(node.value) for name in _names(node.targets[0])
    }
    return bool(written & begun)


def data_outside(function):
    """The names of numbers and arrays that a function takes from outside its arguments."""
    try:
        used = inspect.getclosurevars(function).globals
    except (TypeError, ValueError):  # no function of Python's
        return []
    return [
        name
        for name, value in used.items()
        if isinstance(value, np.ndarray | Number | list | tuple)
    ]


def _is_plain_zero(node):
    return isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value == 0


def _names(node):
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _targets(function):
    """The nodes on the left of a ``=``."""
    return [node for node in _nodes(function) if isinstance(getattr(node, "ctx", None), ast.Store)]


def _nodes(function):
    """All of its syntax tree; nothing where there is no source to read."""
    try:
        return list(ast.walk(ast.parse(dedent(inspect.getsource(function)))))
    except (OSError, TypeError, SyntaxError, ValueError):
        return []
