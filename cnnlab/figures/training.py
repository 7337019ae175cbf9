"""Figures of training: losses and accuracies over its steps, and how far steps move the weights.

As in the Trainer, blue is training and orange the test images; marks and dashes distinguish the
curves in grey, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..texts import say
from ..typing import ArrayLike
from .canvas import COLOURS, MARKS, axes

DASHES = ("-", "--", "-.", ":")
TRAINING, TEST = COLOURS[:2]  # blue and orange
USUAL = 1e-4, 1e-2  # of the size of the weights, in one step


def training_curves(history: Any, ax: Axes | None = None) -> Axes:
    """Loss of every step (pale), its running mean, and of test images where it is known.

    Losses are solid, on the left scale; dashed, on the right, the accuracies after each epoch.

    Arguments:
        history: a History, or what else has ``loss``, ``train_accuracy``, ``test_accuracy`` and
            maybe ``test_loss``.
        ax: axes to draw on.

    Returns:
        The axes.

    Examples:
        >>> history = cnnlab.History(loss=[2.3, 1.7], train_accuracy=[0.4])
        >>> ax = cnnlab.figures.training_curves(history)
    """
    ax = axes(ax, 7, 4)
    loss = np.asarray(history.loss, float)
    step = np.arange(1, len(loss) + 1)
    ax.plot(step, loss, color=TRAINING, alpha=0.25, linewidth=1)
    ax.plot(
        step, _running_mean(loss), color=TRAINING, linewidth=2, label=say("figures.training_loss")
    )
    held_out = getattr(history, "test_loss", ())
    if len(held_out):
        ax.plot(_ends(loss, held_out), held_out, "s-", color=TEST, label=say("figures.test_loss"))
    ax.set(xlabel=say("figures.step"), ylabel=say("figures.loss"), ylim=(0, None))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    right = ax.twinx()
    right.set(ylim=(0, 100), ylabel=say("figures.accuracy"))
    for name, mark, colour in (("train_accuracy", "o", TRAINING), ("test_accuracy", "D", TEST)):
        values = getattr(history, name)
        if len(values):
            right.plot(
                _ends(loss, values),
                100 * np.asarray(values),
                f"{mark}--",
                color=colour,
                label=say(f"figures.{name}"),
            )
    handles = [*ax.get_legend_handles_labels()[0], *right.get_legend_handles_labels()[0]]
    ax.legend(
        handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False
    )
    return ax


def _ends(loss, values):
    """The last step of each epoch."""
    return len(loss) / len(values) * np.arange(1, len(values) + 1)


def losses(
    curves: ArrayLike,
    names: Sequence[str] = (),
    ax: Axes | None = None,
    every: int = 1,
    top: float | None = None,
) -> Axes:
    """Several losses in one drawing.

    Arguments:
        curves: ``(n, T)``.
        names: the name of each.
        ax: axes to draw on.
        every: steps from one value to the next.
        top: the end of the scale, which begins at 0.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.losses([[2.0, 1.0], [2.0, 1.5]], ["Adam", "SGD"])
    """
    ax, curves = axes(ax, 7, 4), np.asarray(curves, float)
    steps = every * np.arange(1, curves.shape[1] + 1)
    for n, curve in enumerate(curves):
        ax.plot(
            steps, curve, linewidth=2, label=names[n] if len(names) else say("figures.curve", n=n)
        )
    ax.set(xlabel=say("figures.step"), ylabel=say("figures.loss"), ylim=(0, top))
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def changes(steps: ArrayLike, ratios: Mapping[str, ArrayLike], ax: Axes | None = None) -> Axes:
    """How far each step moved the weights, ``|change| / |weights|``.

    The scale is logarithmic; in the grey band, around 0.001, a net usually learns well.

    Arguments:
        steps: the numbers of the steps.
        ratios: a curve for each name.
        ax: axes to draw on.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.changes([1, 2], {"0.weight": [1e-2, 1e-3]})
    """
    ax = axes(ax, 7, 4)
    for n, (name, curve) in enumerate(ratios.items()):
        curve = np.asarray(curve, float)
        look = {"color": COLOURS[n % len(COLOURS)], "linewidth": 1.8}
        look |= {
            "marker": MARKS[n % len(MARKS)],
            "markevery": max(1, len(curve) // 12),
            "markersize": 5,
        }
        ax.plot(
            steps,
            np.where(curve > 0, curve, np.nan),
            DASHES[n // len(COLOURS) % 4],
            label=name,
            **look,
        )
    ax.axhspan(*USUAL, color="0.9", zorder=0, label=say("figures.usual"))
    ax.set(xlabel=say("figures.step"), ylabel=say("figures.change"), yscale="log")
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
    return ax


def _running_mean(values, span=25):
    if not len(values):
        return values
    total = np.cumsum(np.insert(values, 0, 0.0))
    last = np.arange(1, len(values) + 1)
    first = np.maximum(0, last - span)
    return (total[last] - total[first]) / (last - first)
