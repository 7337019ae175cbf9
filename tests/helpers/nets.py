"""A small net with a layer of every kind that nests."""

from cnnlab.layers import BatchNorm2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnlab.net import Branches, Residual, Sequential

SHAPE = (6, 5, 2)


def small_net(**options):
    return Sequential(
        Conv2d(3, 3, padding=1),
        BatchNorm2d(),
        ReLU(),
        Residual(Conv2d(3, 1), ReLU()),
        Branches(Conv2d(2, 1), [MaxPool2d(3, 1, 1), Conv2d(1, 1)]),
        Flatten(),
        Linear(4),
        **{"input_shape": SHAPE, **options},
    )
