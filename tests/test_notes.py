"""Every worked number of the course notes, computed by cnnlab: one test a row, named after it.

Where the notes' own figure is wrong, the test holds the computed one and says so.
"""

import numpy as np
import pytest

from cnnlab import MisfitError, ops, shapes
from cnnlab.layers import AvgPool2d, Conv2d, Flatten, GlobalAvgPool2d, Linear, MaxPool2d, ReLU
from cnnlab.net import Branches, Sequential

MiB = 1024**2


def test_dense_layers_do_not_scale():
    assert (
        Sequential(Flatten(), Linear(1, bias=False), input_shape=(32, 32, 3)).parameter_count
        == 3_072
    )
    assert (
        Sequential(Flatten(), Linear(1, bias=False), input_shape=(200, 200, 3)).parameter_count
        == 120_000
    )


def test_first_cifar10_net():
    net = Sequential(
        Conv2d(12, 5, padding=2),
        ReLU(),
        MaxPool2d(2),
        Flatten(),
        Linear(10),
        input_shape=(32, 32, 3),
    )
    rows = net.ledger().rows
    shapes_of = [tuple(row.output_shape) for row in rows]
    assert shapes_of == [(32, 32, 12), (32, 32, 12), (16, 16, 12), (3072,), (10,)]
    assert [row.parameters for row in rows] == [912, 0, 0, 0, 30_730]


@pytest.mark.parametrize(("size", "F", "C", "weights"), [(32, 5, 3, 75), (16, 3, 20, 180)])
def test_local_connectivity(size, F, C, weights):
    net = Sequential(Conv2d(1, F), input_shape=(size, size, C))
    assert net.params["0.weight"].size == weights and net.parameter_count == weights + 1


def test_output_size():
    assert shapes.out_size(7, 3, 1) == 5 and shapes.out_size(7, 3, 2) == 3
    with pytest.raises(MisfitError, match=r"give 4\.5 outputs"):
        shapes.out_size(10, 3, 2, fit="exact")
    assert shapes.out_size(10, 3, 2) == 4  # what most libraries do instead, silently


def test_one_dimensional_figure():
    x = np.array([1, 2, -1, 1, -3]).reshape(1, 1, 5, 1)
    w = np.array([1, 0, -1]).reshape(1, 1, 3, 1)
    slide = {"padding": (0, 1), "fit": "exact"}
    assert ops.conv2d(x, w, stride=1, **slide).ravel().tolist() == [-2, 2, 1, 2, 1]
    assert ops.conv2d(x, w, stride=(1, 2), **slide).ravel().tolist() == [-2, 1, 1]
    with pytest.raises(MisfitError):
        ops.conv2d(x, w, stride=(1, 3), **slide)


