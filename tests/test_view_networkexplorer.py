"""The NetworkExplorer without a browser: what it shows of any net is what the library computes."""

import json
import re
import threading

import numpy as np
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

import cnnlab
from cnnlab import (
    AvgPool2d,
    BatchNorm2d,
    Branches,
    Conv2d,
    ConvTranspose2d,
    Dropout,
    Flatten,
    FractionalMaxPool2d,
    GlobalAvgPool2d,
    GroupNorm,
    Linear,
    LocallyConnected2d,
    LpPool2d,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    Tanh,
    ops,
)
from cnnlab.explain.decompose import decompose
from cnnlab.trace import trace
from cnnlab.views.networkexplorer import NetworkExplorer
from helpers.views import plain, unpack


def blocks():
    return (
        Conv2d(20, 3, padding=1),
        BatchNorm2d(),
        ReLU(),
        Residual(Conv2d(20, 3, padding=1), ReLU(), Conv2d(20, 1)),
        Residual(Conv2d(6, 3, stride=2, padding=1), shortcut=Conv2d(6, 1, stride=2)),
        Branches([], Conv2d(2, 1), [MaxPool2d(3, 1, 1), Conv2d(4, 1)]),
        GlobalAvgPool2d(),
        Linear(3),
    )


def odd():
    return (
        ConvTranspose2d(4, 3),
        GroupNorm(2),
        LocallyConnected2d(3, 2),
        Tanh(),
        Dropout(),
        FractionalMaxPool2d(),
        LpPool2d(2),
        AvgPool2d(2, 1),
    )


NETS = {
    "clothes": lambda: None,
    "blocks": lambda: Sequential(*blocks(), input_shape=(9, 8, 3)),
    "maps at the end, float64": lambda: Sequential(*odd(), input_shape=(9, 8, 3), dtype=np.float64),
    "a single Linear": lambda: Sequential(Linear(3), input_shape=(5,)),
    "one score": lambda: Sequential(Flatten(), Linear(1), input_shape=(28, 28, 1)),
    "two channels": lambda: Sequential(Conv2d(3, 3), Flatten(), Linear(2), input_shape=(6, 5, 2)),
}
every_net = pytest.mark.parametrize("net", NETS.values(), ids=NETS)


@every_net
def test_the_columns_are_the_activations_of_the_net(net):
    view = NetworkExplorer(net())
    assert view.frame()["sentence"] and plain(view.scene)
    outer = [view.x, *(values[0] for values in view.net.activations(view.x[None]))]
    names = {column["name"]: column for column in view.scene["nodes"]}
    for name, values in zip(["input", *map(str, range(len(view.net.layers)))], outer, strict=True):
        column = names[name]
        assert column["shape"] == list(values.shape)
        shown = values if column["flat"] else np.moveaxis(values[..., column["units"]], -1, 0)
        np.testing.assert_allclose(unpack(column["values"]), shown.astype(np.float32), rtol=1e-6)


@pytest.mark.slow
@every_net
def test_every_unit_can_be_decomposed_and_the_still_picture_drawn(net):
    view = NetworkExplorer(net())
    for node in view.nodes[1:]:
        view.unit = [node.name, node.units - 1]
        made = view.decomposition
        whole = decompose(view.nodes, view.activations, made["node"], made["unit"])
        np.testing.assert_allclose(unpack(made["result"]), whole.result, rtol=1e-5, atol=1e-6)
        assert plain(made) and view.frame()["unit"]["total"] == pytest.approx(
            whole.result[view.frame()["unit"]["place"]]
        )
    assert view.png()[:4] == b"\x89PNG"
    view.unit = []
    assert view.decomposition == {} and view.png()[:4] == b"\x89PNG"


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 999), st.integers(0, 15), st.integers(0, 13), st.integers(0, 13))
def test_the_ledger_of_a_place_is_a_step_of_the_trace(picture, k, i, j):
    view = CLOTHES
    view.picture, view.unit = picture, ["3", k]
    view.place = [i, j]
    x = view.net.activations(view.x[None])[2].astype(float)
    w, b = (view.net.params[f"3.{name}"].astype(float) for name in ("weight", "bias"))
    window = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))[:, i : i + 3, j : j + 3]
    step = next(trace("conv2d", window, w[k : k + 1], b[k : k + 1]))
    unit = view.frame()["unit"]
    assert unit["place"] == (i, j) and unit["reads"] == [("2", c) for c in range(8)]
    np.testing.assert_allclose(unit["sums"], step.sums, atol=1e-12)
    assert unit["total"] == pytest.approx(step.total) and unit["bias"] == b[k]
    products = sorted(term["product"] for part in unit["terms"] for term in part)
    np.testing.assert_allclose(products, sorted(tap.product for tap in step.taps), atol=1e-12)
    np.testing.assert_allclose(
        unpack(view.decomposition["y"])[:, i, j], step.sums, rtol=1e-5, atol=1e-6
    )


CLOTHES = NetworkExplorer()


def test_the_scores_are_the_softmax_of_ops():
    view = NetworkExplorer(picture=7)
    shown = view.scene["softmax"]
    logits = view.net.scores(view.x[None])
    largest, total = unpack(shown["totals"])
    np.testing.assert_allclose(
        unpack(shown["shares"]), ops.softmax(logits.astype(float))[0], rtol=1e-5
    )
    np.testing.assert_allclose(unpack(shown["exps"]) / total, unpack(shown["shares"]), rtol=1e-12)
    np.testing.assert_allclose(
        unpack(shown["exps"]), np.exp(unpack(shown["logits"]) - largest), rtol=1e-12
    )
    assert shown["truth"] == view.labels[7] and shown["best"] == logits.argmax()
    assert list(view.frame()["scores"]) == list(view.classes)


