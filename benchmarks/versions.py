"""Is this checkout as fast as another version of cnnlab? Both run at once, in turns, each in a
process of its own.

    git worktree add ../before v0.1
    python benchmarks/versions.py ../before [--threads 2] [--only NAME]

Only public names are called, so that versions with other kernels inside can be compared. A ratio is
the median over the turns of the other version's time by that of this one, with its 10th and 90th
percentile: below 0.95 this one is slower.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve()
TURNS = 21
SECONDS = 0.03
LIMIT = 0.95


def conv_calls():
    """The convolutions of benchmarks/cpu.py, through the public operations."""
    from cpu_shapes import SHAPES

    from cnnlab import ops

    rng = np.random.default_rng(0)
    for title, shape in SHAPES.items():
        x = rng.standard_normal((shape.N, shape.size, shape.size, shape.C), np.float32)
        w = rng.standard_normal(
            (shape.K, shape.kernel, shape.kernel, shape.C // shape.groups), np.float32
        )
        y = ops.conv2d(x, w, **shape.options)
        yield f"{title}: forward", partial(ops.conv2d, x, w, out=y.copy(), **shape.options)
        out = np.empty_like(x), np.empty_like(w), np.empty(shape.K, np.float32)
        yield f"{title}: backward", partial(ops.conv2d_backward, y, x, w, out=out, **shape.options)


def layer_calls():
    """Layers that go over their values once or twice, in training: forward, and both directions."""
    import cnnlab

    rng = np.random.default_rng(0)
    x = rng.standard_normal((64, 32, 32, 32), np.float32)
    layers = {
        "max pooling 2x2": cnnlab.MaxPool2d(2),
        "max pooling 3x3/2": cnnlab.MaxPool2d(3, stride=2),
        "average pooling 2x2": cnnlab.AvgPool2d(2),
        "L2 pooling 2x2": cnnlab.LpPool2d(2),
        "global average": cnnlab.GlobalAvgPool2d(),
        "ReLU": cnnlab.ReLU(),
        "sigmoid": cnnlab.Sigmoid(),
        "tanh": cnnlab.Tanh(),
        "batch norm": cnnlab.BatchNorm2d(),
        "group norm": cnnlab.GroupNorm(4),
        "local response norm": cnnlab.LocalResponseNorm(),
    }
    for title, layer in layers.items():
        cnnlab.Sequential(layer, input_shape=x.shape[1:])  # tells the layer its sizes
        layer.init(rng)
        dy = np.ones_like(layer.forward(x, True))
        yield f"{title}: forward", partial(layer.forward, x, True)
        yield (
            f"{title}: both ways",
            lambda layer=layer, dy=dy: (layer.forward(x, True), layer.backward(dy)),
        )


def net_calls():
    """Whole training steps, and scores as a view asks for them."""
    from cpu_shapes import cifar, lenet, vgg16

    import cnnlab
    from cnnlab.losses import softmax_cross_entropy

    def step(net, x, labels, optimizer):
        net.backward(softmax_cross_entropy(net.forward(x, training=True), labels)[1], need_dx=False)
        optimizer.step(net.params, net.grads)

    rng = np.random.default_rng(0)
    for title, net in (("LeNet", lenet()), ("CIFAR net", cifar())):
        x, labels = rng.random((64, *net.input_shape), np.float32), rng.integers(0, 10, 64)
        yield f"{title}: training step", partial(step, net, x, labels, cnnlab.SGD(1e-4, 0.9))
        yield f"{title}: scores of one image", partial(net.scores, x[:1])
    net = vgg16()
    yield (
        "VGG-16: scores of one image",
        partial(net.scores, rng.random((1, 224, 224, 3), np.float32)),
    )


def work(threads):
    """The other end of the pipe: times the calls that are asked for by number,
    ``[number, repeats]`` a line.
    """
    from cnnlab.kernels import threads as pool

    pool.set_count(threads)
    calls = [call for group in (conv_calls(), layer_calls(), net_calls()) for call in group]
    print(json.dumps([name for name, _ in calls]), flush=True)
    for line in sys.stdin:
        number, repeats = json.loads(line)
        began = time.perf_counter()
        for _ in range(repeats):
            calls[number][1]()
        print((time.perf_counter() - began) / repeats, flush=True)


class Version:
    """One checkout at work in a process of its own."""

    def __init__(self, checkout, threads):
        environment = {**os.environ, "PYTHONPATH": str(Path(checkout).resolve())}
        command = [sys.executable, str(HERE), "--work", "--threads", str(threads)]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, env=environment, **pipes)
        self.names = json.loads(self.process.stdout.readline())

    def seconds(self, number, repeats=1):
        print(json.dumps([number, repeats]), file=self.process.stdin, flush=True)
        return float(self.process.stdout.readline())


def ratios(ours, other, number):
    """Seconds of ours (median), and the ratios of the other's time by ours: 10th, 50th, 90th
    percentile.
    """
    repeats = max(
        1,
        int(SECONDS / min(version.seconds(number) for version in (ours, other) for _ in range(4))),
    )
    found = []
    for turn in range(TURNS):
        order = (ours, other) if turn % 2 else (other, ours)
        seconds = {version: version.seconds(number, repeats) for version in order}
        found.append((seconds[ours], seconds[other] / seconds[ours]))
    mine, ratio = np.array(found).T
    return np.median(mine), np.percentile(ratio, [10, 50, 90])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", nargs="?", help="the checkout of another version")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", default="", help="a part of the names to measure")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.work:
        return work(asked.threads)
    ours, other = Version(HERE.parents[1], asked.threads), Version(asked.other, asked.threads)
    for number, name in enumerate(ours.names):
        if asked.only in name:
            mine, (low, middle, high) = ratios(ours, other, number)
            mark = "  slower" if middle < LIMIT else ""
            print(
                f"{name:45} {1e3 * mine:9.3f} ms  {middle:.2f} ({low:.2f}–{high:.2f}){mark}",
                flush=True,
            )
    return None


if __name__ == "__main__":
    main()
