"""Views of nets and pictures: what is set later is shown as what is given first."""

import numpy as np
import pytest

from cnnlab import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, views

SHAPE = (9, 7, 2)


def net_of(seed):
    rng = np.random.default_rng(seed)
    filters, units = map(int, rng.integers(2, 6, 2))
    layers = (
        Conv2d(filters, 3, padding=1),
        ReLU(),
        MaxPool2d(2),
        Conv2d(3, 2),
        Flatten(),
        Linear(units),
    )
    return Sequential(*layers, input_shape=SHAPE, seed=seed)


def pictures(seed):
    return np.random.default_rng(seed).random((5, *SHAPE))


def settings(view, seed):
    """Random settings of a view of nets, in the order of its traits."""
    picture = int(np.random.default_rng(seed).integers(1, 5))
    if view is views.NetworkExplorer:
        return {"picture": picture, "unit": ["3", seed % 3], "place": [seed % 2, 1]}
    asked = {"layer": "0" if seed % 2 else "3", "unit": 1}
    if view is views.FilterGallery:
        return {"sort": ("index", "norm")[seed % 2], **asked}
    return {"picture": picture, "sort": ("index", "activity")[seed % 2], **asked}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "view", [views.NetworkExplorer, views.FilterGallery, views.ActivationGallery]
)
def test_a_net_and_settings_given_first_are_a_net_and_settings_set_later(view, seed):
    data = () if view is views.FilterGallery else (pictures(seed),)
    asked = settings(view, seed)
    first, later = view(net_of(seed), *data, **asked), view(net_of(seed + 1), *data)
    later.net = net_of(seed)
    for name, value in asked.items():
        setattr(later, name, value)
    np.testing.assert_equal(later.frame(), first.frame())
    assert later.caption() == first.caption()


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_and_settings_given_to_the_filter_lab_are_those_set_later(seed):
    rng = np.random.default_rng(seed)
    mode = ("grey", "colour", "each", "mix")[seed % 4]
    x = rng.random((12, 15, 3))
    asked = {
        "stride": int(rng.integers(1, 4)),
        "padding": ("same", "valid")[seed % 2],
        "preset": "identity",
    }
    first, later = views.FilterLab(x, mode=mode, **asked), views.FilterLab(mode=mode)
    for name, value in rng.permutation(np.array([("x", x), *asked.items()], object)):
        setattr(later, name, value)
    np.testing.assert_equal(later.frame(), first.frame())


@pytest.mark.parametrize("view", [views.NetworkExplorer, views.ActivationGallery])
def test_no_pictures_are_refused_first_and_later(view):
    with pytest.raises(ValueError, match="at least one"):
        view(net_of(0), pictures(0)[:0])
    shown = view(net_of(0), pictures(0))
    before = shown.frame()
    with pytest.raises(ValueError):
        shown.x = np.ones((0, 7, 2))
    np.testing.assert_equal(shown.frame(), before)


@pytest.mark.parametrize(
    "x", [np.ones((0, 4, 3)), np.ones((4, 0, 3)), np.ones((4, 4, 0)), np.ones(0)]
)
@pytest.mark.parametrize(
    "view", [views.FilterLab, views.Convolution, views.Pooling, views.Im2col, views.Strip1D]
)
def test_nothing_empty_is_drawn(view, x):
    shown = view()
    before = shown.frame()
    with pytest.raises(ValueError, match="x has shape"):
        view(x)
    with pytest.raises(ValueError, match="x has shape"):
        shown.x = x
    np.testing.assert_equal(shown.frame(), before)


@pytest.mark.parametrize("flat", [0.0, 0.6, 0.97])
def test_the_scale_around_zero_holds_nearly_all_values_that_are_not_zero(flat):
    rng = np.random.default_rng(0)
    x = rng.random((40, 50, 1)) * (rng.random((40, 50, 1)) >= flat)
    view = views.FilterLab(x, mode="grey", preset="identity", padding="valid", shown="signed")
    y = view.result()
    end, changing = view.scene["largest"], np.abs(y[y != 0])
    assert (changing <= end * (1 + 1e-6)).mean() >= 0.95
    assert view.scene["clipped"] == pytest.approx((np.abs(y) > end * (1 + 1e-6)).mean(), abs=1e-3)


def test_a_unit_that_is_0_for_all_pictures_is_said_to_have_nothing_to_show():
    net = net_of(0)
    net.params["0.weight"][1], net.params["0.bias"][1] = 0, -1
    view = views.ActivationGallery(net, pictures(0), layer="1", unit=1)
    assert "0 for every picture; there is nothing to show" in view.caption()
    net.params["0.bias"][1] = 1
    assert (
        "nothing to show"
        not in views.ActivationGallery(net, pictures(0), layer="1", unit=1).caption()
    )
