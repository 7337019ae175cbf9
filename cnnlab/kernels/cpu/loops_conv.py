"""Convolution as plain loops, compiled by Numba: what the course notes describe.

Each compiled function works on the images it is given; the function of the backend's name below it
splits a batch over threads. Formulas and arguments: see ``reference``.
"""

import numpy as np

from ..reference import conv as reference
from .jit import compiled
from .threads import split


@compiled
def _conv2d(x, w, b, y, window, groups):
    N, H, W, _ = x.shape
    K, FH, FW, C = w.shape  # C channels of one group
    _, OH, OW, _ = y.shape
    _, S, P, D = window
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for k in range(K):
                    c0 = k // (K // groups) * C
                    total = b[k]
                    for u in range(FH):
                        h = i * S[0] - P[0] + u * D[0]
                        if h < 0 or h >= H:
                            continue
                        for v in range(FW):
                            q = j * S[1] - P[1] + v * D[1]
                            if q < 0 or q >= W:
                                continue
                            for c in range(C):
                                total += x[n, h, q, c0 + c] * w[k, u, v, c]
                    y[n, i, j, k] = total


@compiled
def _conv2d_dx(dy, w, dx, window, groups):
    N, H, W, _ = dx.shape
    K, FH, FW, C = w.shape
    _, OH, OW, _ = dy.shape
    _, S, P, D = window
    dx[:] = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for k in range(K):
                    c0 = k // (K // groups) * C
                    for u in range(FH):
                        h = i * S[0] - P[0] + u * D[0]
                        if h < 0 or h >= H:
                            continue
                        for v in range(FW):
                            q = j * S[1] - P[1] + v * D[1]
                            if q < 0 or q >= W:
                                continue
                            for c in range(C):
                                dx[n, h, q, c0 + c] += dy[n, i, j, k] * w[k, u, v, c]


@compiled
def _conv2d_dw(x, dy, dw, window, groups):
    N, H, W, _ = x.shape
    K, FH, FW, C = dw.shape
    _, OH, OW, _ = dy.shape
    _, S, P, D = window
    dw[:] = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for k in range(K):
                    c0 = k // (K // groups) * C
                    for u in range(FH):
                        h = i * S[0] - P[0] + u * D[0]
                        if h < 0 or h >= H:
                            continue
                        for v in range(FW):
                            q = j * S[1] - P[1] + v * D[1]
                            if q < 0 or q >= W:
                                continue
                            for c in range(C):
                                dw[k, u, v, c] += dy[n, i, j, k] * x[n, h, q, c0 + c]


def multiplies(y, w):
    """Multiply-adds of a convolution: one a weight at every place of every output image."""
    return y.shape[0] * y.shape[1] * y.shape[2] * w.size


def conv2d(x, w, b, y, window, groups):
    """See ``reference.conv.conv2d``.

    Loops skip what lies outside; where a weight is NaN, the reference says what 0 times it is.
    """
    if not np.isfinite(w).all():
        return reference.conv2d(x, w, b, y, window, groups)
    return split(
        len(x),
        multiplies(y, w),
        lambda n: _conv2d(x[n], w, b, y[n], window, groups),
    )


def conv2d_dx(dy, w, dx, window, groups):
    """See ``reference.conv.conv2d_dx``."""
    split(
        len(dx),
        multiplies(dy, w),
        lambda n: _conv2d_dx(dy[n], w, dx[n], window, groups),
    )


def conv2d_dw(x, dy, dw, window, groups):
    """See ``reference.conv.conv2d_dw``.

    Each thread sums its own images; the sums are added in a fixed order.
    """

    def of_images(n):
        part = np.empty(dw.shape)  # in double precision: there may be millions of places
        _conv2d_dw(x[n], dy[n], part, window, groups)
        return part

    dw[...] = sum(split(len(x), multiplies(dy, dw), of_images))


@compiled
def _locally_connected2d(x, w, b, y, window):
    N, H, W, C = x.shape
    OH, OW, K, FH, FW, _ = w.shape
    _, S, P, D = window
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for k in range(K):
                    total = b[i, j, k]
                    for u in range(FH):
                        h = i * S[0] - P[0] + u * D[0]
                        for v in range(FW):
                            q = j * S[1] - P[1] + v * D[1]
                            if 0 <= h < H and 0 <= q < W:
                                for c in range(C):
                                    total += x[n, h, q, c] * w[i, j, k, u, v, c]
                            else:
                                # Outside there is 0: NaN and infinity come through.
                                for c in range(C):
                                    total += 0 * w[i, j, k, u, v, c]
                    y[n, i, j, k] = total


@compiled
def _locally_connected2d_dx(dy, w, dx, window):
    N, H, W, C = dx.shape
    OH, OW, K, FH, FW, _ = w.shape
    _, S, P, D = window
    dx[:] = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for k in range(K):
                    for u in range(FH):
                        h = i * S[0] - P[0] + u * D[0]
                        for v in range(FW):
                            q = j * S[1] - P[1] + v * D[1]
                            if 0 <= h < H and 0 <= q < W:
                                for c in range(C):
                                    dx[n, h, q, c] += dy[n, i, j, k] * w[i, j, k, u, v, c]


@compiled
def _locally_connected2d_dw(x, dy, dw, window):
    N, H, W, C = x.shape
    OH, OW, K, FH, FW, _ = dw.shape
    _, S, P, D = window
    dw[:] = 0
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for k in range(K):
                    for u in range(FH):
                        h = i * S[0] - P[0] + u * D[0]
                        for v in range(FW):
                            q = j * S[1] - P[1] + v * D[1]
                            if 0 <= h < H and 0 <= q < W:
                                for c in range(C):
                                    dw[i, j, k, u, v, c] += dy[n, i, j, k] * x[n, h, q, c]
                            else:
                                for c in range(C):
                                    dw[i, j, k, u, v, c] += dy[n, i, j, k] * 0


def locally_connected2d(x, w, b, y, window):
    """See ``reference.conv.locally_connected2d``."""
    split(
        len(x),
        len(x) * w.size,
        lambda n: _locally_connected2d(x[n], w, b, y[n], window),
    )


def locally_connected2d_dx(dy, w, dx, window):
    """See ``reference.conv.locally_connected2d_dx``."""
    split(
        len(dx),
        len(dx) * w.size,
        lambda n: _locally_connected2d_dx(dy[n], w, dx[n], window),
    )


def locally_connected2d_dw(x, dy, dw, window):
    """See ``reference.conv.locally_connected2d_dw``.

    On one thread: a private copy of dw would cost more than it saves.
    """
    _locally_connected2d_dw(x, dy, dw, window)
