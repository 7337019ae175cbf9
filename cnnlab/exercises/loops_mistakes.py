"""The common wrong convolutions for the exercise 05.loops, each under the name of its mistake."""

from itertools import product

import numpy as np

from .. import ops
from ..mistakes import REFERENCE


def _conv(x, w, b, stride, **options):
    return ops.conv2d(x, w, b, stride=stride, **options, **REFERENCE)


def _cut(x, w, b, stride, **options):
    """A convolution with other windows, as many as there should be."""
    _, OH, OW, _ = _conv(x, w, b, stride).shape
    return _conv(x, w, b, 1, **options)[:, :OH, :OW]


def _first_image(x, w, b, stride):
    y = np.zeros_like(_conv(x, w, b, stride))
    y[0] = _conv(x[:1], w, b, stride)[0]
    return y


def _since(axes, bias):
    """What is left where the sum is set to 0 at each step of the loops over u, over u and v, or
    over all three.
    """

    def conv(x, w, b, stride):
        last = np.zeros_like(w)
        index = (slice(None), *(-1,) * axes)
        last[index] = w[index]
        return _conv(x, last, bias * b, stride)

    return conv


def _whole_sums(at_end):
    """A buffer of integers cuts off what stands behind the point at every step; the bias comes
    first, or ``at_end``.
    """

    def conv(x, w, b, stride):
        _, OH, OW, _ = (
            y := np.zeros_like(_conv(x, w, b, stride)) + (0 if at_end else np.trunc(b))
        ).shape
        for u, v, c in np.ndindex(w.shape[1:]):
            cells = x[:, u : u + OH * stride : stride, v : v + OW * stride : stride, c]
            y = np.trunc(y + cells[..., None] * w[:, u, v, c])
        return np.trunc(y + b) if at_end else y

    return conv


def _not_set_back(order, inner, bias):
    """One sum that goes on from output to output, over the ``inner`` innermost loops; loops run in
    this ``order``.

    ``bias`` says whether the bias is added to that sum, 1, or to what is written, 0.
    """

    def conv(x, w, b, stride):
        sums = _conv(x, w, bias * b, stride).transpose(order)
        running = sums.reshape(*sums.shape[: 4 - inner], -1).cumsum(axis=-1).reshape(sums.shape)
        return running.transpose(np.argsort(order)) + (1 - bias) * b

    return conv


# Of the loops over images, rows, columns and filters: filters innermost, second or outermost.
ORDERS = ((0, 1, 2, 3), (0, 3, 1, 2), (3, 0, 1, 2))

INDEXING = (
    ("forgot_stride", lambda x, w, b, stride: _cut(x, w, b, stride)),
    ("forgot_stride", lambda x, w, b, stride: _conv(x, w, b, 1)),
    ("swapped_stride", lambda x, w, b, stride: _cut(x, w, b, stride, dilation=stride)),
    ("flipped_filter", lambda x, w, b, stride: _conv(x, w[:, ::-1, ::-1], b, stride)),
    ("forgot_plus_one", lambda x, w, b, stride: _conv(x, w, b, stride)[:, :-1, :-1]),
    ("first_image", _first_image),
    ("one_filter", lambda x, w, b, stride: _conv(x, w[:1], b[:1], stride)),
    ("one_filter", lambda x, w, b, stride: _conv(x, w[:1], b[:1], stride)[..., 0]),
    ("channels_first", lambda x, w, b, stride: np.moveaxis(_conv(x, w, b, stride), 3, 1)),
    ("swapped_axes", lambda x, w, b, stride: _conv(x, w, b, stride).swapaxes(1, 2)),
)
SUMS = (
    ("forgot_bias", lambda x, w, b, stride: _conv(x, w, 0 * b, stride)),
    ("bias_in_every_product", lambda x, w, b, stride: _conv(x, w, w[0].size * b, stride)),
    ("summed_one_channel", lambda x, w, b, stride: _conv(x[..., :1], w[..., :1], b, stride)),
    ("summed_one_channel", lambda x, w, b, stride: _conv(x[..., -1:], w[..., -1:], b, stride)),
    ("last_product", _since(3, 0)),
    ("last_product", _since(3, 1)),
    ("starts_again", _since(2, 1)),
    ("starts_again", _since(1, 1)),
    *(("not_set_back", _not_set_back(*way)) for way in product(ORDERS, (1, 2, 3, 4), (0, 1))),
    ("whole_numbers", lambda x, w, b, stride: np.trunc(_conv(x, w, b, stride))),
    ("whole_numbers", _whole_sums(at_end=False)),
    ("whole_numbers", _whole_sums(at_end=True)),
)
WAYS = (
    ("slices", lambda x, w, b, stride: _conv(1 * x, w, b, stride)),
    ("not_read", lambda x, w, b, stride: ops.conv2d(x, w, b, stride=stride)),
)
MISTAKES = INDEXING + SUMS + WAYS
