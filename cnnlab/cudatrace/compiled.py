"""Runs a kernel on a real GPU, and shows the assembly (PTX) that the compiler makes of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from ..kernels import learner_kernel
from ..texts import say
from .launching import launch
from .namespace import cuda
from .refusing import refuse
from .result import Launch


@dataclass(frozen=True)
class GpuRun:
    """A kernel that ran on a GPU, where no thread is traced: its name, the grid and the
    ``device``.
    """

    kernel: str
    blocks: object
    threads: object
    device: str
    where = "gpu"

    def __str__(self):
        return say("cudatrace.ran", **vars(self))

    __repr__ = __str__


def run(
    kernel: Callable[..., None],
    blocks: int | tuple[int, ...],
    threads: int | tuple[int, ...],
    *arrays: Any,
) -> GpuRun | Launch:
    """Run a kernel on the GPU if there is one, else by ``launch``.

    Both results have ``where``, "gpu" or "trace", and print what happened. On a GPU it needs the
    extra [cuda].

    Arguments:
        kernel, blocks, threads, *arrays: as in ``launch``.

    Returns:
        A GpuRun, or a Launch.

    Raises:
        ValueError: the kernel does not compile, or as ``launch``.

    Examples:
        >>> from cnnlab import cudatrace
        >>> def double(x, y):
        ...     i = cudatrace.cuda.grid(1)
        ...     y[i] = 2 * x[i]
        >>> x, y = np.arange(4.0), np.zeros(4)
        >>> print(cudatrace.run(double, 2, 2, x, y))  # doctest: +SKIP
    """
    device = learner_kernel.device()
    if device is None:
        return launch(kernel, blocks, threads, *arrays)
    refuse(kernel)
    learner_kernel.start(kernel, cuda, blocks, threads, arrays)
    return GpuRun(kernel.__name__, blocks, threads, device)


def ptx(kernel: Callable[..., None], *arrays: Any, cc: tuple[int, int] = (7, 5)) -> str:
    """What the compiler makes of a kernel: PTX, the assembly that every NVIDIA GPU understands.

    It needs the extra [cuda] but no GPU.

    Arguments:
        kernel: a function as for ``launch``.
        *arrays: arguments of the kinds it will be compiled for.
        cc: the compute capability, (7, 5) for a GPU of 2018.

    Returns:
        The text.

    Raises:
        ImportError: the extra is missing.
        ValueError: the kernel does not compile.

    Examples:
        >>> from cnnlab import cudatrace
        >>> def double(x, y):
        ...     i = cudatrace.cuda.grid(1)
        ...     y[i] = 2 * x[i]
        >>> print(cudatrace.ptx(double, np.arange(4.0), np.zeros(4)))  # doctest: +SKIP
    """
    refuse(kernel)
    return _readable(learner_kernel.compile_ptx(kernel, cuda, arrays, cc), kernel.__name__)


def stored_ptx() -> str:
    """The PTX of the lesson's own kernel, one thread for one output, as it travels with the
    library.

    Examples:
        >>> from cnnlab import cudatrace
        >>> ".visible .entry" in cudatrace.stored_ptx()
        True
    """
    return (files("cnnlab.data") / "files" / "one_output.ptx").read_text("utf-8")


def _readable(text, name):
    """With the kernel's own name, where Numba writes one that holds all types."""
    text = re.sub(r"^\.common.*\n", "", text, flags=re.MULTILINE)
    entry = re.search(r"\.entry\s+(\w+)", text)
    return text.replace(entry[1], name) if entry else text
