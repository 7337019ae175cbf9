"""Optimisers: how far, and in which direction, each parameter steps down its gradient.

They follow PyTorch's rules, names and defaults. Their memory is a few arrays for each parameter,
made at the first step; all later steps write into them. Every number may be changed between two
steps. ``usual_lr`` is the learning rate that suits the nets of the lessons.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from . import base
from .base import Optimizer as Optimizer


@dataclass(eq=False)
class SGD(Optimizer):
    """Stochastic gradient descent: ``w −= lr · g``; with momentum ``v = momentum · v + g`` for g.

    Nesterov's variant steps by ``g + momentum · v``, as if it had looked ahead.

    Arguments:
        lr: the learning rate, at least 0.
        momentum: share of the last step that goes on, at least 0 and below 1.
        nesterov: True for Nesterov's variant, which needs a momentum.
        weight_decay: adds ``weight_decay · w`` to each gradient, at least 0.

    Examples:
        >>> params = {"w": np.array([1.0])}
        >>> cnnlab.SGD(0.1).step(params, {"w": np.array([0.5])})
        >>> params["w"]
        array([0.95])
    """

    usual_lr: ClassVar[float] = 0.05

    lr: float = 0.01
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    def check(self):
        super().check()
        if self.nesterov and not self.momentum:
            raise ValueError(
                "nesterov=True looks ahead along the momentum: give one, such as momentum=0.9"
            )

    def numbers(self, slot):
        return self.lr, self.momentum, self.nesterov

    @base.elementwise("SGD", ("v",))
    def update(self, param, g, slot):
        step = slot["step"]
        if not self.momentum:
            param -= np.multiply(g, self.lr, out=step)
            return
        v = slot["v"]
        v *= self.momentum
        v += g
        if self.nesterov:
            np.multiply(v, self.momentum, out=step)
            step += g
            step *= self.lr
        else:
            np.multiply(v, self.lr, out=step)
        param -= step


@dataclass(eq=False)
class Adagrad(Optimizer):
    """``s += g²;  w −= lr · g / (√s + eps)``: what has moved much moves less (Duchi et al., 2011).

    Arguments:
        lr: the learning rate, at least 0.
        eps: keeps the division away from zero.
        weight_decay: as in ``SGD``.

    Examples:
        >>> params = {"w": np.array([1.0])}
        >>> cnnlab.Adagrad(0.1).step(params, {"w": np.array([0.5])})
        >>> params["w"]
        array([0.9])
    """

    usual_lr: ClassVar[float] = 0.02

    lr: float = 0.01
    eps: float = 1e-10
    weight_decay: float = 0.0

    def numbers(self, slot):
        return self.lr, self.eps

    @base.elementwise("Adagrad", ("s",))
    def update(self, param, g, slot):
        s, step = slot["s"], slot["step"]
        s += np.multiply(g, g, out=step)
        _descend(param, g, s, step, self.lr, self.eps)


@dataclass(eq=False)
class RMSProp(Optimizer):
    """``s = alpha · s + (1 − alpha) · g²;  w −= lr · g / (√s + eps)``: Adagrad that forgets.

    Source: Hinton, lecture notes, 2012.

    Arguments:
        lr: the learning rate, at least 0.
        alpha: how much of the past is kept, at least 0 and below 1.
        eps: keeps the division away from zero.
        weight_decay: as in ``SGD``.

    Examples:
        >>> params = {"w": np.array([1.0])}
        >>> cnnlab.RMSProp(0.01, alpha=0.75).step(params, {"w": np.array([0.5])})
        >>> params["w"]
        array([0.98])
    """

    usual_lr: ClassVar[float] = 0.002

    lr: float = 0.01
    alpha: float = 0.99
    eps: float = 1e-8
    weight_decay: float = 0.0

    def numbers(self, slot):
        return self.lr, self.alpha, self.eps

    @base.elementwise("RMSProp", ("s",))
    def update(self, param, g, slot):
        s, step = slot["s"], slot["step"]
        _average(s, g, g, self.alpha, step)
        _descend(param, g, s, step, self.lr, self.eps)


@dataclass(eq=False)
class Adam(Optimizer):
    """Running means ``m`` of g and ``s`` of g², both corrected for their start at 0.

    ``m = b1·m + (1 − b1)·g;  s = b2·s + (1 − b2)·g²;``
    ``w −= lr · m/(1 − b1^t) / (√(s/(1 − b2^t)) + eps)``. Source: Kingma and Ba, 2015.

    Arguments:
        lr: the learning rate, at least 0.
        betas: how much of the past each mean keeps, ``(b1, b2)``, at least 0 and below 1.
        eps: keeps the division away from zero.
        weight_decay: as in ``SGD``.

    Examples:
        >>> params = {"w": np.array([1.0])}
        >>> cnnlab.Adam(0.1).step(params, {"w": np.array([0.5])})
        >>> params["w"]
        array([0.9])
    """

    usual_lr: ClassVar[float] = 0.005

    lr: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def numbers(self, slot):
        # s/(1 − b2^t) under the root, written so that the common factor meets lr and eps instead of
        # an array.
        (b1, b2), t = self.betas, slot.steps
        root = (1 - b2**t) ** 0.5
        return self.lr * root / (1 - b1**t), b1, b2, self.eps * root

    @base.elementwise("Adam", ("m", "s"))
    def update(self, param, g, slot):
        m = slot["m"]
        s = slot["s"]
        step = slot["step"]
        lr, b1, b2, eps = self.numbers(slot)
        _average(m, g, 1, b1, step)
        _average(s, g, g, b2, step)
        _descend(param, m, s, step, lr, eps)


def _average(mean, g, times, keep, work):
    """``mean = keep · mean + (1 − keep) · g · times``."""
    mean *= keep
    np.multiply(g, times, out=work)
    work *= 1 - keep
    mean += work


def _descend(param, direction, s, work, lr, eps):
    """``param −= lr · direction / (√s + eps)``."""
    np.sqrt(s, out=work)
    work += eps
    np.divide(direction, work, out=work)
    work *= lr
    param -= work


OPTIMIZERS = (SGD, Adagrad, RMSProp, Adam)
