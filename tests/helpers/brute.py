"""The operations as loops over single numbers in float64: an independent reference for the tests.

Nothing here uses cnnlab. Geometry comes as pairs: stride, (top, left) padding, dilation, output
size.
"""

import itertools

import numpy as np


def window(x, n, i, j, kernel, stride, before, dilation):
    """Yield (u, v, h, q) for each tap of output (i, j) that lies inside image n."""
    _, H, W, _ = x.shape
    for u, v in itertools.product(range(kernel[0]), range(kernel[1])):
        h = i * stride[0] - before[0] + u * dilation[0]
        q = j * stride[1] - before[1] + v * dilation[1]
        if 0 <= h < H and 0 <= q < W:
            yield u, v, h, q


def conv2d(x, w, b, out, stride, before, dilation, groups):
    x, w = x.astype(float), w.astype(float)
    N, K, C = len(x), len(w), w.shape[3]
    y = np.zeros((N, *out, K))
    for n, i, j, k in np.ndindex(y.shape):
        c0 = (k // (K // groups)) * C
        y[n, i, j, k] = b[k]
        for u, v, h, q in window(x, n, i, j, w.shape[1:3], stride, before, dilation):
            for c in range(C):
                y[n, i, j, k] += x[n, h, q, c0 + c] * w[k, u, v, c]
    return y


def pool(x, out, kernel, stride, before, dilation, reduce):
    """``reduce`` gets the list of values of each window."""
    y = np.zeros((len(x), *out, x.shape[3]))
    for n, i, j, c in np.ndindex(y.shape):
        taps = window(x, n, i, j, kernel, stride, before, dilation)
        y[n, i, j, c] = reduce([float(x[n, h, q, c]) for _, _, h, q in taps])
    return y


def count_windows(W, F, S, before, after, D):
    """Place windows one after another until one sticks out: the output size under fit="floor"."""
    positions = range(-before, W + after)
    places = 0
    while all(places * S - before + u * D in positions for u in range(F)):
        places += 1
    return places


def numerical_gradient(f, x, eps=1e-6):
    """Centred differences of the scalar f with respect to the float64 array x."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + eps
        above = f()
        x[place] = kept - eps
        gradient[place] = (above - f()) / (2 * eps)
        x[place] = kept
    return gradient
