"""The records of layers with weights: a unit is a sum over the channels it reads.

Each part of the sum is an input channel, its slice of the filter, and the intermediate map that the
two give.
"""

import numpy as np

from ... import ops
from ...layers import Conv2d, ConvTranspose2d, Linear, LocallyConnected2d
from ...shapes import pads
from ...validation import pair
from ..axes import Stamp, Whole, window_axes
from .record import Kind, flattened_shape, sums_up

SIZES = "out_channels", "kernel_size"


def _bias(layer, unit):
    return np.asarray(layer.params["bias"][unit], float).reshape(1, 1) if layer.bias else None


def _conv(nodes, node, inputs, k):
    (x,) = inputs
    layer = node.layer
    w = np.asarray(layer.params["weight"][k], float)
    C = w.shape[2]
    first = k // (node.units // layer.groups) * C
    image = x[..., first : first + C]
    slices = w.transpose(2, 0, 1)
    # A group for each channel keeps what they give apart.
    y = ops.conv2d(image[None], slices[..., None], **{**layer.options(), "groups": C})[0]
    axes = window_axes(node, x.shape)
    return sums_up(range(first, first + C), image, slices, y, axes, _bias(layer, k))


def _transpose(nodes, node, inputs, k):
    (x,) = inputs
    layer = node.layer
    w = np.asarray(layer.params["weight"], float)
    C = len(w) // layer.groups
    K = node.units // layer.groups
    first = k // K * C
    image = x[..., first : first + C]
    slices = w[first : first + C, :, :, k % K]
    options = {**layer.options(), "groups": C}
    y = ops.conv_transpose2d(image[None], slices[..., None], **options)[0]
    axes = _stamps(node, x.shape)
    return sums_up(range(first, first + C), image, slices, y, axes, _bias(layer, k))


def _stamps(node, shape, unit=None):
    layer = node.layer
    before = (pad for pad, _ in pads(layer.padding))
    kernel, stride, dilation = (
        pair(name, getattr(layer, name)) for name in ("kernel_size", "stride", "dilation")
    )
    return tuple(map(Stamp, node.shape, shape, kernel, stride, before, dilation))


def _local(nodes, node, inputs, k):
    (x,) = inputs
    layer = node.layer
    w = np.asarray(layer.params["weight"][:, :, k : k + 1], float)
    C = x.shape[2]
    each = [
        ops.locally_connected2d(x[None, ..., c : c + 1], w[..., c : c + 1], **layer.options())[0]
        for c in range(C)
    ]
    bias = np.asarray(layer.params["bias"][..., k], float) if layer.bias else None
    slices = np.moveaxis(w[:, :, 0], -1, 0)
    axes = window_axes(node, x.shape)
    return sums_up(range(C), x, slices, np.concatenate(each, axis=-1), axes, bias)


def _linear(nodes, node, inputs, k):
    """The parts are the channels of the image before Flatten, each with a weight a pixel."""
    (x,) = inputs
    H, W, C = flattened_shape(nodes, node.inputs[0]) or (1, 1, len(x))
    image = x.reshape(H, W, C)
    w = np.asarray(node.layer.params["weight"][k], float).reshape(H, W, C)
    y = (image * w).sum(axis=(0, 1))[None, None]
    axes = Whole(1, H), Whole(1, W)
    return sums_up(range(C), image, w.transpose(2, 0, 1), y, axes, _bias(node.layer, k))


def _norms(w, axes):
    """The Euclidean norms of what stands between each unit and each channel."""
    return np.sqrt(np.square(w, dtype=float).sum(axis=axes))


def _conv_strengths(node, C):
    return _spread(node, C, _norms(node.layer.params["weight"], (1, 2)))


def _transpose_strengths(node, C):
    """Its weights (C, FH, FW, K // groups) stand in the order of the channels they read."""
    norms = _norms(node.layer.params["weight"], (1, 2))
    groups = node.layer.groups
    return _spread(node, C, np.concatenate([part.T for part in np.split(norms, groups)]))


def _spread(node, C, norms):
    """``norms (units, C // groups)`` as (units, C), 0 outside of a unit's own group."""
    mine, theirs = node.units // node.layer.groups, C // node.layer.groups
    strengths = np.zeros((node.units, C))
    for k in range(node.units):
        first = k // mine * theirs
        strengths[k, first : first + theirs] = norms[k]
    return strengths


def _grouped(node, C, low, high):
    """The channels of the groups of these units."""
    mine, theirs = node.units // node.layer.groups, C // node.layer.groups
    return low // mine * theirs, -(-high // mine) * theirs


def _transpose_filters(nodes, node):
    """``(C, FH, FW, K // groups)`` as ``(K, FH, FW, C // groups)``."""
    parts = np.split(np.asarray(node.layer.params["weight"]), node.layer.groups)
    return np.concatenate([part.transpose(3, 1, 2, 0) for part in parts])


def _middle_filters(nodes, node):
    """Those of the middle place."""
    w = np.asarray(node.layer.params["weight"])
    return w[w.shape[0] // 2, w.shape[1] // 2]


def _linear_filters(nodes, node):
    """Behind a Flatten, filters as large as the image."""
    w = np.asarray(node.layer.params["weight"])
    return w.reshape(len(w), *(flattened_shape(nodes, node.inputs[0]) or (1, w.shape[1], 1)))


KINDS = {
    Conv2d: Kind(
        "conv",
        contributions=_conv,
        strengths=_conv_strengths,
        channels=_grouped,
        axes=window_axes,
        filters=lambda nodes, node: np.asarray(node.layer.params["weight"]),
        detail=SIZES,
    ),
    ConvTranspose2d: Kind(
        "transpose",
        contributions=_transpose,
        strengths=_transpose_strengths,
        channels=_grouped,
        axes=_stamps,
        filters=_transpose_filters,
        detail=SIZES,
    ),
    LocallyConnected2d: Kind(
        "local",
        contributions=_local,
        strengths=lambda node, C: _norms(node.layer.params["weight"], (0, 1, 3, 4)),
        axes=window_axes,
        filters=_middle_filters,
        detail=SIZES,
        unshared=True,
    ),
    Linear: Kind(
        "linear",
        contributions=_linear,
        strengths=lambda node, C: np.abs(node.layer.params["weight"]),
        filters=_linear_filters,
        dense=True,
    ),
}
