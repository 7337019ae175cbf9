"""The film of a training run: the net at steps that lie ever farther apart, so that a whole run
fits into little room.

Much happens early and little late, so the steps grow by a constant factor. On disk every weight is
one byte.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from .. import storage
from ..storage import StorageError
from ..validation import choice

GROWTH = 1.5  # from one checkpoint to the next
ROOM = 64 * 2**20  # bytes of all checkpoints together
VERSION = 1
NUMBERS = ("step", "loss", "accuracy", "test_loss", "test_accuracy")


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The net after ``step`` steps: its arrays by name, and what was measured then (NaN: was
    not).
    """

    step: int
    arrays: dict
    loss: float = float("nan")
    accuracy: float = float("nan")
    test_loss: float = float("nan")
    test_accuracy: float = float("nan")


class Film:
    """Moments of one training run, the first before any training, in which the net can be seen.

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
        self.checkpoints = []
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
        """What was measured at each checkpoint: a dict of float arrays,
        ``step, loss, accuracy, test_loss, …``.
        """
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
        """Stay within the room there is: every other checkpoint goes, never the first or the
        last.
        """
        size = sum(array.nbytes for array in self.checkpoints[-1].arrays.values())
        while len(self.checkpoints) > 2 and len(self.checkpoints) * size > ROOM:
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
        """Set the parameters of ``net``, which has the same layers, to those of checkpoint
        ``t``.
        """
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
        storage.with_suffix(path)
        self._check_whole()
        about = {"data": self.data, "recipe": self.recipe, "net": storage.describe(self._net)}
        arrays = {f"history/{name}": values for name, values in self.history.items()}
        for name in self.checkpoints[0].arrays:
            arrays[f"bytes/{name}"], arrays[f"scale/{name}"] = _packed(
                [m.arrays[name] for m in self.checkpoints]
            )
        try:
            text = json.dumps({"format": "cnnlab film", "version": VERSION, **about})
            self._restored(json.loads(text), arrays)
        except Exception as error:  # the code of any layer is met
            raise StorageError(
                f"the film cannot be saved, because it could not be loaded again: {error}"
            ) from error
        return storage.write(path, text, arrays, compressed=True)

    def _check_whole(self):
        """Refuse to save what a file cannot hold: no checkpoint at all, or NaN and infinity, which
        no byte can be.
        """
        if not self.checkpoints:
            raise StorageError("the film has no checkpoints: take one with film.record(net, 0)")
        if not isinstance(self.data, str):
            raise StorageError(
                f"the film cannot be saved, because its data is {self.data!r}: set film.data to "
                f"the name of the set"
            )
        for checkpoint in self.checkpoints:
            lost = [
                name for name, array in checkpoint.arrays.items() if not np.isfinite(array).all()
            ]
            if lost:
                raise StorageError(
                    f"the film cannot be saved, because {lost[0]} holds NaN or infinity after "
                    f"step {checkpoint.step}: "
                    f"film.truncate({checkpoint.step - 1}) leaves out that checkpoint and all "
                    f"after it"
                )

    @classmethod
    def load(cls, path: str | os.PathLike) -> Film:
        """The film that ``save`` wrote to ``path``. Raises StorageError if there is none, or an
        incomplete one.
        """
        with storage.Archive(path) as archive:
            try:
                about = _about(archive.text)
                _check_shapes(archive.headers, storage.build(about["net"]))
                archive.check_size()
                return cls._restored(about, {name: archive.array(name) for name in archive.headers})
            except StorageError:
                raise
            except Exception as error:  # whatever the file holds, one sentence says so
                raise StorageError(
                    f"{archive.path} does not contain a cnnlab film: {error}"
                ) from error

    @classmethod
    def _restored(cls, about, arrays):
        net = storage.build(about["net"])
        measured = {name: arrays[f"history/{name}"] for name in NUMBERS}
        steps = measured["step"].astype(np.int64)
        if (
            len(steps) < 1
            or steps[0] < 0
            or (np.diff(steps) <= 0).any()
            or not isinstance(about["data"], str)
        ):
            raise ValueError("its checkpoints are out of order")
        _check_shapes(arrays, net)
        values = {
            name: _restored(arrays, name, net.dtype)
            for name in (*net.param_shapes, *net.state_shapes)
        }
        film = cls(net, about["data"], about["recipe"])
        for t, step in enumerate(steps.tolist()):
            told = {name: float(measured[name][t]) for name in NUMBERS[1:]}
            film.checkpoints.append(
                Checkpoint(step, {name: value[t] for name, value in values.items()}, **told)
            )
        film._next = int(film.steps[-1] * GROWTH) + 1
        return film


def _about(text):
    about = json.loads(text or "{}")
    if about.get("format") != "cnnlab film":
        raise ValueError("it is something else")
    if about["version"] != VERSION:
        raise ValueError(
            f"it has format {about['version']}, but this cnnlab reads format {VERSION}"
        )
    return about


def _check_shapes(arrays, net):
    """Compare the arrays, or their headers, with what the net needs, before anything large is
    made.
    """
    checkpoints = arrays["history/step"].shape
    if len(checkpoints) != 1 or any(
        arrays[f"history/{name}"].shape != checkpoints for name in NUMBERS
    ):
        raise ValueError("its checkpoints are out of order")
    for name, shape in {**net.param_shapes, **net.state_shapes}.items():
        values, scale = arrays[f"bytes/{name}"], arrays[f"scale/{name}"]
        if values.shape != (*checkpoints, *shape) or values.dtype != np.uint8 or scale.shape != ():
            raise ValueError(f"{name} is not what the net needs")


def _packed(checkpoints):
    """The bytes of one array at all checkpoints, as differences, and the step between two
    neighbouring bytes.
    """
    values = np.stack(checkpoints)
    scale = np.float32(np.abs(values).max(initial=0) / 127 or 1.0)
    whole = np.round(values / (scale or np.float32(1))).astype(np.int8)
    return np.diff(whole.view(np.uint8), axis=0, prepend=np.uint8(0)), scale or np.float32(1)


def _restored(arrays, name, dtype):
    """The values of one array at all checkpoints."""
    scale = arrays[f"scale/{name}"]
    if not 0 < float(scale) < np.inf:
        raise ValueError(f"{name} is not what the net needs")
    return np.cumsum(arrays[f"bytes/{name}"], axis=0, dtype=np.uint8).view(np.int8).astype(
        dtype
    ) * scale.astype(dtype)


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
    folder = files("cnnlab.data") / "files"
    known = sorted(path.name[5:-4] for path in folder.iterdir() if path.name.startswith("film-"))
    choice("film", name, known)
    with as_file(folder / f"film-{name}.npz") as path:
        return Film.load(path)
