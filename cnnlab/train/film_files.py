"""The file format of a film: one byte for each weight, as differences between checkpoints.

A weight is rounded to one of 255 steps between plus and minus the largest magnitude that its array
has in the whole film.
"""

import json

import numpy as np

from .. import storage
from ..storage import StorageError

VERSION = 1
NUMBERS = ("step", "loss", "accuracy", "test_loss", "test_accuracy")


def write(film, path):
    """Write the film to the file ``path`` and return it; see ``Film.save``."""
    storage.with_suffix(path)
    _check_whole(film)
    about = {"data": film.data, "recipe": film.recipe, "net": storage.describe(film.net(0))}
    arrays = {f"history/{name}": values for name, values in film.history.items()}
    for name in film.checkpoints[0].arrays:
        arrays[f"bytes/{name}"], arrays[f"scale/{name}"] = _packed(
            [checkpoint.arrays[name] for checkpoint in film.checkpoints]
        )
    try:
        text = json.dumps({"format": "cnnlab film", "version": VERSION, **about})
        _restored(json.loads(text), arrays)
    except Exception as error:  # the code of any layer is met
        raise StorageError(
            f"the film cannot be saved, because it could not be loaded again: {error}"
        ) from error
    return storage.write(path, text, arrays, compressed=True)


def _check_whole(film):
    """Refuse to save a film without checkpoints, or with NaN or infinity, which no byte holds."""
    if not film.checkpoints:
        raise StorageError("the film has no checkpoints: take one with film.record(net, 0)")
    if not isinstance(film.data, str):
        raise StorageError(
            f"the film cannot be saved, because its data is {film.data!r}: set film.data to "
            f"the name of the set"
        )
    for checkpoint in film.checkpoints:
        lost = [name for name, array in checkpoint.arrays.items() if not np.isfinite(array).all()]
        if lost:
            raise StorageError(
                f"the film cannot be saved, because {lost[0]} holds NaN or infinity after "
                f"step {checkpoint.step}: "
                f"film.truncate({checkpoint.step - 1}) leaves out that checkpoint and all "
                f"after it"
            )


def read(path):
    """``(about, net, arrays)`` of the film in the file ``path``: what it says of itself, a net
    that takes its arrays, and these, ``history/…`` and those of the net by name, a row for each
    checkpoint. Raises StorageError if there is none, or an incomplete one.
    """
    with storage.Archive(path) as archive:
        try:
            about = _about(archive.text)
            _check_shapes(archive.headers, storage.build(about["net"]))
            archive.check_size()
            return _restored(about, {name: archive.array(name) for name in archive.headers})
        except StorageError:
            raise
        except Exception as error:  # whatever the file holds, one sentence says so
            raise StorageError(f"{archive.path} does not contain a cnnlab film: {error}") from error


def _restored(about, arrays):
    net = storage.build(about["net"])
    steps = arrays["history/step"].astype(np.int64)
    ordered = len(steps) and steps[0] >= 0 and (np.diff(steps) > 0).all()
    if not ordered or not isinstance(about["data"], str):
        raise ValueError("its checkpoints are out of order")
    _check_shapes(arrays, net)
    history = {f"history/{name}": arrays[f"history/{name}"] for name in NUMBERS}
    names = (*net.param_shapes, *net.state_shapes)
    return about, net, {**history, **{name: _values(arrays, name, net.dtype) for name in names}}


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
    """Compare the arrays, or their headers, with the net's, before anything large is made."""
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
    """The bytes of one array at all checkpoints, as differences, and the value of one step."""
    values = np.stack(checkpoints)
    scale = np.float32(np.abs(values).max(initial=0) / 127 or 1.0)
    whole = np.round(values / (scale or np.float32(1))).astype(np.int8)
    return np.diff(whole.view(np.uint8), axis=0, prepend=np.uint8(0)), scale or np.float32(1)


def _values(arrays, name, dtype):
    """The values of one array at all checkpoints."""
    scale = arrays[f"scale/{name}"]
    if not 0 < float(scale) < np.inf:
        raise ValueError(f"{name} is not what the net needs")
    return np.cumsum(arrays[f"bytes/{name}"], axis=0, dtype=np.uint8).view(np.int8).astype(
        dtype
    ) * scale.astype(dtype)
