"""The GPU's kernels on a real GPU, at the sizes of real nets: ``pytest -m gpu``."""

import numpy as np
import pytest

from helpers.backends import has_gpu

if not has_gpu():
    pytest.skip("needs an NVIDIA GPU and the extra [cuda]", allow_module_level=True)

import cnnlab
from cnnlab import (
    Adam,
    BatchNorm2d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    kernels,
    ops,
)
from cnnlab.losses import softmax_cross_entropy
from cnnlab.train.stream import train_step

pytestmark = pytest.mark.gpu
SHAPES = {
    "first layer": ((64, 28, 28, 1), (20, 5, 5, 1), {}),
    "3x3": ((64, 32, 32, 32), (64, 3, 3, 32), {"padding": 1}),
    "stride": ((8, 227, 227, 3), (96, 11, 11, 3), {"stride": 4}),
    "dilation": ((16, 28, 28, 32), (32, 3, 3, 32), {"padding": 2, "dilation": 2}),
    "groups": ((16, 28, 28, 64), (64, 3, 3, 16), {"padding": 1, "groups": 4}),
    "depthwise": ((16, 28, 28, 64), (64, 3, 3, 1), {"padding": 1, "groups": 64}),
    "1x1": ((16, 28, 28, 64), (128, 1, 1, 64), {}),
    "no tile divides it": ((3, 31, 29, 37), (51, 3, 5, 37), {"padding": (1, 2), "stride": (2, 1)}),
}


def error(ours, truth):
    return np.abs(np.asarray(ours) - truth).max() / np.abs(truth).max()


@pytest.mark.parametrize("shape", SHAPES)
def test_convolutions_are_right_to_a_hundred_thousandth(shape):
    x_shape, w_shape, options = SHAPES[shape]
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal(x_shape, np.float32), rng.standard_normal(w_shape, np.float32)
    y = ops.conv2d(kernels.to_gpu(x), w, **options)
    dy = rng.standard_normal(y.shape, np.float32)
    gradients = ops.conv2d_backward(kernels.to_gpu(dy), x, w, **options)
    exact = [a.astype(np.float64) for a in (x, w, dy)]
    assert error(y, ops.conv2d(*exact[:2], **options)) < 1e-5
    truth = ops.conv2d_backward(exact[2], *exact[:2], **options)
    assert [
        round(error(*pair), 9) for pair in zip(gradients, truth, strict=True) if error(*pair) > 1e-5
    ] == []


@pytest.mark.parametrize("name", ["max_pool2d", "avg_pool2d", "lp_pool2d"])
def test_pooling_is_that_of_the_processor(name):
    x = np.random.default_rng(0).standard_normal((32, 57, 55, 64), np.float32)
    pool = getattr(ops, name)
    assert error(pool(kernels.to_gpu(x), 3, 2, 1), pool(x, 3, 2, 1)) < 1e-5


def test_a_net_learns_there_what_it_learns_on_the_processor():
    def build():
        block = Conv2d(16, 3, padding=1), BatchNorm2d(), ReLU(), MaxPool2d(2)
        return Sequential(
            *block, Conv2d(32, 3), ReLU(), Flatten(), Linear(10), input_shape=(28, 28, 1), seed=0
        )

    rng = np.random.default_rng(0)
    x, y = rng.random((64, 28, 28, 1), np.float32), rng.integers(0, 10, 64)
    losses = []
    for net in (build(), build().to("cuda")):
        optimizer = Adam(1e-3)
        losses.append(
            [train_step(net, x, y, optimizer, softmax_cross_entropy)[0] for _ in range(5)]
        )
    np.testing.assert_allclose(*losses, rtol=1e-3)


def test_arrays_of_others_are_taken_without_a_copy():
    torch = pytest.importorskip("torch")
    theirs = torch.arange(12.0, device="cuda").reshape(1, 2, 2, 3)
    ours = kernels.to_gpu(theirs)
    ours += 1
    assert theirs.flatten()[0].item() == 1
    np.testing.assert_allclose(np.asarray(ops.relu(theirs)), theirs.cpu().numpy())
    assert torch.as_tensor(ops.relu(theirs), device="cuda").sum().item() == theirs.sum().item()


def test_use_sends_and_fetches():
    x = np.random.default_rng(0).standard_normal((2, 9, 9, 3), np.float32)
    w = np.ones((4, 3, 3, 3), np.float32)
    truth = ops.conv2d(x, w)
    with cnnlab.use("cuda"):
        y = ops.conv2d(x, w)
    assert isinstance(y, np.ndarray) and error(y, truth) < 1e-5


def test_copies_take_time_too():
    found = cnnlab.copies()
    assert min(found.send, found.compute, found.fetch) > 0
