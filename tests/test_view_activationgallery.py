"""The ActivationGallery: its maps are those of the net, its boxes the receptive fields."""

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import (
    Branches,
    Conv2d,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    explain,
)
from cnnlab.views.activationgallery import ActivationGallery
from cnnlab.views.galleries.plan import ROOM
from helpers.views import unpack

X = np.random.default_rng(0).random((12, 10, 9, 3), np.float32)
Y = np.arange(12) % 3


def small():
    layers = (
        Conv2d(6, 3),
        ReLU(),
        MaxPool2d(2),
        Conv2d(5, 3, padding=1),
        ReLU(),
        Flatten(),
        Linear(3),
    )
    return Sequential(*layers, input_shape=(10, 9, 3))


def blocks():
    layers = (
        Residual(Conv2d(4, 3, padding=1), ReLU(), Conv2d(4, 1)),
        Branches([], Conv2d(3, 5, padding=2)),
    )
    return Sequential(Conv2d(4, 3), *layers, GlobalAvgPool2d(), Linear(3), input_shape=(10, 9, 3))


def shown(view):
    """The tiles as (h, w, n)."""
    return np.moveaxis(unpack(view.scene["tiles"])[:, 0], 0, -1)


def field(view, unit, i, j):
    """The box and what is seen of it, as the browser looks it up."""
    table = view.scene["fields"][view.scene["field_of"][view.scene["units"].index(unit)]]
    rows, columns = (unpack(table[name])[at] for name, at in (("rows", i), ("columns", j)))
    return [*rows[:2], *columns[:2]], [*rows[2:], *columns[2:]]


def test_without_arguments_it_shows_a_trained_net():
    view = ActivationGallery()
    assert view.layer == "0" and view.scene["units"] == list(range(8)) and view.pictures == 1000
    assert view.frame()["sentence"].startswith("Picture 0, coat. Layer 0: all 8 maps, each 28×28; ")


@settings(max_examples=20, deadline=None)
@given(
    layer=st.integers(0, 6),
    picture=st.integers(-1, 13),
    sort=st.sampled_from(["index", "activity"]),
)
def test_the_tiles_are_the_maps_of_the_layer_for_the_picture(layer, picture, sort):
    net = small()
    view = ActivationGallery(net, (X, Y), layer=layer, sort=sort, picture=picture)
    n = min(max(picture, 0), 11)
    y = net.activations(X[[n]])[layer][0]
    y = y if y.ndim == 3 else y[None, None]
    np.testing.assert_array_equal(shown(view), y[..., view.scene["units"]])
    assert view.scene["limit"] == pytest.approx(np.abs(y).max() or 1) and view.scene[
        "zeros"
    ] == np.mean(y == 0)
    largest = [np.abs(a).max() for a in net.activations(X[[n]])]
    assert (
        view.scene["network"] == pytest.approx(max(largest))
        and view.scene["image_title"] == f"Picture {n}, {n % 3}"
    )
    if sort == "activity":
        assert np.all(np.diff(np.abs(y).mean(axis=(0, 1))[view.scene["units"]]) <= 1e-7)


@pytest.mark.parametrize("net", [small, blocks])
def test_every_place_has_the_field_that_explain_finds(net):
    net = net()
    nodes = explain.graph(net)
    for number, node in enumerate(nodes[1:], 1):
        view = ActivationGallery(net, (X, Y), layer=node.name)
        for unit in view.scene["units"][:7]:
            rows, columns = explain.receptive_field(nodes, number, unit)
            i, j = len(rows.box) // 2, len(columns.box) - 1
            box, seen = field(view, unit, i, j)
            assert box == [*rows.box[i], *columns.box[j]] and seen == [
                *rows.seen[i],
                *columns.seen[j],
            ]


def test_units_of_different_branches_have_different_fields():
    view = ActivationGallery(blocks(), (X, Y), layer="2")
    assert len(view.scene["fields"]) == 2 and view.scene["field_of"] == [0] * 4 + [1] * 3
    assert "1.body.0" in [name for name, _ in view.scene["layers"]]


def test_a_unit_shows_its_map_and_its_best_patches():
    net = small()
    view = ActivationGallery(net, (X, Y), layer=4, unit=3, picture=2)
    np.testing.assert_array_equal(unpack(view.detail["map"]), net.activations(X[[2]])[4][0, ..., 3])
    best = explain.best_patches(net, X, 4, 3)
    assert view.detail["images"] == view.frame()["images"] == best.images.tolist()
    np.testing.assert_array_equal(view.frame()["map"], unpack(view.detail["map"]))
    view.unit = 99
    assert view.unit == 4 == view.detail["unit"]


def test_a_frame_is_that_of_another_picture_and_changes_nothing():
    view = ActivationGallery(small(), (X, Y), layer=1, picture=3)
    before = view.scene
    found = view.frame(7)
    assert found["picture"] == 7 and found["label"] == "1"
    np.testing.assert_array_equal(found["map"], small().activations(X[[7]])[1][0, ..., 0])
    assert view.frame(99)["picture"] == 11
    assert view.scene is before and view.picture == 3 and view.frame()["picture"] == 3
    view.picture = 7
    assert view.frame()["sentence"] == found["sentence"]


