"""Small nets for the simulated GPU, and how far two nets are apart."""

import numpy as np

from cnnlab import (
    AvgPool2d,
    BatchNorm2d,
    Branches,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    GlobalAvgPool2d,
    GroupNorm,
    Linear,
    LocalResponseNorm,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Sigmoid,
    Tanh,
)

LABELS = np.array([0, 1, 2])
IMAGES = np.random.default_rng(0).standard_normal((3, 5, 5, 2)).astype(np.float32)
BODIES = {
    "plain": lambda: (Conv2d(3, 3, padding=1), ReLU(), MaxPool2d(2), Flatten()),
    "normal": lambda: (
        Conv2d(4, 3, bias=False),
        BatchNorm2d(),
        Tanh(),
        GroupNorm(2),
        AvgPool2d(2),
        Flatten(),
    ),
    "blocks": lambda: (
        Branches(Conv2d(2, 1), []),
        Residual(Conv2d(4, 3, padding=1), Sigmoid()),
        GlobalAvgPool2d(),
    ),
    "small": lambda: (Conv2d(2, 2, stride=3), ReLU(), Flatten()),
    "others": lambda: (
        ConvTranspose2d(2, 2, stride=2),
        LocalResponseNorm(3),
        Dropout(0.0),
        GlobalAvgPool2d(),
    ),
}


def net_of(body):
    """A net with this body; "small" is for what does not depend on the layers, for a simulator
    takes its time.
    """
    return Sequential(*BODIES[body](), Linear(3), input_shape=(5, 5, 2), seed=1)


def largest_difference(one, other):
    return max(np.abs(np.asarray(one[name]) - np.asarray(other[name])).max() for name in one)


def many_images():
    rng = np.random.default_rng(0)
    return rng.random((7, 5, 5, 2), np.float32), rng.integers(0, 3, 7)
