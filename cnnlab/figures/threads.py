"""Figures of a CUDA launch: what each thread did, and which elements the threads read."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch, Rectangle

from ..texts import say
from .canvas import COLOURS, axes

# Each deed with its colour and its sign, so that it can be told in grey.
DEEDS = {
    "wrote": (COLOURS[5], ""),
    "race": ("#E8C547", "≠"),
    "read": ("#C9DCEB", "·"),
    "nothing": ("#F2F2F2", ""),
    "stopped": (COLOURS[1], "×"),
}


def threads(launch: Any, ax: Axes | None = None) -> Axes:
    """The grid of a launch, a cell for each thread, coloured by what it did; blocks are outlined.

    x runs to the right and y down, as in an image. Of a grid with a z the first layer is drawn.

    Arguments:
        launch: a ``cudatrace.Launch``.
        ax: axes to draw on.

    Returns:
        The axes.

    Examples:
        >>> from cnnlab import cudatrace
        >>> def double(x, y):
        ...     i = cudatrace.cuda.grid(1)
        ...     y[i] = 2 * x[i]
        >>> x, y = np.arange(4.0), np.zeros(4)
        >>> ax = cnnlab.figures.threads(cudatrace.launch(double, 2, 2, x, y))
    """
    columns, rows = (b * n for b, n in zip(launch.blocks[:2], launch.size[:2], strict=True))
    ax = axes(ax, *((8, 1.6) if rows == 1 else (6.5, 4)))
    deeds = np.full((rows, columns), "nothing", object)
    contended = {(race.array, race.index) for race in launch.races}
    for thread in launch.threads:
        if thread.position[2] == 0:
            clashes = thread.did == "wrote" and not contended.isdisjoint(thread.writes)
            deeds[thread.position[1::-1]] = "race" if clashes else thread.did
    _cells(ax, deeds, launch.size[1::-1])
    ax.set(title=launch.kernel, xlabel="x", ylabel="y" if rows > 1 else "")
    return ax


def _cells(ax, deeds, block):
    names = list(DEEDS)
    codes = np.vectorize(names.index)(deeds)
    ax.imshow(
        codes,
        cmap=ListedColormap([DEEDS[name][0] for name in names]),
        vmin=-0.5,
        vmax=len(names) - 0.5,
    )
    for (row, column), deed in np.ndenumerate(deeds):
        ax.text(column, row, DEEDS[deed][1], ha="center", va="center")
    _grid(ax, codes.shape)
    for top in range(0, codes.shape[0], block[0]):
        for left in range(0, codes.shape[1], block[1]):
            ax.add_patch(
                Rectangle(
                    (left - 0.5, top - 0.5), block[1], block[0], fill=False, lw=2, clip_on=False
                )
            )
    seen = [name for name in names if name in deeds]
    patches = [
        Patch(facecolor=DEEDS[name][0], edgecolor="0.6", label=_label(name)) for name in seen
    ]
    ax.legend(handles=patches, loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False)


def _label(name):
    return f"{DEEDS[name][1]} {say(f'figures.{name}')}".strip()


def _grid(ax, shape):
    """A thin line around every cell, and ticks at whole numbers."""
    rows, columns = shape
    ax.set_yticks(range(0, rows, -(-rows // 16)) if rows > 1 else [])
    ax.set_xticks(range(0, columns, -(-columns // 24)))
    ax.set_yticks(np.arange(rows + 1) - 0.5, minor=True)
    ax.set_xticks(np.arange(columns + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="0.75", lw=0.5)
    ax.tick_params(which="minor", length=0)


def reads(
    launch: Any, array: str, thread: tuple[int, int] | None = None, ax: Axes | None = None
) -> Axes:
    """How often each element of an array was read in a launch, summed over all but two axes.

    Arguments:
        launch: a ``cudatrace.Launch``.
        array: the name of the argument.
        thread: its position (x, y) in the grid: the elements that this thread reads are outlined.
        ax: axes to draw on.

    Returns:
        The axes.

    Examples:
        >>> from cnnlab import cudatrace
        >>> def double(x, y):
        ...     i = cudatrace.cuda.grid(1)
        ...     y[i] = 2 * x[i]
        >>> x, y = np.arange(4.0), np.zeros(4)
        >>> ax = cnnlab.figures.reads(cudatrace.launch(double, 2, 2, x, y), "x")
    """
    ax = axes(ax, 5, 4)
    counts = launch.read(array)
    counts = counts.reshape(*counts.shape[:2], -1).sum(axis=2) if counts.ndim > 1 else counts[None]
    shown = ax.imshow(counts, cmap="Blues", vmin=0, vmax=max(1, counts.max()))
    ax.figure.colorbar(shown, ax=ax, shrink=0.8, label=say("figures.times_read"))
    _grid(ax, counts.shape)
    title = say("figures.reads_of", array=array)
    if thread is not None:
        reader = launch.thread(*thread)
        for cell in {index[:2] for name, index in reader.reads if name == array}:
            row, column = cell if len(cell) == 2 else (0, *cell)
            ax.add_patch(
                Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, lw=2, edgecolor=COLOURS[1])
            )
        title = say("figures.reads_outlined", array=array, thread=repr(reader))
    ax.set_title(title)
    return ax
