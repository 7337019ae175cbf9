"""What every layer is: hyperparameters as fields, two dicts of arrays, and three methods.

``infer_shapes`` gives the shape of the output, ``forward`` computes it, ``backward`` turns the
gradient of the output into the gradients of the input and of the parameters.
"""

import inspect
from contextlib import suppress
from functools import cache
from math import prod

import numpy as np

from .. import kernels
from ..shapes import MisfitError
from .arguments import check_call, check_ranges


class Layer:
    """One layer. A new one is a dataclass of its hyperparameters with three methods.

    They are ``infer_shapes``, ``forward`` and ``backward``. ``params``, ``grads`` (same names) and
    ``state`` (kept, not trained) are dicts of arrays. Shapes never count the batch. In training, a
    layer writes its output and gradients into arrays it keeps and uses again for the next batch;
    with ``training=False`` every result is a fresh array.

    ``ranges`` holds, for some hyperparameters, the least and the largest value, or bool;
    ``infer_shapes`` checks them.
    """

    ranges = {}  # noqa: RUF012  a subclass puts one of its own in its place

    def __new__(cls, *args, **kwargs):
        # Not in __init__: that belongs to the dataclass, and no subclass shall have to call ours.
        check_call(cls, args, kwargs)
        self = super().__new__(cls)
        # Past any property: containers gather these five from their parts instead.
        names = ("params", "grads", "state", "param_shapes", "state_shapes")
        vars(self).update({name: {} for name in names})
        self.input_shape = self.output_shape = None
        self.training = False
        self.rng = None
        self.device = "cpu"
        self._buffers, self.saved_arrays = {}, None
        return self

    def __getstate__(self):
        """What a copy of the layer takes along: all but its memory of the last batch."""
        return {**vars(self), "_buffers": {}, "saved_arrays": None}

    def infer_shapes(self, input_shape, output_shape=None, params=(), state=()):
        """Note the shapes of input, output, parameters and state, and return the output's.
        Allocates nothing.

        A layer overrides it with ``infer_shapes(self, input_shape)`` and calls this one; without
        ``output_shape`` the output is as large as the input. Raises MisfitError for an input the
        layer cannot take.
        """
        check_ranges(self, self.ranges)
        self.input_shape = tuple(input_shape)
        self.output_shape = self.input_shape if output_shape is None else tuple(output_shape)
        self.param_shapes, self.state_shapes = dict(params), dict(state)
        return self.output_shape

    def init(self, rng, dtype=np.float32):
        """Draw the parameters from the NumPy Generator ``rng``; arrays that fit already keep their
        values.
        """
        for kept, shapes in ((self.params, self.param_shapes), (self.state, self.state_shapes)):
            for name, shape in shapes.items():
                fits = name in kept and kept[name].shape == shape
                array = kept[name] if fits else self.initial_value(name, shape, rng, dtype)
                kept[name] = array.astype(dtype, copy=False)
        self.grads = {name: np.zeros(shape, dtype) for name, shape in self.param_shapes.items()}
        self.to(self.device)

    def to(self, device):
        """Bring all arrays to the memory of ``device``, "cpu" or "cuda", where the layer works from
        now on.
        """
        self.device = device
        self._buffers = {}
        self.saved_arrays = None
        for arrays in (self.params, self.grads, self.state):
            arrays.update({name: kernels.moved(array, device) for name, array in arrays.items()})
        return self

    def initial_value(self, name, shape, rng, dtype):
        """The first value of a parameter or state: zeros, unless a layer knows better."""
        return np.zeros(shape, dtype)

    def forward(self, x, training=False):
        """Output for a batch ``x (N, …)``, keeping what ``backward`` will need."""
        raise NotImplementedError(f"{type(self).__name__} has no forward method: write one")

    def backward(self, dy, need_dx=True):
        """Gradient of the input for that of the last output, or None; overwrites ``grads``."""
        raise NotImplementedError(f"{type(self).__name__} has no backward method: write one")

    def save_for_backward(self, training, *arrays):
        """Remember what the backward pass needs."""
        self.training, self.saved_arrays = training, arrays

    def saved(self):
        """The arrays of ``save_for_backward``. Raises RuntimeError without a forward pass."""
        if self.saved_arrays is None:
            raise RuntimeError(
                f"{self}: backward needs a forward pass before it, so call forward first"
            )
        return self.saved_arrays

    def clear_saved(self):
        """Let go of the last batch; the parameters stay."""
        self.saved_arrays = None

    def release(self):
        """Let go of the work arrays too; the next batch makes them anew."""
        self.saved_arrays, self._buffers = None, {}

    def buffer(self, name, shape, dtype):
        """An array to write: in training the first rows of one that is kept, otherwise a fresh one.

        A smaller last batch, and the full one after it, find room in the array of the first.
        """
        empty = kernels.module("cuda").empty if self.device == "cuda" else np.empty
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

    def parameter(self, name):
        """The array ``params[name]``. Raises RuntimeError, with the way out, before ``init``."""
        if name not in self.params:
            raise self.not_initialised(name)
        return self.params[name]

    def not_initialised(self, name):
        """The error for something that ``init`` would have made."""
        return RuntimeError(
            f"{self} has no {name} yet: put it into a Sequential, or call "
            f"infer_shapes(input_shape) and init(rng)"
        )

    def macs(self):
        """Multiply-accumulates of one forward pass over one image; biases and comparisons are not
        counted.
        """
        return 0

    @property
    def parameter_count(self):
        """How many numbers are trained, known from ``infer_shapes`` alone."""
        return sum(prod(shape) for shape in self.param_shapes.values())

    def children(self):
        """The layers inside this one, by name: none, but for containers."""
        return {}

    def config(self):
        """The hyperparameters as a dict that ``from_config`` takes: the arguments of ``__init__``,
        as attributes.
        """
        return {name: getattr(self, name) for name in arguments(type(self)) if hasattr(self, name)}

    @classmethod
    def from_config(cls, config):
        """The layer that ``config`` describes, without its arrays."""
        return cls(**config)

    def __str__(self):
        """As one would write it: ``Conv2d(8, 3, padding=1)``, leaving out what is as usual."""
        asked = arguments(type(self))
        said = [
            _repr_field(asked[name], value)
            for name, value in self.config().items()
            if name in asked
        ]
        return f"{type(self).__name__}({', '.join(word for word in said if word)})"


