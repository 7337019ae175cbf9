"""Refuses functions that Python can call but no GPU runs as a kernel, each in one sentence."""

import inspect
from numbers import Real
from types import FunctionType, ModuleType

from ..texts import say
from .memory import Memory


class NotAKernelError(ValueError):
    """A function that is no kernel; its text says why, and what to write instead."""


def refuse(kernel):
    """Raise NotAKernelError for what shows before it runs: a compiled function, a generator, a
    coroutine, a recursion.
    """
    why = _compiled(kernel) or _unlike_a_function(kernel) or _recursive(kernel)
    if why:
        raise NotAKernelError(why)


def refuse_other_words(kernel):
    """Raise NotAKernelError if the ``cuda`` in the kernel is the one of numba, which Python cannot
    run.
    """
    for name, value in named(kernel).items():
        if isinstance(value, ModuleType) and value.__name__ == "numba.cuda":
            raise NotAKernelError(say("cudatrace.cuda_of_numba", name=name))


def refuse_result(thread, result):
    """Raise NotAKernelError if the kernel has given something back; a ``...`` counts as nothing."""
    if result is not None and result is not ...:
        values = {"thread": repr(thread), "value": _words(result)}
        raise NotAKernelError(say("cudatrace.gives_back", **values))


def named(function):
    """What the names in a Python function stand for, as far as they are bound outside it; {} for
    other callables.
    """
    if not isinstance(function, FunctionType):
        return {}
    code, cells = function.__code__, function.__closure__ or ()
    bound = {
        name: function.__globals__[name] for name in code.co_names if name in function.__globals__
    }
    for name, cell in zip(code.co_freevars, cells, strict=True):
        try:
            bound[name] = cell.cell_contents
        except ValueError:  # not bound yet
            continue
    return bound


def _compiled(kernel):
    return say("cudatrace.compiled") if hasattr(kernel, "py_func") else None


def _unlike_a_function(kernel):
    if inspect.iscoroutinefunction(kernel) or inspect.isasyncgenfunction(kernel):
        return say("cudatrace.coroutine")
    if inspect.isgeneratorfunction(kernel):
        return say("cudatrace.generator")
    return None


def _recursive(kernel):
    own = [name for name, value in named(kernel).items() if value is kernel]
    return say("cudatrace.recursive", name=own[0]) if own else None


def _words(result):
    if isinstance(result, Memory):
        return repr(result)
    plain = isinstance(result, Real) and abs(result) < 1e15
    return f"{float(result):g}" if plain else say("cudatrace.a_value")
