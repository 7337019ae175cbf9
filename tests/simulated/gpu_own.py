"""Custom optimisers, losses and layers on the simulated GPU."""

import numpy as np
import pytest

from cnnlab import (
    SGD,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
)
from cnnlab.losses import softmax_cross_entropy
from cnnlab.optim.base import elementwise
from cnnlab.train.stream import steps, train_step
from helpers.gpu_nets import IMAGES, LABELS, largest_difference, many_images, net_of


class OwnRule(SGD):
    def update(self, param, g, slot):
        param -= np.multiply(g, self.lr)


class OwnMarkedRule(SGD):
    @elementwise("own", ("v",))
    def update(self, param, g, slot):
        param -= np.multiply(g, self.lr)


class OwnStep(SGD):
    def step(self, params, grads):
        super().step(params, grads)


class OwnLoss(dict):  # which cannot be hashed
    def __call__(self, scores, y):
        return softmax_cross_entropy(scores, y)


@pytest.mark.parametrize(
    "options",
    [
        {"optimizer": OwnRule(0.1)},
        {"optimizer": OwnMarkedRule(0.1)},
        {"optimizer": OwnStep(0.1)},
        {"loss": OwnLoss()},
    ],
    ids=["rule", "marked rule", "step", "loss"],
)
def test_rules_and_losses_of_ones_own_are_asked_at_every_step(options):
    nets = [net_of("small").to("cuda") for _ in range(2)]
    before = nets[0].params["0.weight"].numpy()
    for net, fetch_every in zip(nets, (3, 1), strict=True):
        next(steps(net, many_images(), epochs=1, batch_size=2, fetch_every=fetch_every, **options))
    found = [net.params["0.weight"].numpy() for net in nets]
    assert (found[0] != before).any() and (found[0] == found[1]).all()


def test_layers_of_ones_own_may_give_back_arrays_of_numpy():
    class Leaky(ReLU):
        def forward(self, x, training=False):
            x = np.asarray(x)
            self.save_for_backward(training, x)
            return np.where(x > 0, x, 0.1 * x)

        def backward(self, dy, need_dx=True):
            (x,) = self.saved()
            return np.asarray(dy) * np.where(x > 0, 1, 0.1).astype(x.dtype)

    def build():
        return Sequential(
            Conv2d(2, 2),
            MaxPool2d(2),
            Leaky(),
            ReLU(),
            Flatten(),
            Linear(3),
            input_shape=(5, 5, 2),
            seed=1,
        )

    here, there = build(), build().to("cuda")
    for net in (here, there):
        train_step(net, IMAGES, LABELS, SGD(0.1), softmax_cross_entropy)
    assert largest_difference(here.params, there.params) < 1e-6
