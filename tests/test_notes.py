"""Every worked number of the course notes, computed by cnnlab: one test a row, named after it.

Where the notes' own figure is wrong, the test holds the computed one and says so. The named
nets are in test_notes_architectures.
"""

import numpy as np
import pytest

from cnnlab import MisfitError, ops, shapes
from cnnlab.layers import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnlab.net import Sequential

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
