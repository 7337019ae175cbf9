"""One step of every optimiser on the GPU: a parameter and all its memory in one walk. Formulas: see ``optim``."""

import math

from numba import cuda

from .launching import per_place


@cuda.jit
def _sgd(count, w, g, decay, v, lr, momentum, nesterov):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        gradient = g[p] + w.dtype.type(decay) * w[p]
        v[p] = w.dtype.type(momentum) * v[p] + gradient
        step = gradient + w.dtype.type(momentum) * v[p] if nesterov else v[p]
        w[p] -= w.dtype.type(lr) * step


@cuda.jit
def _adagrad(count, w, g, decay, s, lr, eps):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        gradient = g[p] + w.dtype.type(decay) * w[p]
        s[p] += gradient * gradient
        w[p] -= w.dtype.type(lr) * gradient / (math.sqrt(s[p]) + w.dtype.type(eps))


@cuda.jit
def _rmsprop(count, w, g, decay, s, lr, alpha, eps):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        gradient = g[p] + w.dtype.type(decay) * w[p]
        s[p] = w.dtype.type(alpha) * s[p] + w.dtype.type(1 - alpha) * gradient * gradient
        w[p] -= w.dtype.type(lr) * gradient / (math.sqrt(s[p]) + w.dtype.type(eps))


@cuda.jit
def _adam(count, w, g, decay, m, s, lr, b1, b2, eps):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        gradient = g[p] + w.dtype.type(decay) * w[p]
        m[p] = w.dtype.type(b1) * m[p] + w.dtype.type(1 - b1) * gradient
        s[p] = w.dtype.type(b2) * s[p] + w.dtype.type(1 - b2) * gradient * gradient
        w[p] -= w.dtype.type(lr) * m[p] / (math.sqrt(s[p]) + w.dtype.type(eps))


KERNELS = {"SGD": _sgd, "Adagrad": _adagrad, "RMSProp": _rmsprop, "Adam": _adam}


def step(name, param, grad, decay, memory, numbers):
    """Move ``param`` by the rule called ``name``: its arrays of ``memory``, then its ``numbers``."""
    flat = [a.reshape(-1) for a in memory]
    numbers = [float(number) for number in numbers]
    per_place(KERNELS[name], param.size, param.reshape(-1), grad.reshape(-1), float(decay), *flat, *numbers)
