"""PyTorch's own calls are refused with ours, and never taken to mean something else."""

from dataclasses import dataclass, fields, is_dataclass

import numpy as np
import pytest

from cnnlab import layers
from cnnlab.layers import Layer
from cnnlab.net import Sequential
from helpers.nets import public_layers

TORCH = {
    "BatchNorm2d(16)": (
        "nothing may be given without a name; give momentum, eps by name, and leave out what"
    ),
    "GroupNorm(4, 16)": "only num_groups may be given without a name",
    "Linear(64, 10)": "only out_features may be given without a name",
    "Conv2d(1, 8, 3)": (
        r"Conv2d\(1, 8, 3, ...\) is ambiguous: only out_channels and "
        r"kernel_size may be given"
    ),
    "Conv2d(1, 8, 3, padding=1)": "only out_channels and kernel_size",
    "Conv2d(1, 8, kernel_size=3)": "only out_channels and kernel_size",
    "ConvTranspose2d(16, 8, 2)": "only out_channels and kernel_size",
    "LpPool2d(2, 3)": "only kernel_size may be given",
    "LocalResponseNorm(5, 1e-4)": "only size may be given",
    "ReLU(True)": "nothing may be given",
    "Flatten(1)": "nothing may be given",
    "Conv2d(in_channels=1, out_channels=8, "
    "kernel_size=3)": "has no argument 'in_channels': leave it out, because the net infers",
    "Linear(in_features=64, out_features=10)": "has no argument 'in_features': leave it out",
    "BatchNorm2d(num_features=16)": "has no argument 'num_features': leave it out",
    "GroupNorm(num_groups=4, num_channels=16)": "has no argument 'num_channels': leave it out",
    "ReLU(inplace=True)": "has no argument 'inplace': leave it out",
    "Conv2d(8, 3, padding_mode='reflect')": "padding is always with zeros",
    "Conv2d(8, 3, device='cpu')": "has no argument 'device': leave it out",
    "MaxPool2d(2, ceil_mode=True)": 'write fit="ceil"',
    "Conv2d(8, 3, strides=2)": r"has no argument 'strides': did you mean 'stride'\?",
    "Conv2d(8, 3, paddng=1)": r"did you mean 'padding'\?",
    "Dropout(rate=0.5)": "it takes p",
    "ReLU(wide=1)": "it takes no arguments",
}


@pytest.mark.parametrize(("call", "sentence"), TORCH.items(), ids=TORCH)
def test_a_call_that_means_something_else_elsewhere_is_refused(call, sentence):
    with pytest.raises(TypeError, match=sentence):
        eval(call, vars(layers))


@pytest.mark.parametrize(
    "call", ["MaxPool2d(3, 2, 1)", "AvgPool2d(2, 2)", "Dropout(0.5)", "LocalResponseNorm(5)"]
)
def test_a_call_that_means_the_same_in_pytorch_is_taken(call):
    assert isinstance(eval(call, vars(layers)), Layer)


NUMBERS = ("momentum", "eps", "alpha", "beta", "k", "ratio", "p")
FLAGS = ("bias", "overlapping", "count_include_pad")
NEEDED = {"out_channels": 4, "kernel_size": 2, "out_features": 3, "num_groups": 2}
ODD = [
    (layer, field.name, odd)
    for layer in public_layers()
    if is_dataclass(layer)
    for field in fields(layer)
    for odd in (
        ("1", None, np.nan, np.inf, -1, True) if field.name in NUMBERS else (10, 1, 0, "yes", None)
    )
    if field.name in (*NUMBERS, *FLAGS)
]


@pytest.mark.parametrize(
    ("kind", "name", "odd"), ODD, ids=lambda v: getattr(v, "__name__", None) or repr(v)
)
def test_a_number_out_of_its_range_is_refused_by_name_when_the_net_is_built(kind, name, odd):
    needed = {f.name: NEEDED[f.name] for f in fields(kind) if f.name in NEEDED}
    flat = (layers.Flatten(),) if kind is layers.Linear else ()
    with pytest.raises(ValueError, match=rf"\b{name} "):
        Sequential(*flat, kind(**{**needed, name: odd}), input_shape=(6, 6, 4))


def test_layers_of_ones_own_take_what_they_say():
    @dataclass(eq=False)
    class Scale(Layer):
        factor: float = 1.0
        bias: int = 10

    class Plain(Layer):
        def __init__(self, *sizes, **options):
            self.sizes, self.options = sizes, options

    assert Scale(2.0, 3).bias == 3 and Scale(bias=7).infer_shapes((2, 2, 1)) == (2, 2, 1)
    assert Plain(1, 2, inplace=True).sizes == (1, 2)
    with pytest.raises(TypeError, match=r"did you mean 'factor'\?"):
        Scale(facter=1)


def test_a_layer_with_an_array_as_hyperparameter_can_be_printed():
    @dataclass(eq=False)
    class Weighed(Layer):
        factor: object = 1.0

    assert "factor=array of shape (2,)" in str(Weighed(np.ones(2)))
    assert str(Sequential(Weighed(np.ones(2)), input_shape=(2, 2, 1))).count("array") == 1
