"""No kind of layer is forgotten: each has its one record, its words, and numbers to show."""

import numpy as np
import pytest

from cnnlab import Branches, Conv2d, LocallyConnected2d, MaxPool2d, Sequential
from cnnlab.explain import graph
from cnnlab.explain.kinds import INPUT, KINDS, OTHER
from cnnlab.texts import texts
from cnnlab.views.shared.layer_labels import words
from helpers.nets import public_layers

RECORDS = (*KINDS.values(), INPUT, OTHER)


def test_every_public_layer_has_a_record_of_its_own():
    assert set(KINDS) == set(public_layers())
    assert len({kind.name for kind in RECORDS}) == len(RECORDS)


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.name)
def test_every_kind_has_its_words(kind):
    known = texts("views", "en")
    assert f"layer.kind_{kind.name}" in known
    formulas = {f"networkexplorer.{rule}_{kind.formula}" for rule in ("value", "window")}
    assert not kind.formula or formulas & known.keys()
    detail = known.get(f"layer.detail_{kind.name}")
    assert (detail is None) == (kind.detail is None)
    if detail:
        assert detail.format(**dict.fromkeys(kind.detail, "")) != detail or not kind.detail


def test_no_words_are_left_of_a_kind_that_is_gone():
    names = {kind.name for kind in RECORDS}
    keys = [key for key in texts("views", "en") if key.startswith(("layer.kind_", "layer.detail_"))]
    assert {key.partition("_")[2] for key in keys} <= names


def test_the_hyperparameters_in_a_label_are_those_of_the_layer():
    for layer, kind in KINDS.items():
        assert all(name in layer.__dataclass_fields__ for name in kind.detail or ())


def test_a_subclass_of_a_layer_is_not_taken_for_it():
    class Doubled(Conv2d):
        def forward(self, x, training=False):
            return 2 * super().forward(x, training)

    nodes = graph(Sequential(Doubled(2, 3), input_shape=(5, 4, 1)))
    assert nodes[1].kind is OTHER


class Words:
    """A view as far as labels need one."""

    def say(self, key, **values):
        return texts("views", "en")[key].format(**values)


def test_the_second_line_of_a_label_holds_the_sizes():
    layers = Conv2d(4, (3, 2)), MaxPool2d(2, 1), LocallyConnected2d(2, 2, stride=2)
    nodes = graph(Sequential(*layers, input_shape=(7, 6, 1)))
    labels = [words(Words(), node)[1] for node in nodes]
    assert labels == ["", "4·3×2", "2×2", "2·2×2"]


def test_an_axis_says_the_same_in_taps_links_and_boxes():
    needed = {"out_channels": 4, "kernel_size": 2, "out_features": 3, "num_groups": 2}
    for layer, kind in KINDS.items():
        names = getattr(layer, "__dataclass_fields__", {})
        options = {name: value for name, value in needed.items() if name in names}
        made = Branches([]) if layer is Branches else layer(**options)
        shape = (6,) if kind.dense else (6, 5, 4)
        node = graph(Sequential(made, input_shape=shape))[-1]
        unit = 1 if kind.flattens else None
        for axis in kind.axes(node, shape, unit):
            links = axis.links()
            spans = np.arange(len(links))[:, None] + [0, 1]
            for row, taps, (low, high) in zip(links, axis.taps(), axis.boxes(spans), strict=True):
                cells = [cell for cell, _ in taps]
                inside = [cell for cell in cells if 0 <= cell < links.shape[1]]
                assert np.flatnonzero(row).tolist() == inside
                assert all(low <= cell < high for cell in cells)
