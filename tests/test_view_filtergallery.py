"""The FilterGallery: it shows the weights, and what it says are their numbers, for any net."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import (
    Branches,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    GlobalAvgPool2d,
    Linear,
    LocallyConnected2d,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    explain,
)
from cnnlab.views.filtergallery import FilterGallery
from helpers.nets import two_convolutions
from helpers.views import unpack

X = np.random.default_rng(0).random((12, 10, 9, 3), np.float32)
Y = np.arange(12) % 3


def blocks():
    layers = (
        Residual(Conv2d(4, 3, padding=1), ReLU(), Conv2d(4, 1)),
        Branches([], Conv2d(3, 5, padding=2)),
    )
    return Sequential(Conv2d(4, 3), *layers, GlobalAvgPool2d(), Linear(3), input_shape=(10, 9, 3))


def shown(view):
    """The tiles as (n, FH, FW, C)."""
    return np.moveaxis(unpack(view.scene["tiles"]), 1, -1)


def test_without_arguments_it_shows_a_trained_net():
    view = FilterGallery()
    assert (
        view.layer == "0" and view.scene["units"] == list(range(8)) and view.frame()["dead"] == []
    )
    assert view.frame()["sentence"].startswith(
        "Layer 0: all 8 filters, each 3×3×1. Filter 0: norm "
    )


@pytest.mark.parametrize("layer", ["0", "3", "6", 0, -1])
def test_the_tiles_are_the_filters_and_the_numbers_are_theirs(layer):
    net = two_convolutions()
    view = FilterGallery(net, (X, Y), layer=layer)
    name = view.layer
    w, b = (np.asarray(net.params[f"{name}.{part}"]) for part in ("weight", "bias"))
    w = w.reshape(3, 4, 3, 5) if name == "6" else w
    np.testing.assert_array_equal(shown(view), w)
    numbers = unpack(view.scene["stats"])
    expected = [
        np.sqrt((w.astype(float) ** 2).sum(axis=(1, 2, 3))),
        w.mean(axis=(1, 2, 3), dtype=float),
        b,
    ]
    np.testing.assert_allclose(numbers, np.stack(expected, axis=1), rtol=1e-6, atol=1e-9)
    assert view.scene["limit"] == pytest.approx(np.abs(w).max())
    np.testing.assert_allclose(unpack(view.scene["largest"]), np.abs(w).max(axis=(1, 2, 3)))


@settings(max_examples=15, deadline=None)
@given(
    layer=st.sampled_from(["0", "3", "6"]),
    unit=st.integers(-2, 9),
    sort=st.sampled_from(["index", "norm"]),
)
def test_a_unit_shows_its_weights_and_its_best_patches(layer, unit, sort):
    net = two_convolutions()
    view = FilterGallery(net, (X, Y), layer=layer, sort=sort)
    view.unit = unit
    found, detail = view.frame(), view.detail
    assert found["unit"] == detail["unit"] == min(max(unit, 0), view.node.units - 1)
    best = explain.best_patches(net, X, layer, found["unit"])
    assert found["images"] == detail["images"] == best.images.tolist()
    np.testing.assert_allclose(unpack(detail["values"]), best.values)
    assert detail["boxes"] == best.boxes.tolist() and detail["labels"] == [
        str(Y[n]) for n in best.images
    ]
    expected = np.moveaxis(found["weights"][..., detail["channels"]], -1, 0)
    np.testing.assert_array_equal(unpack(detail["slices"]), expected)
    assert unpack(detail["patches"]).shape[:3] == best.patches.shape[:3]


def test_a_click_sends_only_the_unit():
    view = FilterGallery(two_convolutions(), (X, Y))
    sent = []
    view.observe(lambda change: sent.append(change.name), ["scene", "detail"])
    view.unit = 3
    assert sent == ["detail"]


@pytest.mark.parametrize("scope", ["unit", "layer"])
def test_views_can_be_sorted_by_norm(scope):
    view = FilterGallery(two_convolutions(), (X, Y), layer=3, sort="norm", scope=scope)
    norms = unpack(view.scene["stats"])[:, 0]
    assert np.all(np.diff(norms) <= 0) and sorted(view.scene["units"]) == list(range(5))
    view.sort = "index"
    assert view.scene["units"] == list(range(5))


def test_first_filters_over_three_channels_show_in_colour():
    assert FilterGallery(two_convolutions(), (X, Y)).scene["coloured"]
    assert not FilterGallery(two_convolutions(), (X, Y), layer=3).scene["coloured"]


def test_dead_and_nearly_zero_filters_are_marked_and_said():
    net = two_convolutions()
    net.params["0.bias"][2] = -100
    net.params["0.weight"][4] = 1e-4
    view = FilterGallery(net, (X, Y), unit=2)
    assert view.frame()["dead"] == [2] and view.scene["marks"] == ["", "", "dead", "", "zero", ""]
    assert "It is dead" in view.frame()["sentence"] and "nearly zero" in view.frame(4)["sentence"]
    view.layer = "6"  # no ReLU follows: unknown
    assert view.frame()["dead"] == [] and view.seen.dead is None


def test_weights_that_are_no_numbers_are_said_and_do_not_hide_the_others():
    net = two_convolutions()
    net.params["3.weight"][1, 0, 0, 0] = np.nan
    view = FilterGallery(net, (X, Y), layer=3, unit=1)
    assert view.scene["problem"]["sentence"].startswith(
        "Layer 3 · conv 5·3×3: 1 of 270 weights are no numbers"
    )
    assert view.scene["limit"] == pytest.approx(np.nanmax(np.abs(net.params["3.weight"])))
    assert "norm NaN" in repr(view) and view.detail["images"] == [] and view.png()
    view.unit = 0
    assert len(view.detail["images"]) == 9


def test_a_net_without_weights_gets_a_sentence():
    view = FilterGallery(Sequential(ReLU(), MaxPool2d(2), input_shape=(10, 9, 3)), X)
    assert view.scene["problem"]["sentence"] == view.frame()["sentence"]
    assert "None of the 2 layers of this net has filters" in repr(view) and view.png()
    view.unit, view.page = 3, 2
    view.net = two_convolutions()
    assert view.layer == "0" and view.scene["units"] == list(range(6))


@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        ("0", (4, 3, 3, 3)),
        ("1.body.0", (4, 3, 3, 4)),
        ("1.body.2", (4, 1, 1, 4)),
        ("2.1", (3, 5, 5, 4)),
    ],
)
def test_layers_inside_blocks_are_in_the_menu(layer, shape):
    view = FilterGallery(blocks(), (X, Y), layer=layer)
    assert [name for name, _ in view.scene["layers"]] == ["0", "1.body.0", "1.body.2", "2.1", "4"]
    assert shown(view).shape == shape and view.frame()["layer"] == layer


def test_other_layers_with_weights_have_filters_too():
    layers = (
        LocallyConnected2d(2, 3),
        ConvTranspose2d(4, 2, stride=2, groups=2),
        Flatten(),
        Linear(3),
        ReLU(),
        Linear(2),
    )
    net = Sequential(*layers, input_shape=(10, 9, 3))
    view = FilterGallery(net, X, layer=0)
    np.testing.assert_array_equal(shown(view), net.params["0.weight"][4, 3])
    view.layer = 1
    w = net.params["1.weight"]
    np.testing.assert_array_equal(
        shown(view)[:, :, :, 0], [w[0, :, :, 0], w[0, :, :, 1], w[1, :, :, 0], w[1, :, :, 1]]
    )
    view.layer = 5
    assert shown(view).shape == (2, 1, 3, 1)


def test_a_net_over_rows_of_numbers_has_filters_as_strips():
    net = Sequential(Linear(4), ReLU(), Linear(2), input_shape=(7,))
    view = FilterGallery(net, np.random.default_rng(0).random((5, 7)))
    assert shown(view).shape == (4, 1, 7, 1) and view.detail["pixels"] == [1, 7] and view.png()


def test_it_follows_another_net_and_one_that_was_trained():
    net = two_convolutions()
    view = FilterGallery(net, (X, Y), layer=3, unit=2)
    net.params["3.weight"][:] = 2
    view.refresh()
    assert shown(view).max() == 2 and view.unit == 2 and view.layer == "3"
    view.net = blocks()
    assert view.layer == "0" and view.unit == 0 and view.labels is not None
    view.net = Sequential(Conv2d(2, 3), input_shape=(5, 5, 1))
    assert view.data.shape[1:] == (5, 5, 1)


@pytest.mark.parametrize(
    ("traits", "error", "words"),
    [
        ({"layer": "1"}, ValueError, "layer 1 cannot be shown: use one of 0, 3, 6"),
        ({"layer": "9.body"}, ValueError, "the net has no layer '9.body': use one of 0, 1"),
        ({"net": 3}, TypeError, "net must be a Sequential, not an int"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_sentence(traits, error, words):
    with pytest.raises(error, match=words):
        FilterGallery(**{"net": two_convolutions(), "data": (X, Y), **traits})


def test_a_refused_layer_leaves_the_view_as_it_was():
    view = FilterGallery(two_convolutions(), (X, Y), layer=3)
    with pytest.raises(ValueError):
        view.layer = 1
    assert view.layer == "3" and view.scene["layer"] == "3"


@pytest.mark.slow
def test_the_still_picture_is_drawn_for_every_layer():
    view = FilterGallery(blocks(), (X, Y))
    for name, _ in view.scene["layers"]:
        view.layer = name
        assert view.png()[:4] == b"\x89PNG"


def test_a_first_filter_and_its_best_patch_make_the_value():
    net = Sequential(Conv2d(4, 3, padding=1), ReLU(), input_shape=(8, 7, 1), seed=3)
    net.params["0.bias"][:] = 0.25
    view = FilterGallery(net, np.random.default_rng(1).random((9, 8, 7, 1)))
    for unit in range(4):
        view.unit = unit
        patch, (total, bias, value) = unpack(view.detail["patch"]), unpack(view.detail["terms"])
        assert (
            total == pytest.approx((patch * unpack(view.detail["slices"])[0]).sum())
            and bias == 0.25
        )
        assert (
            value
            == pytest.approx(total + bias)
            == pytest.approx(unpack(view.detail["values"])[0], rel=1e-5)
        )
    assert "patch" not in FilterGallery(two_convolutions(), (X, Y)).detail
