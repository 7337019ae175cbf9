"""A small Trainer, for the tests of that view."""

from cnnlab.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnlab.net import Sequential
from cnnlab.views import Trainer
from helpers.training import dataset


def conv_net():
    layers = (
        Conv2d(5, 3, padding=1),
        ReLU(),
        MaxPool2d((2, 1)),
        Conv2d(6, 2),
        ReLU(),
        Flatten(),
        Linear(3),
    )
    return Sequential(*layers, input_shape=(4, 3, 1))


def trainer(net=None, data=None, **traits):
    return Trainer(
        net or conv_net(), dataset() if data is None else data, **{"batch_size": 8, **traits}
    )
