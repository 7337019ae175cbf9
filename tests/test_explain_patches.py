"""Best patches: receptive fields are the pixels that change a unit, patches its largest values."""

from time import process_time

import numpy as np
import pytest

import cnnlab
from cnnlab import (
    AvgPool2d,
    BatchNorm2d,
    Branches,
    Conv2d,
    ConvTranspose2d,
    Flatten,
    FractionalMaxPool2d,
    GlobalAvgPool2d,
    GroupNorm,
    Linear,
    LocallyConnected2d,
    LocalResponseNorm,
    LpPool2d,
    MaxPool2d,
    ReLU,
    Residual,
    Sequential,
    explain,
)
from cnnlab.explain import graph, receptive_field
from cnnlab.explain.graph import node_number
from cnnlab.train import film

SHAPE = (13, 11, 2)
STACKS = {
    "convolution": [Conv2d(3, 3)],
    "padded": [Conv2d(3, (3, 5), padding=(1, 2)), Conv2d(2, 3, padding=1)],
    "lopsided": [Conv2d(3, 4, padding=((0, 2), (1, 0))), Conv2d(2, 3, padding="same")],
    "stride": [Conv2d(3, 3, stride=2, padding=1), ReLU(), Conv2d(2, 3, stride=(1, 2), padding=1)],
    "dilation": [Conv2d(3, 3, dilation=2, padding=2), Conv2d(2, 3, dilation=(1, 2))],
    "groups": [Conv2d(4, 3, groups=2, padding=1), Conv2d(4, 1, groups=2)],
    "pool": [Conv2d(3, 3, padding=1), MaxPool2d(2), Conv2d(2, 3, padding=1), MaxPool2d(2)],
    "overlapping pool": [MaxPool2d(3, 2, padding=1), AvgPool2d(3, 2), LpPool2d(2, stride=1)],
    "ceil": [MaxPool2d(2, fit="ceil"), Conv2d(2, 3, padding=1)],
    "leftover": [MaxPool2d(2), Conv2d(2, 5, padding=2)],
    "more stride than filter": [Conv2d(3, 1, stride=3), Conv2d(2, 2)],
    "transposed": [Conv2d(3, 3, stride=2), ConvTranspose2d(2, 3, stride=2), Conv2d(2, 3)],
    "dilated stamp": [MaxPool2d(3), ConvTranspose2d(2, 2, stride=2, dilation=3, padding=1)],
    "residual": [Conv2d(3, 3, padding=1), Residual(Conv2d(3, 5, padding=2), ReLU(), Conv2d(3, 1))],
    "short cut": [
        Residual(Conv2d(3, 3, stride=2, padding=1), shortcut=(Conv2d(3, 1, stride=2),)),
        MaxPool2d(2),
    ],
    "branches": [
        Branches([], Conv2d(2, 1), [MaxPool2d(3, 1, 1), Conv2d(3, 5, padding=2)]),
        ReLU(),
        MaxPool2d(2),
    ],
    "nested": [Branches(Residual(Conv2d(2, 3, padding=1)), Conv2d(1, 7, padding=3)), BatchNorm2d()],
    "norms": [Conv2d(4, 3), LocalResponseNorm(3), BatchNorm2d()],
    "response over branches": [
        Branches(Conv2d(2, 1), Conv2d(2, 3, padding=1)),
        LocalResponseNorm(3),
    ],
    "unshared": [LocallyConnected2d(2, 3, stride=2), Conv2d(2, 2)],
    "fractional": [FractionalMaxPool2d(1.4), Conv2d(2, 3, padding=1)],
    "fractional, overlapping": [FractionalMaxPool2d(1.6, overlapping=True), Conv2d(2, 2)],
    "group norm": [Conv2d(4, 3), GroupNorm(2)],
    "conv on group norm": [Conv2d(4, 3), GroupNorm(2), Conv2d(2, 3, stride=2)],
    "flat": [Conv2d(3, 3), MaxPool2d(2), Flatten(), ReLU()],
    "dense": [Conv2d(3, 3, stride=2), Flatten(), Linear(4)],
    "global": [Conv2d(3, 3, padding=1), GlobalAvgPool2d(), Linear(3)],
}


def positive(layers, shape=SHAPE):
    """A net in float64 whose every weight is positive: no sum hides a change, and every ReLU lets
    it through.
    """
    net = Sequential(*layers, input_shape=shape, dtype=np.float64)
    for name, array in net.params.items():
        array[...] = np.abs(array) + 0.1 if name.endswith("weight") else 0.5
    return net


