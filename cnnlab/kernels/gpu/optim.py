"""One step of every optimiser on the GPU: a parameter and all its memory in one kernel.

A step looks first whether it is ``active``, one number on the GPU: if that is 0, all stays as it
is. So a loss that is not finite stops the parameters before the processor has heard of it.
Formulas: see ``optim``.
"""

import math

import numpy as np
from numba import cuda

from .device import asarray
from .launch import launch_1d
from .memory import kept


@cuda.jit
def _sgd(count, active, w, g, decay, v, lr, momentum, nesterov):
    for p in range(cuda.grid(1), count if active[0] else 0, cuda.gridsize(1)):
        gradient = g[p] + w.dtype.type(decay) * w[p]
        step = gradient
        if momentum > 0:  # else v stays, for the momentum may come back
            v[p] = w.dtype.type(momentum) * v[p] + gradient
            step = gradient + w.dtype.type(momentum) * v[p] if nesterov else v[p]
        w[p] -= w.dtype.type(lr) * step


@cuda.jit
def _adagrad(count, active, w, g, decay, s, lr, eps):
    for p in range(cuda.grid(1), count if active[0] else 0, cuda.gridsize(1)):
        gradient = g[p] + w.dtype.type(decay) * w[p]
        s[p] += gradient * gradient
        w[p] -= w.dtype.type(lr) * gradient / (math.sqrt(s[p]) + w.dtype.type(eps))


@cuda.jit
def _rmsprop(count, active, w, g, decay, s, lr, alpha, eps):
    for p in range(cuda.grid(1), count if active[0] else 0, cuda.gridsize(1)):
        gradient = g[p] + w.dtype.type(decay) * w[p]
        s[p] = w.dtype.type(alpha) * s[p] + w.dtype.type(1 - alpha) * gradient * gradient
        w[p] -= w.dtype.type(lr) * gradient / (math.sqrt(s[p]) + w.dtype.type(eps))


@cuda.jit
def _adam(count, active, w, g, decay, m, s, lr, b1, b2, eps):
    for p in range(cuda.grid(1), count if active[0] else 0, cuda.gridsize(1)):
        gradient = g[p] + w.dtype.type(decay) * w[p]
        m[p] = w.dtype.type(b1) * m[p] + w.dtype.type(1 - b1) * gradient
        s[p] = w.dtype.type(b2) * s[p] + w.dtype.type(1 - b2) * gradient * gradient
        w[p] -= w.dtype.type(lr) * m[p] / (math.sqrt(s[p]) + w.dtype.type(eps))


KERNELS = {"SGD": _sgd, "Adagrad": _adagrad, "RMSProp": _rmsprop, "Adam": _adam}


def has_rule(name):
    """Is there a kernel for the optimiser's rule called ``name``?"""
    return name in KERNELS


def step(name, param, grad, decay, memory, numbers, active=None):
    """Move ``param`` by the rule called ``name``, with its ``memory`` (arrays) and ``numbers``."""
    flat = [a.reshape(-1) for a in (param, grad)] + [float(decay)] + [a.reshape(-1) for a in memory]
    active = _always_active() if active is None else active
    launch_1d(KERNELS[name], param.size, active, *flat, *(float(number) for number in numbers))


def _always_active():
    """What says that every step is to be done."""
    return kept("always active", lambda: asarray(np.ones(1, np.int32)))
