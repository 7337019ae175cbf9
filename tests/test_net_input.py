"""What a net makes of the images it is given: its checks, its errors and its outputs."""

import numpy as np
import pytest

from cnnlab import MisfitError
from cnnlab.layers import Branches, Conv2d, Flatten, Linear, ReLU, Residual
from cnnlab.net import Sequential
from helpers.nets import SHAPE, small_net


@pytest.fixture
def x(rng):
    return rng.standard_normal((3, *SHAPE)).astype(np.float32)


def test_the_first_batch_tells_the_input_shape(x):
    net = Sequential(Conv2d(2, 3), Flatten(), Linear(3))
    with pytest.raises(ValueError, match="does not know its input yet: give input_shape"):
        net.ledger()
    assert net.forward(x).shape == (3, 3) and net.input_shape == SHAPE


def test_whole_numbers_and_other_floats_are_converted(x):
    net = small_net()
    assert net.forward((10 * x).astype(int)).dtype == np.float32
    assert small_net(dtype=np.float64).forward(x).dtype == np.float64
    np.testing.assert_array_equal(net.forward(x.astype(float)), net.forward(x))
    np.testing.assert_array_equal(net.forward(x[:, ::-1][:, ::-1]), net.forward(x))


def test_a_misfit_names_the_layer_and_where_it_stands():
    with pytest.raises(
        MisfitError, match=r"layer 1, Conv2d\(4, 9\): kernel_size 9 does not fit .* use padding"
    ):
        Sequential(Conv2d(2, 3), Conv2d(4, 9), input_shape=SHAPE)
    with pytest.raises(MisfitError, match=r"layer 1.body.1, Conv2d\(4, 9\): kernel_size 9"):
        Sequential(ReLU(), Residual(ReLU(), Conv2d(4, 9)), input_shape=SHAPE)
    with pytest.raises(MisfitError, match=r"layer 0.1.0, Linear\(2\): Linear needs a row"):
        Sequential(Branches(ReLU(), [Linear(2)]), input_shape=SHAPE)
    with pytest.raises(ValueError, match=r"layer 0, Conv2d\(0, 3\): out_channels must be"):
        Sequential(Conv2d(0, 3), input_shape=SHAPE)


@pytest.mark.parametrize(
    ("shape", "wanted", "sentence"),
    [
        (
            (6, 5, 2),
            SHAPE,
            (
                r"x has shape \(6, 5, 2\), but the net takes \(N, 6, 5, 2\): add a batch axis with "
                r"x\[None"
            ),
        ),
        ((3, 2, 6, 5), SHAPE, r"channels come last here, use x.transpose\(0, 2, 3, 1\)"),
        ((3, 8, 8), (8, 8, 1), r"add the channel with x\[..., None\]"),
        ((3, 6, 5, 3), SHAPE, "bring the images to that size, or build the net for theirs"),
        ((3, 60), SHAPE, "bring the images to that size"),
    ],
)
def test_images_that_do_not_fit_are_refused_with_the_way_out(shape, wanted, sentence):
    net = Sequential(Flatten(), Linear(2), input_shape=wanted)
    for method in (net.forward, net.predict, net.activations):
        with pytest.raises(MisfitError, match=sentence):
            method(np.ones(shape))


def test_other_bad_input_is_refused(x):
    net = small_net()
    with pytest.raises(TypeError, match="x holds object values"):
        net.forward(x.astype(object))
    with pytest.raises(ValueError, match="give at least one image"):
        net.forward(x[:0])
    with pytest.raises(ValueError, match="batch_size must be a positive integer, not 0"):
        net.predict(x, batch_size=0)
    with pytest.raises(ValueError, match="dtype must be float32 or float64, not int64"):
        small_net(dtype=np.int64)
    for shape in ((6, 0, 2), "6x5", (), (2.5, 1, 1)):
        with pytest.raises(ValueError, match="is not the size of an image"):
            small_net(input_shape=shape)


def test_backward_needs_a_forward_pass_and_a_gradient_of_its_shape(x):
    net = small_net()
    with pytest.raises(RuntimeError, match="call forward first"):
        net.backward(np.ones((3, 4)))
    net.forward(x)
    with pytest.raises(
        ValueError, match=r"dy has shape \(4, 4\), but the last output had \(3, 4\)"
    ):
        net.backward(np.ones((4, 4)))
    net.predict(x)
    with pytest.raises(RuntimeError, match="call forward first"):
        net.backward(np.ones((3, 4)))