def test_a_picture_of_ones_own_is_shown_and_the_data_come_back():
    view = ActivationGallery(small(), (X, Y), x=X[4] / 2)
    assert (
        view.source == "own"
        and view.frame()["picture"] is None
        and view.frame()["sentence"].startswith("your picture")
    )
    np.testing.assert_allclose(shown(view), small().activations(X[[4]] / 2)[0][0], rtol=1e-6)
    view.source = "test"
    np.testing.assert_array_equal(view.x, X[0])
    with pytest.raises(ValueError, match="x has shape"):
        view.x = np.zeros((3, 3))
    pixels = np.full((5, 20, 4), 255, np.uint8)
    view._on_message(view, {"kind": "image", "height": 5, "width": 20}, [pixels.tobytes()])
    assert view.source == "own" and view.scene["note"].startswith(
        "Your picture, 20 wide and 5 high,"
    )


def test_large_maps_are_shrunk_on_their_tiles_but_not_the_chosen_one():
    net = Sequential(Conv2d(32, 3, padding=1), ReLU(), input_shape=(96, 80, 1))
    view = ActivationGallery(net, np.random.default_rng(0).random((3, 96, 80, 1)), layer=1)
    n, _, h, w = view.scene["tiles"]["shape"]
    assert n * h * w <= ROOM and view.scene["shape"] == [96, 80]
    np.testing.assert_array_equal(unpack(view.detail["map"]), view.activations[2][..., 0])
    assert np.mean(shown(view)[..., 0]) == pytest.approx(
        np.mean(view.activations[2][..., 0]), rel=0.02
    )


@pytest.mark.slow
def test_many_maps_come_in_pages():
    net = Sequential(Conv2d(256, 3), ReLU(), Flatten(), Linear(1500), input_shape=(10, 9, 3))
    view = ActivationGallery(net, X, layer=1)
    seen = []
    for page in range(view.pages):
        view.page = page
        seen += view.scene["units"]
    assert seen == list(range(256))
    view.layer = "3"
    assert (
        view.page == 0 and view.pages > 1 and view.scene["title"].startswith("Layer 3: numbers 0–")
    )


def test_a_net_without_convolution_shows_its_rows_of_numbers():
    net = Sequential(Linear(4), ReLU(), Linear(2), input_shape=(7,))
    view = ActivationGallery(net, np.random.default_rng(0).random((5, 7)))
    assert (
        view.layer == "0"
        and shown(view).shape == (1, 1, 4)
        and view.scene["fields"] == []
        and view.png()
    )
    assert "all 4 numbers" in repr(view)


def test_values_that_are_no_numbers_are_said():
    net = small()
    net.params["0.weight"][1] = np.nan
    view = ActivationGallery(net, (X, Y), unit=1)
    assert view.scene["problem"]["sentence"].startswith(
        "Layer 0 · conv 6·3×3: 56 of 336 values are no numbers"
    )
    assert "largest NaN" in repr(view) and view.png() and np.isfinite(view.scene["limit"])


def test_a_dead_unit_is_marked():
    net = small()
    net.params["0.bias"][2] = -100
    view = ActivationGallery(net, (X, Y), layer=1, unit=2)
    assert view.scene["marks"] == ["", "", "dead", "", "", ""] and view.detail["title"].startswith(
        "Dead"
    )


def test_it_follows_another_net_over_pictures_that_fit():
    view = ActivationGallery(small(), (X, Y), layer=4, picture=5)
    view.net = blocks()
    assert view.layer == "0" and view.pictures == 12
    view.net = Sequential(Conv2d(2, 3), input_shape=(5, 5, 1))
    assert view.scene["pixels"] == [5, 5] and view.picture == 0


def test_refresh_looks_at_the_net_again():
    net = small()
    view = ActivationGallery(net, (X, Y))
    net.params["0.weight"][:] = 0
    assert shown(view).any()
    view.refresh()
    assert not shown(view).any() and view.scene["limit"] == 1


def test_two_views_can_be_linked():
    left, right = ActivationGallery(small(), (X, Y)), ActivationGallery(small(), (X, Y))
    links = [
        traitlets.link((left, name), (right, name))
        for name in ("layer", "picture", "unit", "scope")
    ]
    left.layer, left.picture, left.unit, left.scope = "3", 4, 2, "network"
    assert right.frame()["sentence"] == left.frame()["sentence"] and right.scope == "network"
    for link in links:
        link.unlink()


def test_every_scene_has_a_number_of_its_own():
    view, numbers = ActivationGallery(small(), (X, Y)), []
    view.observe(lambda change: numbers.append(change.new["serial"]), "scene")
    view.picture, view.layer, view.sort = 3, "4", "activity"
    assert len(numbers) == 3 and numbers == sorted(set(numbers))


@pytest.mark.slow
def test_the_page_and_the_still_picture_work_for_every_layer(tmp_path):
    view = ActivationGallery(blocks(), (X, Y))
    for name, _ in view.scene["layers"]:
        view.layer = name
        assert view.png()[:4] == b"\x89PNG"
        assert view.export(tmp_path / "page.html").stat().st_size < 1_500_000


def test_the_page_of_a_large_net_stays_small(tmp_path):
    net = Sequential(Conv2d(64, 3, padding=1), ReLU(), input_shape=(64, 64, 3))
    view = ActivationGallery(net, np.random.default_rng(0).random((12, 64, 64, 3)))
    assert view.export(tmp_path / "page.html").stat().st_size < 1_500_000
