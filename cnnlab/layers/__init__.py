"""The layers: each is a small dataclass that knows its shapes, its output and its gradients.

They are given what comes out (``Conv2d(20, 5)`` has 20 filters of 5x5); the net around them infers
the rest. A new layer is exported here, in one line.
"""

from .base import Layer
from .blocks import Branches, Residual
from .conv import Conv2d, ConvTranspose2d, Linear, LocallyConnected2d
from .norm import BatchNorm2d, GroupNorm, LocalResponseNorm
from .pointwise import Dropout, Flatten, ReLU, Sigmoid, Tanh
from .pool import AvgPool2d, FractionalMaxPool2d, GlobalAvgPool2d, LpPool2d, MaxPool2d

__all__ = [
    "AvgPool2d",
    "BatchNorm2d",
    "Branches",
    "Conv2d",
    "ConvTranspose2d",
    "Dropout",
    "Flatten",
    "FractionalMaxPool2d",
    "GlobalAvgPool2d",
    "GroupNorm",
    "Layer",
    "Linear",
    "LocalResponseNorm",
    "LocallyConnected2d",
    "LpPool2d",
    "MaxPool2d",
    "ReLU",
    "Residual",
    "Sigmoid",
    "Tanh",
]
