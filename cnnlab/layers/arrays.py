"""The arrays of all children of a layer under dotted names: a view, not a copy."""

from __future__ import annotations

from collections.abc import MutableMapping

import numpy as np

from .. import kernels


class Arrays(MutableMapping):
    """The arrays of all children as one dict.

    ``"3.body.0.weight"`` is the weight of body 0 of layer 3. Assigning copies values into the
    array: ``net.params["0.weight"] = w`` takes weights of exactly that shape, and
    ``net.params["0.bias"] = 0``, a number, sets every bias of layer 0 to it. Raises ValueError for
    another shape and TypeError for what is no real number.
    """

    def __init__(self, arrays):
        self._arrays = arrays

    def __getitem__(self, name):
        if name not in self._arrays:
            raise KeyError(
                f"there is no {name!r}: the names are {', '.join(self._arrays) or 'none at all'}"
            )
        return self._arrays[name]

    def __setitem__(self, name, value):
        array = self[name]
        if not kernels.is_on_gpu(value):
            value = _checked(name, value, array.shape)
        elif value.shape != array.shape:
            raise ValueError(_other_shape(name, value.shape, array.shape))
        array[...] = value

    def __delitem__(self, name):
        raise TypeError(
            "the arrays of a net can be changed but not taken out: leave the layer out instead"
        )

    def __iter__(self):
        return iter(self._arrays)

    def __len__(self):
        return len(self._arrays)

    def __repr__(self):
        return "\n".join(f"{name} {array.dtype} {array.shape}" for name, array in self.items())


def _checked(name, value, shape):
    """``value`` as an array of the parameter's shape, or a single number."""
    try:
        value = np.asarray(value)
    except ValueError:
        raise ValueError(
            f"{name} cannot be a ragged list: give an array of shape {shape}"
        ) from None
    if value.dtype.kind not in "fiub":
        raise TypeError(f"{name} cannot hold {value.dtype} values: give an array of real numbers")
    if value.ndim and value.shape != shape:
        raise ValueError(_other_shape(name, value.shape, shape))
    return value


def _other_shape(name, given, shape):
    return (
        f"{name} has shape {shape}, but the values have {given}: give exactly {shape}, or one "
        f"number for all"
    )
