"""Optimisers: how far, and in which direction, each parameter steps down its gradient.

They follow PyTorch's rules and names. Their memory is a few arrays for each parameter, made at the
first step; all later steps write into them. Every number may be changed between two steps.
"""

from dataclasses import dataclass, fields

import numpy as np

from . import kernels
from .hyperparameters import check_call, check_value, check_writeable

RUN = 1 << 14  # numbers of a parameter, all of whose arrays the second cache holds


class _Slot:
    """What an optimiser remembers about one parameter: the count of its steps and some arrays of
    its shape.
    """

    def __init__(self, param):
        self.param = param
        self.steps = 0
        self._arrays = {}

    def __getitem__(self, name):
        if name not in self._arrays:
            self._arrays[name] = np.zeros_like(self.param)
        return self._arrays[name]


class _Part:
    """A run of a slot's numbers."""

    def __init__(self, slot, run):
        self.slot = slot
        self.run = run
        self.steps = slot.steps

    def __getitem__(self, name):
        return self.slot[name].reshape(-1)[self.run]


def elementwise(rule, memory):
    """Marks an ``update`` whose every number depends on the numbers at its own place alone: it is
    done in runs.

    ``rule``: the name of its kernel on the GPU, if there is one; it takes the arrays of ``memory``,
    then ``numbers(slot)``.
    """

    def mark(update):
        update.rule, update.memory = rule, memory
        return update

    return mark


@dataclass(eq=False)
class Optimizer:
    """Shared by all: ``step(params, grads)`` over two dicts of arrays with the same names, in
    place.

    What it remembers belongs to the arrays it has moved. It goes on with others where all have the
    same names, shapes and values: those of a net that was saved and loaded, or copied together with
    it. With any others it begins afresh.
    """

    lr: float = 0.01
    weight_decay = 0.0  # each optimiser makes it a field of its own, so that PyTorch's order holds

    def __new__(cls, *args, **kwargs):
        check_call(cls, args, kwargs)
        return super().__new__(cls)

    def __post_init__(self):
        self.reset()
        self.check()

    def reset(self):
        """Forget all past steps."""
        self._slots = {}

    def step(self, params, grads, gate=None):
        """Move every parameter by one step. Raises ValueError, before any moves, for what makes no
        sense.

        ``gate``: one whole number on the GPU, where the parameters of a ``runs_on_gpu`` rule stay
        if it is 0 by then.
        """
        self.check()
        check_writeable(params)
        self._meet(params)
        for name, param in params.items():
            slot = self._slots[name]
            slot.steps += 1
            self._update(param, grads[name], slot, gate)

    def _meet(self, params):
        """A slot for every parameter: its own, or that of an array which it continues, or a new
        one.
        """
        changed = {
            n: p for n, p in params.items() if n in self._slots and self._slots[n].param is not p
        }
        goes_on = all(_same(self._slots[name].param, param) for name, param in changed.items())
        for name, param in params.items():
            if name not in self._slots or (name in changed and not goes_on):
                self._slots[name] = _Slot(param)
            self._slots[name].param = param

    @property
    def runs_on_gpu(self):
        """Has the rule a kernel of its own on the GPU, as all of this file have?"""
        return kernels.module("cuda").has_rule(getattr(self.update, "rule", None))

    def _update(self, param, grad, slot, gate):
        """In runs that stay in the cache while the steps of an update go over them, one after
        another.
        """
        there = kernels.on_device(param)
        if there and self.runs_on_gpu:
            memory = [slot[name] for name in self.update.memory]
            kernels.of(param).step(
                self.update.rule, param, grad, self.weight_decay, memory, self.numbers(slot), gate
            )
            return
        if (
            there
            or not hasattr(self.update, "rule")
            or param.size <= RUN
            or not all(a.flags.c_contiguous for a in (param, grad))
        ):
            self.update(param, self._decayed(param, grad, slot), slot)
            return
        for first in range(0, param.size, RUN):
            part = _Part(slot, slice(first, first + RUN))
            p, g = (a.reshape(-1)[part.run] for a in (param, grad))
            self.update(p, self._decayed(p, g, part), part)

    def _decayed(self, param, grad, slot):
        """``g + weight_decay · w``: the gradient of the loss with half the squared weights
        added.
        """
        if not self.weight_decay:
            return grad
        decayed = np.multiply(param, self.weight_decay, out=slot["decayed"])
        return np.add(decayed, grad, out=decayed)

    def update(self, param, g, slot):
        """Change ``param`` by the (decayed) gradient ``g``, which must stay as it is."""
        raise NotImplementedError(f"{type(self).__name__} has no update method: write one")

    def numbers(self, slot):
        """What the kernel on the GPU takes beside the arrays."""
        return ()

    def check(self):
        """Refuse hyperparameters out of their range; those of an optimiser of one's own are its own
        affair.
        """
        for field in fields(self):
            check_value(field.name, getattr(self, field.name))


def _same(known, param):
    """Have both arrays the same shape, dtype and values? Those on the GPU are not compared."""
    if kernels.on_device(known) or kernels.on_device(param):
        return False
    return known.dtype == param.dtype and np.array_equal(known, param)


@dataclass(eq=False)
class SGD(Optimizer):
    """``w −= lr · g``; with momentum ``v = momentum · v + g`` takes the place of g.

    Nesterov's variant steps by ``g + momentum · v``, as if it had looked ahead.
    """

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

    @elementwise("SGD", ("v",))
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
    """``s += g²;  w −= lr · g / (√s + eps)``: what has moved much moves less (Duchi et al.,
    2011).
    """

    lr: float = 0.01
    eps: float = 1e-10
    weight_decay: float = 0.0

    def numbers(self, slot):
        return self.lr, self.eps

    @elementwise("Adagrad", ("s",))
    def update(self, param, g, slot):
        s, step = slot["s"], slot["step"]
        s += np.multiply(g, g, out=step)
        _descend(param, g, s, step, self.lr, self.eps)


@dataclass(eq=False)
class RMSProp(Optimizer):
    """``s = alpha · s + (1 − alpha) · g²;  w −= lr · g / (√s + eps)``: Adagrad that forgets
    (Hinton, 2012).
    """

    lr: float = 0.01
    alpha: float = 0.99
    eps: float = 1e-8
    weight_decay: float = 0.0

    def numbers(self, slot):
        return self.lr, self.alpha, self.eps

    @elementwise("RMSProp", ("s",))
    def update(self, param, g, slot):
        s, step = slot["s"], slot["step"]
        _average(s, g, g, self.alpha, step)
        _descend(param, g, s, step, self.lr, self.eps)


@dataclass(eq=False)
class Adam(Optimizer):
    """Running means ``m`` of g and ``s`` of g², both freed of their start at 0 (Kingma and Ba,
    2015).

    ``m = b1·m + (1 − b1)·g;  s = b2·s + (1 − b2)·g²;``
    ``w −= lr · m/(1 − b1^t) / (√(s/(1 − b2^t)) + eps)``.
    """

    lr: float = 1e-3
    betas: tuple = (0.9, 0.999)
    eps: float = 1e-8
    weight_decay: float = 0.0

    def numbers(self, slot):
        # s/(1 − b2^t) under the root, written so that the common factor meets lr and eps instead of
        # an array.
        (b1, b2), t = self.betas, slot.steps
        root = (1 - b2**t) ** 0.5
        return self.lr * root / (1 - b1**t), b1, b2, self.eps * root

    @elementwise("Adam", ("m", "s"))
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