def test_same_size():
    for F in (1, 3, 5, 7):
        assert shapes.out_size(32, F, 1, (F - 1) // 2) == 32
    assert shapes.pads("same", (32, 32), (4, 4)) == (
        (1, 2),
        (1, 2),
    )  # an even filter cannot be centred


def test_alexnet_first_layer():
    assert shapes.out_size(227, 11, 4, fit="exact") == 55
    with pytest.raises(MisfitError, match=r"give 54\.25 outputs"):
        shapes.out_size(224, 11, 4, fit="exact")
    net = Sequential(Conv2d(96, 11, stride=4), input_shape=(227, 227, 3))
    neurons, weights_of_one = 55 * 55 * 96, 11 * 11 * 3
    assert net.output_shape == (55, 55, 96) and neurons == 290_400
    assert net.parameter_count == 34_944 and net.params["0.weight"].size == 34_848
    unshared = neurons * (weights_of_one + 1)
    multiplies = neurons * weights_of_one
    dense = neurons * (227 * 227 * 3 + 1)
    assert (unshared, multiplies, dense) == (105_705_600, 105_415_200, 44_892_355_200)
    assert round(dense / unshared, 1) == 424.7 and unshared / net.parameter_count == 3_025


def test_numpy_walk(backend, rng):
    X = rng.integers(-2, 3, (11, 11, 4)).astype(float)
    W, b = rng.integers(-2, 3, (2, 5, 5, 4)).astype(float), np.array([1.0, -2.0])
    V = ops.conv2d(X[None], W, b, stride=2, backend=backend)[0]
    assert V.shape == (4, 4, 2)
    for i, j, k in np.ndindex(V.shape):
        assert V[i, j, k] == np.sum(X[2 * i : 2 * i + 5, 2 * j : 2 * j + 5, :] * W[k]) + b[k]


def test_convolution_demo():
    net = Sequential(Conv2d(2, 3, stride=2, padding=1), input_shape=(5, 5, 3))
    products = 3 * 3 * 3
    assert (
        net.output_shape == (3, 3, 2)
        and net.parameter_count == 56
        and np.prod(net.output_shape) == 18
    )
    assert 18 * products == 486 and net.ledger().rows[0].macs == 486


def test_im2col_of_alexnet_first_layer(backend, rng):
    x = rng.standard_normal((1, 227, 227, 3), dtype=np.float32)
    w = rng.standard_normal((96, 11, 11, 3), dtype=np.float32)
    X_col, W_row = ops.im2col(x, 11, stride=4, backend=backend)[0], w.reshape(96, -1)
    assert X_col.shape == (363, 3025) and W_row.shape == (96, 363)
    product = W_row @ X_col
    assert product.shape == (96, 3025)
    y = ops.conv2d(x, w, stride=4, backend=backend)[0]
    np.testing.assert_allclose(product.T.reshape(55, 55, 96), y, rtol=1e-3, atol=1e-3)
    assert round(X_col.size / x.size, 2) == 7.10
    assert (round(x.nbytes / MiB, 2), round(X_col.nbytes / MiB, 2)) == (0.59, 4.19)


def test_pooling():
    net = Sequential(MaxPool2d(2), input_shape=(224, 224, 64))
    assert net.output_shape == (112, 112, 64) and net.parameter_count == 0
    assert np.prod(net.output_shape) / np.prod(net.input_shape) == 0.25
    windows = shapes.windows(7, 3, 2)
    assert set(windows[0]) & set(windows[1])  # F=3, S=2 overlaps


def test_fully_connected_layer_as_convolution(backend, rng):
    x = rng.standard_normal((2, 7, 7, 8))
    w, b = rng.standard_normal((5, 7 * 7 * 8)), rng.standard_normal(5)
    dense = ops.linear(x.reshape(2, -1), w, b)
    np.testing.assert_allclose(
        ops.conv2d(x, w.reshape(5, 7, 7, 8), b, backend=backend)[:, 0, 0], dense
    )
    conv = Sequential(Conv2d(4096, 7), input_shape=(7, 7, 512))
    full = Sequential(Flatten(), Linear(4096), input_shape=(7, 7, 512))
    assert conv.output_shape == (1, 1, 4096) and conv.parameter_count == full.parameter_count


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


def test_convolution_as_a_matrix_mostly_zero(backend, rng):
    rows, columns, weights = 55 * 55 * 96, 227 * 227 * 3, 11 * 11 * 3
    assert (rows, columns) == (290_400, 154_587) and round(100 * weights / columns, 3) == 0.235
    assert 96 * weights == 34_848
    x, w = rng.standard_normal((1, 4, 5, 2)), rng.standard_normal((3, 2, 2, 2))
    each_cell = np.eye(x.size).reshape(x.size, *x.shape[1:])
    matrix = ops.conv2d(each_cell, w, backend=backend).reshape(x.size, -1).T
    y = ops.conv2d(x, w, backend=backend)
    np.testing.assert_allclose(matrix @ x.ravel(), y.ravel())
    assert (matrix != 0).sum(axis=1).tolist() == [w[0].size] * y.size
    assert len(np.unique(matrix[matrix != 0])) == w.size


@pytest.mark.parametrize(
    ("N", "per_pool", "M", "K"), [(0, 0, 0, 0), (1, 0, 1, 0), (1, 1, 2, 1), (2, 2, 3, 2)]
)
def test_layer_patterns_build(N, per_pool, M, K):
    stack = []
    for _ in range(M):
        stack += [layer for _ in range(N) for layer in (Conv2d(4, 3, padding=1), ReLU())]
        stack += [MaxPool2d(2)] if per_pool else []
    dense = [layer for _ in range(K) for layer in (Linear(8), ReLU())]
    net = Sequential(*stack, Flatten(), *dense, Linear(10), input_shape=(32, 32, 3))
    assert net.forward(np.ones((1, 32, 32, 3))).shape == (1, 10)


def test_three_small_filters_see_as_far_as_one_large():
    assert [shapes.receptive_field([(3, 1)] * n).size for n in (1, 2, 3)] == [3, 5, 7]
    C = 8
    three = Sequential(*[Conv2d(C, 3, bias=False) for _ in range(3)], input_shape=(9, 9, C))
    one = Sequential(Conv2d(C, 7, bias=False), input_shape=(9, 9, C))
    assert (three.parameter_count, one.parameter_count) == (27 * C * C, 49 * C * C)
    assert round(100 * (1 - 27 / 49), 1) == 44.9


def test_receptive_fields():
    vgg = [step for repeats in (2, 2, 3, 3, 3) for step in [*[(3, 1)] * repeats, (2, 2)]]
    alexnet = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]
    assert shapes.receptive_field(vgg).size == 212
    assert shapes.receptive_field(alexnet).size == 195


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


def test_memory_of_values():
    assert np.float32().nbytes == 4 and np.float64().nbytes == 8
    net = Sequential(Conv2d(64, 3, padding=1), input_shape=(224, 224, 3))
    y = net.forward(np.zeros((1, 224, 224, 3)))
    assert y.nbytes / MiB == 12.25


def test_input_sizes():
    halvings = {}
    for size in (32, 64, 96, 224, 384, 512):
        halvings[size] = next(n for n in range(20) if size % 2 ** (n + 1))
    assert min(halvings.values()) == 5
    for padding, places in ((0, r"15\.5"), (1, r"16\.5")):
        with pytest.raises(MisfitError, match=f"give {places} outputs"):
            Sequential(AvgPool2d(3, 2, padding, fit="exact"), input_shape=(32, 32, 3))
