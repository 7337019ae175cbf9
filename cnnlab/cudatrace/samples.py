"""Four small kernels to run with ``launch``, two of them wrong.

``inspect.getsource`` shows their code.
"""

from .namespace import cuda


def doubled(x, y):
    i = cuda.grid(1)
    if i < y.shape[0]:
        y[i] = 2 * x[i]


def unchecked(x, y):
    i = cuda.grid(1)
    y[i] = 2 * x[i]


def racing(x, total):
    i = cuda.grid(1)
    if i < x.shape[0]:
        total[0] += x[i]


def in_line(x, total):
    i = cuda.grid(1)
    if i < x.shape[0]:
        cuda.atomic.add(total, 0, x[i])
