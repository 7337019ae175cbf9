"""What every view promises without a browser: a still picture, a fixed text, a page of its own, traits that link."""

import base64
import json
import re

import pytest
import traitlets

from cnnlab import views

VIEWS = [getattr(views, name) for name in views.__all__]
every_view = pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
# Settings that show something else: gradients, a moved picture, a leftover, nothing at all.
SETTINGS = [
    *((view, {}) for view in VIEWS),
    (views.Convolution, {"backward": True}),
    (views.Convolution, {"kernel_size": 9}),
    (views.Strip1D, {"stride": 3, "fit": "exact"}),
    (views.Strip1D, {"stride": 3, "fit": "ceil"}),
    (views.Pooling, {"shift_down": 1}),
    (views.Pooling, {"backward": True, "mode": "l2"}),
    (views.Pooling, {"padding": 3}),
    (views.FilterLab, {"mode": "mix"}),
]


@pytest.mark.parametrize(("view", "traits"), SETTINGS)
def test_the_bundle_has_a_still_picture_and_a_fixed_text(view, traits):
    data, _ = view(**traits)._repr_mimebundle_()
    assert data["image/png"][:4] == b"\x89PNG"
    assert data["text/plain"] == repr(view(**traits))
    assert data["text/plain"] == f"{view.__name__}: {view(**traits).frame()['sentence']}"


@every_view
def test_an_exported_page_needs_nothing_else(view, tmp_path):
    shown = view(step=2)
    path = shown.export(tmp_path / "page.html")
    page = path.read_text("utf-8")
    assert not re.search(r"(src|href)\s*=|@import|import\s*\(|fetch\(", page.replace('"href", this.canvas', ""))
    traits = json.loads(re.search(r'id="traits">(.*?)</script>', page, re.S)[1].replace("<\\/", "</"))
    assert traits["step"] == 2 and traits["scene"]["outputs"] == shown.outputs
    assert base64.b64decode(traits["scene"]["y"]["data"]["base64"]) == shown.scene["y"]["data"]
    assert list(tmp_path.iterdir()) == [path]


@every_view
def test_a_failed_export_leaves_no_half_a_page(view, tmp_path):
    with pytest.raises(OSError):
        view().export(tmp_path / "no such folder" / "page.html")
    assert list(tmp_path.iterdir()) == []


@every_view
def test_an_unknown_language_is_refused_with_those_there_are(view):
    with pytest.raises(traitlets.TraitError, match="use one of 'en'"):
        view(language="xx")


@every_view
def test_two_views_can_be_linked(view):
    left, right = view(), view()
    link = traitlets.link((left, "stride"), (right, "stride"))
    before, left.stride = left.outputs, 3 - left.stride
    assert right.outputs == left.outputs != before
    link.unlink()


@every_view
def test_every_scene_has_a_number_of_its_own(view):
    shown, numbers = view(), []
    shown.observe(lambda change: numbers.append(change.new["serial"]), "scene")
    for stride in (2, 1, 2):
        shown.stride = stride
    assert numbers == sorted(set(numbers)) and len(numbers) >= 2
