"""Arrays given to the Im2col view, painted or moved by sliders: shown, cropped or refused."""

import numpy as np
import pytest
import traitlets

from cnnlab.views import Im2col
from helpers.views import convolved, unpack


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"x": np.zeros(3)}, r"x has shape \(3,\): give one image as \(H, W, C\)"),
        (
            {"x": np.zeros((5, 5, 4))},
            r"x has 4 channels, of which at most 3 are shown: give x\[..., :3\]",
        ),
        ({"w": np.zeros((3, 3, 3))}, r"w has shape \(3, 3, 3\): give 4 axes"),
        ({"w": np.zeros((8, 5, 5, 3))}, r"w has shape \(8, 5, 5, 3\).* give w\[:3, :4, :4, :3\]"),
        (
            {"x": np.zeros((5, 5, 3)), "w": np.zeros((2, 3, 3, 1))},
            r"w has 1 channels and x has 3: give w as \(K, FH, ",
        ),
        ({"b": [1, 2, 3]}, "b has 3 biases for 2 filters: give 2"),
        ({"block": 1}, "block must be an integer from 2 to 8, not 1"),
        ({"kernel_size": 5}, "kernel_height must be an integer from 1 to 4, not 5"),
    ],
)
def test_arguments_that_cannot_be_shown_get_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Im2col(**arguments)


def test_arrays_of_ones_own_are_shown_and_a_large_picture_is_cropped():
    x, w = np.arange(12.0).reshape(3, 4, 1), np.ones((1, 2, 2, 1))
    view = Im2col(x, w)
    assert (
        view.height,
        view.width,
        view.channels,
        view.filters,
        view.kernel_height,
        view.padding,
    ) == (
        3,
        4,
        1,
        1,
        2,
        0,
    )
    assert unpack(view.scene["y"])[..., 0].tolist() == [[10, 14, 18], [26, 30, 34]]
    assert unpack(view.scene["cols"])[:, 0].tolist() == [0, 1, 4, 5]
    view.x = np.ones((1, 9, 30, 1))
    assert view.x.shape == (8, 8, 1) and view.scene["note"].endswith(
        "8 rows and 8 columns of a picture of 9 x 30."
    )
    assert Im2col(np.ones((28, 28))).w.shape == (2, 3, 3, 1)
    assert Im2col(w=w).x.shape == (5, 5, 1)


def test_an_array_that_does_not_go_with_the_others_leaves_the_view_as_it_was():
    view = Im2col()
    for name, value in [("w", np.ones((1, 2, 2, 2))), ("b", [1]), ("x", np.ones((2, 2, 9)))]:
        with pytest.raises((ValueError, traitlets.TraitError), match="give"):
            setattr(view, name, value)
    assert view.outputs == 50 and view.w.shape == (2, 3, 3, 3)


def test_a_picture_of_other_depth_takes_the_filters_along():
    view = Im2col()
    view.x = np.ones((4, 4, 1))
    assert view.w.shape == (2, 3, 3, 1) and view.channels == 1
    np.testing.assert_array_equal(unpack(view.scene["y"]), convolved(view))
    view.w = np.ones((3, 1, 2, 1))
    assert (view.filters, view.kernel_height, view.kernel_width, len(view.b)) == (3, 1, 2, 3)


def test_sliders_that_come_back_bring_back_every_number():
    view = Im2col()
    before = [view.x.copy(), view.w.copy(), view.b.copy()]
    view.height, view.channels, view.filters, view.kernel_width = 2, 1, 1, 1
    view.height, view.channels, view.filters, view.kernel_width = 5, 3, 2, 3
    for array, old in zip((view.x, view.w, view.b), before, strict=True):
        np.testing.assert_array_equal(array, old)


def test_a_painted_cell_changes_the_array():
    view = Im2col()
    for array, place, value in [
        ("x", [0, 1, 2], 7),
        ("w", [1, 2, 0, 1], 4),
        ("b", [1], -5),
        ("b", [2], 1),
    ]:
        view._on_message(
            view, {"kind": "paint", "array": array, "place": place, "value": value}, []
        )
    assert (view.x[0, 1, 2], view.w[1, 2, 0, 1], view.b.tolist()) == (7, 4, [1, -5])
    np.testing.assert_array_equal(unpack(view.scene["y"]), convolved(view))
