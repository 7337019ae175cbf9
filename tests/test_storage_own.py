"""Custom layers in files: each comes back as itself, or save refuses."""

from dataclasses import dataclass

import numpy as np
import pytest

from cnnlab.layers import BatchNorm2d, Conv2d, Flatten, Layer, Linear, ReLU
from cnnlab.net import Sequential, load
from cnnlab.storage import StorageError
from helpers.changed_files import altered, nothing


def test_a_layer_of_ones_own_is_found_by_its_name(tmp_path, rng):
    @dataclass(eq=False)
    class Scale(Layer):
        factor: float = 2.0

        def infer_shapes(self, input_shape):
            return super().infer_shapes(input_shape)

        def forward(self, x, training=False):
            return x * self.factor

    path = Sequential(Scale(np.float32(3.0)), Linear(2), input_shape=(3,)).save(
        tmp_path / "net.npz"
    )
    assert load(path).layers[0].factor == 3.0


class Scale(Layer):
    """As a learner writes a first layer: no dataclass."""

    def __init__(self, k, shift=0.0):
        self.k, self.shift = k, shift

    def forward(self, x, training=False):
        return x * self.k + self.shift


def test_a_layer_that_is_no_dataclass_comes_back_with_its_arguments(tmp_path):
    net = Sequential(Scale(2, shift=0.5), Linear(1), input_shape=(2,))
    again = load(net.save(tmp_path / "net"))
    assert str(again.layers[0]) == "Scale(2, shift=0.5)"
    np.testing.assert_array_equal(again.scores(np.ones((1, 2))), net.scores(np.ones((1, 2))))


class Forgetful(Layer):
    def __init__(self, k):
        self.times = k


class Reversing(Layer):
    """What its config gives makes another layer."""

    def __init__(self, k):
        self.k = -k


class Integral(Layer):
    """Its state holds whole numbers, which no file of a net may."""

    def infer_shapes(self, input_shape):
        return super().infer_shapes(input_shape, state={"count": (1,)})

    def initial_value(self, name, shape, rng, dtype):
        return np.zeros(shape, object)

    def init(self, rng, dtype=np.float32):
        self.state["count"] = np.zeros(1, int)


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (Forgetful(3), "argument k is not kept: set self.k in the __init__ of Forgetful"),
        (Reversing(3), "could not be loaded again: a layer is made into something else"),
        (
            Integral(),
            "could not be loaded again: state/0.count holds int64 values instead of floats",
        ),
        (Scale(np.ones(3)), "is not a number, a text or a list of them"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_could_not_be_loaded_is_not_saved(layer, sentence, tmp_path):
    with pytest.raises(StorageError, match=sentence.replace("(", r"\(")):
        Sequential(layer, Linear(1), input_shape=(3,)).save(tmp_path / "net")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "kind", [ReLU, Conv2d, Linear, Flatten, BatchNorm2d], ids=lambda kind: kind.__name__
)
def test_a_class_of_ones_own_never_changes_what_a_file_of_the_library_becomes(kind, tmp_path):
    net = Sequential(
        Conv2d(2, 3), BatchNorm2d(), ReLU(), Flatten(), Linear(2), input_shape=(4, 4, 1)
    )
    path, before = net.save(tmp_path / "net"), net.scores(np.ones((1, 4, 4, 1)))
    own = type(
        kind.__name__,
        (kind,),
        {"forward": lambda self, x, training=False: x * np.nan, "__module__": "mine"},
    )
    np.testing.assert_array_equal(load(path).scores(np.ones((1, 4, 4, 1))), before)
    assert own is not kind and all(type(layer).__module__ != "mine" for layer in load(path).layers)


def test_a_class_of_ones_own_called_like_one_of_the_library_comes_back_as_itself(tmp_path):
    class Tanh(Layer):
        def forward(self, x, training=False):
            return 3 * x

    net = Sequential(Tanh(), Linear(1), input_shape=(2,))
    assert type(load(net.save(tmp_path / "net")).layers[0]) is Tanh


def test_a_file_without_marks_finds_a_class_of_ones_own_by_its_name(tmp_path):
    class Unmarked(Scale):
        pass

    path = Sequential(Unmarked(2), Linear(1), input_shape=(2,)).save(tmp_path / "net")

    def unmarked(data):
        del data["net"]["layers"][0]["own"]
        return data

    assert load(altered(path, nothing, unmarked)).layers[0].k == 2


def test_hyperparameters_that_are_arrays_are_printed_in_short():
    net = Sequential(Scale(np.ones(3)), input_shape=(3,))
    assert "Scale(k=array of shape (3,))" in str(net)


def test_of_two_classes_of_one_name_each_comes_back_from_its_own_file(tmp_path):
    def made(factor):
        class Times(Layer):
            def forward(self, x, training=False):
                return x * factor

        Times.__qualname__ = f"Times{factor}"
        return Sequential(Times(), Linear(1), input_shape=(2,))

    nets = made(2), made(3)
    for number, path in enumerate(
        [net.save(tmp_path / str(number)) for number, net in enumerate(nets)]
    ):
        assert type(load(path).layers[0]) is type(nets[number].layers[0])


class Loose(Layer):
    def __init__(self, *sizes):
        self.sizes = sizes

    def forward(self, x, training=False):
        return x


class Keyed(Loose):
    def __init__(self, **sizes):
        self.sizes = sizes


class Plain(Layer):
    def forward(self, x, training=False):
        return x


@pytest.mark.parametrize("layer, said", [(Loose(1, 2), r"\*sizes"), (Keyed(a=1), r"\*\*sizes")])
def test_a_layer_whose_arguments_have_no_names_is_refused_with_the_way_out(layer, said, tmp_path):
    net = Sequential(layer, Flatten(), Linear(2), input_shape=(2, 2, 1))
    with pytest.raises(
        StorageError,
        match=f"because {said} has no name for each argument: name them in the __init__",
    ):
        net.save(tmp_path / "net")
    assert not list(tmp_path.iterdir())


def test_a_layer_without_arguments_needs_no_init(tmp_path):
    net = Sequential(Plain(), Flatten(), Linear(2), input_shape=(2, 2, 1))
    assert type(load(net.save(tmp_path / "net")).layers[0]) is Plain
