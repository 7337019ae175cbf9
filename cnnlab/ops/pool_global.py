"""Global pooling: every channel of an image becomes one number."""

from .. import kernels
from . import check, written
from .pool import avg_pool2d, avg_pool2d_backward, images, max_pool2d


def global_avg_pool2d(x, *, out=None):
    """The mean of every channel: ``(N, H, W, C)`` → ``(N, C)``."""
    x = images(x=x)
    y = written.result(out, (len(x), x.shape[3]), x, reads=(x,))
    avg_pool2d(x, x.shape[1:3], out=y.reshape(len(x), 1, 1, x.shape[3]))
    return y


def global_avg_pool2d_backward(dy, x_shape, *, out=None):
    """Gradient of global_avg_pool2d: every pixel gets ``dy / (H·W)``."""
    dy = check.floats(dy=dy)
    x_shape = check.image_shape(x_shape)
    check.same_shape("dy", dy, (x_shape[0], x_shape[3]), "the output of this pooling")
    dx = written.result(out, x_shape, dy, reads=(dy,))
    if kernels.on_device(dy):
        return avg_pool2d_backward(
            dy.reshape(len(dy), 1, 1, dy.shape[1]), x_shape, x_shape[1:3], out=dx
        )
    dx[...] = (dy / (x_shape[1] * x_shape[2]))[:, None, None]
    return dx


def global_max_pool2d(x, *, return_switches=False, backend=None):
    """The largest value of every channel: ``(N, H, W, C)`` → ``(N, C)``, with switches
    ``(N, 1, 1, C)`` if asked.
    """
    x = images(x=x)
    y, switches = max_pool2d(x, x.shape[1:3], return_switches=True, backend=backend)
    return (y[:, 0, 0], switches) if return_switches else y[:, 0, 0]
