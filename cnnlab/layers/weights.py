"""The base class of layers with a weight and a bias: their start, and one forward and backward."""

from __future__ import annotations

from .. import ops
from ..typing import Array
from .base import Layer


class WithWeights(Layer):
    """A layer with a weight and, unless it is switched off, a bias.

    The weight is drawn from a normal distribution of standard deviation ``std``, the bias is zero.
    ``operation`` is the function of ops that computes the layer, and ``options()`` are its keyword
    arguments.
    """

    operation = ""
    std = 1.0
    ranges = {"bias": bool}  # noqa: RUF012

    def initial_value(self, name, shape, rng, dtype):
        if name != "weight":
            return super().initial_value(name, shape, rng, dtype)
        weight = rng.standard_normal(shape, dtype)
        weight *= self.std
        return weight

    def options(self):
        """The keyword arguments of the operation."""
        return {}

    def forward(self, x: Array, training: bool = False) -> Array:
        self.save_for_backward(training, x)
        w = self.parameter("weight")
        b = self.parameter("bias") if self.bias else None
        y = self.buffer("y", (len(x), *self.output_shape), x.dtype)
        return getattr(ops, self.operation)(x, w, b, **self.options(), out=y)

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (x,) = self.saved()
        w = self.parameter("weight")
        dx = self.buffer("dx", x.shape, x.dtype) if need_dx else None
        out = dx, self.grads["weight"], self.grads.get("bias")
        backward = getattr(ops, f"{self.operation}_backward")
        return backward(dy, x, w, **self.options(), need_dx=need_dx, out=out)[0]


def with_bias(layer, weight, bias):
    """The parameter shapes of a layer whose bias may be switched off."""
    return {"weight": weight, "bias": bias} if layer.bias else {"weight": weight}
