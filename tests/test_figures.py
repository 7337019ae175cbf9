"""The figures: what is drawn is what was given, on a scale symmetric about zero."""

from types import SimpleNamespace

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt

import cnnlab
from cnnlab import figures
from cnnlab.figures.canvas import COLOURS


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def drawn(ax):
    return np.ma.filled(ax.images[0].get_array(), np.nan)


def test_mosaic_puts_every_tile_in_its_place_with_gaps_between():
    tiles = np.arange(5 * 2 * 3).reshape(5, 2, 3)
    picture = figures.mosaic(tiles, columns=3)
    assert picture.shape == (2 * 3 - 1, 3 * 4 - 1)
    np.testing.assert_array_equal(picture[3:5, 4:7], tiles[4])
    assert np.isnan(picture[2]).all() and np.isnan(picture[:, 3]).all()


def test_filters_share_one_scale_symmetric_about_zero():
    w = np.zeros((4, 3, 3, 1))
    w[2, 0, 1, 0] = -3.0
    ax = figures.filters(w)
    assert ax.images[0].get_clim() == (-3.0, 3.0)
    assert np.nanmin(drawn(ax)) == -3.0


def test_filters_over_three_channels_show_as_colour_with_grey_for_zero():
    w = np.zeros((2, 2, 2, 3))
    w[0, 0, 0] = (1, -1, 0)
    picture = drawn(figures.filters(w, columns=2))
    np.testing.assert_allclose(picture[0, 0], (1, 0, 0.5))
    np.testing.assert_allclose(picture[0, 3], (0.5, 0.5, 0.5))


def test_filters_over_many_channels_show_a_row_of_slices_each():
    assert drawn(figures.filters(np.ones((2, 3, 3, 4)))).shape == (2 * 4 - 1, 4 * 4 - 1)


def test_activations_show_every_map():
    maps = np.random.default_rng(0).standard_normal((4, 5, 6))
    ax = figures.activations(maps, columns=2)
    np.testing.assert_allclose(drawn(ax)[:4, 6:11], maps[..., 1])


def test_the_scope_says_what_shares_a_scale():
    maps = np.ones((2, 2, 2)) * (1, -4)
    assert figures.activations(maps, scope="unit").images[0].get_clim() == (-1, 1)
    assert np.nanmin(drawn(figures.activations(maps, scope="unit"))) == -1
    assert figures.activations(maps, scope="network", limit=9).images[0].get_clim() == (-9, 9)
    coloured = np.ones((2, 1, 1, 3)) * np.array((1, 4)).reshape(2, 1, 1, 1)
    assert drawn(figures.filters(coloured, columns=2))[0, 0, 0] == 1
    assert drawn(figures.filters(coloured, columns=2, scope="layer"))[0, 0, 0] == 0.5 + 1 / 8
    with pytest.raises(ValueError, match='use "unit", "layer" or'):
        figures.activations(maps, scope="picture")


def test_activations_that_are_all_zero_can_be_drawn():
    assert figures.activations(np.zeros((3, 3, 2))).images[0].get_clim() == (-1.0, 1.0)


def test_training_curves_show_loss_a_step_and_accuracy_an_epoch():
    history = SimpleNamespace(
        loss=[2.0, 1.0, 0.5, 0.25], train_accuracy=[0.5, 0.9], test_accuracy=[0.4, 0.8]
    )
    ax = figures.training_curves(history)
    np.testing.assert_allclose(ax.lines[1].get_ydata(), [2, 1.5, 3.5 / 3, 3.75 / 4])
    accuracy = ax.figure.axes[1].lines[1]
    np.testing.assert_allclose(accuracy.get_xydata(), [[2, 40], [4, 80]])


def test_training_curves_show_the_loss_of_held_out_pictures_where_it_is_known():
    history = SimpleNamespace(
        loss=[2.0, 1.0], train_accuracy=[], test_accuracy=[], test_loss=[1.5, 0.8]
    )
    held_out = next(
        line for line in figures.training_curves(history).lines if line.get_label() == "test loss"
    )
    np.testing.assert_allclose(held_out.get_xydata(), [[1, 1.5], [2, 0.8]])


