"""Images that look like bytes are noticed where values from 0 to 1 are meant, and only these."""

import warnings

import numpy as np
import pytest

import cnnlab
from cnnlab.data import Split
from cnnlab.data.scale import ScaleWarning, scale_sentence
from cnnlab.layers import BatchNorm2d, Flatten, Layer, Linear
from cnnlab.net import Sequential
from cnnlab.train import steps, train
from helpers.training import dataset, quiet

UNIT = np.random.default_rng(0).random((20, 4, 3, 1), np.float32)
BYTES = (UNIT * 255).astype(np.uint8)


@pytest.mark.parametrize(
    ("x", "top"),
    [
        (BYTES, 255),
        (BYTES[:1], 255),
        (BYTES.astype(np.float32), 255),
        (BYTES.astype(int), 255),
        (BYTES.astype(">f8")[::-1], 255),
        ((UNIT * 90).astype(np.uint8), 255),
        ((UNIT * 65535).astype(np.uint16), 65535),
        ((UNIT * 65535).astype(">u2"), 65535),
    ],
)
def test_bytes_are_noticed_and_the_way_out_is_heard(x, top):
    assert f"use x / {top}" in scale_sentence(x)
    assert scale_sentence(x / top) == ""


@pytest.mark.parametrize(
    "x",
    [
        UNIT,
        UNIT > 0.5,
        (UNIT > 0.5).astype(np.uint8),
        UNIT * 255,
        UNIT * 16 // 1,
        UNIT * 100 - 50,
        BYTES.astype(int) - 128,
        BYTES.astype(int) * 4,
        np.full((2, 3), np.nan),
        BYTES[:0],
        np.array(["200"]),
    ],
)
def test_what_does_not_look_like_bytes_passes(x):
    assert scale_sentence(x) == ""


def net(*first):
    return Sequential(*first, Flatten(), Linear(3), input_shape=(4, 3, 1))


def heard(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return [w for w in caught if w.category is ScaleWarning]


Y = np.arange(20) % 3
MIXED = dataset()
MIXED = cnnlab.data.Dataset(
    "mixed", MIXED.train, Split((MIXED.test.x * 127).astype(np.uint8), MIXED.test.y), "abc", ""
)
ENTRIES = {
    "train": lambda net: train(net, (BYTES, Y), epochs=2, batch_size=10, **quiet),
    "train with test images": lambda net: train(net, MIXED, epochs=2, batch_size=10, **quiet),
    "steps": lambda net: list(steps(net, (BYTES, Y), epochs=1, batch_size=10)),
    "scores": lambda net: net.scores(BYTES),
    "predict": lambda net: net.predict(BYTES.astype(float), batch_size=3),
}


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_every_entry_warns_once_at_the_line_of_the_caller(entry):
    said = heard(lambda: entry(net()))
    assert len(said) == 1 and "/ 255" in str(said[0].message) and said[0].filename == __file__


@pytest.mark.parametrize("entry", ENTRIES.values(), ids=ENTRIES)
def test_a_net_that_scales_by_itself_is_left_alone(entry):
    class Scale(Layer):
        def forward(self, x, training=False):
            self.save_for_backward(training)
            return x / 255

        def backward(self, dy, need_dx=True):
            return dy / 255

    assert heard(lambda: entry(net(BatchNorm2d()))) == heard(lambda: entry(net(Scale()))) == []


def test_images_in_scale_are_met_in_silence():
    made = net()
    assert (
        heard(
            lambda: (train(made, dataset(), epochs=1, batch_size=10, **quiet), made.predict(UNIT))
        )
        == []
    )
