"""The convolutions and nets that benchmarks/cpu.py measures."""

from typing import NamedTuple

from cnnlab import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential


class Shape(NamedTuple):
    """A square convolution: N images of size² × C, K filters of kernel²."""

    N: int
    size: int
    C: int
    K: int
    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    groups: int = 1

    @property
    def options(self):
        return {name: getattr(self, name) for name in ("stride", "padding", "dilation", "groups")}


SHAPES = {
    "LeNet 1→20, 5x5": Shape(64, 28, 1, 20, 5),
    "LeNet 20→50, 5x5": Shape(64, 12, 20, 50, 5),
    "CIFAR 3→32": Shape(64, 32, 3, 32, 3, padding=1),
    "32→64 at 16": Shape(64, 16, 32, 64, 3, padding=1),
    "64→128 at 8": Shape(64, 8, 64, 128, 3, padding=1),
    "AlexNet 3→96, 11x11, stride 4": Shape(8, 227, 3, 96, 11, 4),
    "VGG 64→64 at 224": Shape(1, 224, 64, 64, 3, padding=1),
    "64→128 at 28, stride 2": Shape(16, 28, 64, 128, 3, 2, 1),
    "1x1, 64→128 at 28": Shape(16, 28, 64, 128, 1),
    "dilation 2, 32→32 at 28": Shape(16, 28, 32, 32, 3, padding=2, dilation=2),
    "depthwise, 64 at 28": Shape(16, 28, 64, 64, 3, padding=1, groups=64),
    "one small image, 3→16 at 32": Shape(1, 32, 3, 16, 3, padding=1),
}


def lenet():
    return Sequential(
        *(Conv2d(20, 5), ReLU(), MaxPool2d(2), Conv2d(50, 5), ReLU(), MaxPool2d(2)),
        *(Flatten(), Linear(500), ReLU(), Linear(10)),
        input_shape=(28, 28, 1),
    )


def cifar():
    def block(K):
        return Conv2d(K, 3, padding=1), ReLU(), Conv2d(K, 3, padding=1), ReLU(), MaxPool2d(2)

    return Sequential(*block(32), *block(64), Flatten(), Linear(10), input_shape=(32, 32, 3))


def vgg16():
    def block(K, convolutions):
        layers = [(Conv2d(K, 3, padding=1), ReLU()) for _ in range(convolutions)]
        return *(layer for pair in layers for layer in pair), MaxPool2d(2)

    blocks = [block(K, n) for K, n in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))]
    head = Flatten(), Linear(4096), ReLU(), Linear(4096), ReLU(), Linear(1000)
    return Sequential(*(layer for one in blocks for layer in one), *head, input_shape=(224, 224, 3))