def test_training_curves_are_blue_for_training_and_orange_for_test_as_in_the_trainer():
    history = SimpleNamespace(
        loss=[2.0, 1.0], train_accuracy=[0.5], test_accuracy=[0.4], test_loss=[1.5]
    )
    left = figures.training_curves(history)
    lines = [*left.lines[1:], *left.figure.axes[1].lines]
    assert [line.get_label() for line in lines] == [
        "training loss",
        "test loss",
        "train accuracy",
        "test accuracy",
    ]
    assert [line.get_color() for line in lines] == [*COLOURS[:2]] * 2
    assert [line.get_linestyle() for line in lines] == ["-", "-", "--", "--"]


def test_losses_show_each_curve_with_its_name():
    ax = figures.losses([[3, 2, 1], [1, 1, 1]], ["slow", "flat"], every=5, top=2.5)
    np.testing.assert_allclose(ax.lines[0].get_xydata(), [[5, 3], [10, 2], [15, 1]])
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["slow", "flat"]
    assert ax.get_ylim() == (0, 2.5) and len(figures.losses([[1, 2]]).lines) == 1


def test_a_plane_shows_every_point_and_names_the_classes_there_are():
    points = np.array([[0, 0], [2, 4], [1, 1], [9, 9]])
    ax = figures.plane(points, [0, 0, 2, 0], ["cat", "dog", "cow"], title="codes")
    np.testing.assert_allclose(
        np.concatenate([dots.get_offsets() for dots in ax.collections]), points[[0, 1, 3, 2]]
    )
    assert {text.get_text(): text.get_position() for text in ax.texts} == {
        "cat": (2, 4),
        "cow": (1, 1),
    }


def test_scores_show_the_best_classes_and_mark_the_true_one():
    ax = figures.scores([0.1, 0.6, 0.3], ["cat", "dog", "cow"], truth=2, top=2)
    assert [label.get_text() for label in ax.get_yticklabels()] == ["cow", "dog"]
    np.testing.assert_allclose([bar.get_width() for bar in ax.patches], [30, 60])
    assert ax.patches[0].get_facecolor() != ax.patches[1].get_facecolor()


@pytest.mark.parametrize("channels", [1, 3])
def test_pictures_in_grey_and_colour_are_drawn_on_the_given_axes(channels):
    ax = plt.subplots()[1]
    x = np.full((4, 5, channels), 0.5)
    assert figures.image(x, ax) is ax and drawn(ax).shape[:2] == (4, 5)
    assert len(figures.gallery(np.stack([x] * 3), ["a", "b", "c"]).texts) == 3


def test_in_a_picture_and_in_a_gallery_0_is_black_and_1_is_white():
    x = np.array([0.0, 1.0]).reshape(1, 2, 1)
    for ax in (figures.image(x), figures.gallery(x[None])):
        shown = ax.images[0].cmap(ax.images[0].norm(drawn(ax)))
        np.testing.assert_allclose(shown[0, :2, :3], [[0, 0, 0], [1, 1, 1]])


def test_inside_shows_image_maps_and_scores_of_one_image():
    net = cnnlab.Sequential(
        cnnlab.Conv2d(3, 3),
        cnnlab.ReLU(),
        cnnlab.Flatten(),
        cnnlab.Linear(2),
        input_shape=(5, 6, 1),
    )
    x = np.random.default_rng(0).random((5, 6, 1), dtype=np.float32)
    figure = figures.inside(net, x, ("cat", "dog"), truth=1)
    picture, maps, bars = figure.axes[:3]
    np.testing.assert_array_equal(drawn(picture), x[..., 0])
    np.testing.assert_allclose(drawn(maps)[:3, :4], net.activations(x[None])[1][0, :, :, 0])
    assert sum(bar.get_width() for bar in bars.patches) == pytest.approx(100)
    assert picture.get_title() == "dog" and maps.get_title() == "behind layer 1: ReLU()"


@pytest.mark.parametrize(("n", "columns"), [(1, 1), (2, 2), (8, 4), (32, 8)])
def test_a_mosaic_is_about_twice_as_wide_as_high_and_has_no_empty_columns(n, columns):
    assert figures.mosaic(np.ones((n, 2, 2))).shape[1] == 3 * columns - 1
