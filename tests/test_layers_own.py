"""Custom layers in a net: an error names the layer, and it cannot write into other arrays."""

import threading
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab.layers import (
    BatchNorm2d,
    Branches,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Residual,
    Tanh,
)
from cnnlab.net import Sequential, load


@dataclass(eq=False)
class Own(Layer):
    """Twice its input, in the way that is asked for."""

    way: str = "plain"

    def forward(self, x, training=False):
        if self.way == "in place":
            x *= 2
            return x
        if self.way == "raises":
            raise ValueError("no such thing")
        wide = np.concatenate([x, x], -1)
        odd = {
            "wide": wide,
            "nothing": None,
            "text": np.full(x.shape, "a"),
            "float64": x.astype(float) * 2,
        }
        return odd.get(self.way, 2 * x)

    def backward(self, dy, need_dx=True):
        if self.way == "in place":
            dy *= 2
            return dy
        return dy[:, :1] if self.way == "short back" else 2 * dy


SHAPE = 4, 4, 2
WRONG = {
    "wide": (
        r"forward returned shape \(3, 4, 4, 4\), but infer_shapes says \(3, 4, 4, 2\)",
        ValueError,
    ),
    "nothing": ("forward returned nothing: return an array", TypeError),
    "text": ("forward returned <U1 values: return real numbers", TypeError),
    "raises": ("no such thing", ValueError),
}
PLACES = {
    "layer 1, ": lambda own: (ReLU(), own),
    "layer 1.body.0, ": lambda own: (ReLU(), Residual(own)),
    "layer 0.1.0, ": lambda own: (Branches(ReLU(), [own]),),
}


def net_of(*layers, seed=0):
    return Sequential(*layers, Flatten(), Linear(3), input_shape=SHAPE, seed=seed)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("way", WRONG)
@pytest.mark.parametrize("ask", ["forward", "scores", "activations"])
def test_what_goes_wrong_in_a_layer_names_it_and_its_place(ask, way, place, rng):
    sentence, kind = WRONG[way]
    net = net_of(*PLACES[place](Own(way)))
    with pytest.raises(kind, match=rf"^{place}Own\(way='{way}'\): {sentence}"):
        getattr(net, ask)(rng.random((3, *SHAPE)))


def test_a_gradient_of_another_shape_names_the_layer(rng):
    net = net_of(Conv2d(2, 1), Own("short back"))
    net.forward(rng.random((3, *SHAPE)), training=True)
    with pytest.raises(
        ValueError,
        match=r"^layer 1, Own.* backward returned shape .* but its input had \(3, 4, 4, 2\)",
    ):
        net.backward(np.ones((3, 3)))


@pytest.mark.parametrize("way", ["in place", "float64"])
@pytest.mark.parametrize(
    "around",
    [
        lambda own: (own,),
        lambda own: (Tanh(), own),
        lambda own: (Residual(own),),
        lambda own: (Branches([], own, [own.__class__(own.way)]),),
        lambda own: (Conv2d(2, 1), Tanh(), Residual(own, shortcut=Own(own.way))),
    ],
)
def test_a_layer_that_works_in_place_or_in_float64_gives_what_a_plain_one_gives(around, way, rng):
    x, dy = rng.random((3, *SHAPE), dtype=np.float32), rng.random((3, 3), dtype=np.float32)
    kept, results = x.copy(), []
    for net in (net_of(*around(Own(way))), net_of(*around(Own()))):
        y, dx = net.forward(x, training=True), net.backward(dy)
        results.append([y, dx, *net.grads.values(), net.scores(x), *net.activations(x)])
        assert np.array_equal(x, kept) and y.dtype == dx.dtype == np.float32
    for one, other in zip(*results, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_net_is_called_counted_indexed_and_gone_through(rng):
    net, x = net_of(Conv2d(2, 3), ReLU()), rng.random((2, *SHAPE))
    np.testing.assert_array_equal(net(x), net.forward(x))
    assert (
        len(net) == 4
        and list(net) == list(net.layers)
        and net[0] is net.layers[0]
        and net[-1] is net.layers[3]
    )
    assert Sequential(*net[:2], input_shape=SHAPE)[0] is net[0] and net and Sequential()
    for place, kind in ((4, IndexError), ("0", TypeError)):
        with pytest.raises(kind, match=f"there is no layer {place!r}: use a place from 0 to 3"):
            net[place]


LEAVES = st.sampled_from(
    ["Conv2d(2,3,padding=1)", "ReLU()", "Tanh()", "BatchNorm2d()", "MaxPool2d(3,1,1)", "Own()"]
)
ROWS = st.recursive(
    st.lists(LEAVES, min_size=1, max_size=3).map(", ".join),
    lambda rows: st.lists(
        st.one_of(
            LEAVES,
            rows.map("Residual({})".format),
            rows.map("Branches([{}], ReLU()), Conv2d(2, 1)".format),
        ),
        min_size=1,
        max_size=3,
    ).map(lambda parts: ", ".join([*parts, "Conv2d(2, 1)"])),
    max_leaves=4,
)


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(row=ROWS, seed=st.integers(0, 99))
def test_random_nested_nets_are_the_same_saved_copied_and_printed(row, seed, tmp_path_factory):
    names = {
        kind.__name__: kind
        for kind in (BatchNorm2d, Conv2d, MaxPool2d, ReLU, Tanh, Own, Residual, Branches)
    }
    net = net_of(Conv2d(2, 1), *eval(f"[{row}]", names), seed=seed)
    x = np.random.default_rng(seed).random((2, *SHAPE))
    net.forward(x, training=True)  # running statistics are kept, too
    again = load(net.save(tmp_path_factory.getbasetemp() / "nested.npz"))
    for other in (again, net.copy()):
        assert str(other) == str(net)
        np.testing.assert_array_equal(other(x), net(x))
        np.testing.assert_array_equal(other.scores(x), net.scores(x))


class Locked(ReLU):
    """It holds what cannot be copied."""

    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()


def test_a_layer_that_cannot_be_copied_is_named():
    net = Sequential(Flatten(), Locked(), Linear(2), input_shape=(2, 2, 1))
    with pytest.raises(
        TypeError, match=r"layer 1, Locked\(\), holds an object that cannot be copi"
    ):
        net.copy()
