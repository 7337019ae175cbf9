"""Inputs of the Pooling view: given, drawn, uploaded or painted, and what cannot be shown."""

import numpy as np
import pytest
import traitlets

from cnnlab.views import Pooling
from helpers.views import unpack


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"x": np.zeros((2, 5, 5, 3))}, r"x has shape \(2, 5, 5, 3\): give one image as"),
        ({"dy": [1, 2]}, r"dy has shape \(2,\): give 3 axes"),
        ({"stride": 0}, "stride must be an integer from 1 to 6, not 0"),
        ({"shift_down": 4}, "shift_down must be an integer from -3 to 3, not 4"),
        ({"kernel_size": 2.5}, "kernel_size must be an integer from 1 to 6, not 2.5"),
    ],
)
def test_arguments_that_cannot_be_shown_get_one_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Pooling(**arguments)


def test_an_array_of_the_wrong_shape_leaves_the_view_as_it_was():
    view = Pooling()
    with pytest.raises((ValueError, traitlets.TraitError), match="give one image as"):
        view.x = np.zeros(7)
    assert view.x.shape == (4, 4, 1) and view.outputs == 4


def test_a_picture_too_large_is_cropped_and_says_so():
    view = Pooling(np.zeros((30, 26, 4)))
    assert view.x.shape == (24, 24, 3) and view.scene["palette"] == "grey"
    assert (
        "first 24 rows and 24 columns" in view.scene["note"]
        and "first 3 channels of 4" in view.scene["note"]
    )
    view.x = np.ones((6, 5, 2))
    assert (view.height, view.width, view.channels, view.scene["note"]) == (6, 5, 2, "")


@pytest.mark.parametrize("source", ["numbers", "edge", "digit"])
def test_every_source_of_an_input_is_shown(source):
    view = Pooling(np.zeros((5, 5)))
    assert view.source == "own"
    view.source = source
    assert view.outputs and view.x.any()
    np.testing.assert_array_equal(view.x, Pooling(source=source).x)


def test_a_picture_from_the_browser_becomes_the_input():
    view = Pooling()
    view._on_message(
        view, {"kind": "image", "height": 2, "width": 3}, [np.arange(24, dtype=np.uint8).tobytes()]
    )
    assert view.x.shape == (2, 3, 3) and view.source == "own"


def test_a_painted_cell_changes_the_array_and_a_place_outside_is_ignored():
    view = Pooling(backward=True)
    for array, place, value in [
        ("x", [0, 0, 0], 7),
        ("x", [4, 0, 0], 1),
        ("dy", [1, 1, 0], -2),
        ("y", [0, 0, 0], 1),
    ]:
        view._on_message(
            view, {"kind": "paint", "array": array, "place": place, "value": value}, []
        )
    assert view.x[0, 0, 0] == 7 and view.dy[..., 0].tolist() == [[1, 1], [1, -2]]
    assert unpack(view.scene["dx"])[3, 3, 0] == -2


def test_a_picture_that_was_painted_stays_a_picture():
    view = Pooling(source="edge", height=6, width=6)
    view._on_message(view, {"kind": "paint", "array": "x", "place": [0, 0, 0], "value": 1}, [])
    assert view.source == "own" and view.scene["palette"] == "grey"
    view.source = "numbers"
    assert view.scene["palette"] == "signed" and view.step == view.outputs - 1
