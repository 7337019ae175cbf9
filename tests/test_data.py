"""The packaged and generated data sets: right sizes, balanced, always the same, exact masks."""

import subprocess
import sys

import numpy as np
import pytest

from cnnlab import data
from cnnlab.data import DataError, Split, packaged
from cnnlab.data.shapes_set import CLASSES

OFFLINE = [("fashion", 4000, 1000, (28, 28, 1), 10), ("digits", 1397, 400, (8, 8, 1), 10)]
OFFLINE += [("shapes", 2000, 500, (24, 24, 3), 6)]


@pytest.fixture(scope="module")
def clean():
    return data.load("shapes", train=60, test=13, noise=0)


@pytest.mark.parametrize(("name", "train", "test", "shape", "classes"), OFFLINE)
def test_a_set_has_its_announced_sizes_types_and_range(name, train, test, shape, classes):
    found = data.load(name)
    assert (found.name, len(found.train), len(found.test)) == (name, train, test)
    assert (
        found.input_shape == shape
        and len(found.classes) == classes
        and len(set(found.classes)) == classes
    )
    for x, y in (found.train, found.test):
        assert x.shape == (len(y), *shape) and x.dtype == np.float32 and x.flags.c_contiguous
        assert y.dtype == np.int64 and set(y) == set(range(classes))
        assert x.min() == 0 and x.max() == 1


def test_fashion_is_the_default_and_is_balanced_in_every_ten():
    found = data.load()
    assert found.name == "fashion" and "MIT" in found.source
    for split in (found.train, found.test):
        assert np.array_equal(
            np.sort(split.y.reshape(-1, 10)), np.tile(np.arange(10), (len(split) // 10, 1))
        )


def test_no_fashion_image_is_in_both_splits_or_twice_in_one():
    found = data.load("fashion")
    x = np.concatenate([found.train.x, found.test.x]).reshape(5000, -1)
    assert len({row.tobytes() for row in x}) == 5000


def test_digits_has_seventeen_grey_levels_and_keeps_the_file_order():
    found = data.load("digits")
    assert np.array_equal(np.unique(found.train.x * 16), np.arange(17))
    assert found.train.y[:12].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert (found.train.x[0, 0, :, 0] * 16).tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_a_damaged_packaged_file_is_one_sentence(monkeypatch, tmp_path):
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "digits.npz").write_bytes(b"PK not a zip file")
    monkeypatch.setattr(packaged, "files", lambda package: tmp_path)
    for name in ("digits", "fashion"):
        with pytest.raises(
            DataError, match=f"{name}.npz is missing or damaged: install cnnlab again"
        ):
            data.load(name)


def test_the_licence_and_the_citation_travel_with_the_files():
    folder = packaged.files("cnnlab.data") / "files"
    licence = (folder / "FASHION-MNIST-LICENSE.txt").read_text(encoding="utf-8")
    assert "Permission is hereby granted" in licence and "Copyright (c) 2017 Zalando SE" in licence
    assert "Alpaydin and C. Kaynak" in (folder / "DIGITS-CITATION.txt").read_text(encoding="utf-8")


def test_masks_are_the_pixels_that_differ_from_the_background(clean):
    for split in (clean.train, clean.test):
        ground = split.x[:, 0, 0]
        assert np.array_equal(split.masks, (split.x != ground[:, None, None]).any(axis=3))
        assert ground.max() < 0.3 and np.ptp(ground, axis=1).max() == 0


def test_every_shape_is_whole_and_is_an_outline(clean):
    masks = clean.train.masks
    assert not masks[:, [0, -1]].any() and not masks[:, :, [0, -1]].any()
    for i, mask in enumerate(masks):
        row, col = (int(np.mean(np.flatnonzero(mask.any(axis)))) for axis in (1, 0))
        assert not mask[row, col], (
            f"the middle of image {i}, a {CLASSES[clean.train.y[i]]}, is filled"
        )
        assert 20 < mask.sum() < 24 * 24 / 3


def test_the_drawn_circle_is_as_far_from_its_centre_everywhere(clean):
    for mask in clean.train.masks[clean.train.y == CLASSES.index("circle")]:
        place = np.argwhere(mask)
        middle = (place.min(axis=0) + place.max(axis=0)) / 2
        assert np.ptp(np.hypot(*(place - middle).T)) < 3.5


def test_shapes_are_balanced_in_any_first_part(clean):
    assert np.bincount(clean.train.y).tolist() == [10] * 6
    assert sorted(np.bincount(clean.test.y)) == [2, 2, 2, 2, 2, 3]
    assert sorted(clean.train.take(6).y) == list(range(6))


def test_shapes_are_the_same_for_the_same_seed_however_many_are_asked_for(clean):
    again, other = (data.load("shapes", train=7, test=5, noise=0, seed=seed) for seed in (0, 1))
    assert np.array_equal(again.train.x, clean.train.x[:7]) and np.array_equal(
        again.test.y, clean.test.y[:5]
    )
    assert not np.array_equal(again.train.masks, other.train.masks)
    assert not np.array_equal(again.train.masks[:5], again.test.masks)


def test_no_two_images_share_their_random_numbers(clean):
    grounds = [split.x[:, 0, 0, 0] for split in (clean.train, clean.test)]
    assert len(np.unique(np.concatenate(grounds))) == 60 + 13


def test_noise_has_the_asked_strength_and_leaves_the_masks_alone(clean):
    noisy = data.load("shapes", train=60, test=1, noise=0.02)
    assert np.array_equal(noisy.train.masks, clean.train.masks)
    away = (clean.train.x > 0.1) & (clean.train.x < 0.9)  # where clipping plays no part
    assert np.std((noisy.train.x - clean.train.x)[away]) == pytest.approx(0.02, rel=0.05)


def test_colour_is_random_white_or_the_one_given():
    def inks(colour):
        found = data.load("shapes", train=12, test=1, noise=0, colour=colour).train
        return np.stack([x[mask][0] for x, mask in zip(found.x, found.masks, strict=True)])

    assert len(np.unique(inks(True), axis=0)) == 12 and np.array_equal(
        inks(True).max(axis=1), np.ones(12)
    )
    assert np.array_equal(inks(False), np.ones((12, 3)))
    assert np.array_equal(inks((1, 0.5, 0)), np.tile(np.float32([1, 0.5, 0]), (12, 1)))


def test_shapes_come_in_other_sizes():
    assert data.load("shapes", train=2, test=1, size=33).input_shape == (33, 33, 3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"size": 11}, "size must be an integer of at least 12, not 11"),
        ({"train": 0}, "train must be a positive integer, not 0"),
        ({"noise": -0.5}, "noise must be a finite number of at least 0, not -0.5"),
        ({"colour": (0.1, 0.2, 0.3)}, "colour .* with one at least 0.5"),
        ({"colour": "red"}, "colour 'red'"),
    ],
)
def test_an_impossible_option_says_what_is_possible(options, words):
    with pytest.raises(ValueError, match=words):
        data.load("shapes", **options)


