"""Normalisation: over the batch, over groups of channels, over neighbouring channels.

Batch and group normalisation then stretch and shift each channel by a weight and a bias that are
trained.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

import numpy as np

from .. import ops
from ..shapes import MisfitError
from ..typing import Array, Shape
from ..validation import integer
from .base import Layer

# So that a channel of equal values is not divided by zero, and others keep their differences.
EPS = 1e-30, 0.1


class _Affine(Layer):
    """A layer with a weight and a bias for every channel, which start at 1 and 0."""

    def _per_channel(self, input_shape):
        return {"weight": tuple(input_shape[-1:]), "bias": tuple(input_shape[-1:])}

    def initial_value(self, name, shape, rng, dtype):
        return (
            np.ones(shape, dtype) if name in ("weight", "running_var") else np.zeros(shape, dtype)
        )

    def _results(self, x):
        """Where the backward pass writes: dx, dweight, dbias."""
        return self.buffer("dx", x.shape, x.dtype), self.grads["weight"], self.grads["bias"]


@dataclass(eq=False)
class BatchNorm2d(_Affine):
    """Batch normalisation of each channel; see ``ops.batch_norm``.

    A batch has mean 0 and variance 1 in training; afterwards running statistics take their place.

    Arguments:
        momentum: how far the running statistics move at each step, 0 to 1.
        eps: added to the variance, so that nothing is divided by zero.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.BatchNorm2d(), input_shape=(8, 8, 16))
        >>> sorted(net.params), sorted(net.state)
        (['0.bias', '0.weight'], ['0.running_mean', '0.running_var'])
    """

    _: KW_ONLY
    momentum: float = 0.1
    eps: float = 1e-5

    ranges = {"momentum": (0, 1), "eps": EPS}  # noqa: RUF012

    def infer_shapes(self, input_shape: Shape) -> Shape:
        C = tuple(input_shape[-1:])
        state = {"running_mean": C, "running_var": C}
        return super().infer_shapes(input_shape, params=self._per_channel(input_shape), state=state)

    def forward(self, x: Array, training: bool = False) -> Array:
        self.save_for_backward(training, x)
        weight, bias = self.parameter("weight"), self.parameter("bias")
        options = {"training": training, "momentum": self.momentum, "eps": self.eps}
        return ops.batch_norm(
            x, weight, bias, **self.state, **options, out=self.buffer("y", x.shape, x.dtype)
        )

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (x,) = self.saved()
        options = {"training": self.training, "eps": self.eps, "out": self._results(x)}
        dx, _, _ = ops.batch_norm_backward(dy, x, self.parameter("weight"), **self.state, **options)
        return dx if need_dx else None


@dataclass(eq=False)
class GroupNorm(_Affine):
    """Normalisation of each image over runs of channels; see ``ops.group_norm``.

    Arguments:
        num_groups: runs of channels that share a mean; it divides the channels.
        eps: added to the variance, so that nothing is divided by zero.

    Examples:
        >>> cnnlab.Sequential(cnnlab.GroupNorm(4), input_shape=(8, 8, 16)).parameter_count
        32
    """

    num_groups: int
    _: KW_ONLY
    eps: float = 1e-5

    ranges = {"eps": EPS}  # noqa: RUF012

    def infer_shapes(self, input_shape: Shape) -> Shape:
        C = input_shape[-1]
        integer("num_groups", self.num_groups)
        if C % self.num_groups:
            raise MisfitError(
                f"num_groups must divide the {C} channels evenly, but {self.num_groups} does not: "
                f"use a divisor of {C}"
            )
        return super().infer_shapes(input_shape, params=self._per_channel(input_shape))

    def forward(self, x: Array, training: bool = False) -> Array:
        self.save_for_backward(training, x)
        weight, bias = self.parameter("weight"), self.parameter("bias")
        out = self.buffer("y", x.shape, x.dtype)
        return ops.group_norm(x, self.num_groups, weight, bias, eps=self.eps, out=out)

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (x,) = self.saved()
        options = {"eps": self.eps, "out": self._results(x)}
        dx, _, _ = ops.group_norm_backward(
            dy, x, self.num_groups, self.parameter("weight"), **options
        )
        return dx if need_dx else None


@dataclass(eq=False)
class LocalResponseNorm(Layer):
    """Each value over the strength of the channels around it; see ``ops.local_response_norm``.

    Arguments:
        size: channels that are summed, the own one in the middle.
        alpha: weight of the mean square.
        beta: the power.
        k: what is added to the weighted mean square.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.LocalResponseNorm(), input_shape=(8, 8, 16))
        >>> net.parameter_count
        0
    """

    size: int = 5
    _: KW_ONLY
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0

    ranges = dict.fromkeys(("alpha", "beta", "k"), (0, 1e6))

    def infer_shapes(self, input_shape: Shape) -> Shape:
        integer("size", self.size)
        return super().infer_shapes(input_shape)

    def options(self):
        return {"alpha": self.alpha, "beta": self.beta, "k": self.k}

    def forward(self, x: Array, training: bool = False) -> Array:
        self.save_for_backward(training, x)
        out = self.buffer("y", x.shape, x.dtype)
        return ops.local_response_norm(x, self.size, **self.options(), out=out)

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (x,) = self.saved()
        if not need_dx:
            return None
        out = self.buffer("dx", x.shape, x.dtype)
        return ops.local_response_norm_backward(dy, x, self.size, **self.options(), out=out)
