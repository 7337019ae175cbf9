"""What views with sliders share: no scene is ever shown whose parts do not fit together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.views import Convolution, Im2col, Pooling, Strip1D


@pytest.mark.slow
@pytest.mark.parametrize(
    "view", [Convolution, Im2col, Pooling, Strip1D], ids=lambda view: view.__name__
)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_sizes_that_change_at_once_never_make_a_scene_of_two_settings(view, data):
    shown, scenes = view(), []
    limits = shown.limits
    names = data.draw(st.lists(st.sampled_from(sorted(limits)), min_size=2, unique=True))
    shown.observe(lambda change: scenes.append(change.new), "scene")
    with shown.hold_trait_notifications():
        for name in names:
            low, high = limits[name]
            setattr(shown, name, data.draw(st.integers(low, min(high, low + 12))))
    last = shown.scene
    for scene in scenes:
        assert scene["outputs"] or scene["problem"]
        assert (scene["x"]["shape"], scene["problem"]) == (last["x"]["shape"], last["problem"])
        assert scene.get("formula") == last.get("formula")
