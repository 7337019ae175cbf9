"""A small net with a layer of every kind that nests, and the list of all layers."""

from cnnlab import layers
from cnnlab.layers import BatchNorm2d, Branches, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Residual
from cnnlab.net import Sequential

SHAPE = (6, 5, 2)


def public_layers():
    """All classes of layers that ``cnnlab.layers`` exports, without Layer itself."""
    classes = [value for value in vars(layers).values() if isinstance(value, type)]
    return [kind for kind in classes if issubclass(kind, layers.Layer) and kind is not layers.Layer]


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
