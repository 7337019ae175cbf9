"""How fast are the kernels of the GPU? Against PyTorch (cuDNN, float32, TF32 off), and this GPU's measured ceilings.

    python benchmarks/gpu.py [--quick]

What is not right to a hundred thousandth is not timed. All that stands in a row runs in turns, timed by CUDA events; a
ratio is the median over the turns of the other's time by ours, with its 10th and 90th percentile: above 1 we are
faster. Without a GPU the section says so, and nothing is claimed.
"""

import argparse
from functools import partial
from time import perf_counter

import numpy as np
import report
from cpu import OTHERS, medians, ours, ratio, ratios
from cpu_shapes import SHAPES, cifar, lenet
from numba import cuda

from cnnlab import SGD, copies, kernels, ops
from cnnlab.kernels.gpu.simulator import SIMULATED
from cnnlab.losses import softmax_cross_entropy
from cnnlab.shapes import geometry
from cnnlab.train.stream import _one_step

try:
    import torch
    import torch_side

    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    LAYOUTS = torch_side.LAYOUTS if torch.cuda.is_available() else {}
except ImportError:
    LAYOUTS = {}

TURNS, SECONDS = 11, 0.005
LARGEST = 2e9  # bytes of one array
LONGEST = 240  # seconds for all convolutions
FEW = 4  # images that are drawn and compared; a batch repeats them
EXACT = 1e-5
BATCHES = 64, 256
OPPONENTS = {"torch": "PyTorch with cuDNN", "processor": "this machine's processor"}


def seconds(call, repeats):
    """Seconds of a call on the GPU, by its own events; the simulator has none."""
    if SIMULATED:
        began = perf_counter()
        call()
        return perf_counter() - began
    first, last = cuda.event(), cuda.event()
    first.record()
    for _ in range(repeats):
        call()
    last.record()
    last.synchronize()
    return cuda.event_elapsed_time(first, last) / 1e3 / repeats


def turns(calls, count=TURNS, clock=seconds):
    """Seconds of every call, in turns: a list of dicts. All are warmed up first."""
    repeats = {name: max(1, int(SECONDS / min(clock(call, 1) for _ in range(3)))) for name, call in calls.items()}
    order = list(calls)
    return [
        {name: clock(calls[name], repeats[name]) for name in (order if turn % 2 else reversed(order))}
        for turn in range(count)
    ]


def our_calls(arrays, shape):
    """The calls of the three directions on arrays that stay on the GPU, and where they write."""
    gpu, (x, w, b, dy) = kernels.module("cuda"), (kernels.to_device(a) for a in arrays)
    y, dx, dw = (gpu.empty(a.shape, a.dtype) for a in (dy, x, w))
    place = *((n, n) for n in (shape.stride, shape.padding, shape.dilation)), shape.groups
    calls = {
        "forward": lambda: gpu.conv2d(x, w, b, y, *place),
        "dX": lambda: gpu.conv2d_dx(dy, w, dx, *place),
        "dW": lambda: gpu.conv2d_dw(x, dy, dw, *place),
    }
    return calls, {"forward": y, "dX": dx, "dW": dw}


