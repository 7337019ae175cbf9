"""How fast are the kernels of the GPU? Against PyTorch (cuDNN, float32, TF32 off), and this GPU's
measured ceilings.

    python benchmarks/gpu.py [--quick]      with the extra [cuda] on a machine with an NVIDIA GPU

Every result is compared with float64 on the processor first; what is not right to a hundred
thousandth is not timed. All that stands in a row runs in turns. Without a GPU the section says so
and claims nothing; without PyTorch its columns stay empty. It takes less than 8 minutes.
"""

import argparse
from functools import partial
from time import perf_counter

import cpu
import gpu_work as work
import numpy as np
import report
from cpu import OTHERS, ours, ratio, ratios
from cpu_shapes import SHAPES, cifar, lenet
from gpu_targets import WRONG, targets
from numba import cuda

from cnnlab import SGD, copies, kernels
from cnnlab.kernels.gpu.simulator import SIMULATED
from cnnlab.losses import softmax_cross_entropy
from cnnlab.train.queued_steps import QueuedSteps
from cnnlab.train.run import FETCH_EVERY
from cnnlab.train.stream import train_step

TURNS, SECONDS = 11, 0.005  # of one call in one turn, at least
ROOM, LONGEST = 9e9, 200  # bytes of the GPU; seconds for all convolutions
EXACT = 1e-5
BATCHES = 64, 256


def by_events(call, repeats):
    """Seconds of a call by the GPU's own clock."""
    first, last = cuda.event(), cuda.event()
    first.record()
    for _ in range(repeats):
        call()
    last.record()
    last.synchronize()
    return cuda.event_elapsed_time(first, last) / 1e3 / repeats


def by_the_wall(call, repeats):
    """Seconds of a call until the GPU has done it."""
    cuda.synchronize()
    began = perf_counter()
    for _ in range(repeats):
        call()
    cuda.synchronize()
    return (perf_counter() - began) / repeats


turns = partial(
    cpu.turns, count=TURNS, clock=by_the_wall if SIMULATED else by_events, seconds=SECONDS
)


def rows(title, batch, make, ceiling, kept):
    """A row for each job that ``make()`` gives, compared and then timed. ``ceiling``: most a
    second, and its unit.
    """
    jobs, others = make()
    for what, job in jobs.items():
        off = work.error_of(job)
        if not off < EXACT:
            kept[title, batch, what] = {"torch": WRONG}
            yield [title, batch, what, f"**wrong** by {off:.0e}", *[""] * 5]
            continue
        calls = {
            name: side[what]
            for name, side in others.items()
            if work.same_work(side[what], job.truth)
        }
        found = turns({"ours": job.call, **calls})
        kept[title, batch, what] = {name: ratios(found, name)[1] for name in calls}
        (best, unit), speed = ceiling, job.amount / ours(found)
        share = f"{speed / best:.0%}" if best else ""
        sides = [ratio(found, name) for name in ("torch", "last")]
        yield [
            title,
            batch,
            what,
            f"{1e6 * ours(found):.0f}",
            f"{speed / unit:.3g}",
            share,
            *sides,
            f"{off:.0e}",
        ]


def guarded(title, batch, found, kept):
    """The rows; where something breaks off, a row that says so, for the others are still to
    come.
    """
    try:
        for row in found:
            print(*row, flush=True)
            yield row
    except Exception as problem:
        kept[title, batch, ""] = "broke off"
        said = f"{type(problem).__name__}: {problem}".partition("\n")[0][:80].replace("|", "/")
        yield [title, batch, "", f"**broke off**: {said}", *[""] * 5]


def tried(title, batch, make, ceiling, kept):
    return guarded(title, batch, rows(title, batch, make, ceiling, kept), kept)


def convolutions(shapes, batches, ceiling, kept):
    began = perf_counter()
    for batch in batches:
        for title, shape in shapes.items():
            shape = shape._replace(N=batch)
            late = perf_counter() - began > LONGEST
            if late or work.room(shape) > ROOM:
                kept[title, batch, ""] = "no time left" if late else "too large"
                yield [title, batch, "", f"left out: {kept[title, batch, '']}", *[""] * 5]
            else:
                yield from tried(title, batch, partial(work.convolution, shape), ceiling, kept)


def products(batches, ceiling, kept):
    for N in batches:
        for D, K in ((800, 500), (4096, 4096)):
            yield from tried(f"linear {D}→{K}", N, partial(work.linear, N, D, K), ceiling, kept)


def walks(batches, ceiling, kept, H=56, C=64, count=1 << 24):
    """What the memory limits."""
    for N in batches:
        for size in (2, 3):
            make = partial(work.pooling, N, H, H, C, size, 2)
            yield from tried(f"max pooling {size}x{size}, stride 2", N, make, ceiling, kept)
        for title, make in (("ReLU and bias", work.relu), ("batch normalisation", work.norm)):
            yield from tried(title, N, partial(make, N, H, H, C), ceiling, kept)
    yield from tried(f"SGD, {count:,} weights", "", partial(work.optimiser, count), ceiling, kept)


