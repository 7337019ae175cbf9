"""Layers that change every value by itself, and Flatten, which only changes the shape.

None of them has parameters; all but Flatten keep the shape.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from .. import ops
from ..checks import is_number
from .base import Layer


class _Activation(Layer):
    """An activation whose gradient follows from its output; ``operation`` is its name in ops."""

    operation = ""

    def forward(self, x, training=False):
        self.training = training
        y = getattr(ops, self.operation)(x, out=self.buffer("y", x.shape, x.dtype))
        self.save_for_backward(training, y)
        return y

    def backward(self, dy, need_dx=True):
        (y,) = self.saved()
        if not need_dx:
            return None
        return getattr(ops, f"{self.operation}_backward")(
            dy, y, out=self.buffer("dx", y.shape, y.dtype)
        )


@dataclass(eq=False)
class ReLU(_Activation):
    """``y = max(x, 0)``."""

    operation = "relu"


@dataclass(eq=False)
class Tanh(_Activation):
    """``y = tanh(x)``."""

    operation = "tanh"


@dataclass(eq=False)
class Sigmoid(_Activation):
    """``y = 1 / (1 + exp(−x))``."""

    operation = "sigmoid"


@dataclass(eq=False)
class Dropout(Layer):
    """In training, drop each value with probability ``p`` and scale the others by 1/(1 − p).

    So the expected value is the same as without training, where nothing changes. Source: Srivastava
    et al., Dropout, 2014 (here inverted).
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
