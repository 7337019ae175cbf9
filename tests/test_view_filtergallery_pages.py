"""A FilterGallery of very many filters: they come in pages that fit into their box."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import (
    Conv2d,
    ReLU,
    Sequential,
)
from cnnlab.views.filtergallery import HEIGHT, WIDTH, FilterGallery
from cnnlab.views.filtergallery.detail import slices_shown
from cnnlab.views.galleries.plan import ROOM, plan
from helpers.nets import two_convolutions

X = np.random.default_rng(0).random((12, 10, 9, 3), np.float32)
Y = np.arange(12) % 3


def deep(K=64, C=64):
    return Sequential(Conv2d(C, 3), ReLU(), Conv2d(K, 3), input_shape=(10, 9, 3))


def test_many_filters_come_in_pages_and_it_says_which():
    view = FilterGallery(deep(), (X, Y), layer=2)
    count = view.plan().count
    assert 4 <= count < 64 and view.pages == -(-64 // count)
    assert view.scene["title"] == f"Layer 2: filters 0–{count - 1} of 64, each 3×3×64"
    seen = []
    for page in range(view.pages):
        view.page = page
        seen += view.scene["units"]
    assert seen == list(range(64))
    view.page = 999
    assert view.page == view.pages - 1
    view.unit = 1
    assert view.page == 0 and 1 in view.scene["units"]
    view.sort = "norm"
    assert view.scene["title"].startswith(f"Layer 2: filters 1–{count} of 64 by rank")


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 600),
    st.sampled_from([1, 2, 3, 8, 64, 256, 512]),
    st.integers(1, 11),
    st.integers(1, 11),
)
def test_every_page_fits_into_its_box(total, slices, h, w):
    made = plan(total, slices, h, w, WIDTH, HEIGHT)
    assert 1 <= made.count <= total and made.line * made.lines >= slices
    assert made.count == 1 or made.count * slices * h * w <= ROOM
    wide = made.side + (made.line * (w + 1) - 1) * made.cell if slices > 1 else w * made.cell
    high = (
        max(16, (made.lines * (h + 1) - 1) * made.cell)
        if slices > 1
        else h * made.cell + made.label
    )
    rows = -(-made.count // made.across)
    assert rows * high <= HEIGHT and made.across * wide <= WIDTH + 16


def test_of_many_slices_the_strongest_are_large():
    w = np.ones((3, 3, 40)) * np.arange(40)
    channels = slices_shown(w, False)
    assert (
        0 < len(channels) < 40
        and channels == sorted(channels)
        and channels[-1] == 39 == channels[0] + len(channels) - 1
    )
    assert slices_shown(np.full((2, 2, 3), np.nan), True) == [0, 1, 2]


def test_an_exported_page_has_every_unit_it_shows_and_stays_small(tmp_path):
    view = FilterGallery(two_convolutions(), (X, Y))
    text = view.export(tmp_path / "page.html").read_text("utf-8")
    assert all(f'"{unit}": {{"unit": {unit}' in text for unit in range(6)) and view.album == {}
    large = FilterGallery(deep(), np.random.default_rng(0).random((12, 10, 9, 3)), layer=2)
    assert large.export(tmp_path / "large.html").stat().st_size < 1_500_000
