"""Layers that treat every value by itself, and Flatten, which only renames places.

None of them has parameters; the shape stays, but for Flatten.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from .. import ops
from ..checks import is_number
from .base import Layer


class _Activation(Layer):
    """An activation whose gradient follows from its output; ``name`` is the function in ops."""

    name = ""

    def forward(self, x, training=False):
        self.training = training
        y = getattr(ops, self.name)(x, out=self.buffer("y", x.shape, x.dtype))
        self.save_for_backward(training, y)
        return y

    def backward(self, dy, need_dx=True):
        (y,) = self.saved()
        if not need_dx:
            return None
        return getattr(ops, f"{self.name}_backward")(dy, y, out=self.buffer("dx", y.shape, y.dtype))


@dataclass(eq=False)
class ReLU(_Activation):
    """``y = max(x, 0)``."""

    name = "relu"


@dataclass(eq=False)
class Tanh(_Activation):
    """``y = tanh(x)``."""

    name = "tanh"


@dataclass(eq=False)
class Sigmoid(_Activation):
    """``y = 1 / (1 + exp(−x))``."""

    name = "sigmoid"


@dataclass(eq=False)
class Dropout(Layer):
    """In training, each value is dropped with probability ``p`` and the others grow by 1/(1 − p);
    else nothing.

    So the expected value is the same either way. Source: Srivastava et al., Dropout, 2014 (here
    inverted).
    """

    p: float = 0.5

    def infer_shapes(self, input_shape):
        if not is_number(self.p) or not 0 <= self.p < 1:
            raise ValueError(f"p {self.p} is not a probability of at least 0 and below 1")
        return super().infer_shapes(input_shape)

    def init(self, rng, dtype=np.float32):
        super().init(rng, dtype)
        # A child of the net's generator: drawing masks does not change the weights drawn after this
        # layer.
        (self.rng,) = rng.spawn(1)

    def forward(self, x, training=False):
        self.training = training
        if not training:
            self.save_for_backward(training, None)
            return x
        if self.rng is None:
            raise self.not_initialised("random generator")
        mask = ops.dropout_mask(self.p, self.rng, out=self.buffer("mask", x.shape, x.dtype))
        self.save_for_backward(training, mask)
        return np.multiply(x, mask, out=self.buffer("y", x.shape, x.dtype))

    def backward(self, dy, need_dx=True):
        (mask,) = self.saved()
        if mask is None or not need_dx:
            return dy if need_dx else None
        return np.multiply(dy, mask, out=self.buffer("dx", dy.shape, dy.dtype))


@dataclass(eq=False)
class Flatten(Layer):
    """The image as one row, values in the order row, column, channel: (H, W, C) → (H·W·C,)."""

    def infer_shapes(self, input_shape):
        return super().infer_shapes(input_shape, (prod(input_shape),))

    def forward(self, x, training=False):
        self.save_for_backward(training, x.shape)
        return x.reshape(len(x), prod(x.shape[1:]))

    def backward(self, dy, need_dx=True):
        (x_shape,) = self.saved()
        return dy.reshape(x_shape) if need_dx else None
