"""Global pooling: every channel of an image becomes one number."""

from __future__ import annotations

from .. import kernels
from ..typing import Array, ArrayLike, Shape
from . import check, written
from .pool import avg_pool2d, avg_pool2d_backward, images, max_pool2d


def global_avg_pool2d(x: ArrayLike, *, out: Array | None = None) -> Array:
    """The mean of every channel: ``(N, H, W, C)`` → ``(N, C)``.

    Arguments:
        x: images ``(N, H, W, C)``.
        out: an array to write instead of a new one.

    Returns:
        ``y (N, C)``.

    Raises:
        ValueError: x is not a batch of images.

    Examples:
        >>> ops.global_avg_pool2d(np.arange(8.0).reshape(1, 2, 2, 2))
        array([[3., 4.]])
    """
    x = images(x=x)
    y = written.result(out, (len(x), x.shape[3]), x, reads=(x,))
    avg_pool2d(x, x.shape[1:3], out=y.reshape(len(x), 1, 1, x.shape[3]))
    return y


def global_avg_pool2d_backward(dy: ArrayLike, x_shape: Shape, *, out: Array | None = None) -> Array:
    """Gradient of global_avg_pool2d: every pixel gets ``dy / (H·W)``.

    Arguments:
        dy: gradient of the output, ``(N, C)``.
        x_shape: the shape ``(N, H, W, C)`` of the images.
        out: an array to write instead of a new one.

    Returns:
        ``dx (N, H, W, C)``.

    Raises:
        ValueError: dy has not the shape of the output.

    Examples:
        >>> ops.global_avg_pool2d_backward([[8.0]], (1, 2, 2, 1)).ravel()
        array([2., 2., 2., 2.])
    """
    dy = check.floats(dy=dy)
    x_shape = check.image_shape(x_shape)
    check.same_shape("dy", dy, (x_shape[0], x_shape[3]), "the output of this pooling")
    dx = written.result(out, x_shape, dy, reads=(dy,))
    if kernels.is_on_gpu(dy):
        return avg_pool2d_backward(
            dy.reshape(len(dy), 1, 1, dy.shape[1]), x_shape, x_shape[1:3], out=dx
        )
    dx[...] = (dy / (x_shape[1] * x_shape[2]))[:, None, None]
    return dx


def global_max_pool2d(
    x: ArrayLike, *, return_switches: bool = False, backend: str | None = None
) -> Array | tuple[Array, Array]:
    """The largest value of every channel: ``(N, H, W, C)`` → ``(N, C)``.

    Arguments:
        x: images ``(N, H, W, C)``.
        return_switches: also return where the winners are, ``(N, 1, 1, C)``, as in ``max_pool2d``.
        backend: as in ``max_pool2d``.

    Returns:
        ``y (N, C)``, or ``y, switches``.

    Raises:
        ValueError: x is not a batch of images.

    Examples:
        >>> ops.global_max_pool2d(np.arange(8.0).reshape(1, 2, 2, 2))
        array([[6., 7.]])
    """
    x = images(x=x)
    y, switches = max_pool2d(x, x.shape[1:3], return_switches=True, backend=backend)
    return (y[:, 0, 0], switches) if return_switches else y[:, 0, 0]
