"""The FilterLab's export, static image and links."""

import base64
import json
import re

import numpy as np
import pytest
import traitlets

from cnnlab.views import FilterLab
from cnnlab.views.filterlab.album import scene_with
from cnnlab.views.filterlab.presets import MODES, PRESETS, SIGNED, weights
from helpers.views import unpack

modes = pytest.mark.parametrize("mode", MODES)
SMALL = np.random.default_rng(0).random((9, 7, 3)).astype(np.float32)


@pytest.mark.slow
def test_the_bundle_has_a_still_picture_and_a_fixed_text():
    for mode in MODES:
        data, _ = FilterLab(mode=mode)._repr_mimebundle_()
        assert data["image/png"][:4] == b"\x89PNG"
        assert (
            data["text/plain"] == repr(FilterLab(mode=mode))
            and "row 80, column 60" in data["text/plain"]
        )


@modes
def test_an_exported_page_carries_every_preset_and_stays_small(tmp_path, mode):
    view = FilterLab(mode=mode)
    path = view.export(tmp_path / "page.html")
    assert path.stat().st_size < 1_500_000 and view.album == {}
    traits = json.loads(
        re.search(r'id="traits">(.*?)</script>', path.read_text("utf-8"), re.S)[1].replace(
            "<\\/", "</"
        )
    )
    assert set(traits["album"]) == set(PRESETS[mode])
    name = PRESETS[mode][1]
    other = scene_with(view, *weights(mode, name, view.kernel_size), name in SIGNED)
    coded = traits["album"][PRESETS[mode][1]]
    decoded = np.frombuffer(base64.b64decode(coded["y"]["data"]["base64"]), np.uint8)
    np.testing.assert_allclose(
        coded["low"] + coded["step"] * decoded,
        unpack(other["y"]).ravel(),
        atol=coded["step"] / 2 + 1e-6,
    )


def test_views_can_be_linked():
    left, right = FilterLab(SMALL), FilterLab(SMALL)
    links = (
        traitlets.dlink((left, "w"), (right, "w")),
        traitlets.link((left, "stride"), (right, "stride")),
    )
    left.w = np.ones((3, 3))
    right.stride = 2
    np.testing.assert_array_equal(right.result(), left.result())
    assert left.outputs == 20
    for link in links:
        link.unlink()


def test_linked_views_change_their_mode_and_preset_together():
    left, right = FilterLab(SMALL), FilterLab(SMALL)
    links = [
        traitlets.link((left, name), (right, name)) for name in ("preset", "mode", "kernel_size")
    ]
    left.mode, left.preset, left.kernel_size = "mix", "negative", 5
    right.mode = "each"
    assert (
        left.mode == right.mode == "each" and left.preset == right.preset and left.kernel_size == 5
    )
    np.testing.assert_array_equal(left.result(), right.result())
    for link in links:
        link.unlink()


def test_an_export_leaves_the_view_as_it_was(tmp_path):
    view = FilterLab(SMALL, mode="colour", w=np.ones((3, 3, 3)), stride=2)
    before = view.w.copy(), view.preset, view.shown, view.scene
    view.export(tmp_path / "page.html")
    np.testing.assert_array_equal(view.w, before[0])
    assert (view.preset, view.shown, view.scene) == before[1:]
