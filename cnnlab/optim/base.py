"""The base class of all optimisers: memory for each parameter, and a checked step.

An update whose numbers depend on their own position alone is done in runs that stay in the cache.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .. import kernels
from ..hyperparameters import check_call, check_value, check_writeable
from ..typing import Array

RUN = 1 << 14  # numbers of a parameter, all of whose arrays the second cache holds


class _Slot:
    """What an optimiser remembers about one parameter: its count of steps, arrays of its shape."""

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
    """Marks an ``update`` in which every number depends on its own position alone: done in runs.

    ``rule``: the name of its kernel on the GPU, if there is one; it takes the arrays of ``memory``,
    then ``numbers(slot)``.
    """

    def mark(update):
        update.rule, update.memory = rule, memory
        return update

    return mark


@dataclass(eq=False)
class Optimizer:
    """What all optimisers share: a step over two dicts of arrays with the same names, in place.

    What it remembers belongs to the arrays it has moved. It goes on with others where all have the
    same names, shapes and values: those of a net that was saved and loaded, or copied together with
    it. With any others it starts again.

    Arguments:
        lr: the learning rate, at least 0.
    """

    lr: float = 0.01
    weight_decay = 0.0  # each optimiser makes it a field of its own, so that PyTorch's order holds

    def __new__(cls, *args, **kwargs):
        check_call(cls, args, kwargs)
        return super().__new__(cls)

    def __post_init__(self):
        self.reset()
        self.check()

    def reset(self) -> None:
        """Forget all past steps."""
        self._slots: dict[str, _Slot] = {}

    def step(
        self, params: Mapping[str, Array], grads: Mapping[str, Array], active: Any = None
    ) -> None:
        """Move every parameter by one step.

        Arguments:
            params: arrays by name, which are changed in place.
            grads: the gradients, by the same names.
            active: one integer on the GPU; where it is 0 by then, the parameters of a
                ``runs_on_gpu`` rule stay as they are.

        Raises:
            ValueError: a hyperparameter is out of its range; nothing has moved then.
        """
        self.check()
        check_writeable(params)
        self._meet(params)
        for name, param in params.items():
            slot = self._slots[name]
            slot.steps += 1
            self._update(param, grads[name], slot, active)

    def _meet(self, params):
        """A slot for every parameter: its own, that of the array it continues, or a new one."""
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
        """Has the rule a kernel of its own on the GPU, as all of the library have?"""
        return kernels.get_backend("cuda").has_rule(getattr(self.update, "rule", None))

    def _update(self, param, grad, slot, active):
        """The update in runs that stay in the cache while its steps go over them."""
        there = kernels.is_on_gpu(param)
        if there and self.runs_on_gpu:
            memory = [slot[name] for name in self.update.memory]
            kernels.backend_for(param).step(
                self.update.rule, param, grad, self.weight_decay, memory, self.numbers(slot), active
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

    def update(self, param: Array, g: Array, slot: Any) -> None:
        """Change one parameter: what a custom optimiser defines.

        Arguments:
            param: the array to change, in place.
            g: its gradient with the weight decay added, which must stay as it is.
            slot: its memory: ``slot["v"]`` is an array of zeros at first, ``slot.steps`` counts
                from 1.
        """
        raise NotImplementedError(f"{type(self).__name__} has no update method: write one")

    def numbers(self, slot: Any) -> tuple:
        """What the kernel on the GPU takes besides the arrays; ``slot`` as in ``update``."""
        return ()

    def check(self) -> None:
        """Refuse hyperparameters out of range; those of a custom optimiser are not checked."""
        for field in fields(self):
            check_value(field.name, getattr(self, field.name))


def _same(known, param):
    """Have both arrays the same shape, dtype and values? Those on the GPU are not compared."""
    if kernels.is_on_gpu(known) or kernels.is_on_gpu(param):
        return False
    return known.dtype == param.dtype and np.array_equal(known, param)