def changed(net, unit=None):
    """By brute force: for every pixel, which places of the last layer change when it grows: (H, W,
    OH, OW).
    """
    x = np.random.default_rng(0).random(net.input_shape)
    H, W, C = x.shape
    bumps = np.repeat(x[None], H * W, axis=0)
    bumps.reshape(H * W, H * W, C)[np.arange(H * W), np.arange(H * W)] += (
        5.0  # the largest in every window
    )
    y, before = net.forward(bumps), net.forward(x[None])
    y, before = (
        a.reshape(len(a), *(a.shape[1:] if a.ndim == 4 else (1, 1, a.shape[1])))
        for a in (y, before)
    )
    moved = np.abs(y - before) > 1e-9
    moved = moved.any(axis=-1) if unit is None else moved[..., unit]
    return moved.reshape(H, W, *moved.shape[1:])


def around(pixels):
    """The box (top, bottom, left, right) around the pixels that are true; of none it is empty."""
    down, across = np.flatnonzero(pixels.any(axis=1)), np.flatnonzero(pixels.any(axis=0))
    return (down[0], down[-1] + 1, across[0], across[-1] + 1) if len(down) else (0, 0, 0, 0)


@pytest.mark.slow
@pytest.mark.parametrize("name", STACKS)
def test_the_field_is_the_box_around_the_pixels_that_change_a_unit(name):
    net = positive(STACKS[name])
    nodes = graph(net)
    for unit in (None, *range(nodes[-1].units)):
        if unit is not None and unit > 8 and unit % 7:
            continue
        moved, (rows, columns) = changed(net, unit), receptive_field(nodes, len(nodes) - 1, unit)
        for part in (rows, columns):  # what is seen lies in the box
            low, high = part.seen.T
            assert np.all((low >= high) | ((low >= part.box[:, 0]) & (high <= part.box[:, 1])))
        for i in range(moved.shape[2]):
            for j in range(moved.shape[3]):
                found = (*rows.seen[i], *columns.seen[j])
                found = found if found[0] < found[1] and found[2] < found[3] else (0, 0, 0, 0)
                assert found == around(moved[:, :, i, j]), (unit, i, j)


@pytest.mark.parametrize("name", ["padded", "stride", "dilation", "pool", "overlapping pool"])
def test_the_box_of_a_chain_has_the_size_that_shapes_says_and_moves_by_its_jump(name):
    layers = STACKS[name]
    nodes = graph(positive(layers))
    for axis, found in enumerate(receptive_field(nodes, len(nodes) - 1)):
        steps = [
            (
                axis_of(n.layer.kernel_size, axis),
                axis_of(n.layer.stride or n.layer.kernel_size, axis),
                dilation(n, axis),
            )
            for n in nodes[1:]
            if hasattr(n.layer, "kernel_size")
        ]
        size, jump = cnnlab.shapes.receptive_field(steps)
        assert set(np.diff(found.box, axis=1).ravel()) == {size} and set(
            np.diff(found.box[:, 0])
        ) <= {jump}


def axis_of(value, axis):
    return value[axis] if isinstance(value, tuple) else value


def dilation(node, axis):
    return axis_of(getattr(node.layer, "dilation", 1), axis)


