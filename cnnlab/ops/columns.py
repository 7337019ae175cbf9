"""Windows laid out as the columns of a matrix, and added back: convolution as one matrix product.

Letters as in ``conv``.
"""

from .. import kernels
from ..shapes import geometry
from . import check, written


def im2col(x, kernel_size, *, stride=1, padding=0, dilation=1, backend=None):
    """Lay every window out as a column: ``(N, H, W, C)`` → ``X_col (N, FH·FW·C, OH·OW)``.

    Then ``w.reshape(K, -1) @ X_col[n]`` is the convolution of image n: K rows of OH·OW outputs. The
    values of a column run as in the filter: row, column, channel. A cell stands in as many columns
    as windows read it.
    """
    x = check.floats(x=x)
    check.rank("x", x, 4)
    check.pixels(x)
    geo = geometry(x.shape[1:3], kernel_size, stride, padding, dilation)
    cols = written.result(None, (len(x), *geo.out, *geo.kernel, x.shape[3]), x)
    kernels.of(x, backend).im2col(x, cols, geo.kernel, geo.stride, geo.before, geo.dilation)
    (OH, OW), (FH, FW) = geo.out, geo.kernel
    return _turned(cols.reshape(len(x), OH * OW, FH * FW * x.shape[3]))


def _turned(a):
    """``a[n]`` transposed."""
    if not kernels.on_device(a):
        return a.transpose(0, 2, 1)
    turned = kernels.empty((a.shape[0], a.shape[2], a.shape[1]), a.dtype, a)
    kernels.of(a).turn(a, turned)
    return turned


def col2im(cols, x_shape, kernel_size, *, stride=1, padding=0, dilation=1, backend=None):
    """The transpose of im2col: add every column back into the cells it was read from →
    ``(N, H, W, C)``.
    """
    cols = check.floats(cols=cols)
    N, H, W, C = x_shape = check.image_shape(x_shape)
    geo = geometry((H, W), kernel_size, stride, padding, dilation)
    (OH, OW), (FH, FW) = geo.out, geo.kernel
    check.same_shape("cols", cols, (N, FH * FW * C, OH * OW), "im2col of an image of this shape")
    cols = check.floats(cols=_turned(cols)).reshape(N, OH, OW, FH, FW, C)
    x = written.result(None, x_shape, cols)
    kernels.of(cols, backend).col2im(cols, x, geo.kernel, geo.stride, geo.before, geo.dilation)
    return x
