"""The training runs and measurements that lessons 06, 11 and 12 tell of, for one seed.

A seed draws the first weights and the order of the pictures. ``lesson_claims`` asks what came out.
"""

from dataclasses import replace
from functools import cached_property

import numpy as np
from lesson_nets import (
    GOOD,
    LARGE,
    SMALL,
    answers_to_stripes,
    clothes_net,
    convolutions,
    cosines,
    dead,
    digit_nets,
    looking_net,
    nearest,
    nearest_in_plane,
    pickiness,
    purity,
    ratios,
    trained,
)

import cnnlab
from cnnlab import SGD, Adam


class Run:
    """What is measured with one seed; each training run happens when it is first asked for."""

    def __init__(self, seed):
        self.seed = seed
        self.data = cnnlab.data.load("fashion")
        self.rng = np.random.default_rng(seed)

    @cached_property
    def shrunk(self):
        """Test accuracies of lesson 06's nets: max pooling, fractional pooling, a convolution with
        stride 2.
        """
        digits = cnnlab.data.load("digits")
        histories = [
            trained(net, digits, Adam(0.01), self.seed, epochs=8) for net in digit_nets(self.seed)
        ]
        return [history.test_accuracy[-1] for history in histories]

    @property
    def few(self):
        return self.data.train.take(20)

    @cached_property
    def first_loss(self):
        net = clothes_net(self.seed)
        return cnnlab.softmax_cross_entropy(net.scores(self.data.train.x), self.data.train.y)[0]

    @cached_property
    def first_loss_without_preference(self):
        net = clothes_net(self.seed)
        net.params["7.weight"][:] = 0
        return cnnlab.softmax_cross_entropy(net.scores(self.data.train.x), self.data.train.y)[0]

    @cached_property
    def by_heart(self):
        return trained(clothes_net(self.seed), self.few, Adam(1e-2), self.seed, 100, 20)

    @cached_property
    def nonsense(self):
        """200 pictures with shuffled labels: accuracy on them, and on the test pictures."""
        few, net = self.data.train.take(200), clothes_net(self.seed)
        history = trained(net, (few.x, self.rng.permutation(few.y)), Adam(GOOD), self.seed, 60, 20)
        return history.train_accuracy[-1], (
            net.predict(self.data.test.x) == self.data.test.y
        ).mean()

    def epoch(self, optimizer, norm=False, batch_size=32):
        return trained(clothes_net(self.seed, norm), self.data, optimizer, self.seed, 1, batch_size)

    @cached_property
    def small(self):
        return self.epoch(Adam(SMALL))

    @cached_property
    def killed(self):
        """Dead filters and accuracy after an epoch at too large a rate, then after one more at a
        good one.
        """
        net = clothes_net(self.seed)
        first = trained(net, self.data, Adam(LARGE), self.seed).test_accuracy[-1]
        gone, before = dead(net, self.data.train.x), convolutions(net)
        second = trained(net, self.data, Adam(GOOD), self.seed).test_accuracy[-1]
        still = all(
            np.array_equal(before[name], array) for name, array in convolutions(net).items()
        )
        return gone, first, second, still

    @cached_property
    def pulled_back(self):
        """Dead filters of the second layer after 20 steps at too large a rate; after an epoch by
        the same Adam at a good one.
        """
        net = clothes_net(self.seed)
        adam = Adam(LARGE)
        x = self.data.test.x
        trained(net, replace(self.data, train=self.data.train.take(640)), adam, self.seed)
        soon, adam.lr = dead(net, x)[1], GOOD
        trained(net, self.data, adam, self.seed)
        return soon, dead(net, x)[1]

    @cached_property
    def buried(self):
        """Two filters of the first layer with a bias of −10, then an epoch of SGD with weight
        decay.
        """
        net = clothes_net(self.seed)
        net.params["0.bias"][:2] = -10
        before = convolutions(net)["0.weight"]
        trained(net, self.data, SGD(0.05, weight_decay=1e-3), self.seed)
        after = net.params["0.weight"]
        turned = [float(np.ptp(after[k] / before[k])) for k in range(2)]
        return dead(net, self.data.train.x)[0], max(turned)

    @cached_property
    def long(self):
        """20 epochs over a quarter of the pictures."""
        quarter = replace(self.data, train=self.data.train.take(1000))
        return trained(clothes_net(self.seed), quarter, Adam(GOOD), self.seed, 20)

    @cached_property
    def turned(self):
        """Cosines between the filters of the first layer before and after the training of lesson
        11's film.
        """
        net = clothes_net(self.seed)
        before = convolutions(net)["0.weight"]
        trained(net, self.data, Adam(8e-3), self.seed, 10, schedule="linear")
        return cosines(before, net.params["0.weight"])

    @cached_property
    def formed(self):
        """The same after three epochs for filters that begin at a hundredth of their size, how much
        they have grown, the test accuracy, and how many died.
        """
        net = clothes_net(self.seed)
        net.params["0.weight"][:] /= 100
        before = convolutions(net)["0.weight"]
        accuracy = trained(net, self.data, Adam(GOOD), self.seed, 3).test_accuracy[-1]
        after, gone = net.params["0.weight"], dead(net, self.data.test.x)[0]
        return (
            cosines(before, after),
            float(np.linalg.norm(after) / np.linalg.norm(before)),
            accuracy,
            gone,
        )

    @cached_property
    def plain(self):
        return self.epoch(SGD(0.01)).test_accuracy[-1]

    @cached_property
    def momentum(self):
        return self.epoch(SGD(0.01, momentum=0.9)).test_accuracy[-1]

    @cached_property
    def normalised(self):
        return self.epoch(SGD(0.01), norm=True).test_accuracy[-1]

    @cached_property
    def good(self):
        return self.epoch(Adam(GOOD))

    @cached_property
    def batches(self):
        """An epoch in batches of 8, 32 and 256: test accuracy, and how far the loss jumps from step
        to step.
        """
        runs = [self.epoch(Adam(GOOD), batch_size=size) for size in (8, 32, 256)]
        jumps = [np.abs(np.diff(run.loss[len(run.loss) // 2 :])).mean() for run in runs]
        return [run.test_accuracy[-1] for run in runs], jumps

    @cached_property
    def as_many_steps(self):
        """Test accuracy after 125 steps and more in batches of 256, eight epochs."""
        return trained(
            clothes_net(self.seed), self.data, Adam(GOOD), self.seed, 8, 256
        ).test_accuracy[-1]

    @cached_property
    def fast(self):
        """SGD at 0.3, without and with batch normalisation."""
        return [self.epoch(SGD(0.3), norm).test_accuracy[-1] for norm in (False, True)]

    @cached_property
    def ratio(self):
        return [
            ratios(clothes_net(self.seed), self.data, Adam(lr), self.seed) for lr in (GOOD, SMALL)
        ]

    @cached_property
    def looking(self):
        """The nets of lesson 12, untrained and trained."""
        net = looking_net(self.seed)
        untrained = net.copy()
        trained(net, self.data, Adam(8e-3), self.seed, 10, schedule="linear")
        return untrained, net

    @cached_property
    def accuracy(self):
        """Of lesson 12's net, on the test pictures."""
        test = self.data.test
        return float((self.looking[1].predict(test.x) == test.y).mean())

    @cached_property
    def codes(self):
        """Codes of the training pictures, untrained and trained, then those of the test
        pictures.
        """
        return [
            [_codes(net, split.x) for net in self.looking]
            for split in (self.data.train, self.data.test)
        ]

    @cached_property
    def neighbours(self):
        """1-NN accuracy on pixels, on the codes of the untrained and of the trained net."""
        train, test = self.data.train, self.data.test
        kinds = [
            (train.x.reshape(len(train), -1), test.x.reshape(len(test), -1)),
            *zip(*self.codes, strict=True),
        ]
        return [nearest(a, train.y, b, test.y) for a, b in kinds]

    @cached_property
    def planes(self):
        test = self.data.test
        return [
            nearest_in_plane(x, test.y) for x in (test.x.reshape(len(test), -1), self.codes[1][1])
        ]

    @cached_property
    def purities(self):
        """Of units, of random directions, of random pictures, and of the units of the untrained
        net.
        """
        (untrained, codes), labels = self.codes[0], self.data.train.y
        directions = self.rng.standard_normal((codes.shape[1], 300)).astype(np.float32)
        chance = self.rng.random((len(labels), 300))
        kinds = (
            codes[:, codes.max(axis=0) > 0],
            codes @ directions,
            chance,
            untrained[:, untrained.max(axis=0) > 0],
        )
        return [purity(answers, labels) for answers in kinds]

    @cached_property
    def zeros(self):
        maps = self.looking[1].activations(self.data.test.x)
        return [float((maps[layer] == 0).mean()) for layer in (1, 9)]

    @cached_property
    def striped(self):
        """How many times more the best unit of layer 6 answers to upright stripes: untrained and
        trained.
        """
        found = [answers_to_stripes(net, 6) for net in self.looking]
        best = [int((upright - level).argmax()) for upright, level in found]
        return [float(u[k] / max(v[k], 0.01)) for (u, v), k in zip(found, best, strict=True)]

    @cached_property
    def picky(self):
        """Mean pickiness of the units of layer 6, and of random directions there."""
        upright, level = answers_to_stripes(self.looking[1], 6)
        directions = self.rng.standard_normal((300, len(upright)))
        units = pickiness(upright, level)[np.maximum(upright, level) > 0]
        return float(units.mean()), float(
            pickiness(directions @ upright, directions @ level).mean()
        )


def _codes(net, x):
    return np.concatenate(
        [net.activations(x[start : start + 500])[-2] for start in range(0, len(x), 500)]
    )
