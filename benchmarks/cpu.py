"""How fast are the kernels of the processor? Against PyTorch in both layouts, NumPy's im2col, and
this machine's peak.

    python benchmarks/cpu.py [--threads 1 2] [--quick]

Every pair of results is compared before anything is timed. All that stands in a row runs in turns
in one process; a ratio is the median over the turns of the other's time by ours, with its 10th and
90th percentile: above 1 we are faster. Without PyTorch its columns stay empty: pip install
torch==2.13.0.
"""

import argparse
import os
import time
from functools import partial

os.environ.setdefault(
    "OMP_WAIT_POLICY", "passive"
)  # PyTorch's threads must not spin while ours work

import numpy as np
import report
from cpu_shapes import SHAPES, cifar, lenet, vgg16
from cpu_targets import judged

import cnnlab
from cnnlab import SGD, MaxPool2d, ops
from cnnlab.benchmark import peak
from cnnlab.kernels import threads
from cnnlab.kernels.window import Window
from cnnlab.losses import softmax_cross_entropy
from cnnlab.train.stream import train_step

try:
    import torch
    import torch_side
except ImportError:
    torch = None

TURNS, SECONDS = 15, 0.02
CLOSE = 2e-5
OTHERS = "against PyTorch", "its channels last"


def by_the_wall(call, repeats):
    began = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - began) / repeats


def turns(calls, count=TURNS, clock=by_the_wall, seconds=SECONDS):
    """Seconds of every call, in turns: a list of dicts. All are warmed up first.
    ``clock(call, repeats)`` times one.
    """
    repeats = {}
    for name, call in calls.items():
        call()
        once = min(clock(call, 1) for _ in range(3))
        repeats[name] = max(1, int(seconds / once))
    found = []
    for turn in range(count):
        names = list(calls) if turn % 2 else list(reversed(calls))
        found.append({name: clock(calls[name], repeats[name]) for name in names})
    return found


def ratio(found, other):
    """``1.20 (1.15–1.31)``: how many times as long the other took."""
    if other not in found[0]:
        return ""
    low, middle, high = ratios(found, other)
    return f"{middle:.2f} ({low:.2f}–{high:.2f})"


def ratios(found, other):
    """The 10th, 50th and 90th percentile."""
    return np.percentile([one[other] / one["ours"] for one in found], [10, 50, 90])


def medians(found):
    return {other: ratios(found, other)[1] for other in ("torch", "last") if other in found[0]}


def ours(found):
    return float(np.median([one["ours"] for one in found]))


def close(mine, theirs, what):
    """Refuse to time what is not equal."""
    error = np.abs(mine - theirs).max() / np.abs(theirs).max()
    assert error < CLOSE, f"{what}: the results differ by {error:.1e} of the largest"


def numpy_im2col(x, w, shape):
    """What courses teach: all windows as one matrix, and one product."""
    P = shape.padding
    S = shape.stride
    D = shape.dilation
    x = np.pad(x, ((0, 0), (P, P), (P, P), (0, 0)))
    span = D * (shape.kernel - 1) + 1
    windows = np.lib.stride_tricks.sliding_window_view(x, (span, span), (1, 2))[
        :, ::S, ::S, :, ::D, ::D
    ]
    N, OH, OW = windows.shape[:3]
    rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(N * OH * OW, -1)
    return (rows @ w.reshape(len(w), -1).T).reshape(N, OH, OW, len(w))


