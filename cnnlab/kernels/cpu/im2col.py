"""Convolution as one matrix product, which is how it is commonly implemented.

``im2col`` lays every window out as a row, and BLAS multiplies all rows with all filters at once.
Images go through in blocks small enough for the cache. With groups the plain loops serve. Formulas:
see ``reference``.
"""

import numpy as np

from . import loops_conv as loops
from .loops_conv import multiplies
from .loops_im2col import add_windows, copy_windows
from .threads import scratch, split

BLOCK = 1 << 18  # values of the column matrix handled at once: 1 MiB in float32
PLACES = 256  # that single precision adds up well enough


def _blocks(images, cols_of_one):
    """Cut a slice of images into runs whose columns fill about one block."""
    step = max(1, BLOCK // cols_of_one)
    return [slice(n, min(n + step, images.stop)) for n in range(images.start, images.stop, step)]


def _in_blocks(y, w, job):
    """Call ``job(images, cols)`` for every block of images, split over threads.

    ``cols`` is work space for the columns of the block.
    """
    one = (*y.shape[1:3], *w.shape[1:])

    def run(images):
        for block in _blocks(images, int(np.prod(one))):
            job(block, scratch((block.stop - block.start, *one), y.dtype))

    split(len(y), multiplies(y, w), run)


def conv2d(x, w, b, y, window, groups):
    """See ``reference.conv.conv2d``."""
    if groups > 1:
        return loops.conv2d(x, w, b, y, window, groups)
    filters = w.reshape(len(w), -1).T

    def block(n, cols):
        copy_windows(x[n], cols, window, x.dtype.type(0))
        out = y[n].reshape(-1, len(w))
        np.dot(cols.reshape(-1, len(filters)), filters, out=out)
        out += b

    _in_blocks(y, w, block)


def conv2d_dx(dy, w, dx, window, groups):
    """See ``reference.conv.conv2d_dx``."""
    if groups > 1:
        return loops.conv2d_dx(dy, w, dx, window, groups)
    filters = w.reshape(len(w), -1)

    def block(n, cols):
        np.dot(dy[n].reshape(-1, len(w)), filters, out=cols.reshape(-1, filters.shape[1]))
        add_windows(cols, dx[n], window)

    _in_blocks(dy, w, block)


def conv2d_dw(x, dy, dw, window, groups):
    """See ``reference.conv.conv2d_dw``.

    Every block's share is added in the order of the images, whatever the threads.
    """
    if groups > 1:
        return loops.conv2d_dw(x, dy, dw, window, groups)
    shares = {}

    def block(n, cols):
        copy_windows(x[n], cols, window, x.dtype.type(0))
        shares[n.start] = _product(dy[n].reshape(-1, len(dw)), cols.reshape(-1, dw[0].size))

    _in_blocks(dy, dw, block)
    dw.reshape(len(dw), -1)[...] = sum(shares[start] for start in sorted(shares))


def _product(a, b):
    """``aᵀ · b`` over many rows: products of a few hundred rows, added up in double precision."""
    if len(a) <= PLACES:
        return np.dot(a.T, b)
    parts = (slice(first, first + PLACES) for first in range(0, len(a), PLACES))
    return sum(np.dot(a[part].T, b[part]).astype(float) for part in parts)
