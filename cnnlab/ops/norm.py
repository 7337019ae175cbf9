"""Normalisation: bring activations to a common scale, over the batch or over groups of channels.

Everything is seen as M places of C channels; only the choice of what shares a mean differs.
"""

from __future__ import annotations

import numpy as np

from .. import kernels
from ..typing import Array, ArrayLike
from ..validation import integer
from . import check, written


def _per_channel(x, weight, bias=None):
    C = x.shape[-1]
    check.same_shape("weight", weight, (C,), f"{C} channels")
    if bias is not None:
        check.same_shape("bias", bias, (C,), f"{C} channels")
    return x.reshape(-1, C)


def _statistics(rows, running_mean, running_var, training, kernel):
    if not training:
        if running_mean is None or running_var is None:
            raise ValueError(
                "training=False needs running_mean and running_var: train first, or use "
                "training=True"
            )
        return check.floats(running_mean=running_mean, running_var=running_var)
    if len(rows) < 2:
        raise ValueError(
            f"batch_norm needs at least 2 values a channel to take a variance of, not {len(rows)}"
        )
    dtype = rows.dtype if kernels.is_on_gpu(rows) else float  # sums over many places need room
    mean, var = (written.result(None, rows.shape[1:], rows, dtype) for _ in range(2))
    kernel.moments(rows, mean, var)
    return mean, var


def _normalised(kernel, rows, mean, var, weight, bias, eps, y):
    """What is left of the mean after rounding goes into the bias, so that large means cost no
    digits.
    """
    scale, near = 1 / np.sqrt(var + eps), mean
    if not kernels.is_on_gpu(rows):
        near = mean.astype(rows.dtype)
        bias = (bias - (mean - near) * scale * weight).astype(rows.dtype)
        scale = scale.astype(rows.dtype)
    kernel.normalise(rows, near, scale, weight, bias, y.reshape(rows.shape))


