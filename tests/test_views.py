"""What every view has without a browser: a static image, a text, an exported page, links."""

import base64
import errno
import json
import re

import comm
import pytest
import traitlets

from cnnlab import views

VIEWS = [getattr(views, name) for name in views.__all__]
every_view = pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.__name__)
# Those that play one operation step by step; the others look into nets.
PLAYED = [view for view in VIEWS if "stride" in view.class_traits()]
played_view = pytest.mark.parametrize("view", PLAYED, ids=lambda view: view.__name__)
net_view = pytest.mark.parametrize(
    "view", [v for v in VIEWS if v not in PLAYED], ids=lambda view: view.__name__
)
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


@pytest.mark.slow
@pytest.mark.parametrize(("view", "traits"), SETTINGS)
def test_the_bundle_has_a_still_picture_and_a_fixed_text(view, traits):
    data, _ = view(**traits)._repr_mimebundle_()
    assert data["image/png"][:4] == b"\x89PNG"
    assert data["text/plain"] == repr(view(**traits))
    assert data["text/plain"] == f"{view.__name__}: {view(**traits).frame()['sentence']}"


def traits_of(page):
    """The traits a page carries. What the browser would load from elsewhere is not allowed to be
    there.
    """
    own = re.sub(r'"href",|href: \w', "", page)
    assert not re.search(
        r"(src|href)\s*=|@import|import\s*\(|fetch\(|https?://(?!www\.w3\.org)", own
    )
    return json.loads(re.search(r'id="traits">(.*?)</script>', page, re.S)[1].replace("<\\/", "</"))


@pytest.mark.slow
@every_view
def test_an_exported_page_needs_nothing_else(view, tmp_path):
    shown = view()
    path = shown.export(tmp_path / "page.html")
    assert traits_of(path.read_text("utf-8"))["scene"]["serial"] == shown.scene["serial"]
    assert list(tmp_path.iterdir()) == [path]


@played_view
def test_an_exported_page_carries_the_arrays(view, tmp_path):
    shown = view(step=2)
    traits = traits_of(shown.export(tmp_path / "page.html").read_text("utf-8"))
    assert traits["step"] == 2 and traits["scene"]["outputs"] == shown.outputs
    assert base64.b64decode(traits["scene"]["y"]["data"]["base64"]) == shown.scene["y"]["data"]


@pytest.mark.slow
@every_view
def test_a_failed_export_leaves_no_half_a_page(view, tmp_path):
    with pytest.raises(OSError):
        view().export(tmp_path / "no such folder" / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_an_export_to_a_full_disk_says_so_and_keeps_the_old_page(tmp_path, monkeypatch):
    def full(*names):
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "page.html").write_text("old")
    monkeypatch.setattr("cnnlab.atomic._replace", full)
    with pytest.raises(
        OSError, match=r"No space left on device: choose another place for the page: '.*page\.html'"
    ):
        views.Strip1D().export(tmp_path / "page.html")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


@every_view
def test_an_unknown_language_is_refused_with_those_there_are(view):
    with pytest.raises(traitlets.TraitError, match="use one of 'en'"):
        view(language="xx")


@pytest.mark.slow
@net_view
def test_two_views_of_nets_can_be_linked(view):
    left, right = view(), view()
    trait, value = ("scope", "layer") if view.has_trait(left, "scope") else ("picture", 3)
    link = traitlets.link((left, trait), (right, trait))
    setattr(left, trait, value)
    assert getattr(right, trait) == value and right.frame()["sentence"] == left.frame()["sentence"]
    link.unlink()


@played_view
def test_two_views_can_be_linked(view):
    left, right = view(), view()
    link = traitlets.link((left, "stride"), (right, "stride"))
    before, left.stride = left.outputs, 3 - left.stride
    assert right.outputs == left.outputs != before
    link.unlink()


@played_view
def test_every_scene_has_a_number_of_its_own(view):
    shown, numbers = view(), []
    shown.observe(lambda change: numbers.append(change.new["serial"]), "scene")
    for stride in (2, 1, 2):
        shown.stride = stride
    assert numbers == sorted(set(numbers)) and len(numbers) >= 2


@every_view
def test_the_browser_hears_of_a_view_with_its_scene(view, monkeypatch):
    states = []

    def recorded(*, data, **options):
        states.append(data["state"])
        return create(data=data, **options)

    create = comm.create_comm
    monkeypatch.setattr(comm, "create_comm", recorded)
    shown = view()
    (first,) = (state for state in states if "scene" in state)
    assert shown.comm is not None
    assert first["scene"].get("serial") == 1


@every_view
def test_menus_and_sliders_offer_what_the_traits_take(view):
    shown = view()
    for name, trait in shown.traits(sync=True).items():
        if isinstance(trait, traitlets.Enum):
            assert shown.choices[name] == list(trait.values)
        if trait.metadata.get("bounded"):
            assert name in shown.limits
    assert all(low < high for low, high in shown.limits.values())
