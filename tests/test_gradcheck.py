"""The gradient check finds what is wrong and leaves alone what it checks."""

import numpy as np
import pytest

from cnnlab.gradcheck import gradcheck, numerical_gradient
from cnnlab.layers import Linear, ReLU


def test_gradcheck_finds_a_wrong_gradient_and_leaves_the_layer_alone():
    class Wrong(Linear):
        def backward(self, dy, need_dx=True):
            dx = super().backward(dy, need_dx)
            self.grads["weight"][0] *= 1.01
            return dx

    layer = Wrong(3)
    layer.infer_shapes((4,))
    layer.init(np.random.default_rng(0))
    weight = layer.params["weight"].copy()
    errors = gradcheck(layer, (4,))
    assert errors["weight"] > 1e-3 > 1e-5 > max(errors["x"], errors["bias"])
    np.testing.assert_array_equal(layer.params["weight"], weight)


def test_gradcheck_refuses_a_gradient_of_the_wrong_shape():
    class Flat(ReLU):
        def backward(self, dy, need_dx=True):
            return super().backward(dy).ravel()

    with pytest.raises(ValueError, match=r"gradient of shape \(24,\), but it must be \(2, 3, 4\)"):
        gradcheck(Flat(), (3, 4))


def test_numerical_gradient_of_a_square_is_twice_the_number():
    x = np.array([1.0, -2.0, 0.5])
    np.testing.assert_allclose(numerical_gradient(lambda: float((x**2).sum()), x), 2 * x, rtol=1e-8)
    assert x.tolist() == [1.0, -2.0, 0.5]
    with pytest.raises(TypeError, match="float32 is too coarse"):
        numerical_gradient(lambda: 0.0, x.astype(np.float32))
