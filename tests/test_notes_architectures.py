"""Every worked number of the course notes about the named nets, computed by cnnlab."""

import numpy as np

from cnnlab import shapes
from cnnlab.layers import Branches, Conv2d, Flatten, GlobalAvgPool2d, Linear, MaxPool2d, ReLU
from cnnlab.net import Sequential

MiB = 1024**2


def vgg16_features():
    plan = (2, 64), (2, 128), (3, 256), (3, 512), (3, 512)
    return [layer for repeats, filters in plan for layer in _stage(repeats, filters)]


def _stage(repeats, filters):
    convolutions = [
        layer for _ in range(repeats) for layer in (Conv2d(filters, 3, padding=1), ReLU())
    ]
    return [*convolutions, MaxPool2d(2)]


def vgg16(size=224):
    dense = Conv2d(4096, 7), ReLU(), Conv2d(4096, 1), ReLU(), Conv2d(1000, 1)
    return Sequential(*vgg16_features(), *dense, input_shape=(size, size, 3))


def test_vgg_over_a_larger_image_gives_36_places_for_a_fraction_of_the_work():
    small, large = vgg16(), vgg16(384)
    assert small.output_shape == (1, 1, 1000) and large.output_shape == (6, 6, 1000)
    assert large.ledger().rows[-6].output_shape == (12, 12, 512)
    once, each = large.ledger().macs, 36 * small.ledger().macs
    assert (round(once / 1e9, 2), round(each / 1e9, 1), round(each / once, 1)) == (
        49.55,
        556.9,
        11.2,
    )


def test_three_layers_of_64_filters():
    """The notes say 72 MB with gradients; the numbers give 73.5 MiB."""
    net = Sequential(*[Conv2d(64, 3, padding=1) for _ in range(3)], input_shape=(224, 224, 3))
    activations = sum(int(np.prod(row.output_shape)) for row in net.ledger().rows)
    assert activations == 9_633_792
    assert (activations * 4 / MiB, 2 * activations * 4 / MiB) == (36.75, 73.5)


def _vgg16_values():
    """Values held by VGG-16: the image and the outputs of its CONV, POOL and FC layers (ReLU in
    place).
    """
    net = vgg16()
    kept = [row for row in net.ledger().rows if not row.layer.startswith("ReLU")]
    return net, int(np.prod(net.input_shape)) + sum(int(np.prod(row.output_shape)) for row in kept)


def test_vgg16():
    """The notes say 24M values and 93 MB, and leave out the biases."""
    net, values = _vgg16_values()
    assert values == 15_237_608
    assert (round(values * 4 / MiB, 2), round(2 * values * 4 / MiB, 1)) == (58.13, 116.3)
    rows = net.ledger().rows
    biases = sum(row.output_shape[-1] for row in rows if row.parameters)
    assert net.parameter_count == 138_357_544 and biases == 13_416
    assert net.parameter_count - biases == 138_344_128
    first_fc = next(row for row in rows if row.output_shape == (1, 1, 4096)).parameters - 4096
    assert first_fc == 102_760_448 and round(100 * first_fc / 138_344_128, 1) == 74.3
    assert round(net.ledger().macs / 1e9, 2) == 15.47


def test_vgg16_activations_overtake_its_parameters_at_batch_14():
    net, values = _vgg16_values()
    assert next(n for n in range(1, 99) if 2 * n * values > 3 * net.parameter_count) == 14


def alexnet(groups):
    return Sequential(
        *(Conv2d(96, 11, stride=4), ReLU(), MaxPool2d(3, 2)),
        *(Conv2d(256, 5, padding=2, groups=groups), ReLU(), MaxPool2d(3, 2)),
        *(Conv2d(384, 3, padding=1), ReLU(), Conv2d(384, 3, padding=1, groups=groups), ReLU()),
        *(Conv2d(256, 3, padding=1, groups=groups), ReLU(), MaxPool2d(3, 2)),
        *(Flatten(), Linear(4096), ReLU(), Linear(4096), ReLU(), Linear(1000)),
        input_shape=(227, 227, 3),
    )


def test_alexnet_counts_and_its_last_maps():
    """The notes bring AlexNet to 7x7x512 with five pools; it has three and ends at 6x6x256."""
    assert alexnet(2).parameter_count == 60_965_224
    assert alexnet(1).parameter_count == 62_378_344
    assert (6, 6, 256) in [row.output_shape for row in alexnet(2).ledger().rows]


def inception(c1, r3, c3, r5, c5, pool):
    return Branches(
        [Conv2d(c1, 1), ReLU()],
        [Conv2d(r3, 1), ReLU(), Conv2d(c3, 3, padding=1), ReLU()],
        [Conv2d(r5, 1), ReLU(), Conv2d(c5, 5, padding=2), ReLU()],
        [MaxPool2d(3, 1, 1), Conv2d(pool, 1), ReLU()],
    )


def test_googlenet_counts():
    """The notes say 4M parameters; the published table gives 6,998,552."""
    net = Sequential(
        *(Conv2d(64, 7, stride=2, padding=3), ReLU(), MaxPool2d(3, 2, fit="ceil")),
        *(Conv2d(64, 1), ReLU(), Conv2d(192, 3, padding=1), ReLU(), MaxPool2d(3, 2, fit="ceil")),
        *(inception(64, 96, 128, 16, 32, 32), inception(128, 128, 192, 32, 96, 64)),
        MaxPool2d(3, 2, fit="ceil"),
        *(inception(192, 96, 208, 16, 48, 64), inception(160, 112, 224, 24, 64, 64)),
        *(inception(128, 128, 256, 24, 64, 64), inception(112, 144, 288, 32, 64, 64)),
        *(inception(256, 160, 320, 32, 128, 128), MaxPool2d(3, 2, fit="ceil")),
        *(inception(256, 160, 320, 32, 128, 128), inception(384, 192, 384, 48, 128, 128)),
        *(GlobalAvgPool2d(), Linear(1000)),
        input_shape=(224, 224, 3),
    )
    assert net.output_shape == (1000,) and net.parameter_count == 6_998_552


def test_receptive_fields():
    vgg = [step for repeats in (2, 2, 3, 3, 3) for step in [*[(3, 1)] * repeats, (2, 2)]]
    alexnet = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]
    assert shapes.receptive_field(vgg).size == 212
    assert shapes.receptive_field(alexnet).size == 195
