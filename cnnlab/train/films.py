"""The film of a training run: checkpoints of the net at growing distances, in little memory.

Much happens early and little late, so the steps grow by a constant factor. ``film_files`` writes a
film to disk and reads it, a byte for each weight.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..validation import choice
from . import film_files
from .film_files import NUMBERS

GROWTH = 1.5  # from one checkpoint to the next
MEMORY = 64 * 2**20  # bytes of all checkpoints together


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The net after ``step`` steps: its arrays by name, and what was measured then, or NaN."""

    step: int
    arrays: dict
    loss: float = float("nan")
    accuracy: float = float("nan")
    test_loss: float = float("nan")
    test_accuracy: float = float("nan")


class Film:
    """The checkpoints of one training run, the first before any training.

    Arguments:
        net: the net, of which a copy is kept.
        data: the name of the data set.
        recipe: a sentence about how it was trained.

    Examples:
        >>> film = cnnlab.film("clothes")
        >>> film.data, film.steps[:3], film.net(0).input_shape
        ('fashion', (0, 1, 2), (28, 28, 1))
    """

    def __init__(self, net: Any, data: str = "", recipe: str = "") -> None:
        self.data = data
        self.recipe = recipe
        self.checkpoints: list[Checkpoint] = []
        self._net, self._next = net.copy(), 0

    def __len__(self):
        return len(self.checkpoints)

    def __repr__(self):
        last = f", the last after step {self.checkpoints[-1].step:,}" if self.checkpoints else ""
        return f"Film({len(self)} checkpoints{last})"

    @property
    def steps(self):
        """The steps of the checkpoints, as ints."""
        return tuple(checkpoint.step for checkpoint in self.checkpoints)

    @property
    def history(self):
        """What was measured at each checkpoint: arrays ``step``, ``loss``, ``accuracy``, …"""
        return {
            name: np.array([getattr(m, name) for m in self.checkpoints], float) for name in NUMBERS
        }

    def is_due(self, step: int) -> bool:
        """Is it time for another checkpoint, after ``step`` steps?"""
        return step >= self._next

    def record(self, net: Any, step: int, **measured: float) -> None:
        """Note what the net is now; a checkpoint of the same step is replaced, later ones go.

        Arguments:
            net: the net.
            step: how many steps it has made.
            **measured: loss, accuracy, test_loss and test_accuracy, as far as they are known.
        """
        known = {
            name: getattr(m, name)
            for m in self.checkpoints
            if m.step == step
            for name in NUMBERS[1:]
        }
        arrays = {name: array.copy() for name, array in _arrays(net)}
        self.truncate(step - 1)
        self.checkpoints.append(Checkpoint(step, arrays, **{**known, **measured}))
        self._next = max(step + 1, int(step * GROWTH))
        self._thin()

    def _thin(self):
        """Stay within the memory limit: every other checkpoint goes, but not the first and last."""
        size = sum(array.nbytes for array in self.checkpoints[-1].arrays.values())
        while len(self.checkpoints) > 2 and len(self.checkpoints) * size > MEMORY:
            middle = self.checkpoints[1:-1]
            self.checkpoints = [self.checkpoints[0], *middle[1::2], self.checkpoints[-1]]

    def truncate(self, step: int) -> None:
        """Forget the checkpoints after ``step``."""
        self.checkpoints = [
            checkpoint for checkpoint in self.checkpoints if checkpoint.step <= step
        ]
        self._next = min(self._next, step + 1)

    def until(self, t: int) -> Film:
        """A film of the checkpoints up to ``t``, to be continued."""
        film = Film(self._net, self.data, self.recipe)
        film.checkpoints, film._next = self.checkpoints[: self.check(t) + 1], self.steps[t] + 1
        return film

    def check(self, t: int) -> int:
        """``t``, if there is such a checkpoint. Raises IndexError, with the numbers, if not."""
        if not -len(self) <= t < len(self):
            raise IndexError(
                f"there is no checkpoint {t}: the film has checkpoints 0 to {len(self) - 1}"
            )
        return t % len(self)

    def restore(self, net: Any, t: int) -> None:
        """Set the parameters of ``net``, which has these layers, to those of checkpoint ``t``."""
        self.check(t)
        for name, array in _arrays(net):
            array[...] = self.checkpoints[t].arrays[name]

    def net(self, t: int = -1) -> Any:
        """A new net as it was at checkpoint ``t``. Raises IndexError if there is none."""
        net = self._net.copy()
        self.restore(net, t)
        return net

    def save(self, path: str | os.PathLike) -> Path:
        """Write the film to one ``.npz`` file, a byte for each weight.

        Each array is rounded to 255 steps between plus and minus the largest magnitude it has in
        the whole film, and stored as differences from checkpoint to checkpoint.

        Arguments:
            path: where; ``.npz`` is added if it is missing.

        Returns:
            The path.

        Raises:
            StorageError: the file cannot be written or could not be loaded again: an empty film,
                or one of a net that exploded.
        """
        return film_files.write(self, path)

    @classmethod
    def load(cls, path: str | os.PathLike) -> Film:
        """The film that ``save`` wrote to ``path``.

        Raises StorageError if there is none, or an incomplete one.
        """
        about, net, arrays = film_files.read(path)
        return cls._restored(about, net, arrays)

    @classmethod
    def _restored(cls, about, net, arrays):
        """The film of checked and restored arrays, ``history/…`` and those of the net by name."""
        measured = {name: arrays[f"history/{name}"] for name in NUMBERS}
        names = (*net.param_shapes, *net.state_shapes)
        film = cls(net, about["data"], about["recipe"])
        for t, step in enumerate(measured["step"].astype(int).tolist()):
            numbers = {name: float(measured[name][t]) for name in NUMBERS[1:]}
            values = {name: arrays[name][t] for name in names}
            film.checkpoints.append(Checkpoint(step, values, **numbers))
        film._next = int(film.steps[-1] * GROWTH) + 1
        return film


def _arrays(net):
    """Parameters and states by name; no name is in both."""
    yield from net.params.items()
    yield from net.state.items()


def film(name: str) -> Film:
    """One of the films that travel with the library.

    Arguments:
        name: "clothes" (lesson 11) or "looking" (lesson 12).

    Returns:
        A Film.

    Raises:
        ValueError: there is no film of this name.

    Examples:
        >>> len(cnnlab.film("clothes").steps) > 10
        True
    """
    from importlib.resources import as_file, files  # not needed to import cnnlab

    folder = files("cnnlab.data") / "files"
    known = sorted(path.name[5:-4] for path in folder.iterdir() if path.name.startswith("film-"))
    choice("film", name, known)
    with as_file(folder / f"film-{name}.npz") as path:
        return Film.load(path)
