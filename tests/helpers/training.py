"""A small net and images it can learn, and background runs to wait for."""

from time import perf_counter, sleep

import numpy as np

from cnnlab.data import Dataset, Split
from cnnlab.layers import BatchNorm2d, Conv2d, Dropout, Flatten, Linear, ReLU
from cnnlab.net import Sequential
from cnnlab.train.background_run import BackgroundRun

quiet = {"progress": False}


def images(n=20, seed=0):
    """Images whose class is the brightest of three columns."""
    rng = np.random.default_rng(seed)
    x, y = rng.random((n, 4, 3, 1), dtype=np.float32), rng.integers(0, 3, n)
    x[np.arange(n), :, y] += 1
    return x, y


def small_net(**options):
    layers = Conv2d(4, 3, padding=1), BatchNorm2d(), ReLU(), Dropout(0.2), Flatten(), Linear(3)
    return Sequential(*layers, input_shape=(4, 3, 1), **options)


def values(net):
    return {name: array.copy() for kept in (net.params, net.state) for name, array in kept.items()}


def same(one, other):
    return all(np.array_equal(one[name], other[name]) for name in one)


CLASSES = ("left", "middle", "right")


def dataset(n=40):
    """Such images, 20 of them held out."""
    return Dataset("columns", Split(*images(n)), Split(*images(20, seed=1)), CLASSES, "")


def wait_for(what, seconds=20):
    """Let the threads run until something holds."""
    end = perf_counter() + seconds
    while not what():
        assert perf_counter() < end, "it never happened"
        sleep(0.002)


def background_run(net=None, data=None, **options):
    return BackgroundRun(
        net or small_net(), dataset() if data is None else data, **{"batch_size": 8, **options}
    )
