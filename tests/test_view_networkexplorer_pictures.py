"""The pictures of the NetworkExplorer: converted to what the net takes, or refused."""

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import Conv2d, Flatten, Linear, Sequential
from cnnlab.views.networkexplorer import NetworkExplorer
from cnnlab.views.shared.uploads import fitted


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"x": np.zeros((30, 31, 1))}, r"\(1, 30, 31, 1\).*\(N, 28, 28, 1\)"),
        ({"unit": ("9", 0)}, "no layer '9': use one of 0, 1"),
        ({"unit": ("3",)}, r"use such as \['3', 5\]"),
        ({"scope": "all"}, "scope"),
    ],
)
def test_bad_arguments_get_one_sentence(arguments, words):
    with pytest.raises((ValueError, traitlets.TraitError), match=words) as caught:
        NetworkExplorer(**arguments)
    assert "\n" not in str(caught.value)


def test_a_picture_of_the_wrong_size_leaves_the_view_as_it_was():
    view = NetworkExplorer()
    before = view.scene
    with pytest.raises(ValueError, match="bring the images to that size"):
        view.x = np.zeros((2, 2, 1))
    assert view.scene is before and view.source == "test"
    view.x = np.zeros((28, 28))
    assert view.source == "own" and view.frame()["truth"] is None


def opened(view, pixels, size=None):
    """What the browser sends of a picture ``pixels (h, w, 3)`` of bytes, which had this size before
    it was shrunk.
    """
    h, w, _ = pixels.shape
    rgba = np.concatenate([pixels, np.full((h, w, 1), 255)], axis=2).astype(np.uint8)
    content = {"kind": "image", "height": h, "width": w, "size": size or [h, w]}
    view._on_message(view, content, [rgba.tobytes()])


def grey(h, w):
    return np.repeat(np.random.default_rng(0).integers(0, 256, (h, w, 1)), 3, axis=2)


PHOTO = np.random.default_rng(0).integers(0, 256, (48, 64, 3))


@pytest.mark.parametrize(
    ("pixels", "size", "words"),
    [
        (
            PHOTO,
            [480, 640],
            "640 wide and 480 high, was cut square, shrunk to 28 × 28 and made grey.",
        ),
        (grey(56, 56), None, "56 wide and 56 high, was shrunk to 28 × 28."),
        (grey(14, 7), None, "7 wide and 14 high, was cut square and enlarged to 28 × 28."),
        (grey(28, 28), None, ""),
    ],
)
def test_what_was_done_to_a_photograph_is_said(pixels, size, words):
    view = NetworkExplorer()
    opened(view, pixels, size)
    assert view.scene["note"].endswith(words) and (view.scene["note"] == "") == (words == "")
    assert view.source == "own" and view.frame()["truth"] is None
    view.picture = 3
    assert view.scene["note"] == "" and view.source == "test"


@settings(max_examples=30, deadline=None)
@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 9),
    st.integers(1, 9),
    st.sampled_from([1, 2, 3]),
)
def test_a_photograph_of_any_size_becomes_what_the_net_takes(h, w, H, W, C):
    pixels = np.full((h, w, 3), 0.5)
    x = fitted(pixels, (H, W, C))
    assert x.shape == (H, W, C)
    np.testing.assert_allclose(x, 0.5, atol=1e-3)


def test_a_photograph_is_cut_in_its_middle():
    pixels = np.zeros((4, 12, 3))
    pixels[:, 4:8] = 1
    np.testing.assert_allclose(fitted(pixels, (4, 4, 3)), 1)


def test_a_photograph_spans_the_values_of_the_data():
    net = Sequential(Conv2d(2, 3), Flatten(), Linear(2), input_shape=(6, 6, 3))
    view = NetworkExplorer(net, np.linspace(-1, 3, 216).reshape(2, 6, 6, 3))
    opened(view, np.stack([np.full((6, 6), 255)] * 3, axis=2))
    np.testing.assert_allclose(view.x, 3)
    view._on_message(view, {"kind": "negative"}, [])
    np.testing.assert_allclose(view.x, -1)


def test_drawing_begins_with_a_clean_sheet_and_every_stroke_runs_the_net():
    view = NetworkExplorer()
    view.source = "draw"
    assert not view.x.any() and "Your drawing" in view.frame()["sentence"]
    stroke = np.zeros((28, 28, 1), np.float32)
    stroke[5:20, 13:15] = 1
    view._on_message(view, {"kind": "drawn"}, [stroke.tobytes()])
    np.testing.assert_array_equal(view.x, stroke)
    np.testing.assert_array_equal(view.activations[-1], view.net.scores(stroke[None])[0])
    assert view.source == "draw"
    view._on_message(view, {"kind": "drawn"}, [b"1234"])
    np.testing.assert_array_equal(view.x, stroke)
    view.source = "test"
    np.testing.assert_array_equal(view.x, view.data[0])