def arrays_of(shape, N):
    """x, w, b and dy of a convolution of N images, of which only the first few are drawn: the others repeat them."""
    rng, few = np.random.default_rng(0), min(N, FEW)
    x = rng.standard_normal((few, shape.size, shape.size, shape.C), np.float32)
    w = rng.standard_normal((shape.K, shape.kernel, shape.kernel, shape.C // shape.groups), np.float32)
    place = {name: getattr(shape, name) for name in ("stride", "padding", "dilation")}
    OH, OW = geometry(x.shape[1:3], w.shape[1:3], **place).out
    dy = rng.standard_normal((few, OH, OW, shape.K), np.float32)
    x, dy = (np.tile(a, (N // few, 1, 1, 1)) for a in (x, dy))
    return x, w, np.zeros(shape.K, np.float32), dy


def truth_of(arrays, shape):
    """The results of each direction in float64, of the images that all others repeat."""
    x, w, b, dy = arrays
    few = min(len(x), FEW)
    x, w, b, dy = (a.astype(np.float64) for a in (x[:few], w, b, dy[:few]))
    dx, dw, _ = ops.conv2d_backward(dy, x, w, **shape.options)
    return {"forward": ops.conv2d(x, w, b, **shape.options), "dX": dx, "dW": dw}


def error(found, exact, name, N):
    """The largest error by the largest number; of weights all repetitions add up."""
    if name == "dW":
        exact = exact * (N // min(N, FEW))
    else:
        found = found.reshape(-1, *exact.shape)
    return float(np.abs(found - exact).max() / np.abs(exact).max())


def convolutions(shapes, batches, top, kept):
    """A row for each direction, in the order of the shapes, until the time for them is over."""
    began = perf_counter()
    for title, shape in shapes.items():
        truth = None
        for N in batches:
            fits = N * shape.size**2 * max(shape.C, shape.K) * 4 < LARGEST
            arrays = arrays_of(shape, N) if fits else None
            truth = truth_of(arrays, shape) if fits and truth is None else truth
            for name in ("forward", "dX", "dW"):
                late = perf_counter() - began > LONGEST
                reason = "too large" if not fits else "no time left" if late else None
                row = None if reason else guarded(convolution, shape, N, name, arrays, truth[name], top)
                kept[title, N, name], cells = row if isinstance(row, tuple) else (reason or row, [reason or row])
                yield [title, N, name, *cells, *[""] * (5 - len(cells))]


def guarded(call, *args):
    """What the call gives, or what went wrong in a few words: one row must not cost all others."""
    try:
        return call(*args)
    except Exception as problem:
        return f"failed: {type(problem).__name__}: {problem}"[:80].replace("|", "/").replace("\n", " ")


def convolution(shape, N, name, arrays, exact, top):
    """The medians of one direction and the cells of its row, or how far it is off."""
    calls, results = our_calls(arrays, shape)
    results[name][...] = np.nan  # what is not written shows
    calls[name]()
    off = error(results[name].numpy(), exact, name, N)
    if not off < EXACT:
        return f"wrong by {off:.0e}"
    sides = {"ours": calls[name]}
    for layout, order in LAYOUTS.items():
        sides[layout] = torch_side.convolution(*arrays, shape, order, "cuda")[name]
    found = turns(sides)
    speed = 2 * arrays[3].size * arrays[1][0].size / ours(found) / 1e12
    others = [ratio(found, layout) for layout in ("torch", "last")]
    share = f"{speed / top:.0%}" if top else ""
    return medians(found), [f"{1e6 * ours(found):.0f} µs", f"{speed:.1f}", share, *others]


def streams():
    """What moves many bytes and computes little: the call, and the bytes that it must move."""
    rng, gpu = np.random.default_rng(0), kernels.module("cuda")
    x = kernels.to_device(rng.standard_normal((64, 64, 64, 64), np.float32))
    y, total = gpu.empty(x.shape), gpu.empty((64,))
    small, switches = gpu.empty((64, 32, 32, 64)), gpu.empty((64, 32, 32, 64), np.int32)
    window = (2, 2), (2, 2), (0, 0), (1, 1)
    gpu.max_pool2d(x, small, switches, *window)  # so that its way back has somewhere to go
    return {
        "copy: the ceiling": (lambda: y.__setitem__(..., x), 2 * x.nbytes),
        "ReLU": (lambda: gpu.relu(x, y), 2 * x.nbytes),
        "bias sums": (lambda: gpu.channel_sums(x.reshape(-1, 64), total), x.nbytes),
        "max pooling 2x2": (lambda: gpu.max_pool2d(x, small, switches, *window), 1.5 * x.nbytes),
        "its way back": (lambda: gpu.max_pool2d_backward(small, switches, y), 2.5 * x.nbytes),
        "a step of Adam": (lambda: gpu.step("Adam", x, y, 0, [y, y], (0, 0.9, 0.999, 1e-8)), 7 * x.nbytes),
    }


def moved():
    for name, (call, size) in streams().items():
        found = guarded(turns, {"ours": call})
        done = not isinstance(found, str)
        yield [name, *([f"{1e6 * ours(found):.0f} µs", f"{size / ours(found) / 1e9:.0f}"] if done else [found, ""])]


def wall(call, repeats):
    began = perf_counter()
    for _ in range(repeats):
        call()
    cuda.synchronize()
    return (perf_counter() - began) / repeats


def training(nets, batches, kept):
    for title, build in nets.items():
        for N in batches:
            row = guarded(training_step, build, N)
            kept[title, N, "step"], cells = row if isinstance(row, tuple) else (row, [row, "", "", ""])
            yield [title, N, *cells]


def training_step(build, N):
    """How many times as long the processor takes, and the cells of the row."""
    rng, net = np.random.default_rng(0), build().to("cuda")
    x, labels = rng.random((N, *net.input_shape), np.float32), rng.integers(0, 10, N)
    step = partial(_one_step, x=x, y=labels, loss=softmax_cross_entropy)
    calls = {name: torch_side.training(net, x, labels, order, "cuda") for name, order in LAYOUTS.items()}
    calls["ours"] = partial(step, net, optimizer=SGD(0.01, 0.9))
    calls["processor"] = partial(step, build(), optimizer=SGD(0.01, 0.9))
    found = turns(calls, 5, wall)
    others = [ratio(found, other) for other in ("torch", "last", "processor")]
    return {"processor": ratios(found, "processor")[1]}, [f"{1e3 * ours(found):.2f} ms", *others]


def targets(kept):
    """Each target, and what was found: convolutions against cuDNN, the CIFAR net's step against the processor's."""
    for (title, N, name), found in kept.items():
        other, least = ("processor", 20) if name == "step" else ("torch", 0.5)
        if isinstance(found, str):
            yield [title, N, name, OPPONENTS[other], least, found, "**no**"]
        elif other in found and (name != "step" or title == "CIFAR net"):
            reached = "yes" if found[other] >= least else "**no**, not known yet why"
            yield [title, N, name, OPPONENTS[other], least, f"{found[other]:.2f}", reached]


def ceiling():
    """TFLOP/s of PyTorch's product of large matrices, None without it."""
    if not LAYOUTS:
        return None
    a = torch.rand(4096, 4096, device="cuda")
    return 2 * 4096**3 / ours(turns({"ours": lambda: a @ a})) / 1e12


def measured(quick):
    top, kept = ceiling(), {}
    shapes = dict(list(SHAPES.items())[: 3 if quick else None])
    rows = list(convolutions(shapes, BATCHES[:1] if quick else BATCHES, top, kept))
    parts = [INTRO, f"Ceiling: {top:.1f} TFLOP/s.\n" if top else "PyTorch with CUDA is missing: not compared.\n"]
    parts.append(report.table(["convolution", "batch", "", "ours", "TFLOP/s", "of ceiling", *OTHERS], rows))
    parts.append("\n" + report.table(["64 x 64x64x64", "time", "GB/s"], moved()))
    if not quick:
        steps = list(training({"LeNet": lenet, "CIFAR net": cifar}, BATCHES, kept))
        parts.append("\n" + report.table(["training step", "batch", "ours", *OTHERS, "against the processor"], steps))
    parts.append(f"\n64 x 32x32x32, 64 filters of 3x3: {copies()}.\n\n### Targets\n")
    return "\n".join([*parts, report.table(["", "batch", "", "against", "target", "median", "reached"], targets(kept))])


def text(quick=False):
    """The section: what was measured, or why nothing was."""
    try:
        kernels.module("cuda").require_real()
    except RuntimeError as reason:
        return NOTHING.format(reason=reason)
    return measured(quick)


INTRO = """Times are medians by CUDA events, of whole training steps by the clock; ratios are the median (10th–90th
percentile) of the other's time by ours: above 1, ours is faster. A training step begins with a batch in the processor's
memory and ends with its loss there.
"""
NOTHING = """No GPU could be had: every row of this benchmark is **not measured**, and no speed is claimed. That the
kernels are right rests on the simulator's tests; "Kernels of the GPU, compiled" says that they compile.

({reason}.)
"""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three convolutions, batch 64, and no training steps")
    report.write("Kernels of the GPU", text(parser.parse_args().quick))
