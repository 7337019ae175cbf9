"""Layers made of layers: they gather the parameters of their children under dotted names.

``LayerList`` runs its layers one after another. It is the inside of every net;
``net.Sequential`` adds the input validation.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import kernels
from ..shapes import MisfitError
from ..typing import Array, Shape
from .arrays import Arrays
from .base import Layer


def _gathered(attribute):
    """A property: the dicts called ``attribute`` of all children as one, with dotted names."""

    def gather(container):
        return Arrays(
            {
                f"{child}.{name}": array
                for child, layer in container.children().items()
                for name, array in getattr(layer, attribute).items()
            }
        )

    return property(gather)


class Container(Layer):
    """A layer whose ``children()`` do the work; its parameters are gathered from them."""

    params = _gathered("params")
    trainable_params = _gathered("trainable_params")
    grads = _gathered("grads")
    state = _gathered("state")
    param_shapes = _gathered("param_shapes")
    state_shapes = _gathered("state_shapes")

    def _make_dicts(self):
        """It has none of its own: the properties above gather those of its children."""

    @property
    def trainable(self):
        """Is any layer inside not frozen? Setting it freezes or unfreezes all of them."""
        return any(child.trainable for child in self.children().values())

    @trainable.setter
    def trainable(self, value):
        for child in self.children().values():
            child.trainable = value

    def init(self, rng: np.random.Generator, dtype: Any = np.float32) -> None:
        for child in self.children().values():
            child.init(rng, dtype)

    def to(self, device):
        self.device = device
        self._buffers = {}
        self.saved_arrays = None
        for child in self.children().values():
            child.to(device)
        return self

    def clear_saved(self):
        super().clear_saved()
        for child in self.children().values():
            child.clear_saved()

    def release(self):
        super().release()
        for child in self.children().values():
            child.release()

    def macs(self) -> int:
        return sum(child.macs() for child in self.children().values())


def infer_child(name, layer, input_shape):
    """The output shape of the layer called ``name``. Its errors name it: "layer 3.body.0"."""
    try:
        return layer.infer_shapes(input_shape)
    except ValueError as error:
        raise _named(name, layer, error) from None


def _named(name, child, error):
    """The same error with the name and the layer before its sentence."""
    inner, layer, reason = getattr(error, "location", ("", child, error))
    path = f"{name}.{inner}" if inner else name
    kind = next(kind for kind in (MisfitError, ValueError, TypeError) if isinstance(error, kind))
    named = kind(f"layer {path}, {layer}: {reason}")
    named.location = path, layer, reason
    return named


def run_child(name, layer, x, *training):
    """The output of the layer called ``name``. Its ValueErrors and TypeErrors name it.

    A custom layer gets a copy of ``x``, so it may write into it, and its output is converted to the
    dtype that came in. Raises ValueError if the output has not the shape of its ``infer_shapes``.
    """
    try:
        x = prepared(layer, x)
        if not _is_custom(layer):
            return layer.forward(x, *training)
        shape = layer.output_shape and (len(x), *layer.output_shape)
        return _checked_result(layer.forward(x.copy(), *training), shape, x.dtype, "forward")
    except (ValueError, TypeError) as error:
        raise _named(name, layer, error) from error


def run_child_backward(name, layer, dy, need_dx):
    """The gradient of the input of the layer called ``name``, or None; see ``run_child``."""
    try:
        dy = kernels.to(dy, layer.device)
        if not _is_custom(layer):
            return layer.backward(dy, need_dx)
        dx = layer.backward(dy.copy(), need_dx)
        if not need_dx:
            return None
        return _checked_result(dx, (len(dy), *layer.input_shape), dy.dtype, "backward")
    except (ValueError, TypeError) as error:
        raise _named(name, layer, error) from error


def _is_custom(layer):
    """Is it a single layer that the library does not have?"""
    package = type(layer).__module__.partition(".")[0]
    return package != __name__.partition(".")[0] and not layer.children()


def _checked_result(a, shape, dtype, method):
    """What a custom layer returned, as the layers around it take it."""
    if a is None:
        raise TypeError(f"{method} returned nothing: return an array of shape {shape}")
    a = a if kernels.is_on_gpu(a) else np.asarray(a)
    if a.dtype.kind not in "fiub":
        raise TypeError(f"{method} returned {a.dtype} values: return real numbers")
    if shape is not None and a.shape != shape:
        wanted = "infer_shapes says" if method == "forward" else "its input had"
        raise ValueError(
            f"{method} returned shape {a.shape}, but {wanted} {shape}: make both agree"
        )
    return a if kernels.is_on_gpu(a) else np.asarray(a, dtype)


def check_layers(layers):
    """Refuse what is no layer, and a layer that is used twice.

    It could remember only one of its two inputs.
    """
    for number, layer in enumerate(layers):
        if isinstance(layer, type) and issubclass(layer, Layer):
            raise TypeError(
                f"layer {number} is the class {layer.__name__}: call it, as in "
                f"{layer.__name__}(...)"
            )
        if not isinstance(layer, Layer):
            raise TypeError(f"layer {number} is {layer!r}, not a layer: use layers such as ReLU()")
    known = set()
    for leaf in (leaf for layer in layers for leaf in leaves(layer)):
        if id(leaf) in known:
            raise ValueError(
                f"the same {leaf} is used twice in the net: make a new one for each place"
            )
        known.add(id(leaf))


def leaves(layer):
    """All layers inside a layer that are no containers, in order; itself if it is none."""
    children = layer.children().values()
    return [leaf for child in children for leaf in leaves(child)] if children else [layer]


def named_leaves(layer, above=""):
    """Pairs of a dotted name, such as "3.body.0", and the layer there, through all containers."""
    for name, child in layer.children().items():
        if child.children():
            yield from named_leaves(child, f"{above}{name}.")
        else:
            yield f"{above}{name}", child


def without_checks(layer):
    """A Sequential that stands inside a container as a LayerList, which checks no input."""
    is_net = isinstance(layer, LayerList) and type(layer) is not LayerList
    return LayerList(*layer.layers) if is_net else layer


def prepared(layer, x):
    """``x`` on the layer's device, its shapes inferred for it again: it may stand in two nets."""
    x = kernels.to(x, layer.device)
    if layer.input_shape != x.shape[1:]:
        layer.infer_shapes(x.shape[1:])
    return x