def steps(nets, batches, kept):
    for title, build in nets.items():
        for N in batches:
            yield from guarded(title, N, training_step(title, build, N, kept), kept)


def training_step(title, build, N, kept):
    """A row: the net on the GPU, its losses fetched at each step or every few, beside PyTorch's and
    the processor's.
    """
    net, step = build(), partial(train_step, loss=softmax_cross_entropy)
    x = work.RANDOM.random((N, *net.input_shape), np.float32)
    labels = work.RANDOM.integers(0, *net.output_shape, N)
    off = work.same_steps(build, x, labels, step)
    if not off < work.LIKE:
        kept[title, N, "step"] = {"processor": WRONG}
        yield [title, N, f"**wrong** by {off:.0e}", *[""] * 5]
        return
    there = [build().to("cuda") for _ in range(2)]
    later = QueuedSteps(there[1], SGD(0.01, 0.9), softmax_cross_entropy, FETCH_EVERY)
    calls = {
        "ours": partial(step, there[0], x, labels, SGD(0.01, 0.9)),
        "later": partial(later, x, labels, False),
    }
    calls["processor"] = partial(step, net, x, labels, SGD(0.01, 0.9))
    for name, order in work.LAYOUTS.items():
        calls[name] = work.torch_side.training(net, x, labels, order, work.DEVICE)
    found = turns(calls, count=5, clock=by_the_wall, seconds=10 * SECONDS)
    kept[title, N, "step"] = {name: ratios(found, name)[1] for name in calls if name != "ours"}
    others = [ratio(found, name) for name in ("torch", "last", "processor", "later")]
    yield [title, N, f"{1e3 * ours(found):.2f}", *others, f"{off:.0e}"]


def ceilings(size=4096, count=1 << 28):
    """The best product of matrices in float32, by PyTorch, and the best copy on the GPU; each with
    its unit.
    """
    a, b = (kernels.empty(count, np.float32, like=kernels.to_gpu(work.drawn(1))) for _ in range(2))
    a[...] = 0
    best = (
        2 * size**3 / fastest(work.torch_side.product(size, work.DEVICE)) if work.LAYOUTS else None
    )
    return (best, 1e12), (2 * a.nbytes / fastest(partial(b.__setitem__, ..., a)), 1e9)


def fastest(call):
    return min(one["ours"] for one in turns({"ours": call}, seconds=10 * SECONDS))


def measured(quick):
    shapes = dict(list(SHAPES.items())[: 3 if quick else None])
    batches = BATCHES[: 1 if quick else None]
    nets, kept = {} if quick else {"LeNet": lenet, "CIFAR net": cifar}, {}
    (product, _), (memory, _) = speed, copy = ceilings()
    head = ["batch", "", "ours, µs"]
    tables = (
        (["convolution", *head, "TFLOP/s", *SIDES], convolutions(shapes, batches, speed, kept)),
        (["", *head, "TFLOP/s", *SIDES], products(batches, speed, kept)),
        (["", *head, "GB/s", *SIDES], walks(batches, copy, kept)),
        (["training step", "batch", "ours, ms", *STEP, "error"], steps(nets, batches, kept)),
    )
    best = (
        f"product of matrices {product / 1e12:.1f} TFLOP/s"
        if product
        else "PyTorch with CUDA is missing"
    )
    parts = [f"{INTRO}\nCeilings: {best}, copy {memory / 1e9:.0f} GB/s.\n"]
    parts += [report.table(header, found) + "\n" for header, found in tables]
    return "\n".join([*parts, f"64 x 32x32x32, 64 filters of 3x3: {copies()}.\n", aims(kept)])


def aims(kept):
    return (
        f"### Targets of the "
        f"GPU\n\n{report.table(['', 'against', 'target', 'lowest', 'reached'], targets(kept))}\n"
    )


def text(quick=False):
    """The section: what was measured, or why nothing was."""
    try:
        kernels.get_backend("cuda").require_real()
    except RuntimeError as reason:
        return f"{NOTHING.format(reason=str(reason).partition(': ')[0])}\n{aims({})}"
    return measured(quick)


SIDES = "of ceiling", *OTHERS, "error"
STEP = *OTHERS, "against the processor", f"losses fetched every {FETCH_EVERY}"
INTRO = """Times are medians by CUDA events, of whole training steps by the clock; ratios are the
median (10th–90th percentile) of the other's time by ours: above 1, ours is faster. A training
step begins with a batch in the processor's memory and ends with its loss there; where losses are
fetched every few steps, a number below 1 says what that spares. Where PyTorch's result differs by
a thousandth, its column stays empty. GB/s count every array once. The error is the largest
difference to float64 by the largest number; of training steps, that of the weights to the
processor's after a step, which begins to count at a thousandth, for where two numbers tie either
may win a pooling.
"""
NOTHING = """No GPU could be had: every row of this benchmark is **not measured**, and no speed is
claimed. That the kernels are right rests on the simulator's tests; "Kernels of the GPU, compiled"
says that they compile.

({reason}.)
"""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="three convolutions, batch 64, and no training steps"
    )
    report.write("Kernels of the GPU", text(parser.parse_args().quick))
