"""Activations and normalisations in NumPy, over arrays (M, C): M places of C channels each.

The other half of the reference: see ``reference`` for convolution and pooling.
"""

import numpy as np


def relu(x, y):
    """``y = max(x, 0)``; NaN stays NaN."""
    np.maximum(x, 0, out=y)


def relu_backward(dy, y, dx):
    """``dx = dy`` where the output was positive, else 0."""
    dx[...] = np.where(y > 0, dy, 0)


def channel_sums(x, total):
    """``total[c] = sum over m of x[m,c]``: the gradient of a bias."""
    total[...] = x.sum(axis=0, dtype=float)


def moments(x, mean, var):
    """Mean and (biased) variance of every column of ``x (M, C)``, in double precision."""
    mean[...] = x.mean(axis=0, dtype=float)
    var[...] = ((x.astype(float) - mean) ** 2).mean(axis=0)


def normalise(x, mean, inverse_std, weight, bias, y):
    """``y = (x − mean) · inverse_std · weight + bias``, all but x one number a column."""
    y[...] = (x - mean) * (inverse_std * weight) + bias


def normalise_backward(dy, x, mean, inverse_std, weight, dx, dweight, dbias):
    """Gradients of normalise with the moments of ``x`` itself, which depend on every row.

    With ``h = (x − mean) · inverse_std``:  ``dbias = sum dy``, ``dweight = sum dy·h``,
    ``dx = weight · inverse_std · (dy − dbias/M − h · dweight/M)``.
    """
    h, scale = (x - mean).astype(float) * inverse_std, np.multiply(weight, inverse_std, dtype=float)
    dbias[...] = of_dy = dy.sum(axis=0, dtype=float)
    dweight[...] = along = (dy * h).sum(axis=0)
    dx[...] = scale * dy - scale * of_dy / len(x) - scale * h * (along / len(x))


def standardise_groups(x, eps, h):
    """``h = (x − mean) / sqrt(var + eps)`` of ``x (N, places, groups, C)``.

    The moments are those of each group, over its places and channels.
    """
    far = x.astype(float)
    far -= far.mean(axis=(1, 3), keepdims=True)
    h[...] = far / np.sqrt((far**2).mean(axis=(1, 3), keepdims=True) + eps)


def standardise_groups_backward(dh, x, h, eps, dx):
    """``dx = (dh − mean(dh) − h · mean(dh · h)) / sqrt(var + eps)``, means over each group."""
    std = np.sqrt(x.var(axis=(1, 3), keepdims=True, dtype=float) + eps)
    means = (
        dh.mean(axis=(1, 3), keepdims=True, dtype=float),
        (dh * h).mean(axis=(1, 3), keepdims=True, dtype=float),
    )
    dx[...] = (dh - means[0] - h * means[1]) / std


def _neighbours(a, size, mirrored=False):
    """Sum over the ``size`` channels around each, c − size//2 to c + (size − 1)//2, or mirrored."""
    left, right = size // 2, (size - 1) // 2
    padded = np.pad(a, ((0, 0), (right, left) if mirrored else (left, right)))
    return sum(padded[:, o : o + a.shape[1]] for o in range(size))


def local_response_norm(x, y, size, alpha, beta, k):
    """``y = x / (k + alpha/size · sum over neighbouring channels of x²)^beta``."""
    y[...] = x * (k + alpha / size * _neighbours(x.astype(float) ** 2, size)) ** -beta


def local_response_norm_backward(dy, x, dx, size, alpha, beta, k):
    """``dx = dy·s^−beta − 2·alpha·beta/size · x · sum of dy·x·s^(−beta−1)``

    over those whose neighbour x is.
    ."""
    s = k + alpha / size * _neighbours(x.astype(float) ** 2, size)
    others = _neighbours(dy * x * s ** (-beta - 1), size, mirrored=True)
    dx[...] = dy * s**-beta - (2 * alpha * beta / size) * x * others
