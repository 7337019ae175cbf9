"""Small nets for the tests, and the list of all layers."""

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


def two_convolutions(seed=0):
    """Two convolutions and a last layer for images (10, 9, 3), of three classes."""
    layers = (
        Conv2d(6, 3),
        ReLU(),
        MaxPool2d(2),
        Conv2d(5, 3, padding=1),
        ReLU(),
        Flatten(),
        Linear(3),
    )
    return Sequential(*layers, input_shape=(10, 9, 3), seed=seed)
