"""A net as a figure: its columns hold what the net computes, its decomposed units add up."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from cnnlab import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Residual, Sequential
from cnnlab.figures.network import decomposition, network

X = np.random.default_rng(0).random((12, 10, 1)).astype(np.float32)


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def net(*more):
    return Sequential(
        Conv2d(10, 3), ReLU(), MaxPool2d(2), *more, Flatten(), Linear(3), input_shape=X.shape
    )


def test_every_layer_has_a_column_with_its_most_active_maps():
    shown = net()
    figure = network(shown, X, ("a", "b", "c"), truth=1)
    titles = [ax.get_title() for ax in figure.axes[:-1]]
    assert titles[:2] == ["picture\n12×10×1", "Conv2d\n10×8×10\n8 of 10"] and len(titles) == 5
    maps = shown.activations(X[None])[0][0]
    kept = np.sort(np.argsort(-np.abs(maps).mean(axis=(0, 1)))[:8])
    drawn = np.ma.filled(figure.axes[1].images[0].get_array(), np.nan)
    np.testing.assert_allclose(drawn[:10], maps[..., kept[0]], rtol=1e-5)
    np.testing.assert_allclose(drawn[-10:], maps[..., kept[-1]], rtol=1e-5)
    low, high = figure.axes[1].images[0].get_clim()
    assert low == -high


def test_in_a_deep_net_a_relu_stands_for_the_layer_before():
    block = [layer for _ in range(4) for layer in (Residual(Conv2d(10, 3, padding=1)), ReLU())]
    titles = [ax.get_title().split("\n")[0] for ax in network(net(*block), X).axes]
    assert titles.count("ReLU") == 5 and "Residual" not in titles and titles.count("Conv2d") == 4


def test_a_decomposed_unit_shows_what_each_channel_gives():
    shown = net(Conv2d(4, 2))
    figure = decomposition(shown, X, 3, 2)
    result = np.asarray(figure.axes[-1].images[0].get_array())
    np.testing.assert_allclose(result, shown.activations(X[None])[3][0][..., 2], atol=1e-5)
    assert "with 4 more channels" in figure.axes[-1].get_title() and len(figure.axes) == 6 * 3 + 1


@pytest.mark.parametrize("layer", [1, 2, 3, "4", -1])
def test_any_layer_can_be_decomposed(layer):
    assert decomposition(net(), X, layer, 1).axes


def test_a_layer_there_is_not_is_refused():
    with pytest.raises(ValueError, match="no layer 9: use one of 0, 1"):
        decomposition(net(), X, 9, 0)
