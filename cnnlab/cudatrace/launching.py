"""Runs a kernel once for every thread of a grid, block by block, and keeps what each thread did."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from itertools import product
from math import prod
from numbers import Number
from types import FunctionType
from typing import Any

import numpy as np

from ..texts import say, say_many
from ..validation import is_integer
from .block_run import BlockRun
from .memory import Memory
from .refusing import named, refuse, refuse_other_words
from .result import Launch
from .threads import Thread
from .watch import Watch

MOST = 65_536  # threads of a launch: each is a call of a Python function
BLOCK = 1024  # threads of a block that a GPU takes


def launch(
    kernel: Callable[..., None],
    blocks: int | tuple[int, ...],
    threads: int | tuple[int, ...],
    *arrays: Any,
) -> Launch:
    """Run a kernel once for every thread, in plain Python, and watch.

    A thread that leaves an array's bounds is stopped, with the sentence why in the Launch; the
    others go on. Sums are made in Python's precision and rounded when they are written.

    Arguments:
        kernel: a plain function that uses this module's ``cuda``.
        blocks: blocks of the grid, an int or up to three (x, y, z), as in
            ``kernel[blocks, threads]`` of numba.cuda.
        threads: threads of a block, likewise.
        *arrays: NumPy arrays, which the kernel writes into as on a GPU, and plain numbers.

    Returns:
        A Launch, to print or draw.

    Raises:
        ValueError: sizes that no GPU takes (more than 1024 threads to a block) or too many to
            follow (65,536); a function that is no kernel (it returns a value, is a generator or a
            coroutine, or calls itself).
        TypeError: arguments that are neither arrays nor numbers.
        TimeoutError: a thread does not end.

    Examples:
        >>> from cnnlab import cudatrace
        >>> def double(x, y):
        ...     i = cudatrace.cuda.grid(1)
        ...     y[i] = 2 * x[i]
        >>> x, y = np.arange(4.0), np.zeros(4)
        >>> cudatrace.launch(double, 2, 2, x, y).clean, y
        (True, array([0., 2., 4., 6.]))
    """
    grid, size = _triple(blocks, "blocks"), _triple(threads, "threads")
    _check_sizes(grid, size)
    names = _names(kernel, arrays)
    refuse(kernel)
    refuse_other_words(kernel)
    memory = [_memory(name, value) for name, value in zip(names, arrays, strict=True)]
    waits, done = _waits(kernel), []
    with Watch() as watch:
        for block in _indices(grid):
            block_run = BlockRun(
                [Thread(block, thread, size, grid) for thread in _indices(size)], watch
            )
            (block_run.take_turns if waits else block_run.one_by_one)(kernel, memory)
            done += block_run.threads
    shapes = {one.name: one.shape for one in memory if isinstance(one, Memory)}
    return Launch(getattr(kernel, "__name__", "kernel"), grid, size, tuple(done), shapes)


def _triple(numbers, name):
    """Blocks or threads as three numbers; ValueError unless they are one to three whole ones above
    0.
    """
    numbers = tuple(numbers) if isinstance(numbers, (tuple, list)) else (numbers,)
    if not 1 <= len(numbers) <= 3 or not all(is_integer(n) and n > 0 for n in numbers):
        raise ValueError(say("cudatrace.sizes", name=name, numbers=numbers))
    return (*map(int, numbers), 1, 1)[:3]


def _check_sizes(grid, size):
    if prod(size) > BLOCK:
        raise ValueError(say("cudatrace.block_too_large", most=BLOCK, threads=prod(size)))
    total = prod(grid) * prod(size)
    if total > MOST:
        raise ValueError(say("cudatrace.too_many_threads", total=total, most=MOST))


def _indices(sizes):
    """The indices of a block's threads or of the grid's blocks, x fastest, as CUDA counts them."""
    return [index[::-1] for index in product(*map(range, sizes[::-1]))]


def _names(kernel, arrays):
    """What the kernel calls its arguments; TypeError if it takes another number of them."""
    if not callable(kernel):
        raise TypeError(say("cudatrace.no_function", type=type(kernel).__name__))
    if not isinstance(kernel, FunctionType):
        return [f"argument{n}" for n in range(len(arrays))]
    signature = inspect.signature(kernel)
    try:
        signature.bind(*arrays)
    except TypeError:
        own = f"{kernel.__name__}{signature}"
        raise TypeError(say_many("cudatrace.arguments", len(arrays), own=own)) from None
    own = [name for name, one in signature.parameters.items() if one.kind != one.VAR_POSITIONAL]
    return [own[n] if n < len(own) else f"argument{n}" for n in range(len(arrays))]


def _memory(name, value):
    if isinstance(value, np.ndarray):
        return Memory(name, value)
    if isinstance(value, Number):
        return value
    raise TypeError(say("cudatrace.no_array", name=name, type=type(value).__name__))


def _waits(function, seen=()):
    """Does this function, or one of the learner's own that it calls, name a barrier?"""
    if not isinstance(function, FunctionType) or function in seen:
        return False
    called = named(function).values()
    return "syncthreads" in function.__code__.co_names or any(
        _waits(one, (*seen, function)) for one in called
    )