def small(seed=0, dtype=np.float64):
    layers = Conv2d(3, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(4, 3, padding=1)
    return Sequential(*layers, Flatten(), Linear(5), input_shape=(9, 8, 2), seed=seed, dtype=dtype)


X = np.random.default_rng(1).random((30, 9, 8, 2))


def test_the_best_patches_are_the_largest_values_one_of_each_picture():
    net, y = small(), small().activations(X)[3][..., 2]
    found = explain.best_patches(net, X, 3, 2, n=5)
    largest = y.max(axis=(1, 2))
    np.testing.assert_array_equal(found.images, np.argsort(-largest)[:5])
    np.testing.assert_array_equal(found.values, np.sort(largest)[::-1][:5])
    for image, (i, j), value in zip(found.images, found.places, found.values, strict=True):
        assert y[image, i, j] == value


def test_a_patch_is_what_the_unit_sees_and_nan_where_it_sees_nothing():
    found = explain.best_patches(small(), X, 3, 0, n=30)
    assert found.patches.shape == (30, 8, 8, 2)
    assert set(np.diff(found.boxes[:, :2]).ravel()) == {8}
    for patch, box, seen, image in zip(
        found.patches, found.boxes, found.seen, found.images, strict=True
    ):
        top, bottom, left, right = box
        padded = np.pad(X[image], ((9, 9), (9, 9), (0, 0)), constant_values=np.nan)
        y0, y1, x0, x1 = seen
        padded[: y0 + 9], padded[y1 + 9 :], padded[:, : x0 + 9], padded[:, x1 + 9 :] = [np.nan] * 4
        np.testing.assert_array_equal(patch, padded[top + 9 : bottom + 9, left + 9 : right + 9])


def test_a_first_filter_times_its_best_patch_is_the_value():
    net = small()
    found = explain.best_patches(net, X, 0, 1)
    w, b = net.params["0.weight"][1], net.params["0.bias"][1]
    sums = (np.nan_to_num(found.patches) * w).sum(axis=(1, 2, 3)) + b
    np.testing.assert_allclose(sums, found.values)


def test_a_direction_is_a_mixture_of_units():
    net, mixture = small(), np.array([0.5, -1.0, 0.0, 2.0])
    y = net.activations(X)[3] @ mixture
    found = explain.best_patches(net, X, -3, direction=mixture, n=4)
    np.testing.assert_allclose(found.values, np.sort(y.max(axis=(1, 2)))[::-1][:4])
    one = explain.best_patches(net, X, 3, direction=np.eye(4)[2])
    np.testing.assert_array_equal(one.images, explain.best_patches(net, X, 3, 2).images)


def test_a_score_has_the_whole_picture_as_its_patch():
    found = explain.best_patches(small(), X, -1, 3, n=2)
    np.testing.assert_array_equal(found.patches, X[found.images])
    np.testing.assert_allclose(found.values, np.sort(small().scores(X)[:, 3])[::-1][:2])


def test_layers_inside_blocks_have_names():
    net = Sequential(
        Conv2d(2, 3, padding=1), Residual(Conv2d(2, 5, padding=2)), input_shape=(9, 8, 2)
    )
    assert explain.best_patches(net, X, "1.body.0", 0).patches.shape == (9, 7, 7, 2)
    assert explain.best_patches(net, X, "0", 0).patches.shape == (9, 3, 3, 2)
    assert node_number(graph(net), -1) == node_number(graph(net), 1) == node_number(graph(net), "1")


def test_batches_make_no_difference(monkeypatch):
    whole = explain.best_patches(small(), X, 3, 1)
    monkeypatch.setattr(explain.patches, "BATCH", 7)
    np.testing.assert_array_equal(explain.best_patches(small(), X, 3, 1).images, whole.images)


def test_pictures_where_a_unit_is_no_number_are_left_out():
    x = X.copy()
    x[:28] = np.nan
    assert sorted(explain.best_patches(small(), x, 0, 0).images) == [28, 29]
    x[:] = np.nan
    assert explain.best_patches(small(), x, 3, 0).patches.shape[0] == 0


def test_the_net_is_left_as_it_was():
    net = small()
    net.forward(X[:2])
    explain.best_patches(net, X, 3, 0)
    net.backward(np.ones((2, 5)))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"layer": 9, "unit": 0}, "use one of 0, 1, 2"),
        ({"layer": "body", "unit": 0}, "use one of 0, 1, 2"),
        ({"layer": 0, "unit": 3}, "layer 0 has no unit 3: use one from 0 to 2"),
        ({"layer": 0}, "either a unit or a direction"),
        ({"layer": 0, "unit": 0, "direction": [1, 0, 0]}, "either a unit or a direction"),
        ({"layer": 0, "direction": [1, 0]}, "one number for each of 3 units"),
    ],
)
def test_what_the_net_has_not_is_refused_with_what_it_has(options, words):
    with pytest.raises(ValueError, match=words):
        explain.best_patches(small(), X, **options)


def test_a_thousand_pictures_take_less_than_five_seconds_of_work():
    net, x = film("looking").net(), cnnlab.data.load("fashion").test.x
    explain.best_patches(net, x[:70], 6, 0)
    start = process_time()  # of all threads, and not of the clock, for others use the machine too
    explain.best_patches(net, x, 6, 0)
    assert process_time() - start < 5


def test_rows_of_numbers_are_patches_one_pixel_high():
    net, x = (
        Sequential(Linear(3), ReLU(), input_shape=(6,)),
        np.random.default_rng(0).random((10, 6)),
    )
    found = explain.best_patches(net, x, 0, 1, n=4)
    np.testing.assert_allclose(found.patches[:, 0, :, 0], x[found.images], rtol=1e-6)
