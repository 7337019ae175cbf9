"""The base class of all layers: hyperparameters as fields, dicts of arrays, three methods.

``infer_shapes`` gives the shape of the output, ``forward`` computes it, ``backward`` turns the
gradient of the output into the gradients of the input and of the parameters.
"""

from __future__ import annotations

import inspect
from contextlib import suppress
from functools import cache
from math import prod
from typing import Any

import numpy as np

from .. import kernels
from ..shapes import MisfitError
from ..typing import Array, Shape
from .arguments import check_call, check_ranges


class Layer:
    """One layer. A new one is a dataclass of its hyperparameters with three methods.

    They are ``infer_shapes``, ``forward`` and ``backward``. ``params``, ``grads`` (same names) and
    ``state`` (kept, not trained) are dicts of arrays. Shapes never count the batch. In training, a
    layer writes its output and gradients into arrays it keeps and uses again for the next batch;
    with ``training=False`` every result is a new array.

    ``layer.trainable = False`` freezes it: training leaves its parameters as they are, until it is
    True again. The running averages of a BatchNorm2d, which are no parameters, go on.

    ``ranges`` holds, for some hyperparameters, the least and the largest value, or bool;
    ``infer_shapes`` checks them.

    Examples:
        >>> class Double(cnnlab.layers.Layer):
        ...     def forward(self, x, training=False):
        ...         return 2 * x
        ...
        ...     def backward(self, dy, need_dx=True):
        ...         return 2 * dy
        >>> cnnlab.gradcheck(Double(), (3,))["x"] < 1e-6
        True
    """

    ranges = {}  # noqa: RUF012  a subclass puts one of its own in its place
    trainable = True

    def __new__(cls, *args, **kwargs):
        # Not in __init__: that belongs to the dataclass, and no subclass should have to call ours.
        check_call(cls, args, kwargs)
        self = super().__new__(cls)
        self._make_dicts()
        self.input_shape = self.output_shape = None
        self.training = False
        self.rng = None
        self.device = "cpu"
        self.saved_arrays = None
        self._buffers = {}
        return self

    def _make_dicts(self):
        """Its own dicts of arrays and of their shapes; a container has none of its own."""
        self.params = {}
        self.grads = {}
        self.state = {}
        self.param_shapes = {}
        self.state_shapes = {}

    def __getstate__(self):
        """What a copy of the layer takes along: all but its memory of the last batch."""
        return {**vars(self), "_buffers": {}, "saved_arrays": None}

    def infer_shapes(
        self,
        input_shape: Shape,
        output_shape: Shape | None = None,
        params: Any = (),
        state: Any = (),
    ) -> Shape:
        """Set the shapes of input, output, parameters and state. Allocates nothing.

        A layer overrides it with ``infer_shapes(self, input_shape)`` and calls this one.

        Arguments:
            input_shape: the shape of one input.
            output_shape: the shape of one output; as the input if None.
            params: the shapes of the parameters by name.
            state: the shapes of other arrays that are kept.

        Returns:
            The shape of one output.

        Raises:
            MisfitError: the layer cannot take such an input.
        """
        check_ranges(self, self.ranges)
        self.input_shape = tuple(input_shape)
        self.output_shape = self.input_shape if output_shape is None else tuple(output_shape)
        self.param_shapes, self.state_shapes = dict(params), dict(state)
        return self.output_shape

    def init(self, rng: np.random.Generator, dtype: Any = np.float32) -> None:
        """Draw the parameters. Arrays that fit already keep their values.

        Arguments:
            rng: a NumPy Generator.
            dtype: float32 or float64.
        """
        for kept, shapes in ((self.params, self.param_shapes), (self.state, self.state_shapes)):
            for name, shape in shapes.items():
                fits = name in kept and kept[name].shape == shape
                array = kept[name] if fits else self.initial_value(name, shape, rng, dtype)
                kept[name] = array.astype(dtype, copy=False)
        self.grads = {name: np.zeros(shape, dtype) for name, shape in self.param_shapes.items()}
        self.to(self.device)

    def to(self, device: str) -> Layer:
        """Move all arrays to ``device``, "cpu" or "cuda", where the layer works from now on."""
        self.device = device
        self._buffers = {}
        self.saved_arrays = None
        for arrays in (self.params, self.grads, self.state):
            arrays.update({name: kernels.to(array, device) for name, array in arrays.items()})
        return self

    def initial_value(self, name: str, shape: Shape, rng: np.random.Generator, dtype: Any) -> Array:
        """The first value of a parameter or state: zeros, unless overridden.

        Arguments:
            name: what it is called.
            shape: its shape.
            rng: a NumPy Generator to draw it from.
            dtype: float32 or float64.
        """
        return np.zeros(shape, dtype)

    def forward(self, x: Array, training: bool = False) -> Array:
        """The output for a batch, keeping what ``backward`` will need.

        Arguments:
            x: inputs ``(N, …)``.
            training: True for what is different in training, such as dropout.

        Returns:
            Outputs ``(N, …)``.
        """
        raise NotImplementedError(f"{type(self).__name__} has no forward method: write one")

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        """The gradient of the input for that of the last output; overwrites ``grads``.

        Arguments:
            dy: gradient of the output, ``(N, …)``.
            need_dx: False leaves out the gradient of the input, which is then None.

        Returns:
            The gradient of the input, ``(N, …)``, or None.
        """
        raise NotImplementedError(f"{type(self).__name__} has no backward method: write one")

    def save_for_backward(self, training: bool, *arrays: Any) -> None:
        """Remember what the backward pass needs.

        Arguments:
            training: whether the pass was one in training.
            *arrays: what ``saved`` will return.
        """
        self.training = training
        self.saved_arrays = arrays

    def saved(self) -> tuple:
        """The arrays of ``save_for_backward``. Raises RuntimeError without a forward pass."""
        if self.saved_arrays is None:
            raise RuntimeError(
                f"{self}: backward needs a forward pass before it, so call forward first"
            )
        return self.saved_arrays

    def clear_saved(self) -> None:
        """Forget the arrays of the last forward pass; the parameters stay."""
        self.saved_arrays = None

    def release(self) -> None:
        """Free the work arrays too; the next batch makes new ones."""
        self.saved_arrays = None
        self._buffers = {}

    def buffer(self, name: str, shape: Shape, dtype: Any) -> Array:
        """An array to write: in training the first rows of one that is kept, otherwise a new one.

        A smaller last batch, and the full one after it, find room in the array of the first.

        Arguments:
            name: what it is for.
            shape: its shape, the batch first.
            dtype: its dtype.
        """
        empty = kernels.get_backend("cuda").empty if self.device == "cuda" else np.empty
        if not self.training:
            return empty(shape, dtype)
        kept = self._buffers.get(name)
        if (
            kept is None
            or kept.shape[1:] != tuple(shape[1:])
            or kept.dtype != dtype
            or len(kept) < shape[0]
        ):
            kept = self._buffers[name] = empty(shape, dtype)
        return kept[: shape[0]]

    def parameter(self, name: str) -> Array:
        """The array of the parameter ``name``. Raises RuntimeError, with a way out, before init."""
        if name not in self.params:
            raise self.not_initialised(name)
        return self.params[name]

    def not_initialised(self, name: str) -> RuntimeError:
        """The error for something, called ``name``, that ``init`` would have made."""
        return RuntimeError(
            f"{self} has no {name} yet: put it into a Sequential, or call "
            f"infer_shapes(input_shape) and init(rng)"
        )

    def macs(self) -> int:
        """Multiply-accumulates of one forward pass over one image.

        Biases and comparisons are not counted.
        """
        return 0

    @property
    def parameter_count(self):
        """How many numbers are trained, known from ``infer_shapes`` alone."""
        return sum(prod(shape) for shape in self.param_shapes.values())

    @property
    def trainable_params(self):
        """The parameters that training moves: none of a frozen layer."""
        return self.params if self.trainable else {}

    def children(self) -> dict[str, Layer]:
        """The layers inside this one, by name: only containers have some."""
        return {}

    def config(self) -> dict[str, Any]:
        """The hyperparameters as a dict that ``from_config`` takes.

        They are the arguments of ``__init__``, read from the attributes of the same names.
        """
        return {name: getattr(self, name) for name in arguments(type(self)) if hasattr(self, name)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Layer:
        """The layer that ``config`` describes, without its arrays."""
        return cls(**config)

    def __str__(self):
        """As one would write it, without defaults: ``Conv2d(8, 3, padding=1)``."""
        known = arguments(type(self))
        config = self.config().items()
        fields = [_repr_field(known[name], value) for name, value in config if name in known]
        return f"{type(self).__name__}({', '.join(field for field in fields if field)})"


@cache
def arguments(kind):
    """The arguments of a layer's ``__init__`` by name, as inspect.Parameter."""
    _, *parameters = inspect.signature(kind.__init__).parameters.values()  # all but self
    return {p.name: p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)}


def _repr_field(argument, value):
    """How an argument is written: "" at its default, an array by its shape alone."""
    if isinstance(value, np.ndarray):
        return f"{argument.name}=array of shape {value.shape}"
    if argument.default is argument.empty:
        return repr(value)
    is_default = type(value) is type(argument.default) and _equal(value, argument.default)
    return "" if is_default else f"{argument.name}={value!r}"


def _equal(value, other):
    with suppress(Exception):  # a hyperparameter of a custom layer may be anything
        return bool(value == other)
    return False


def image_shape(layer, input_shape):
    """The input shape as (H, W, C), or MisfitError."""
    if len(input_shape) != 3:
        name = type(layer).__name__
        raise MisfitError(
            f"{name} needs images (H, W, C), but its input has shape {tuple(input_shape)}: put it "
            f"before Flatten"
        )
    return input_shape
