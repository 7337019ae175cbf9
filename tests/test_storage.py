"""Saving and loading: a net comes back as it was, and every damaged file is refused."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
from test_layers import ROWS

from cnnlab import storage
from cnnlab.layers import BatchNorm2d, Branches, Conv2d, Dropout, Flatten, Layer, Linear, ReLU
from cnnlab.net import Sequential, load
from cnnlab.storage import StorageError
from helpers.changed_files import altered, nothing

SHAPE = (4, 3, 2)


def small_net(**options):
    layers = (
        Conv2d(3, (3, 1), padding=((1, 1), (0, 0))),
        BatchNorm2d(),
        Dropout(0.25),
        Flatten(),
        Linear(2),
    )
    return Sequential(*layers, input_shape=SHAPE, **options)


@pytest.fixture
def saved(tmp_path):
    return small_net().save(tmp_path / "net.npz")


@pytest.mark.parametrize(
    ("layer", "input_shape", "output_shape"), ROWS, ids=lambda v: str(v).replace("\n", "")
)
def test_every_layer_comes_back_with_its_arrays(layer, input_shape, output_shape, tmp_path, rng):
    net = Sequential(
        type(layer).from_config(layer.config()), input_shape=input_shape, dtype=np.float64, seed=3
    )
    x = rng.standard_normal((4, *input_shape))
    net.forward(x, training=True)
    again = load(net.save(tmp_path / "net.npz"))
    assert repr(again) == repr(net) and (again.seed, again.dtype) == (3, np.float64)
    np.testing.assert_array_equal(again.forward(x), net.forward(x))
    assert dict(again.state).keys() == dict(net.state).keys()


def test_hyperparameters_come_back_as_they_were(saved):
    assert repr(load(saved).layers[0]) == repr(small_net().layers[0])


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
        assert archive["params/0.weight"].shape == (3, 3, 1, 2) and archive[
            "state/1.running_var"
        ].shape == (3,)


def test_a_failed_save_leaves_the_old_file(saved, monkeypatch):
    old = saved.read_bytes()

    def full_disk(file, **arrays):
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.np, "savez", full_disk)
    with pytest.raises(
        StorageError, match=r"cannot be written \(No space left on device\): choose another place"
    ):
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
    with pytest.raises(
        StorageError, match=r"Apply\(function=<built-in function abs>\) cannot be saved"
    ):
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
    refused(saved, "is not a cnnlab file, or it is damaged: save the net again")


def test_a_flipped_bit_among_the_weights_is_refused(saved):
    whole = bytearray(saved.read_bytes())
    weights = load(saved).params["0.weight"].tobytes()
    whole[whole.find(weights) + 5] ^= 1
    saved.write_bytes(whole)
    refused(saved, "is not a cnnlab file, or it is damaged")


def test_foreign_files_are_refused(tmp_path):
    path = tmp_path / "other.npz"
    path.write_text("not a zip file")
    refused(path, "is not a cnnlab file")
    np.savez(path, x=np.ones(3))
    refused(path, "holds arrays but no cnnlab net: use a file that net.save wrote")
    np.savez(path, structure=np.array([{"a": 1}], dtype=object))
    refused(path, "is not a cnnlab file, or it is damaged")
    with path.open("wb") as file:
        np.save(file, np.ones(3))
    refused(path, "is not a cnnlab file")


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "3", '{"format": "other", "version": 1}', "[" * 100_000]
)
def test_a_structure_that_is_none_is_refused(saved, text):
    refused(altered(saved, nothing, text), "no cnnlab net")


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
        (
            lambda a: a.update({"params/4.bias": np.array(["a", "b"])}),
            "params/4.bias holds <U1 values",
        ),
    ],
)
def test_arrays_that_do_not_fit_the_structure_are_refused(saved, change, sentence):
    refused(altered(saved, change), f"does not hold a net that can be built: {sentence}")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (dict(version=2), "has format 2, but this cnnlab reads format 1"),
        (
            dict(net={"layer": "Quantum"}),
            "a layer 'Quantum' that is not known: define or import its class",
        ),
        (dict(net={"layer": "Path"}), "'Path' that is not known"),
        (dict(net={"layer": "ReLU"}), "it does not contain a complete net"),
        (dict(net={"layer": "Sequential", "layers": []}), "it does not contain a complete net"),
        (dict(net={"layer": "Sequential", "layers": 3}), "can be built"),
        (dict(net={"layer": "Conv2d", "colour": 3}), "can be built: .*colour"),
        (dict(net=None), "it does not contain a complete net"),
        (
            dict(
                net={
                    "layer": "Sequential",
                    "layers": [{"layer": "Linear", "out_features": 0}],
                    "input_shape": [3],
                }
            ),
            "out_features must be a positive integer",
        ),
    ],
)
def test_a_structure_that_cannot_be_built_is_refused(saved, change, sentence):
    refused(altered(saved, nothing, lambda data: {**data, **change}), sentence)


@pytest.mark.parametrize("name", ["", ".", "..", "/", None, 3, b"net", "a\0b"])
def test_what_names_no_file_is_refused_by_save_and_load(name):
    for use in (small_net().save, load):
        with pytest.raises(StorageError):
            use(name)


def test_half_a_sign_is_no_name_and_a_long_one_is(tmp_path):
    net = Sequential(Flatten(), Linear(2), input_shape=(2, 2, 1))
    for call in (net.save, load):
        with pytest.raises(StorageError, match="is not the name of a file: give one"):
            call("\ud800")
    assert load(net.save(tmp_path / ("n" * 240))).input_shape == (2, 2, 1)


def test_a_list_of_layers_in_branches_is_saved_as_a_list_and_read_from_older_files_too():
    branches = Branches([ReLU(), Flatten()], Flatten())
    data = storage.describe(branches)
    assert data["branches"][0] == [{"layer": "ReLU"}, {"layer": "Flatten"}]
    older = {"layer": "Stack", "layers": data["branches"][0]}
    for first in (data["branches"][0], older):
        again = storage.build({"layer": "Branches", "branches": [first, data["branches"][1]]})
        assert str(again) == str(branches)
