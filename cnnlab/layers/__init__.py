"""The layers: each is a small dataclass that knows its shapes, its output and its gradients.

They are given what comes out (``Conv2d(20, 5)`` has 20 filters of 5x5); the net around them infers
the rest. A new layer is exported here, in one line.
"""

from .base import Layer as Layer
from .blocks import Branches as Branches
from .blocks import Residual as Residual
from .conv import Conv2d as Conv2d
from .conv import ConvTranspose2d as ConvTranspose2d
from .conv import Linear as Linear
from .conv import LocallyConnected2d as LocallyConnected2d
from .norm import BatchNorm2d as BatchNorm2d
from .norm import GroupNorm as GroupNorm
from .norm import LocalResponseNorm as LocalResponseNorm
from .pointwise import Dropout as Dropout
from .pointwise import Flatten as Flatten
from .pointwise import ReLU as ReLU
from .pointwise import Sigmoid as Sigmoid
from .pointwise import Tanh as Tanh
from .pool import AvgPool2d as AvgPool2d
from .pool import FractionalMaxPool2d as FractionalMaxPool2d
from .pool import GlobalAvgPool2d as GlobalAvgPool2d
from .pool import LpPool2d as LpPool2d
from .pool import MaxPool2d as MaxPool2d
