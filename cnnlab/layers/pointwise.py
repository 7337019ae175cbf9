"""Layers that change every value by itself, and Flatten, which only changes the shape.

None of them has parameters; all but Flatten keep the shape.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from .. import ops
from ..typing import Array, Shape
from ..validation import number
from .base import Layer


class _Activation(Layer):
    """An activation whose gradient follows from its output; ``operation`` is its name in ops."""

    operation = ""

    def forward(self, x: Array, training: bool = False) -> Array:
        self.training = training
        y = getattr(ops, self.operation)(x, out=self.buffer("y", x.shape, x.dtype))
        self.save_for_backward(training, y)
        return y

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (y,) = self.saved()
        if not need_dx:
            return None
        return getattr(ops, f"{self.operation}_backward")(
            dy, y, out=self.buffer("dx", y.shape, y.dtype)
        )


@dataclass(eq=False)
class ReLU(_Activation):
    """``y = max(x, 0)``.

    Examples:
        >>> cnnlab.ReLU().forward(np.array([[-1.0, 2.0]]))
        array([[0., 2.]])
    """

    operation = "relu"


@dataclass(eq=False)
class Tanh(_Activation):
    """``y = tanh(x)``, between −1 and 1.

    Examples:
        >>> cnnlab.Tanh().forward(np.array([[0.0, 100.0]]))
        array([[0., 1.]])
    """

    operation = "tanh"


@dataclass(eq=False)
class Sigmoid(_Activation):
    """``y = 1 / (1 + exp(−x))``, between 0 and 1.

    Examples:
        >>> cnnlab.Sigmoid().forward(np.array([[0.0, 100.0]]))
        array([[0.5, 1. ]])
    """

    operation = "sigmoid"


@dataclass(eq=False)
class Dropout(Layer):
    """In training, drop values at random and scale the others by 1/(1 − p).

    So the expected value is the same as without training, where nothing changes. Source: Srivastava
    et al., Dropout, 2014 (here inverted).

    Arguments:
        p: probability that a value is dropped, at least 0 and below 1.

    Examples:
        >>> cnnlab.Dropout(0.5).forward(np.ones((1, 3)))
        array([[1., 1., 1.]])
    """

    p: float = 0.5

    def infer_shapes(self, input_shape: Shape) -> Shape:
        number("p", self.p, 0, below=1)
        return super().infer_shapes(input_shape)

    def init(self, rng: np.random.Generator, dtype: Any = np.float32) -> None:
        super().init(rng, dtype)
        # A child of the net's generator: drawing masks does not change the weights drawn after this
        # layer.
        (self.rng,) = rng.spawn(1)

    def forward(self, x: Array, training: bool = False) -> Array:
        self.training = training
        if not training:
            self.save_for_backward(training, None)
            return x
        if self.rng is None:
            raise self.not_initialised("random generator")
        mask = ops.dropout_mask(self.p, self.rng, out=self.buffer("mask", x.shape, x.dtype))
        self.save_for_backward(training, mask)
        return np.multiply(x, mask, out=self.buffer("y", x.shape, x.dtype))

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (mask,) = self.saved()
        if mask is None or not need_dx:
            return dy if need_dx else None
        return np.multiply(dy, mask, out=self.buffer("dx", dy.shape, dy.dtype))


@dataclass(eq=False)
class Flatten(Layer):
    """The image as one row, values in the order row, column, channel: (H, W, C) → (H·W·C,).

    Examples:
        >>> cnnlab.Sequential(cnnlab.Flatten(), input_shape=(8, 8, 3)).output_shape
        (192,)
    """

    def infer_shapes(self, input_shape: Shape) -> Shape:
        return super().infer_shapes(input_shape, (prod(input_shape),))

    def forward(self, x: Array, training: bool = False) -> Array:
        self.save_for_backward(training, x.shape)
        return x.reshape(len(x), prod(x.shape[1:]))

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (x_shape,) = self.saved()
        return dy.reshape(x_shape) if need_dx else None
