"""A net's structure as plain data: the class name and hyperparameters of each layer.

Names belong to the library first: a learner's class with the name of one of its layers is marked,
so that it never changes what another file becomes.
"""

import inspect

import numpy as np

from ..layers.base import Layer, arguments
from .archive import StorageError

LARGEST = 10**9  # no size or count of a net is larger; only a seed may be
FORMER_NAMES = {"Stack": "LayerList"}  # in files that an earlier version wrote
OWN = "own"  # the mark of a class that is not the library's: the path where it was defined


def describe(layer):
    """A layer as data for JSON: its class name, its hyperparameters, and the layers inside it.

    Raises StorageError for a hyperparameter that is not a number, a text or a list of them, and for
    an argument of ``__init__`` that is no hyperparameter.
    """
    config = layer.config()
    _check_complete(layer, config)
    mark = {} if _is_ours(type(layer)) else {OWN: _path(type(layer))}
    return {
        "layer": type(layer).__name__,
        **mark,
        **{name: _plain(v, layer) for name, v in config.items()},
    }


def _check_complete(layer, config):
    kind = type(layer)
    if kind.from_config.__func__ is not Layer.from_config.__func__:
        return
    _check_named(layer)
    missing = [name for name in arguments(kind) if name not in config]
    if missing:
        raise StorageError(
            f"{layer} cannot be saved, because its argument {missing[0]} is not kept: "
            f"set self.{missing[0]} in the __init__ of {kind.__name__}"
        )
    if {"layer", OWN} & set(config):
        raise StorageError(
            f'{layer} cannot be saved: call its hyperparameter something else than "layer" or '
            f'"{OWN}"'
        )


def _check_named(layer):
    """Refuse ``*args`` and ``**kwargs``, which are no hyperparameters."""
    kind = type(layer)
    whole = kind.config is not Layer.config
    given = {} if kind.__init__ is object.__init__ else inspect.signature(kind.__init__).parameters
    for parameter in given.values():
        if parameter.kind is parameter.VAR_POSITIONAL or (
            parameter.kind is parameter.VAR_KEYWORD and not whole
        ):
            raise StorageError(
                f"{layer} cannot be saved, because {str(parameter).partition(':')[0]} has no name "
                f"for each argument: name them in the __init__ of {kind.__name__}, or give it "
                f"config() and from_config()"
            )


def _plain(value, layer):
    if isinstance(value, Layer):
        return describe(value)
    if isinstance(value, (list, tuple)):
        return [_plain(v, layer) for v in value]
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise StorageError(
        f"{layer} cannot be saved: {value!r} is not a number, a text or a list of them"
    )


def build(data):
    """The layer that ``describe`` made data of. Raises ValueError for one that is not known."""
    kinds = list(_kinds(Layer))
    own = [kind for kind in kinds if not _is_ours(kind)]
    known = {kind.__name__: kind for kind in (*own, *filter(_is_ours, kinds))}
    by_path = {name(kind): kind for name in (_named, _path) for kind in own}
    return _built(data, known, by_path)


def _built(data, *known):
    if isinstance(data, list):
        return tuple(_built(value, *known) for value in data)
    if not isinstance(data, dict):
        return data
    kind, config = _kind(data, *known), {}
    for field, value in data.items():
        if isinstance(value, int) and abs(value) > LARGEST and field != "seed":
            raise ValueError(f"{field} {value} is larger than any net")
        if field not in ("layer", OWN):
            config[field] = _built(value, *known)
    return kind.from_config(config)


def _kind(data, known, by_path):
    """The class of a layer: a learner's own by its path, or by its name where that has changed.

    Files of older versions have no mark, and name those, too, in ``known``.
    """
    name, path = data.get("layer"), data.get(OWN)
    if path is None and name not in known:
        name = FORMER_NAMES.get(name, name)
    kind = known.get(name) if path is None else by_path.get(path, by_path.get(f"{name}()"))
    if kind is None:
        raise ValueError(
            f"it has a layer {name!r} that is not known: define or import its class first"
        )
    return kind


def _path(kind):
    return f"{kind.__module__}.{kind.__qualname__}"


def _named(kind):
    return f"{kind.__name__}()"  # no path has brackets at its end


def _is_ours(kind):
    return kind.__module__.partition(".")[0] == __package__.partition(".")[0]


def _kinds(cls):
    """All subclasses of a class, and theirs."""
    for kind in cls.__subclasses__():
        yield kind
        yield from _kinds(kind)
