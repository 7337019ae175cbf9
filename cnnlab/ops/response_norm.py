"""Local response normalisation: each value over the strength of the channels around it."""

from .. import kernels
from . import check, written


def local_response_norm(x, size=5, *, alpha=1e-4, beta=0.75, k=1.0, out=None, backend=None):
    """``y = x / (k + alpha/size · sum of x² over the size channels around)^beta``: loud channels
    quieten neighbours.

    ``x (…, C)``. The AlexNet paper does not divide alpha by size: its n=5, alpha=1e-4, k=2 are
    ``size=5, alpha=5e-4, k=2.0`` here. Source: Krizhevsky, Sutskever and Hinton, 2012.
    """
    x = check.floats(x=x)
    if size < 1:
        raise ValueError(f"size {size} is not at least 1 channel")
    y = written.result(out, x.shape, x, reads=(x,))
    rows = x.reshape(-1, x.shape[-1])
    numbers = int(size), float(alpha), float(beta), float(k)
    kernels.of(x, backend).local_response_norm(rows, y.reshape(rows.shape), *numbers)
    return y


def local_response_norm_backward(
    dy, x, size=5, *, alpha=1e-4, beta=0.75, k=1.0, out=None, backend=None
):
    """Gradient of local_response_norm: ``dx``; a channel also answers for the neighbours it
    quietened.
    """
    dy, x = check.floats(dy=dy, x=x)
    check.same_shape("dy", dy, x.shape, "the output of local_response_norm")
    dx = written.result(out, x.shape, x, reads=(x, dy))
    rows = x.reshape(-1, x.shape[-1])
    numbers = int(size), float(alpha), float(beta), float(k)
    arrays = dy.reshape(rows.shape), rows, dx.reshape(rows.shape)
    kernels.of(dy, backend).local_response_norm_backward(*arrays, *numbers)
    return dx
