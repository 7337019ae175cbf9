"""Saving and loading: what goes in comes out, and every damaged or foreign file is refused in one sentence."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from test_layers import ROWS

from cnnlab import storage
from cnnlab.layers import BatchNorm2d, Conv2d, Dropout, Flatten, Layer, Linear, ReLU
from cnnlab.net import Sequential, load
from cnnlab.storage import StorageError

SHAPE = (4, 3, 2)


def small_net(**options):
    layers = Conv2d(3, (3, 1), padding=((1, 1), (0, 0))), BatchNorm2d(), Dropout(0.25), Flatten(), Linear(2)
    return Sequential(*layers, input_shape=SHAPE, **options)


@pytest.fixture
def saved(tmp_path):
    return small_net().save(tmp_path / "net.npz")


def altered(path, change, structure=None):
    """Write the file anew, its arrays changed by a function; ``structure`` is text, or a function of the data."""
    with np.load(path) as archive:
        arrays = dict(archive)
    data = json.loads(str(arrays.pop("structure")))
    change(arrays)
    text = structure if isinstance(structure, str) else json.dumps(structure(data) if structure else data)
    np.savez(path, structure=np.array(text), **arrays)
    return path


def nothing(arrays):
    pass


@pytest.mark.parametrize(("layer", "input_shape", "output_shape"), ROWS, ids=lambda v: str(v).replace("\n", ""))
def test_every_layer_comes_back_with_its_arrays(layer, input_shape, output_shape, tmp_path, rng):
    net = Sequential(type(layer).from_config(layer.config()), input_shape=input_shape, dtype=np.float64, seed=3)
    x = rng.standard_normal((4, *input_shape))
    net.forward(x, training=True)
    again = load(net.save(tmp_path / "net.npz"))
    assert repr(again) == repr(net) and (again.seed, again.dtype) == (3, np.float64)
    np.testing.assert_array_equal(again.forward(x), net.forward(x))
    assert dict(again.state).keys() == dict(net.state).keys()


def test_hyperparameters_come_back_as_they_were(saved):
    assert repr(load(saved).layers[0]) == repr(small_net().layers[0])


def test_a_layer_of_ones_own_is_found_by_its_name(tmp_path, rng):
    @dataclass(eq=False)
    class Scale(Layer):
        factor: float = 2.0

        def infer(self, input_shape):
            return super().infer(input_shape)

        def forward(self, x, training=False):
            return x * self.factor

    path = Sequential(Scale(np.float32(3.0)), Linear(2), input_shape=(3,)).save(tmp_path / "net.npz")
    assert load(path).layers[0].factor == 3.0


@pytest.mark.parametrize("name", ["net", "net.v2", "net.npz"])
def test_the_suffix_is_added_where_it_is_missing(name, tmp_path):
    path = small_net().save(tmp_path / name)
    assert path.name == name.removesuffix(".npz") + ".npz" and path.is_file()
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    assert load(tmp_path / name).input_shape == SHAPE
    assert load(str(path)).input_shape == SHAPE


def test_the_structure_is_text_and_the_arrays_are_plain(saved):
    with np.load(saved, allow_pickle=False) as archive:
        assert json.loads(str(archive["structure"]))["version"] == 1
        assert archive["params/0.weight"].shape == (3, 3, 1, 2) and archive["state/1.running_var"].shape == (3,)


def test_a_failed_save_leaves_the_old_file(saved, monkeypatch):
    old = saved.read_bytes()

    def full_disk(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.np, "savez", full_disk)
    with pytest.raises(StorageError, match=r"cannot be written \(No space left on device\): choose another place"):
        small_net(seed=1).save(saved)
    assert saved.read_bytes() == old and len(list(saved.parent.iterdir())) == 1


def test_a_missing_folder_is_refused(tmp_path):
    with pytest.raises(StorageError, match="cannot be written"):
        small_net().save(tmp_path / "nowhere" / "net.npz")


def test_what_json_cannot_hold_is_refused(tmp_path):
    @dataclass(eq=False)
    class Apply(Layer):
        function: object = None

    net = Sequential(Apply(abs), Linear(1), input_shape=(2,))
    with pytest.raises(StorageError, match=r"Apply\(function=<built-in function abs>\) cannot be saved"):
        net.save(tmp_path / "net.npz")
    assert list(tmp_path.iterdir()) == []


def refused(path, sentence):
    with pytest.raises(StorageError, match=sentence):
        load(path)


def test_a_missing_file_is_refused(tmp_path):
    refused(tmp_path / "net", "there is no file .*net.npz: check the name and the folder")
    refused(tmp_path, "there is no file")


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused(saved, share):
    whole = saved.read_bytes()
    saved.write_bytes(whole[: int(len(whole) * share)])
    refused(saved, "is no file of cnnlab, or it is damaged: save the net again")


def test_a_flipped_bit_among_the_weights_is_refused(saved):
    whole = bytearray(saved.read_bytes())
    weights = load(saved).params["0.weight"].tobytes()
    whole[whole.find(weights) + 5] ^= 1
    saved.write_bytes(whole)
    refused(saved, "is no file of cnnlab, or it is damaged")


def test_foreign_files_are_refused(tmp_path):
    path = tmp_path / "other.npz"
    path.write_text("not a zip file")
    refused(path, "is no file of cnnlab")
    np.savez(path, x=np.ones(3))
    refused(path, "holds arrays but no net of cnnlab: use a file that net.save wrote")
    np.savez(path, structure=np.array([{"a": 1}], dtype=object))
    refused(path, "is no file of cnnlab, or it is damaged")
    with path.open("wb") as file:
        np.save(file, np.ones(3))
    refused(path, "is no file of cnnlab")


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"format": "other", "version": 1}', "[" * 100_000])
def test_a_structure_that_is_none_is_refused(saved, text):
    refused(altered(saved, nothing, text), "no net of cnnlab")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda a: a.pop("params/0.bias"), "it lacks params/0.bias"),
        (lambda a: a.pop("state/1.running_var"), "it lacks state/1.running_var"),
        (lambda a: a.update(extra=np.ones(2)), "it has too many: extra"),
        (
            lambda a: a.update({"params/4.weight": np.ones((2, 3))}),
            r"params/4.weight has shape \(2, 3\), but the net needs",
        ),
        (lambda a: a.update({"params/4.bias": np.array(["a", "b"])}), "params/4.bias holds <U1 values"),
    ],
)
def test_arrays_that_do_not_fit_the_structure_are_refused(saved, change, sentence):
    refused(altered(saved, change), f"does not hold a net that can be built: {sentence}")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (dict(version=2), "has format 2, but this cnnlab reads format 1"),
        (dict(net={"layer": "Quantum"}), "a layer 'Quantum' that is not known: define or import its class"),
        (dict(net={"layer": "Path"}), "'Path' that is not known"),
        (dict(net={"layer": "ReLU"}), "it describes no whole net"),
        (dict(net={"layer": "Sequential", "layers": []}), "it describes no whole net"),
        (dict(net={"layer": "Sequential", "layers": 3}), "can be built"),
        (dict(net={"layer": "Conv2d", "colour": 3}), "can be built: .*colour"),
        (dict(net=None), "it describes no whole net"),
        (
            dict(net={"layer": "Sequential", "layers": [{"layer": "Linear", "out_features": 0}], "input_shape": [3]}),
            "out_features 0 is not a whole number",
        ),
    ],
)
def test_a_structure_that_cannot_be_built_is_refused(saved, change, sentence):
    refused(altered(saved, nothing, lambda data: {**data, **change}), sentence)


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

    def infer(self, input_shape):
        return super().infer(input_shape, state={"count": (1,)})

    def start(self, name, shape, rng, dtype):
        return np.zeros(shape, object)

    def init(self, rng, dtype=np.float32):
        self.state["count"] = np.zeros(1, int)


@pytest.mark.parametrize(
    ("layer", "sentence"),
    [
        (Forgetful(3), "argument k is not kept: set self.k in the __init__ of Forgetful"),
        (Reversing(3), "could not be loaded again: a layer is made into something else"),
        (Integral(), "could not be loaded again: state/0.count holds int64 values instead of floats"),
        (Scale(np.ones(3)), "is not a number, a text or a list of them"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_could_not_be_loaded_is_not_saved(layer, sentence, tmp_path):
    with pytest.raises(StorageError, match=sentence.replace("(", r"\(")):
        Sequential(layer, Linear(1), input_shape=(3,)).save(tmp_path / "net")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [ReLU, Conv2d, Linear, Flatten, BatchNorm2d], ids=lambda kind: kind.__name__)
def test_a_class_of_ones_own_never_changes_what_a_file_of_the_library_becomes(kind, tmp_path):
    net = Sequential(Conv2d(2, 3), BatchNorm2d(), ReLU(), Flatten(), Linear(2), input_shape=(4, 4, 1))
    path, before = net.save(tmp_path / "net"), net.scores(np.ones((1, 4, 4, 1)))
    own = type(kind.__name__, (kind,), {"forward": lambda self, x, training=False: x * np.nan, "__module__": "mine"})
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


@pytest.mark.parametrize("name", ["", ".", "..", "/", None, 3, b"net", "a\0b"])
def test_what_names_no_file_is_refused_by_save_and_load(name):
    for use in (small_net().save, load):
        with pytest.raises(StorageError):
            use(name)


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
    for number, path in enumerate([net.save(tmp_path / str(number)) for number, net in enumerate(nets)]):
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
    with pytest.raises(StorageError, match=f"because {said} has no name for each argument: name them in the __init__"):
        net.save(tmp_path / "net")
    assert not list(tmp_path.iterdir())


def test_a_layer_without_arguments_needs_no_init(tmp_path):
    net = Sequential(Plain(), Flatten(), Linear(2), input_shape=(2, 2, 1))
    assert type(load(net.save(tmp_path / "net")).layers[0]) is Plain


def test_half_a_sign_is_no_name_and_a_long_one_is(tmp_path):
    net = Sequential(Flatten(), Linear(2), input_shape=(2, 2, 1))
    for call in (net.save, load):
        with pytest.raises(StorageError, match="is not the name of a file: give one"):
            call("\ud800")
    assert load(net.save(tmp_path / ("n" * 240))).input_shape == (2, 2, 1)
