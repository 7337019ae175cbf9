"""The nets of lessons 06, 11 and 12, how they are trained, and what is measured on them."""

import numpy as np

import cnnlab
from cnnlab import (
    BatchNorm2d,
    Conv2d,
    Flatten,
    FractionalMaxPool2d,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
)

GOOD, SMALL, LARGE = 5e-3, 1e-5, 1.0  # learning rates of Adam
NEIGHBOURS = 9  # best pictures of a unit
WAVE = 7  # pixels from stripe to stripe


def conv(filters, norm=False):
    return [Conv2d(filters, 3, padding=1), *([BatchNorm2d()] if norm else []), ReLU()]


def digit_nets(seed):
    """The three nets of lesson 06, which make the digits smaller by max pooling, fractional
    pooling, and a stride.
    """
    ways = [MaxPool2d(2)], [FractionalMaxPool2d(1.5)], [Conv2d(8, 3, stride=2, padding=1), ReLU()]
    return [
        Sequential(*conv(8), *way, Flatten(), Linear(10), input_shape=(8, 8, 1), seed=seed)
        for way in ways
    ]


def clothes_net(seed, norm=False):
    """The net of lesson 11, with batch normalisation if asked for."""
    layers = [*conv(8, norm), MaxPool2d(2), *conv(16, norm), MaxPool2d(2), Flatten(), Linear(10)]
    return Sequential(*layers, input_shape=(28, 28, 1), seed=seed)


def looking_net(seed):
    """The net of lesson 12: four convolutions, 7,482 parameters."""
    layers = [*conv(8), *conv(8), MaxPool2d(2), *conv(16), MaxPool2d(2), *conv(24), MaxPool2d(2)]
    return Sequential(*layers, Flatten(), Linear(10), input_shape=(28, 28, 1), seed=seed)


def trained(net, data, optimizer, seed, epochs=1, batch_size=32, schedule=None):
    """The History of a training run."""
    options = dict(
        epochs=epochs, batch_size=batch_size, optimizer=optimizer, schedule=schedule, seed=seed
    )
    return cnnlab.train(net, data, **options, progress=False)


def convolutions(net):
    """Copies of all weights and biases of the convolutions."""
    places = [str(n) for n, layer in enumerate(net.layers) if isinstance(layer, Conv2d)]
    return {
        name: array.copy() for name, array in net.params.items() if name.split(".")[0] in places
    }


def cosines(before, after):
    """How alike each filter still is to what it was: 1 for the same direction, 0 for a right
    angle.
    """
    before, after = (w.reshape(len(w), -1) for w in (before, after))
    return (
        (before * after).sum(axis=1)
        / np.linalg.norm(before, axis=1)
        / np.linalg.norm(after, axis=1)
    )


def dead(net, x):
    """For each ReLU behind a convolution, how many of its maps are 0 in all pictures ``x``."""
    maps = [
        a
        for layer, a in zip(net.layers, net.activations(x), strict=True)
        if isinstance(layer, ReLU)
    ]
    return [int((a.max(axis=(0, 1, 2)) <= 0).sum()) for a in maps]


def ratios(net, data, optimizer, seed):
    """Size of a step over size of the weights, in both convolutions: the median over an epoch."""
    found, before = [], convolutions(net)
    for _ in cnnlab.steps(net, data, epochs=1, batch_size=32, optimizer=optimizer, seed=seed):
        now = convolutions(net)
        weights = [name for name in now if name.endswith("weight")]
        found.append(
            [np.linalg.norm(now[w] - before[w]) / np.linalg.norm(before[w]) for w in weights]
        )
        before = now
    return np.median(found, axis=0)


def nearest(x, labels, x_test, labels_test):
    """Accuracy of the one nearest neighbour."""
    return float((labels[distances(x_test, x).argmin(axis=1)] == labels_test).mean())


def distances(a, b):
    """Squared distances ``(N, M)`` of all rows of a to all rows of b."""
    return np.square(a).sum(axis=1)[:, None] - 2 * a @ b.T + np.square(b).sum(axis=1)


def nearest_in_plane(x, labels):
    """Accuracy of the nearest other picture once ``x`` is laid on its two principal axes."""
    x = x - x.mean(axis=0)
    plane = x @ np.linalg.eigh(x.T @ x)[1][:, -2:]
    far = distances(plane, plane)
    np.fill_diagonal(far, np.inf)
    return float((labels[far.argmin(axis=1)] == labels).mean())


def purity(answers, labels):
    """The share of the nine pictures with the largest answers that are of one class; mean over
    ``answers (N, U)``.
    """
    best = np.argsort(-answers, axis=0, kind="stable")[:NEIGHBOURS]
    counts = np.stack([(labels[best] == k).sum(axis=0) for k in range(10)])
    return float(counts.max(axis=0).mean() / NEIGHBOURS)


def stripes(level):
    """Pictures of stripes, upright or level, each moved by a pixel."""
    wave = 0.5 + 0.5 * np.sin(2 * np.pi * (np.arange(28) + np.arange(WAVE)[:, None]) / WAVE)
    pictures = np.broadcast_to(wave[:, :, None] if level else wave[:, None, :], (WAVE, 28, 28))
    return pictures[..., None].astype(np.float32)


def answers_to_stripes(net, layer):
    """The mean answer of each map of a layer to upright and to level stripes."""
    return [net.activations(stripes(level))[layer].mean(axis=(0, 1, 2)) for level in (False, True)]


def pickiness(upright, level):
    """From 0, the same for both, to 1, for one of them only."""
    return np.abs(upright - level) / np.maximum(np.abs(upright) + np.abs(level), 1e-9)