def batch_norm(
    x: ArrayLike,
    weight: ArrayLike,
    bias: ArrayLike,
    *,
    running_mean: Array | None = None,
    running_var: Array | None = None,
    training: bool = True,
    momentum: float = 0.1,
    eps: float = 1e-5,
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """Bring each channel to mean 0 and variance 1 over the batch, then scale and shift it.

    ``y = (x − mean) / sqrt(var + eps) · weight + bias``, with the biased variance. Source: Ioffe
    and Szegedy, Batch Normalization, 2015.

    Arguments:
        x: activations ``(…, C)``, channels last.
        weight: scale of each channel, ``(C,)``.
        bias: shift of each channel, ``(C,)``.
        running_mean: running mean ``(C,)``. In training it moves in place by ``momentum`` towards
            the batch's mean; otherwise it is used instead.
        running_var: running variance ``(C,)``, likewise, towards the unbiased variance.
        training: True takes the statistics of the batch, False the running ones.
        momentum: how far the running statistics move, 0 to 1.
        eps: added to the variance, so that nothing is divided by zero.
        out: an array to write instead of a new one; it may be x.
        backend: what computes it, such as ``"numpy"``; None for the one in use.

    Returns:
        ``y``, of the shape of x.

    Raises:
        ValueError: the shapes disagree, a batch of one value has no variance, or running statistics
            are needed and missing.

    Examples:
        >>> ops.batch_norm([[1.0], [3.0]], [2.0], [10.0], eps=0.0).ravel()
        array([ 8., 12.])
    """
    x, weight, bias = check.floats(x=x, weight=weight, bias=bias)
    rows, kernel = _per_channel(x, weight, bias), kernels.backend_for(x, backend)
    y = written.result(out, x.shape, x, reads=(weight, bias), replaces=(x,))
    if not len(rows):
        return y
    mean, var = _statistics(rows, running_mean, running_var, training, kernel)
    if training and running_mean is not None:
        running_mean += momentum * (mean - running_mean)
        running_var += momentum * (var * (len(rows) / (len(rows) - 1)) - running_var)
    _normalised(kernel, rows, mean, var, weight, bias, x.dtype.type(eps), y)
    return y


def batch_norm_backward(
    dy: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    *,
    running_mean: Array | None = None,
    running_var: Array | None = None,
    training: bool = True,
    eps: float = 1e-5,
    out: tuple[Array, Array, Array] | None = None,
    backend: str | None = None,
) -> tuple[Array, Array, Array]:
    """Gradients of batch_norm. In training the mean and the variance depend on x, and count.

    Arguments:
        dy: gradient of the output, of the shape of x.
        x, weight, running_mean, running_var, training, eps, backend: as in ``batch_norm``.
        out: arrays to write instead of new ones, ``(dx, dweight, dbias)``.

    Returns:
        ``dx`` of the shape of x, ``dweight (C,), dbias (C,)``.

    Raises:
        ValueError: as in ``batch_norm``, or dy has not the shape of x.

    Examples:
        >>> dx, dweight, dbias = ops.batch_norm_backward([[1.0], [3.0]], [[1.0], [3.0]], [1.0])
        >>> dbias
        array([4.])
    """
    dy, x, weight = check.floats(dy=dy, x=x, weight=weight)
    rows, kernel = _per_channel(x, weight), kernels.backend_for(dy, backend)
    check.same_shape("dy", dy, x.shape, "the output of batch_norm")
    reads = {"reads": (weight, running_mean, running_var), "replaces": (x, dy)}
    dx, dweight, dbias = written.results(out, x.shape, weight.shape, weight.shape, like=x, **reads)
    mean, var = _statistics(rows, running_mean, running_var, training, kernel)
    inverse_std = 1 / np.sqrt(var + x.dtype.type(eps))
    if not kernels.is_on_gpu(x):
        mean, inverse_std = mean.astype(x.dtype), inverse_std.astype(x.dtype)
    flat = dy.reshape(rows.shape)
    kernel.normalise_backward(
        flat, rows, mean, inverse_std, weight, dx.reshape(rows.shape), dweight, dbias
    )
    if not training:
        np.multiply(dy, inverse_std * weight, out=dx)
    return dx, dweight, dbias


def _grouped(x, num_groups):
    """``x`` as (N, places, groups, channels of a group)."""
    N, C = len(x), x.shape[-1]
    if C % integer("num_groups", num_groups):
        raise ValueError(
            f"num_groups must divide the {C} channels evenly, but {num_groups} does not: "
            f"use a divisor of {C}"
        )
    places = int(np.prod(x.shape[1:-1]))
    return x.reshape(N, places, num_groups, C // num_groups)


def _standardised(x, num_groups, eps, kernel):
    """``x`` by groups, and every group brought to mean 0 and variance 1."""
    grouped = _grouped(x, num_groups)
    h = written.result(None, grouped.shape, x)
    kernel.standardise_groups(grouped, float(eps), h)
    return grouped, h


def group_norm(
    x: ArrayLike,
    num_groups: int,
    weight: ArrayLike,
    bias: ArrayLike,
    *,
    eps: float = 1e-5,
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """Normalise each image over runs of channels, so that the batch size plays no part.

    ``y = (x − mean) / sqrt(var + eps) · weight + bias``, mean and variance over one image and one
    group. One group is layer normalisation, C groups are instance normalisation. Source: Wu and He,
    Group Normalization, 2018.

    Arguments:
        x: activations ``(N, …, C)``, channels last.
        num_groups: runs of channels that share a mean; it divides C.
        weight, bias, eps, out, backend: as in ``batch_norm``.

    Returns:
        ``y``, of the shape of x.

    Raises:
        ValueError: the shapes disagree, or num_groups does not divide C.

    Examples:
        >>> ops.group_norm([[1.0, 3.0, 10.0, 30.0]], 2, np.ones(4), np.zeros(4), eps=0.0)
        array([[-1.,  1., -1.,  1.]])
    """
    x, weight, bias = check.floats(x=x, weight=weight, bias=bias)
    _per_channel(x, weight, bias)
    _, h = _standardised(x, num_groups, eps, kernels.backend_for(x, backend))
    y = written.result(out, x.shape, x, reads=(weight, bias), replaces=(x,))
    y = np.multiply(h.reshape(x.shape), weight, out=y)
    y += bias
    return y


def group_norm_backward(
    dy: ArrayLike,
    x: ArrayLike,
    num_groups: int,
    weight: ArrayLike,
    *,
    eps: float = 1e-5,
    out: tuple[Array, Array, Array] | None = None,
    backend: str | None = None,
) -> tuple[Array, Array, Array]:
    """Gradients of group_norm.

    Arguments:
        dy: gradient of the output, of the shape of x.
        x, num_groups, weight, eps, backend: as in ``group_norm``.
        out: arrays to write instead of new ones, ``(dx, dweight, dbias)``.

    Returns:
        ``dx`` of the shape of x, ``dweight (C,), dbias (C,)``.

    Raises:
        ValueError: as in ``group_norm``, or dy has not the shape of x.

    Examples:
        >>> x = dy = np.array([[1.0, 3.0]])
        >>> dx, dweight, dbias = ops.group_norm_backward(dy, x, 1, np.ones(2), eps=0.0)
        >>> dweight, dbias
        (array([-1.,  3.]), array([1., 3.]))
    """
    dy, x, weight = check.floats(dy=dy, x=x, weight=weight)
    rows, kernel = _per_channel(dy, weight), kernels.backend_for(x, backend)
    check.same_shape("dy", dy, x.shape, "the output of group_norm")
    reads = {"reads": (x, dy, weight)}
    dx, dweight, dbias = written.results(out, x.shape, weight.shape, weight.shape, like=x, **reads)
    grouped, h = _standardised(x, num_groups, eps, kernel)
    kernel.channel_sums(rows, dbias)
    kernel.channel_sums(rows * h.reshape(rows.shape), dweight)
    dh = _grouped(dy * weight, num_groups)
    kernel.standardise_groups_backward(dh, grouped, h, float(eps), dx.reshape(grouped.shape))
    return dx, dweight, dbias