def test_an_unknown_name_lists_the_names():
    names = '"fashion", "digits", "shapes", "mnist", "fashion-mnist" or "cifar10"'
    with pytest.raises(ValueError, match=f'data set "imagenet" is not known: use {names}'):
        data.load("imagenet")


def test_an_unknown_option_lists_the_options():
    with pytest.raises(TypeError, match="'mnist' has no argument 'size': it takes cache, progress"):
        data.load("mnist", size=3)


def test_a_split_unpacks_slices_and_takes(clean):
    x, y = clean.train
    part = clean.train[5:9]
    assert isinstance(part, Split) and len(part) == 4
    assert np.array_equal(part.x, x[5:9]) and np.array_equal(part.y, y[5:9])
    assert np.array_equal(part.masks, clean.train.masks[5:9])
    assert np.array_equal(clean.train[np.array([8, 2])].y, y[[8, 2]])
    assert np.array_equal(clean.train[y == 3].y, [3] * 10)
    assert np.array_equal(clean.train.take(3).x, x[:3]) and clean.train.take(0).masks.shape == (
        0,
        24,
        24,
    )


def test_a_split_refuses_what_cannot_be(clean):
    with pytest.raises(ValueError, match=r"take\(61\) is not possible with 60 images"):
        clean.train.take(61)
    with pytest.raises(TypeError, match=r"not by 3: use split\[0:1\]"):
        clean.train[3]
    with pytest.raises(ValueError, match="2 images do not go with 3 labels"):
        Split(np.zeros((2, 4, 3, 1)), np.zeros(3))
    with pytest.raises(ValueError, match=r"masks \(2, 3, 4\) do not cover images \(2, 4, 3, 1\)"):
        Split(np.zeros((2, 4, 3, 1)), np.zeros(2), np.zeros((2, 3, 4)))


def test_a_set_shows_itself_in_a_line(clean):
    assert repr(clean.train) == "Split(60 images of 24x24x3, with masks)"
    assert repr(data.load("digits").test) == "Split(400 images of 8x8x1)"


def test_the_offline_sets_load_without_the_downloader():
    code = (
        "import sys, cnnlab.data as d; d.load('digits'); print({'pooch', 'requests'} & "
        "set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
