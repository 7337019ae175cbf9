"""Functions that Python can call, but that no GPU runs as a kernel: each is refused in one
sentence.
"""

import inspect
from numbers import Real
from types import FunctionType, ModuleType

from .memory import Memory


class NotAKernel(ValueError):
    """A function that is no kernel; its text says why, and what to write instead."""


def refuse(kernel):
    """Raise NotAKernel for what shows before it runs: a compiled function, a generator, a
    coroutine, a recursion.
    """
    why = _compiled(kernel) or _unlike_a_function(kernel) or _recursive(kernel)
    if why:
        raise NotAKernel(why)


def refuse_other_words(kernel):
    """Raise NotAKernel if the ``cuda`` in the kernel is the one of numba, which Python cannot
    run.
    """
    for name, value in named(kernel).items():
        if isinstance(value, ModuleType) and value.__name__ == "numba.cuda":
            raise NotAKernel(
                f"`{name}` is that of numba, which needs a GPU: write `from cnnlab.cudatrace "
                f"import cuda`"
            )


def refuse_result(thread, result):
    """Raise NotAKernel if the kernel has given something back; a ``...`` counts as nothing."""
    if result is not None and result is not ...:
        raise NotAKernel(
            f"{thread!r} returns {_words(result)}, but a kernel gives nothing back: write the "
            f"result into an array, "
            "and no value behind `return`"
        )


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
    if hasattr(kernel, "py_func"):
        return (
            "@cuda.jit has compiled it already: leave the decorator out, for a plain function "
            "is what is needed"
        )
    return None


def _unlike_a_function(kernel):
    if inspect.iscoroutinefunction(kernel) or inspect.isasyncgenfunction(kernel):
        return (
            "`async def` makes a coroutine, which does not run when it is called: write `def` alone"
        )
    if inspect.isgeneratorfunction(kernel):
        return (
            "`yield` makes a generator, which does not run when it is called: write into an "
            "array instead"
        )
    return None


def _recursive(kernel):
    own = [name for name, value in named(kernel).items() if value is kernel]
    if own:
        return (
            f"{own[0]} calls itself: the launch starts it once for every thread, so leave the "
            f"call out"
        )
    return None


def _words(result):
    if isinstance(result, Memory):
        return f"the array {result.name}"
    return f"{float(result):g}" if isinstance(result, Real) and abs(result) < 1e15 else "a value"