def test_edges_are_the_maps_that_are_read_and_no_others():
    view = NetworkExplorer(
        Sequential(Conv2d(4, 3, groups=2), ReLU(), Flatten(), Linear(2), input_shape=(5, 5, 4))
    )
    edges = view.scene["nodes"][1]["edges"]
    assert [{at for _, at, _ in unit} for unit in edges] == [{0, 1}, {0, 1}, {2, 3}, {2, 3}]
    norms = np.linalg.norm(view.net.params["0.weight"], axis=(1, 2))
    for k, unit in enumerate(edges):
        assert {at % 2: strength for _, at, strength in unit} == pytest.approx(
            dict(enumerate(norms[k] / norms.max())), abs=1e-3
        )
    assert [[at for _, at, _ in unit] for unit in view.scene["nodes"][2]["edges"]] == [
        [0],
        [1],
        [2],
        [3],
    ]


def test_a_dead_layer_and_values_that_are_no_numbers_are_said():
    net = Sequential(Conv2d(2, 3), ReLU(), Flatten(), Linear(2), input_shape=(5, 5, 1))
    net.params["0.bias"] = -100
    view = NetworkExplorer(net)
    assert "layer 1 (ReLU) every value is 0" in view.scene["problem"]["sentence"]
    net.params["0.bias"] = np.nan
    view.refresh()
    assert "18 of 18 values are no numbers" in view.scene["problem"]["sentence"] and plain(
        view.scene
    )
    assert "NaN" in view.frame()["sentence"]
    for layer in "0123":
        view.unit = [layer, 1]
        assert plain(view.decomposition)


@pytest.mark.slow
def test_a_net_that_is_trained_meanwhile_can_be_looked_at():
    net = cnnlab.film("clothes").net(0)
    view, stop = NetworkExplorer(net), threading.Event()
    data = cnnlab.data.load("fashion")

    def learn():
        for _ in cnnlab.steps(net, data, epochs=1, batch_size=16):
            if stop.is_set():
                return

    learner = threading.Thread(target=learn)
    learner.start()
    before = view.scene["nodes"][1]["values"]["data"]
    for picture in range(1, 40):
        view.picture = picture
    stop.set()
    learner.join()
    view.picture = 0
    assert view.scene["nodes"][1]["values"]["data"] != before
    view.refresh()
    np.testing.assert_array_equal(view.activations[-1], net.scores(view.x[None])[0])


def test_traits_clamp_and_go_together():
    view = NetworkExplorer(picture=5000)
    assert view.picture == 999
    view.unit = [3, 99]
    assert view.unit == ["3", 15]
    view.place = [-4, 400]
    assert view.place == [0, 13]
    view.unit = ["7", 2]
    assert view.place == []
    left, right = NetworkExplorer(), NetworkExplorer()
    for name in ("picture", "unit", "scope"):
        traitlets.link((left, name), (right, name))
    left.picture, left.unit, left.scope = 3, ["0", 1], "network"
    assert (right.picture, right.unit, right.scope) == (3, ["0", 1], "network")
    assert right.decomposition["layer"] == "0"


def test_a_film_can_be_played_while_a_unit_is_decomposed():
    film = cnnlab.film("clothes")
    view = NetworkExplorer(film.net(0), cnnlab.data.load("fashion"), unit=("3", 5), picture=9)
    view.net = film.net(-1)
    assert (view.unit, view.picture, view.truth) == (["3", 5], 9, int(view.labels[9]))
    np.testing.assert_array_equal(view.activations[-1], film.net(-1).scores(view.x[None])[0])
    assert "coat" in view.classes


def test_another_net_takes_the_place_of_the_old_one():
    view = NetworkExplorer(unit=("3", 5), picture=9)
    view.net = Sequential(Conv2d(2, 3), Flatten(), Linear(3), input_shape=(6, 6, 1))
    assert [column["kind"] for column in view.scene["nodes"]] == [
        "input",
        "conv",
        "flatten",
        "linear",
    ]
    assert view.unit == [] and view.picture < view.pictures == 8
    with pytest.raises(TypeError, match="net must be a Sequential"):
        view.net = 3


@pytest.mark.parametrize("layer", [-1, "-1"])
def test_a_layer_has_the_same_number_as_elsewhere(layer):
    view = NetworkExplorer()
    if layer == -1:
        assert view.number(layer) == len(view.nodes) - 1
    else:
        with pytest.raises(ValueError, match="the net has no layer '-1'"):
            view.number(layer)


def test_frames_of_other_pictures_leave_the_view_alone():
    view = NetworkExplorer()
    frame = view.frame(4)
    assert frame["picture"] == 4 and frame["scores"] == NetworkExplorer(picture=4).frame()["scores"]
    assert frame["sentence"].startswith("Picture 4 (of 1,000): ")
    assert view.picture == 0 and repr(view) == f"NetworkExplorer: {view.frame()['sentence']}"


def test_an_exported_page_carries_how_its_units_are_computed(tmp_path):
    path = NetworkExplorer(picture=3).export(tmp_path / "page.html")
    page = path.read_text("utf-8")
    assert path.stat().st_size < 1_500_000
    assert not re.search(
        r"(src|href)\s*=|@import|import\s*\(|fetch\(", page.replace('"href", this.canvas', "")
    )
    traits = json.loads(
        re.search(r'id="traits">(.*?)</script>', page, re.S)[1].replace("<\\/", "</")
    )
    shown = {
        f"{layer}/{unit}"
        for layer, count in (("0", 8), ("3", 16), ("5", 16), ("7", 10))
        for unit in range(count)
    }
    assert shown <= set(traits["album"])
