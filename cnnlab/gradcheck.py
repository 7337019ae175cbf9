"""Gradient checking: the gradients of a layer or net compared with numerical ones.

Each number is moved a little and the change of the output measured, all in float64, where a centred
difference is good to about eight digits.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import numpy as np

from . import validation
from .typing import Array, Seed, Shape


def numerical_gradient(f: Callable[[], float], x: Array, eps: float = 1e-6) -> Array:
    """``(f(x + eps) − f(x − eps)) / (2·eps)`` for each number of an array.

    Arguments:
        f: a function of no arguments that reads x itself.
        x: a float64 array. It is changed in place while this runs and is the same afterwards.
        eps: how far each number is moved.

    Returns:
        The gradient, of the shape of x.

    Raises:
        TypeError: x is no float64 array.

    Examples:
        >>> from cnnlab.gradcheck import numerical_gradient
        >>> x = np.array([1.0, 3.0])
        >>> numerical_gradient(lambda: (x**2).sum(), x).round(6)
        array([2., 6.])
    """
    if not isinstance(x, np.ndarray) or x.dtype != np.float64:
        raise TypeError(
            "x must be a float64 array, because float32 is too coarse: use x.astype(float)"
        )
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + eps
        above = f()
        x[index] = kept - eps
        gradient[index] = (above - f()) / (2 * eps)
        x[index] = kept
    return gradient


def gradcheck(
    layer: Any,
    input_shape: Shape,
    *,
    batch: int = 2,
    seed: Seed = 0,
    eps: float = 1e-6,
    training: bool = True,
) -> dict[str, float]:
    """The largest relative error of each gradient of a layer or net.

    The error is ``|computed − numerical| / max(|computed|, |numerical|, 0.001)``, since tiny
    gradients drown in rounding. A right gradient comes out below 1e-5; one above 1e-3 is wrong. The
    layer itself is left alone: a copy is made, in float64, with random numbers added to its
    parameters.

    Arguments:
        layer: a layer or a net.
        input_shape: the shape of one input, without the batch.
        batch: inputs at a time.
        seed: of the random numbers.
        eps: as in ``numerical_gradient``.
        training: what ``forward`` is called with.

    Returns:
        The errors by name: ``{"x": 1e-9, "weight": 3e-10, …}``.

    Raises:
        ValueError: a gradient has another shape than its array.

    Examples:
        >>> errors = cnnlab.gradcheck(cnnlab.Linear(2), (3,))
        >>> sorted(errors), max(errors.values()) < 1e-5
        (['bias', 'weight', 'x'], True)
    """
    rng = np.random.default_rng(validation.seed(seed))
    layer = _prepared(layer, tuple(input_shape), rng)
    x = rng.standard_normal((batch, *input_shape))
    dy = rng.standard_normal((batch, *layer.output_shape))

    def loss():
        # On a copy, so that random masks and running statistics start from the same place every
        # time.
        return float((deepcopy(layer).forward(x, training) * dy).sum())

    working = deepcopy(layer)
    working.forward(x, training)
    computed = {"x": working.backward(dy), **working.grads}
    arrays = {"x": x, **layer.params}
    return {
        name: _error(computed[name], numerical_gradient(loss, arrays[name], eps)) for name in arrays
    }


def _prepared(layer, input_shape, rng):
    layer = deepcopy(layer)
    layer.infer_shapes(input_shape)
    layer.init(rng, np.float64)
    layer.to("cpu")  # where single numbers can be nudged
    for array in layer.params.values():
        array += 0.1 * rng.standard_normal(array.shape)
    return layer


def _error(computed, numerical):
    if np.shape(computed) != numerical.shape:
        raise ValueError(
            f"backward gives a gradient of shape {np.shape(computed)}, but it must be "
            f"{numerical.shape}"
        )
    size = np.maximum(np.maximum(np.abs(computed), np.abs(numerical)), 1e-3)
    return float(np.max(np.abs(computed - numerical) / size, initial=0.0))
