"""Layers that cannot work say so in one sentence with the way out."""

import copy

import numpy as np
import pytest

from cnnlab import MisfitError, layers
from cnnlab.layers import (
    Branches,
    Conv2d,
    Dropout,
    FractionalMaxPool2d,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
)
from cnnlab.net import Sequential

IMAGE = (5, 4, 4)


@pytest.mark.parametrize(
    ("layer", "shape", "sentence"),
    [
        (
            Conv2d(4, 7),
            IMAGE,
            "kernel_size 7 does not fit an input of height 5 with padding 0: use padding",
        ),
        (Conv2d(4, 3, groups=3), IMAGE, "groups must divide the 4 input channels"),
        (Conv2d(3, 3, groups=2), IMAGE, "groups must divide .* the 3 filters evenly"),
        (
            Conv2d(3, 3),
            (12,),
            r"Conv2d needs images \(H, W, C\), but its input has shape \(12,\): put it before",
        ),
        (MaxPool2d(2), (12,), "MaxPool2d needs images"),
        (
            MaxPool2d(2, padding=2),
            IMAGE,
            "padding 2 with kernel_size 2 makes a window of padding only",
        ),
        (Linear(3), IMAGE, r"Linear needs a row of numbers \(D,\), .* put Flatten\(\) before it"),
        (
            layers.GroupNorm(3),
            IMAGE,
            "num_groups must divide the 4 channels .*: use a divisor of 4",
        ),
        (
            Residual(Conv2d(4, 3)),
            IMAGE,
            r"the body gives \(3, 2, 4\), but the input that is added to it has",
        ),
        (Residual(Conv2d(4, 3), shortcut=MaxPool2d(2)), IMAGE, "but the shortcut gives"),
        (
            Branches(Conv2d(1, 1), Conv2d(1, 3)),
            IMAGE,
            r"the branches give \(5, 4, 1\), \(3, 2, 1\): make height",
        ),
    ],
)
def test_a_misfit_says_what_fits(layer, shape, sentence):
    with pytest.raises(MisfitError, match=sentence):
        layer.infer_shapes(shape)


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (Conv2d(0, 3), "out_channels must be a positive integer, not 0"),
        (Conv2d(2.5, 3), "out_channels must be a positive integer, not 2.5"),
        (Conv2d(2, 3, groups=0), "groups must be a positive integer, not 0"),
        (Conv2d(2, 3, padding="full"), 'padding "full" is not known'),
        (Conv2d(2, 3, stride=0), "stride must be a positive integer .*, not 0"),
        (
            layers.ConvTranspose2d(2, 3, output_padding=1),
            "output_padding 1 must be smaller than the stride 1",
        ),
        (MaxPool2d(2, fit="round"), 'fit "round" is not known'),
        (FractionalMaxPool2d(3), "ratio must be a number from 1 to 2, not 3"),
        (FractionalMaxPool2d(pattern="even"), 'pattern "even" is not known'),
        (Dropout(1.0), "p must be a number of at least 0 and below 1, not 1.0"),
        (layers.LocalResponseNorm(0), "size must be a positive integer, not 0"),
        (layers.GroupNorm(0), "num_groups must be a positive integer, not 0"),
    ],
)
def test_a_hyperparameter_that_makes_no_sense_is_refused(layer, sentence):
    with pytest.raises(ValueError, match=sentence):
        layer.infer_shapes(IMAGE)


@pytest.mark.parametrize(
    "layer", [Conv2d(2, 3), Linear(2), layers.BatchNorm2d(), Dropout(), FractionalMaxPool2d()]
)
def test_a_layer_by_itself_says_how_to_make_its_parameters(layer):
    layer = copy.deepcopy(layer)
    layer.infer_shapes((6,) if isinstance(layer, Linear) else IMAGE)
    with pytest.raises(RuntimeError, match="put it into a Sequential, or call infer_shapes"):
        layer.forward(np.ones((2, *layer.input_shape)), training=True)


def test_backward_needs_a_forward_pass():
    with pytest.raises(RuntimeError, match="call forward first"):
        ReLU().backward(np.ones((1, 3)))


def test_the_same_layer_cannot_stand_in_two_places():
    relu = ReLU()
    for build in (Sequential, Branches, Residual):
        with pytest.raises(ValueError, match=r"the same ReLU\(\) is used twice"):
            build(relu, relu)
    with pytest.raises(ValueError, match="is used twice"):
        Sequential(relu, Residual(Conv2d(1, 1), shortcut=relu))


def test_what_is_no_layer_is_refused():
    with pytest.raises(TypeError, match=r"layer 1 is the class ReLU: call it, as in ReLU\(...\)"):
        Sequential(Conv2d(1, 1), ReLU)
    with pytest.raises(TypeError, match="layer 0 is 'relu', not a layer"):
        Sequential("relu")
    with pytest.raises(ValueError, match="Branches needs at least one branch"):
        Branches()
