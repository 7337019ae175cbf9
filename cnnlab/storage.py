"""A net in one file: its structure as JSON text, and one array for each parameter, in NumPy's .npz format.

No code is stored and none is run in loading; whatever is wrong with a file, one sentence says so.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

import numpy as np

from .layers.base import Layer

VERSION = 1
ROOMS = ("params", "state")  # what is stored beside the structure


class StorageError(ValueError):
    """A file that cannot be written or does not hold a whole net of this library."""


def save(net, path):
    """Write ``net`` to ``path``, to which ``.npz`` is added if it is missing; return the path.

    A new file takes the place of an old one only when it is complete. Raises StorageError if it cannot be written
    or a hyperparameter is not a number, a text or a list of them.
    """
    text = json.dumps({"format": "cnnlab", "version": VERSION, "net": describe(net)})
    arrays = {f"{room}/{name}": array for room in ROOMS for name, array in getattr(net, room).items()}
    return write(path, text, arrays)


def write(path, text, arrays, compressed=False):
    """Write a text and arrays to one ``.npz`` file, whole or not at all, and return its path."""
    path = _with_suffix(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.unfinished")
    try:
        with unfinished.open("wb") as file:
            (np.savez_compressed if compressed else np.savez)(file, structure=np.array(text), **arrays)
        os.replace(unfinished, path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror}): choose another place") from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
    return path


def load(path, kind=Layer):
    """Read the net that ``save`` wrote. Raises StorageError if there is none, or none that is whole and known."""
    path, arrays = read(path)
    try:
        net = build(_structure(arrays, path))
        if not isinstance(net, kind) or net.input_shape is None:
            raise ValueError("it describes no whole net")
        _check(net, arrays)
    except StorageError:
        raise
    except Exception as error:  # the hyperparameters may be anything, and meet the code of any layer
        raise StorageError(f"{path} does not hold a net that can be built: {error}") from error
    _fill(net, arrays)
    return net


def _with_suffix(path):
    path = Path(path)
    return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")


def describe(layer):
    """A layer as data for JSON: the name of its class and its hyperparameters, layers inside it likewise."""
    return {"layer": type(layer).__name__, **{name: _plain(v, layer) for name, v in layer.config().items()}}


def _plain(value, layer):
    if isinstance(value, Layer):
        return describe(value)
    if isinstance(value, (list, tuple)):
        return [_plain(v, layer) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise StorageError(f"{layer} cannot be saved: {value!r} is not a number, a text or a list of them")


def build(data):
    """The layer that ``describe`` made data of."""
    if isinstance(data, list):
        return tuple(build(value) for value in data)
    if not isinstance(data, dict):
        return data
    name = data.get("layer")
    known = {kind.__name__: kind for kind in kinds(Layer)}
    if name not in known:
        raise ValueError(f"it has a layer {name!r} that is not known: define or import its class first")
    return known[name].from_config({field: build(value) for field, value in data.items() if field != "layer"})


def kinds(cls):
    """All subclasses of a class, and theirs."""
    for kind in cls.__subclasses__():
        yield kind
        yield from kinds(kind)


def read(path):
    """The path that was found, and all arrays of the file, whole: their checksums are compared on the way."""
    path = Path(path)
    path = path if path.is_file() else _with_suffix(path)
    if not path.is_file():
        raise StorageError(f"there is no file {path}: check the name and the folder")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            return path, {name: archive[name] for name in archive.files}
    except Exception as error:  # damage shows anywhere: in the zip file, in the array headers, in memory
        raise StorageError(f"{path} is no file of cnnlab, or it is damaged: save the net again") from error


def _structure(arrays, path):
    text = arrays.pop("structure", None)
    try:
        data = json.loads(str(text))
        ours, version = data["format"] == "cnnlab", data["version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        ours = False
    if not ours:
        raise StorageError(f"{path} holds arrays but no net of cnnlab: use a file that net.save wrote")
    if version != VERSION:
        raise StorageError(
            f"{path} has format {version}, but this cnnlab reads format {VERSION}: save it anew, or update cnnlab"
        )
    return data["net"]


def _wanted(net):
    shapes = (net.param_shapes, net.state_shapes)
    return {f"{room}/{name}": s for room, named in zip(ROOMS, shapes, strict=True) for name, s in named.items()}


def _check(net, arrays):
    """Compare names, shapes and types before anything is allocated."""
    wanted = _wanted(net)
    for names, fault in ((wanted.keys() - arrays.keys(), "lacks"), (arrays.keys() - wanted.keys(), "has too many:")):
        if names:
            raise ValueError(f"it {fault} {', '.join(sorted(names))}")
    for name, shape in wanted.items():
        if arrays[name].shape != tuple(shape):
            raise ValueError(f"{name} has shape {arrays[name].shape}, but the net needs {tuple(shape)}")
        if arrays[name].dtype.kind != "f":
            raise ValueError(f"{name} holds {arrays[name].dtype} values instead of floats")


def _fill(net, arrays):
    net.init()
    for room in ROOMS:
        for name, array in getattr(net, room).items():
            array[...] = arrays[f"{room}/{name}"]
