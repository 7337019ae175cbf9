"""A net in one file: its structure as JSON text, one array for each parameter, in NumPy's .npz.

No code is stored and none is run in loading, and nothing is read before its size is known to be
what the net needs; whatever is wrong with a file, one sentence says so.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from ..layers.base import Layer
from ..layers.container import named_leaves
from .archive import Archive, Header, StorageError, with_suffix, write
from .structure import build, describe

__all__ = ["Archive", "StorageError", "build", "describe", "load", "save", "with_suffix", "write"]

VERSION = 1
GROUPS = ("params", "state")  # what is stored with the structure


def save(net: Any, path: str | os.PathLike) -> Path:
    """Write a net to one ``.npz`` file.

    A new file takes the place of an old one only when it is complete.

    Arguments:
        net: a Sequential.
        path: where; ``.npz`` is added if it is missing.

    Returns:
        The path.

    Raises:
        StorageError: it cannot be written or could not be loaded again: where a hyperparameter is
            not a number, a text or a list of them, or a custom layer does not give all that it is
            made of.

    Examples:
        >>> import tempfile
        >>> net = cnnlab.Sequential(cnnlab.Linear(2), input_shape=(3,))
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = cnnlab.storage.save(net, f"{folder}/net")
        ...     print(path.name, cnnlab.load(path)[0])
        net.npz Linear(2)
    """
    with_suffix(path)
    data = describe(net)
    arrays = {
        f"{group}/{name}": np.asarray(array)
        for group in GROUPS
        for name, array in getattr(net, group).items()
    }
    try:
        again = build(json.loads(json.dumps(data)))
        if json.dumps(describe(again)) != json.dumps(data):
            raise ValueError("a layer is made into something else by its from_config()")
        _check(again, {name: Header(array.shape, array.dtype) for name, array in arrays.items()})
    except Exception as error:  # the code of any layer is met
        raise StorageError(
            f"the net cannot be saved, because it could not be loaded again: {error}"
        ) from error
    about = {"format": "cnnlab", "version": VERSION, "net": data}
    if frozen := [name for name, leaf in named_leaves(net) if not leaf.trainable]:
        about["frozen"] = frozen
    return write(path, json.dumps(about), arrays)


def load(path: str | os.PathLike, kind: type[Layer] = Layer) -> Any:
    """Read the net that ``save`` wrote.

    A file from anybody is safe to load: it holds numbers and names of layers, no code.

    Arguments:
        path: the file.
        kind: the class that the net must be of.

    Returns:
        The net.

    Raises:
        StorageError: there is no such file, or it does not hold a complete and known net.

    Examples:
        >>> try:
        ...     cnnlab.storage.load("missing.npz")
        ... except cnnlab.storage.StorageError as error:
        ...     print("missing.npz" in str(error))
        True
    """
    with Archive(path) as archive:
        try:
            about = _structure(archive)
            net = build(about["net"])
            if not isinstance(net, kind) or net.input_shape is None:
                raise ValueError("it does not contain a complete net")
            _check(net, archive.headers)
            layers = dict(named_leaves(net))
            for name in about.get("frozen", ()):
                layers[name].trainable = False
        except StorageError:
            raise
        except Exception as error:  # hyperparameters may be anything, in the code of any layer
            raise StorageError(
                f"{archive.path} does not hold a net that can be built: {error}"
            ) from error
        archive.check_size()
        _fill(net, {name: archive.array(name) for name in archive.headers})
    return net


def _structure(archive):
    try:
        data = json.loads(archive.text)
        ours, version = data["format"] == "cnnlab", data["version"]
    except (ValueError, KeyError, TypeError, RecursionError):
        ours = False
    if not ours:
        raise StorageError(
            f"{archive.path} holds arrays but no cnnlab net: use a file that net.save wrote"
        )
    if version != VERSION:
        raise StorageError(
            f"{archive.path} has format {version}, but this cnnlab reads format {VERSION}: save "
            f"it again, or update cnnlab"
        )
    return data


def _wanted(net):
    shapes = (net.param_shapes, net.state_shapes)
    return {
        f"{group}/{name}": s
        for group, named in zip(GROUPS, shapes, strict=True)
        for name, s in named.items()
    }


def _check(net, headers):
    """Compare names, shapes and types of the arrays with the net's, before allocating anything."""
    wanted = _wanted(net)
    for names, fault in (
        (wanted.keys() - headers.keys(), "lacks"),
        (headers.keys() - wanted.keys(), "has too many:"),
    ):
        if names:
            raise ValueError(f"it {fault} {', '.join(sorted(names))}")
    for name, shape in wanted.items():
        if headers[name].shape != tuple(shape):
            raise ValueError(
                f"{name} has shape {headers[name].shape}, but the net needs {tuple(shape)}"
            )
        if headers[name].dtype.kind != "f":
            raise ValueError(f"{name} holds {headers[name].dtype} values instead of floats")


def _fill(net, arrays):
    net.init()
    for group in GROUPS:
        for name, array in getattr(net, group).items():
            array[...] = arrays[f"{group}/{name}"]
