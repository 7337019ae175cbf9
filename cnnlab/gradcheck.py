"""Is a backward pass right? Nudge each number a little, watch the output, and compare with the
computed gradient.

All of it in float64, where a centred difference is good to about eight digits.
"""

from copy import deepcopy

import numpy as np

from .checks import seed as checked_seed


def numerical_gradient(f, x, eps=1e-6):
    """``(f(x + eps) − f(x − eps)) / (2·eps)`` for each number of the float64 array ``x``; ``f()``
    reads x itself.

    x is changed in place while this runs and is the same afterwards. Raises TypeError for another
    dtype.
    """
    if not isinstance(x, np.ndarray) or x.dtype != np.float64:
        raise TypeError("x must be a float64 array, for float32 is too coarse: use x.astype(float)")
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        kept = x[place]
        x[place] = kept + eps
        above = f()
        x[place] = kept - eps
        gradient[place] = (above - f()) / (2 * eps)
        x[place] = kept
    return gradient


def gradcheck(layer, input_shape, *, batch=2, seed=0, eps=1e-6, training=True):
    """The largest relative error of each gradient of a layer or net:
    ``{"x": 1e-9, "weight": 3e-10, …}``.

    ``input_shape`` is without the batch. A right gradient comes out below 1e-5; one above 1e-3 is
    wrong. The error is ``|computed − numerical| / max(|computed|, |numerical|, 0.001)``, since tiny
    gradients drown in rounding. The layer itself is left alone: a copy is made, in float64, with
    random numbers added to its parameters.
    """
    rng = np.random.default_rng(checked_seed(seed))
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
