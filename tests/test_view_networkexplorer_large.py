"""The NetworkExplorer of layers with very many channels: the strongest are drawn, all are there."""

import numpy as np

from cnnlab import (
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
)
from cnnlab.views.networkexplorer import NetworkExplorer
from helpers.views import plain, unpack


def test_of_many_maps_the_most_active_are_shown_and_all_can_be_reached():
    view = NetworkExplorer(
        Sequential(Conv2d(40, 3), ReLU(), Flatten(), Linear(3), input_shape=(9, 8, 1))
    )
    conv, relu = view.scene["nodes"][1:3]
    assert len(conv["units"]) == 16 and conv["units"] == relu["units"] == sorted(conv["units"])
    activity = np.abs(view.activations[2]).mean(axis=(0, 1))
    assert set(conv["units"]) == set(np.argsort(-activity, kind="stable")[:16].tolist())
    seen = set(conv["units"])
    for page in (1, 2):
        view.pages = {"0": page}
        seen |= set(view.scene["nodes"][1]["units"])
    assert seen == set(range(40))
    layer = view.frame()["layers"][1]
    assert (layer["shown"], layer["of"]) == (8, 40)


def test_a_vgg_like_net_travels_in_less_than_a_megabyte():
    layers = [
        make() for _ in range(3) for make in (conv64, ReLU, conv64, ReLU, lambda: MaxPool2d(2))
    ]
    view = NetworkExplorer(Sequential(*layers, Flatten(), Linear(10), input_shape=(32, 32, 3)))
    assert len(plain(view.scene)) < 1_000_000
    view.unit = ["2", 5]
    assert len(plain(view.decomposition)) < 1_300_000 and view.decomposition["left"] == 0


def conv64():
    return Conv2d(64, 3, padding=1)


def test_of_very_many_channels_the_strongest_are_sent_and_the_rest_as_one():
    view = NetworkExplorer(
        Sequential(Conv2d(96, 3), Conv2d(2, 3), input_shape=(60, 60, 1)), unit=("1", 1)
    )
    made = view.decomposition
    assert made["left"] > 0 and len(made["units"]) + made["left"] == 96
    total = unpack(made["y"]).sum(axis=0) + unpack(made["rest"]) + unpack(made["bias"])
    np.testing.assert_allclose(total, unpack(made["result"]), atol=1e-4)
    before = made["units"]
    view.place = [0, 50]
    assert view.decomposition["units"] != before
