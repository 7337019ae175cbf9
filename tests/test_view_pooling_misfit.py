"""What does not fit in the Pooling view is shown under every policy, and can be repaired."""

import numpy as np
import pytest
from hypothesis import given, settings

from cnnlab.views import Pooling
from helpers.views import CHOICES, SIZES, made


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(SIZES, CHOICES)
def test_every_repair_that_is_offered_repairs(sizes, choices):
    for repair in (made(sizes, choices).scene["problem"] or {"repairs": []})["repairs"]:
        view = made({**sizes, repair["trait"]: repair["value"]}, choices)
        assert view.scene["problem"] is None and view.outputs


def test_what_does_not_fit_is_shown_under_every_policy():
    view = Pooling(np.arange(36).reshape(6, 6), kernel_size=3, stride=2)
    scene = view.scene
    assert scene["problem"]["sentence"].startswith(
        "2.5 windows along the height and width: 2 fit, and “floor” drops"
    )
    assert [r["words"] for r in scene["problem"]["repairs"]] == ["S = 1", "F = 2"]
    assert (scene["unread"], scene["overhang"]) == ([[5], [5]], [[4, 5, 6], [4, 5, 6]])
    view.fit = "exact"
    assert view.outputs == 0 and view.scene["problem"]["sentence"].endswith("“exact” refuses.")
    view.fit = "ceil"
    assert (view.outputs, view.scene["past"], view.scene["problem"]["mild"]) == (9, [1, 1], True)
    view.height = 5
    assert view.scene["past"] == [0, 1] and "along the width" in view.scene["problem"]["sentence"]


def test_windows_of_padding_only_are_shown_and_repaired():
    view = Pooling(padding=3)
    assert view.outputs == 0 and view.scene["empty"] == [(-3, -2), (-3, -2)]
    assert view.scene["problem"]["sentence"].startswith(
        "Padding 3 with a window of 2 makes windows of padding only"
    )
    assert ("padding", 1) in [(r["trait"], r["value"]) for r in view.scene["problem"]["repairs"]]
    assert view.png()[:4] == b"\x89PNG"


def test_a_window_larger_than_the_picture_is_shown_and_said():
    view = Pooling(kernel_size=6, stride=1)
    assert (
        view.scene["problem"]["sentence"]
        == "A window of 6 does not fit an input of height and width 4 with padding 0."
    )
    assert view.scene["overhang"] == [list(range(6))] * 2 and view.png()[:4] == b"\x89PNG"


def test_what_is_left_over_may_be_padding_only():
    sentence = Pooling(padding=1, stride=2, width=5, height=5).scene["problem"]["sentence"]
    assert sentence.endswith(
        "“floor” drops what is left at the end: 1 row and 1 column of the padding."
    )