class LayerList(Container):
    """Layers one after another: each gets the output of the one before it.

    Without layers, the output is the input.
    """

    def __init__(self, *layers):
        check_layers(layers)
        self.layers = tuple(without_checks(layer) for layer in layers)

    def children(self) -> dict[str, Layer]:
        return {str(number): layer for number, layer in enumerate(self.layers)}

    def infer_shapes(self, input_shape: Shape) -> Shape:
        shape = tuple(input_shape)
        for name, layer in self.children().items():
            shape = infer_child(name, layer, shape)
        self.input_shape, self.output_shape = tuple(input_shape), shape
        return shape

    def forward(self, x: Array, training: bool = False) -> Array:
        for name, layer in self.children().items():
            x = run_child(name, layer, x, training)
        return x

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        """The gradient of the input, or None.

        Without ``need_dx`` it ends at the first layer with parameters, which then need not compute
        its own dx.
        """
        trained = [n for n, layer in enumerate(self.layers) if layer.params]
        stop = 0 if need_dx else trained[0] if trained else len(self.layers)
        for number in reversed(range(stop, len(self.layers))):
            dy = run_child_backward(str(number), self.layers[number], dy, need_dx or number > stop)
        return dy if need_dx else None

    def config(self) -> dict[str, Any]:
        return {"layers": self.layers}

    @classmethod
    def from_config(cls, config):
        return cls(*config["layers"])

    def inside(self):
        """The layers as one would write them, with commas between."""
        return ", ".join(str(layer) for layer in self.layers)

    def __str__(self):
        return f"LayerList({self.inside()})"

    __repr__ = __str__
