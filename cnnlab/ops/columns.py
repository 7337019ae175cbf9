"""Windows laid out as the columns of a matrix, and added back: convolution as one matrix product.

Letters as in ``conv``.
"""

from __future__ import annotations

from .. import kernels
from ..kernels.window import window_of
from ..shapes import geometry
from ..typing import Array, ArrayLike, Padding, Shape, Size
from . import check, written


def im2col(
    x: ArrayLike,
    kernel_size: Size,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    backend: str | None = None,
) -> Array:
    """Lay every window out as a column: ``(N, H, W, C)`` → ``X_col (N, FH·FW·C, OH·OW)``.

    Then ``w.reshape(K, -1) @ X_col[n]`` is the convolution of image n: K rows of OH·OW outputs. The
    values of a column run as in the filter: row, column, channel. A cell appears in as many columns
    as windows read it.

    Arguments:
        x: images ``(N, H, W, C)``.
        kernel_size: extent of the window, an int or ``(FH, FW)``.
        stride, padding, dilation, backend: as in ``conv2d``.

    Returns:
        The columns, ``(N, FH·FW·C, OH·OW)``.

    Raises:
        MisfitError: no window fits.

    Examples:
        >>> ops.im2col(np.arange(6.0).reshape(1, 2, 3, 1), 2)[0]
        array([[0., 1.],
               [1., 2.],
               [3., 4.],
               [4., 5.]])
    """
    x = check.floats(x=x)
    check.rank("x", x, 4)
    check.pixels(x)
    geo = geometry(x.shape[1:3], kernel_size, stride, padding, dilation)
    cols = written.result(None, (len(x), *geo.out, *geo.kernel, x.shape[3]), x)
    kernels.backend_for(x, backend).im2col(x, cols, window_of(geo))
    (OH, OW), (FH, FW) = geo.out, geo.kernel
    return _transposed(cols.reshape(len(x), OH * OW, FH * FW * x.shape[3]))


def _transposed(a):
    """``a[n]`` transposed."""
    if not kernels.is_on_gpu(a):
        return a.transpose(0, 2, 1)
    transposed = kernels.empty((a.shape[0], a.shape[2], a.shape[1]), a.dtype, a)
    kernels.backend_for(a).transpose(a, transposed)
    return transposed


def col2im(
    cols: ArrayLike,
    x_shape: Shape,
    kernel_size: Size,
    *,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    backend: str | None = None,
) -> Array:
    """The transpose of im2col: add every column back into the cells it was read from.

    Arguments:
        cols: columns ``(N, FH·FW·C, OH·OW)``.
        x_shape: the shape ``(N, H, W, C)`` of the images.
        kernel_size, stride, padding, dilation, backend: as in ``im2col``.

    Returns:
        Images ``(N, H, W, C)``.

    Raises:
        ValueError: cols has not the shape that im2col gives for such images.

    Examples:
        >>> ops.col2im(np.ones((1, 4, 2)), (1, 2, 3, 1), 2)[0, :, :, 0]
        array([[1., 2., 1.],
               [1., 2., 1.]])
    """
    cols = check.floats(cols=cols)
    N, H, W, C = x_shape = check.image_shape(x_shape)
    geo = geometry((H, W), kernel_size, stride, padding, dilation)
    (OH, OW), (FH, FW) = geo.out, geo.kernel
    check.same_shape("cols", cols, (N, FH * FW * C, OH * OW), "im2col of an image of this shape")
    cols = check.floats(cols=_transposed(cols)).reshape(N, OH, OW, FH, FW, C)
    x = written.result(None, x_shape, cols)
    kernels.backend_for(cols, backend).col2im(cols, x, window_of(geo))
    return x