@cache
def arguments(kind):
    """The arguments of a layer's ``__init__`` by name, as inspect.Parameter."""
    _, *asked = inspect.signature(kind.__init__).parameters.items()  # all but self
    return {
        name: one for name, one in asked if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    }


def _repr_field(argument, value):
    """How an argument is written; nothing if it is as usual, in short if it is an array."""
    if isinstance(value, np.ndarray):
        return f"{argument.name}=array of shape {value.shape}"
    if argument.default is argument.empty:
        return repr(value)
    usual = type(value) is type(argument.default) and _equal(value, argument.default)
    return "" if usual else f"{argument.name}={value!r}"


def _equal(value, other):
    with suppress(Exception):  # a hyperparameter of a layer of one's own may be anything
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


class WithWeights(Layer):
    """A layer with a weight drawn from a normal distribution of standard deviation ``std``, and a
    bias of zeros.
    """

    std = 1.0
    ranges = {"bias": bool}  # noqa: RUF012

    def initial_value(self, name, shape, rng, dtype):
        if name != "weight":
            return super().initial_value(name, shape, rng, dtype)
        weight = rng.standard_normal(shape, dtype)
        weight *= self.std
        return weight

    def arrays(self):
        """Weight, and bias or None."""
        return self.parameter("weight"), self.parameter("bias") if self.bias else None

    def gradients(self, x, need_dx):
        """The arrays (dx, dw, db) that a backward pass writes."""
        dx = self.buffer("dx", x.shape, x.dtype) if need_dx else None
        return dx, self.grads["weight"], self.grads.get("bias")


def with_bias(layer, weight, bias):
    """The parameter shapes of a layer whose bias may be switched off."""
    return {"weight": weight, "bias": bias} if layer.bias else {"weight": weight}