def convolution(shape):
    """For each direction the calls to time: ours, PyTorch's two layouts, NumPy's."""
    rng = np.random.default_rng(0)
    x = rng.standard_normal((shape.N, shape.size, shape.size, shape.C), np.float32)
    w = rng.standard_normal(
        (shape.K, shape.kernel, shape.kernel, shape.C // shape.groups), np.float32
    )
    b, options = np.zeros(shape.K, np.float32), shape.options
    y = ops.conv2d(x, w, b, **options)
    dy = rng.standard_normal(y.shape, np.float32)
    kernel, place = cnnlab.kernels.get_backend(), (square_window(shape), shape.groups)
    dx, dw = np.empty_like(x), np.empty_like(w)
    calls = {
        "forward": {"ours": lambda: kernel.conv2d(x, w, b, y, *place)},
        "dX": {"ours": lambda: kernel.conv2d_dx(dy, w, dx, *place)},
        "dW": {"ours": lambda: kernel.conv2d_dw(x, dy, dw, *place)},
    }
    if shape.groups == 1:
        calls["forward"]["numpy"] = lambda: numpy_im2col(x, w, shape)
        close(y, numpy_im2col(x, w, shape), "NumPy's im2col")
    for name, layout in layouts():
        for direction, call in torch_side.convolution(x, w, b, dy, shape, layout).items():
            calls[direction]["ours"]()
            close(
                {"forward": y, "dX": dx, "dW": dw}[direction], torch_side.as_ours(call()), direction
            )
            calls[direction][name] = call
    return calls, 2 * y.size * w[0].size


def layouts():
    return torch_side.LAYOUTS.items() if torch else ()


def square_window(shape):
    """The Window of one of ``cpu_shapes.SHAPES``."""
    sizes = shape.kernel, shape.stride, shape.padding, shape.dilation
    return Window(*((size, size) for size in sizes))


def convolutions(top, quick, kept):
    for title, shape in list(SHAPES.items())[: 3 if quick else None]:
        calls, work = convolution(shape)
        for direction, those in calls.items():
            found = turns(those)
            speed = work / ours(found) / 1e9
            kept[title, direction] = {**medians(found), "peak": speed / top}
            others = [ratio(found, other) for other in ("torch", "last", "numpy")]
            yield [
                title,
                direction,
                f"{1e3 * ours(found):.3g} ms",
                f"{speed:.0f}",
                f"{speed / top:.0%}",
                *others,
            ]


def pooling(size, stride):
    rng = np.random.default_rng(0)
    layer, x = MaxPool2d(size, stride), rng.standard_normal((64, 32, 32, 32), np.float32)
    layer.infer_shapes(x.shape[1:])
    y = layer.forward(x, True)
    dy = rng.standard_normal(y.shape, np.float32)
    calls = {
        "forward": {"ours": lambda: layer.forward(x, True)},
        "backward": {"ours": lambda: layer.backward(dy)},
    }
    for name, layout in layouts():
        for direction, call in torch_side.pooling(x, dy, size, stride, layout).items():
            close(calls[direction]["ours"](), torch_side.as_ours(call()), f"pooling {direction}")
            calls[direction][name] = call
    return calls


def pools(kept):
    for title, size, stride in (("2x2", 2, 2), ("3x3, stride 2", 3, 2)):
        for direction, calls in pooling(size, stride).items():
            yield from row(f"max pooling {title}, 64 x 32x32x32", direction, turns(calls), kept)


def nets(quick, kept):
    rng = np.random.default_rng(0)
    for title, net in (("LeNet", lenet()), ("CIFAR net", cifar())):
        x = rng.random((64, *net.input_shape), np.float32)
        labels = rng.integers(0, 10, 64)
        optimizer = SGD(0.01, 0.9)
        calls = {name: torch_side.training(net, x, labels, layout) for name, layout in layouts()}
        calls["ours"] = partial(train_step, net, x, labels, optimizer, softmax_cross_entropy)
        yield from row(title, "training step, batch 64", turns(calls), kept)
    if not quick:
        net, x = vgg16(), rng.random((1, 224, 224, 3), np.float32)
        calls = {name: torch_side.scores(net, x, layout) for name, layout in layouts()}
        found = turns({**calls, "ours": lambda: net.scores(x)}, 5)
        yield from row("VGG-16", "scores of one image", found, kept)


def row(title, what, found, kept):
    kept[title, what] = medians(found)
    yield [
        title,
        what,
        f"{1e3 * ours(found):.3g} ms",
        *(ratio(found, other) for other in ("torch", "last")),
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--quick", action="store_true", help="three convolutions, and no VGG-16")
    asked = parser.parse_args()
    parts, reached = [], {}
    for count in asked.threads:
        threads.set_count(count)
        if torch:
            torch.set_num_threads(count)
        top = count * peak()
        kept = {}
        rows = list(convolutions(top, asked.quick, kept))
        parts.append(f"### {count} thread{'s' * (count > 1)}\n\nPeak: {top:.0f} GFLOP/s.\n")
        parts += [
            report.table(
                ["convolution", "", "ours", "GFLOP/s", "of peak", *OTHERS, "NumPy's im2col"], rows
            ),
            "",
        ]
        parts += [
            report.table(["", "", "ours", *OTHERS], [*pools(kept), *nets(asked.quick, kept)]),
            "",
        ]
        reached.update({(count, *what): found for what, found in kept.items()})
    header = ["", "", "threads", "against", "target", "median", "reached", "what limits it"]
    parts.append(f"### Targets\n\n{report.table(header, list(judged(reached)))}\n")
    if torch is None:
        parts.insert(
            0, "PyTorch is not installed, so it is not compared: pip install torch==2.13.0\n"
        )
    report.write("Kernels of the processor", INTRO + "\n".join(parts))


INTRO = """Times are medians; ratios are the median (10th–90th percentile) of the other's time by
ours, in turns of one process: above 1, ours is faster. The peak is what a tile reaches whose
numbers all lie in the first cache.

"""

if __name__ == "__main__":
    main()
