"""What the FilterLab remembers and says: a custom filter, gaps, sums, values out of range."""

import numpy as np

from cnnlab.views import FilterLab
from cnnlab.views.filterlab.album import album

SMALL = np.random.default_rng(0).random((9, 7, 3)).astype(np.float32)


def test_a_stride_larger_than_the_filter_is_told_and_repaired():
    view = FilterLab(np.ones((160, 120)), stride=8)
    assert "skip 5 of every 8 rows and columns" in view.scene["problem"]["sentence"]
    assert view.scene["unread"][0][:6] == [3, 4, 5, 6, 7, 11] and view.scene["problem"]["mild"]
    mix = FilterLab(SMALL, mode="mix", stride=2)
    assert "skip 1 of every 2 rows and columns" in mix.scene["problem"]["sentence"]
    assert [repair["words"] for repair in mix.scene["problem"]["repairs"]] == ["S = 1"]


def test_ones_own_filter_comes_back_after_a_preset_with_its_size_and_its_colours():
    view = FilterLab(SMALL, preset="vertical")
    assert view.mine == [] and view.shown == "signed"
    view._on_message(view, {"kind": "mine"}, [])
    assert view.preset == "vertical"
    view.w = np.full((5, 5), 0.5)
    view.preset, view.kernel_size = "box", 3
    assert view.mine == ["grey"] and view.shown == "picture"
    view._on_message(view, {"kind": "mine"}, [])
    assert (view.w == 0.5).all() and (view.kernel_size, view.preset, view.shown) == (
        5,
        "own",
        "signed",
    )
    assert view.result().max() > 3
    view.mode = "mix"
    view._on_message(view, {"kind": "mine"}, [])
    assert view.preset == "sepia"


def test_the_scene_tells_the_sum_of_each_slice_and_what_a_picture_cannot_show():
    assert FilterLab(SMALL, mode="colour", preset="red").scene["sums"] == [1, -0.5, -0.5]
    assert FilterLab(SMALL, preset="box").scene["beyond"] == [0, 0]
    negative = FilterLab(np.ones((4, 4)), w=-np.ones((3, 3)), padding="valid")
    assert negative.scene["beyond"] == [1, 0]
    assert FilterLab(np.ones((4, 4)), w=np.ones((3, 3)), padding="valid").scene["beyond"] == [0, 1]


def test_an_exported_page_carries_ones_own_filter_if_it_fits():
    view = FilterLab(np.ones((4, 9)), w=np.ones((7, 7)))
    view.preset, view.kernel_size = "box", 3
    assert album(view)["own"]["w"]["shape"] == [1, 7, 7, 1]
    view.padding = "valid"
    assert view.outputs and "own" not in album(view) and "box" in album(view)
