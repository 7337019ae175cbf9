"""Local response normalisation: each value over the strength of the channels around it."""

from __future__ import annotations

from .. import kernels
from ..typing import Array, ArrayLike
from ..validation import integer
from . import check, written


def local_response_norm(
    x: ArrayLike,
    size: int = 5,
    *,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 1.0,
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """Divide each value by the strength of the channels around it, which loud ones thereby damp.

    ``y = x / (k + alpha/size · sum of x² over the size channels around)^beta``

    The AlexNet paper does not divide alpha by size: its n=5, alpha=1e-4, k=2 are ``size=5,
    alpha=5e-4, k=2.0`` here. Source: Krizhevsky, Sutskever and Hinton, 2012.

    Arguments:
        x: activations ``(…, C)``, channels last.
        size: channels that are summed, the own one in the middle.
        alpha: weight of the mean square.
        beta: the power.
        k: what is added to the weighted mean square.
        out: an array to write instead of a new one.
        backend: what computes it, such as ``"numpy"``; None for the one in use.

    Returns:
        ``y``, of the shape of x.

    Raises:
        ValueError: size is below 1.

    Examples:
        >>> ops.local_response_norm([[2.0, 4.0]], size=1, alpha=1.0, beta=1.0, k=0.0)
        array([[0.5 , 0.25]])
    """
    x = check.floats(x=x)
    size = integer("size", size)
    y = written.result(out, x.shape, x, reads=(x,))
    rows = x.reshape(-1, x.shape[-1])
    numbers = int(size), float(alpha), float(beta), float(k)
    kernels.backend_for(x, backend).local_response_norm(rows, y.reshape(rows.shape), *numbers)
    return y


def local_response_norm_backward(
    dy: ArrayLike,
    x: ArrayLike,
    size: int = 5,
    *,
    alpha: float = 1e-4,
    beta: float = 0.75,
    k: float = 1.0,
    out: Array | None = None,
    backend: str | None = None,
) -> Array:
    """Gradient of local_response_norm; a channel also answers for the neighbours it damped.

    Arguments:
        dy: gradient of the output, of the shape of x.
        x, size, alpha, beta, k, out, backend: as in ``local_response_norm``.

    Returns:
        ``dx``, of the shape of x.

    Raises:
        ValueError: dy has not the shape of x.

    Examples:
        >>> x = dy = np.array([[1.0, 1.0]])
        >>> ops.local_response_norm_backward(dy, x, size=1, alpha=1.0, beta=0.5, k=0.0)
        array([[0., 0.]])
    """
    dy, x = check.floats(dy=dy, x=x)
    check.same_shape("dy", dy, x.shape, "the output of local_response_norm")
    dx = written.result(out, x.shape, x, reads=(x, dy))
    rows = x.reshape(-1, x.shape[-1])
    numbers = int(size), float(alpha), float(beta), float(k)
    arrays = dy.reshape(rows.shape), rows, dx.reshape(rows.shape)
    kernels.backend_for(dy, backend).local_response_norm_backward(*arrays, *numbers)
    return dx
