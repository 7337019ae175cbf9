"""Galleries, tables and strips as figures: the artists hold what was given."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt

from cnnlab import (
    Branches,
    Conv2d,
    Flatten,
    LocallyConnected2d,
    MaxPool2d,
    ReLU,
    Sequential,
    explain,
    figures,
)
from cnnlab.layers import ConvTranspose2d, Linear
from cnnlab.train import Film, film

RNG = np.random.default_rng(0)
X = RNG.random((6, 9, 8, 3))


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def small():
    layers = Conv2d(5, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(4, (3, 2)), Flatten(), Linear(3)
    return Sequential(*layers, input_shape=(9, 8, 3), seed=2)


def tiles(ax):
    return [np.ma.filled(shown.get_array(), np.nan) for shown in ax.images]


def words(ax):
    return [text.get_text() for text in ax.texts]


def scale(ax):
    """The ends of the scale beside the axes."""
    return ax.figure.axes[-1].get_ylim()


def test_a_filter_gallery_over_colours_stretches_all_filters_alike_about_grey():
    net = small()
    ax, w = figures.filter_gallery(net), net.params["0.weight"]
    for k, picture in enumerate(tiles(ax)):
        np.testing.assert_allclose(picture[..., :3], 0.5 + w[k] / (2 * np.abs(w).max()), atol=1e-6)
    assert words(ax) == list("01234") and ax.get_title() == "5 filters of 3×3×3"


def test_a_filter_gallery_over_channels_has_a_row_of_slices_each_on_one_scale():
    net = small()
    ax, w = figures.filter_gallery(net, 3), net.params["3.weight"]
    np.testing.assert_allclose(np.stack(tiles(ax)), w.transpose(0, 3, 1, 2).reshape(20, 3, 2))
    reach = np.abs(w).max()
    assert {shown.get_clim() for shown in ax.images} == {(-reach, reach)}
    np.testing.assert_allclose(scale(ax), (-reach, reach))


def test_a_filter_gallery_of_arrays_of_one_channel_shows_tiles_and_names_the_strongest():
    w = RNG.standard_normal((70, 4, 3, 1))
    w[7] = 0
    ax = figures.filter_gallery(w)
    assert len(tiles(ax)) == 64 and "7" not in words(ax)
    assert ax.get_title() == "70 filters of 4×3×1, the strongest 64"
    np.testing.assert_allclose(tiles(ax)[0], w[int(words(ax)[0]), :, :, 0])


def test_a_filter_gallery_takes_every_layer_with_filters_and_no_other():
    net = small()
    assert len(tiles(figures.filter_gallery(net, -1))) == 3 * 4
    layers = (
        LocallyConnected2d(2, 3),
        ConvTranspose2d(4, 2, groups=2),
        Branches(Conv2d(1, 1), Conv2d(2, (3, 1), padding=(1, 0))),
    )
    other = Sequential(*layers, input_shape=(6, 5, 2))
    for layer, count in ((0, 2 * 2), (1, 4), ("2.1", 2 * 4)):
        assert len(tiles(figures.filter_gallery(other, layer))) == count
    with pytest.raises(ValueError, match="layer 1 has no filters: use one of 0, 3, 5"):
        figures.filter_gallery(net, 1)
    with pytest.raises(ValueError, match=r"shape \(3, 3\): give filters"):
        figures.filter_gallery(np.ones((3, 3)))


def test_the_weights_of_a_transposed_convolution_are_filters_of_what_it_reads():
    net = Sequential(ConvTranspose2d(4, (2, 3), groups=2), input_shape=(5, 4, 6), dtype=np.float64)
    nodes = explain.graph(net)
    w, raw = explain.weights.filters_of(nodes, 1), net.params["0.weight"]
    assert w.shape == (4, 2, 3, 3)
    np.testing.assert_array_equal(w[3, 1, 2], raw[3:, 1, 2, 1])


def test_an_activation_gallery_shows_the_picture_and_the_maps_of_the_layer():
    net, x = small(), X[0].astype(np.float32)
    left, ax = figures.activation_gallery(net, x, 1).axes[:2]
    maps = net.activations(x[None])[1][0]
    np.testing.assert_allclose(tiles(left)[0], x)
    np.testing.assert_allclose(np.stack(tiles(ax), axis=-1), maps)
    assert scale(ax)[1] == -scale(ax)[0] == pytest.approx(np.abs(maps).max())
    assert ax.get_title() == "layer 1: 5 maps of 9×8"


def test_an_activation_gallery_shows_a_row_of_numbers_as_cells():
    net = small()
    ax = figures.activation_gallery(net, X[0], "5").axes[1]
    np.testing.assert_allclose(np.ravel(tiles(ax)), net.scores(X[:1])[0], rtol=1e-5)
    assert ax.get_title() == "layer 5: 3 numbers"


def test_best_patches_show_every_patch_over_its_value_and_label_and_hatch_what_is_outside():
    found = explain.best_patches(small(), X, 0, unit=1, n=4)
    labels = [f"picture {n}" for n in found.images]
    ax = figures.best_patches(found, labels)
    for picture, patch in zip(tiles(ax), found.patches, strict=True):
        outside = np.isnan(patch).any(axis=2)
        np.testing.assert_allclose(picture[~outside][:, :3], patch[~outside])
        np.testing.assert_array_equal(picture[..., 3], ~outside)
    wanted = [f"{value:.3g}\n{label}" for value, label in zip(found.values, labels, strict=True)]
    assert words(ax) == wanted
    hatched = [p for p in ax.patches if p.get_hatch()]
    assert len(hatched) == sum(np.isnan(patch).any() for patch in found.patches)
    assert all(p.get_zorder() < ax.images[0].get_zorder() for p in hatched)


def test_best_patches_may_be_none_and_unlabelled():
    found = explain.best_patches(small(), np.full_like(X, np.nan), 0, unit=1)
    assert tiles(figures.best_patches(found)) == []
    found = explain.best_patches(small(), X, 0, unit=1, n=2)
    assert words(figures.best_patches(found)) == [f"{value:.3g}" for value in found.values]


def test_a_confusion_writes_every_count_and_shades_by_the_share_of_the_row():
    counts = np.array([[8, 2, 0], [1, 80, 19], [0, 0, 0]])
    ax = figures.confusion(counts, ["cat", "dog", "cow"])
    assert [int(word) for word in words(ax)] == counts.ravel().tolist()
    assert [text.get_position() for text in ax.texts] == [(c, r) for r, c in np.ndindex(3, 3)]
    np.testing.assert_allclose(tiles(ax)[0][:2], 100 * (counts[:2] / [[10], [100]]) ** 0.5)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cat", "dog", "cow"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == (
        "taken for",
        "true class",
        "80 % right",
    )
    with pytest.raises(ValueError, match="square"):
        figures.confusion(counts[:2])


def test_the_numbers_of_a_confusion_can_be_read_on_their_ground():
    ax = figures.confusion(np.diag([9, 9]) + np.array([[0, 1], [4, 0]]))
    shown = ax.images[0]
    for text in ax.texts:
        column, row = text.get_position()
        ground = luminance(shown.cmap(shown.norm(shown.get_array()[row, column])))
        ink = luminance(matplotlib.colors.to_rgba(text.get_color()))
        assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 4.5


def luminance(colour):
    channels = np.array(colour[:3])
    linear = np.where(channels <= 0.03928, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_a_film_strip_has_a_column_for_each_checkpoint():
    clothes = film("clothes")
    x = RNG.random((28, 28, 1))
    figure = figures.film_strip(clothes, [0, 8, -1], x)
    cells = [ax for ax in figure.axes if ax.get_label() != "<colorbar>"]
    top, middle, bottom = cells[:3], cells[3:6], cells[6:]
    assert [ax.get_title() for ax in top] == [f"step {clothes.steps[t]:,}" for t in (0, 8, -1)]
    for ax, low, bar, t in zip(top, middle, bottom, (0, 8, -1), strict=True):
        net = clothes.net(t)
        w = net.params["0.weight"]
        np.testing.assert_allclose(tiles(ax)[0][:3, 4:7], w[1, :, :, 0])
        np.testing.assert_allclose(
            tiles(low)[0][:28, 29:57], net.activations(x[None])[1][0, :, :, 1], rtol=1e-5
        )
        assert bar.patches[0].get_height() == pytest.approx(
            100 * clothes.history["test_accuracy"][t]
        )
    assert (
        len({ax.images[0].get_clim() for ax in top})
        == 1
        == len({ax.images[0].get_clim() for ax in middle})
    )


@pytest.mark.slow
def test_a_film_strip_of_colours_without_a_picture_or_measurements_is_drawn():
    made = Film(small())
    for step in range(9):
        made.record(small(), step)
    figure = figures.film_strip(made)
    assert len(figure.axes) == 2 * 6 and not figure.axes[-1].patches
    assert tiles(figure.axes[0])[0].shape[2] == 3
    assert len(figures.film_strip(made, layer=3, behind=5, x=X[0]).axes[0].images) == 1


def test_changes_show_a_curve_for_each_layer_and_leave_out_what_a_log_scale_cannot_show():
    ax = figures.changes([1, 2, 3], {"0.weight": [1e-3, 0.0, 1e-2], "3.weight": [1e-4, 1e-3, 1e-3]})
    assert ax.get_yscale() == "log"
    np.testing.assert_allclose(ax.lines[0].get_ydata(), [1e-3, np.nan, 1e-2])
    named = [text.get_text() for text in ax.get_legend().get_texts()]
    assert named == ["0.weight", "3.weight", "usual"]
    assert ax.patches[0].get_y() == 1e-4 and ax.patches[0].get_y() + ax.patches[
        0
    ].get_height() == pytest.approx(1e-2)


def test_a_plane_with_pictures_puts_them_at_their_points_and_never_over_each_other():
    points = np.array([[0.0, 0.0], [0.01, 0.0], [5.0, 5.0], [9.0, 1.0]])
    ax = figures.plane(points, [0, 0, 1, 1], ["cat", "dog"], pictures=RNG.random((4, 6, 5, 1)))
    boxes = [artist for artist in ax.artists if hasattr(artist, "xy")]
    np.testing.assert_allclose([box.xy for box in boxes], points[[0, 2, 3]])
