"""The pictures of the FilterLab: their sources, refusals, sizes and colours."""

import numpy as np
import pytest
import traitlets

from cnnlab.views import FilterLab
from cnnlab.views.filterlab.presets import MODES
from cnnlab.views.filterlab.scene import scale_end
from cnnlab.views.shared import photos

modes = pytest.mark.parametrize("mode", MODES)
SMALL = np.random.default_rng(0).random((9, 7, 3)).astype(np.float32)


def test_changing_the_mode_keeps_the_picture_in_its_colours():
    view = FilterLab(SMALL, mode="colour")
    view.mode = "grey"
    assert view.x.shape == (9, 7, 1)
    np.testing.assert_allclose(view.x[..., 0], SMALL @ [0.299, 0.587, 0.114], rtol=1e-5)
    view.mode = "mix"
    np.testing.assert_array_equal(view.x, SMALL)
    assert view.w.shape == (3, 1, 1, 3)


def test_the_end_of_a_scale_is_round_and_no_single_pixel_sets_it():
    assert scale_end(np.array([[-1.7, 0.2]])) == 2 and scale_end(np.zeros((2, 2))) == 1
    many = np.linspace(-1, 1, 2000)
    assert scale_end(many) == scale_end(np.append(many, 50.0)) == 1
    assert scale_end(1e-3 * many[:10]) == 0.001


@pytest.mark.parametrize(
    "x", [np.zeros(7), np.zeros((3, 3, 2)), np.full((3, 3), np.nan), "no such picture.png"]
)
def test_what_is_no_picture_gets_one_sentence_and_leaves_the_view_as_it_was(x):
    view = FilterLab(SMALL)
    with pytest.raises(
        (ValueError, traitlets.TraitError),
        match=r"give one picture|not finite|not a picture that can be read",
    ):
        view.x = x
    view.preset = "box"
    assert view.x.shape == (9, 7, 1) and view.outputs == 63


def test_a_picture_file_is_read_and_a_text_file_is_refused(tmp_path):
    (tmp_path / "static.png").write_bytes(FilterLab(source="digit").png())
    view = FilterLab(tmp_path / "static.png", mode="colour")
    assert max(view.x.shape) == 160 and view.source == "own" and "shrunk to" in view.scene["note"]
    np.testing.assert_array_equal(view.x, np.round(view.x, 2))
    (tmp_path / "notes.txt").write_text("no picture")
    with pytest.raises(
        ValueError, match=r"notes\.txt' is not a picture that can be read: give a PNG or JPEG file"
    ):
        FilterLab(str(tmp_path / "notes.txt"))


@pytest.mark.parametrize("source", ["photograph", "digit", "edge", "cross"])
@modes
def test_every_source_is_shown_in_hundredths(source, mode):
    view = FilterLab(SMALL, mode=mode)
    view.source = source
    np.testing.assert_array_equal(view.x, np.round(view.x, 2))
    assert view.outputs == view.x.shape[0] * view.x.shape[1] and view.x.max() <= 1
    view.x = SMALL
    assert view.source == "own"


def test_large_pictures_are_shrunk_and_bytes_become_values():
    view = FilterLab(np.full((320, 200), 255, np.uint8))
    assert view.x.shape == (160, 100, 1) and view.x.max() == 1
    assert view.scene["note"] == "A picture of 320 x 200, shrunk to 160 x 100."
    view._on_message(view, {"kind": "image", "height": 2, "width": 3}, [bytes(range(24))])
    assert view.source == "own" and view.x.shape == (2, 3, 1) and view.scene["note"] == ""
    view._on_message(
        view, {"kind": "image", "height": 2, "width": 3, "size": [400, 600]}, [bytes(range(24))]
    )
    assert view.scene["note"] == "A picture of 400 x 600, shrunk to 2 x 3."


def test_shrinking_keeps_the_light():
    image = np.random.default_rng(0).random((50, 30, 3))
    small = photos.shrunk(image, 20)
    assert small.shape == (20, 12, 3)
    np.testing.assert_allclose(small.mean(axis=(0, 1)), image.mean(axis=(0, 1)), rtol=1e-5)
    np.testing.assert_allclose(
        photos.shrunk(image, 25), image.reshape(25, 2, 15, 2, 3).mean(axis=(1, 3)), rtol=1e-5
    )


def test_a_missing_photograph_is_told_and_something_else_is_shown(monkeypatch):
    def missing():
        raise photos.PhotographError("matplotlib's photograph is missing: install matplotlib again")

    monkeypatch.setattr("cnnlab.views.shared.photos._sample", missing)
    photos.photograph.cache_clear()
    view = FilterLab()
    assert view.x.shape == (8, 8, 1) and "install matplotlib again" in view.scene["note"]
    photos.photograph.cache_clear()
