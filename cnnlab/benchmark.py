"""Times one convolution with each CPU backend, from plain loops to register tiles."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from time import perf_counter
from typing import Any

import numpy as np

from . import kernels, ops
from .kernels import threads
from .numbers import format_percent
from .texts import say, say_many
from .typing import Padding, Shape

BACKENDS = ("loops", "im2col", "tiled")
STEPS, TIMES = 64, 2048  # of the tile that measures the peak
COPIED = 1 << 24  # float32 numbers copied to measure the memory: 64 MiB, more than most caches hold


@dataclass(frozen=True)
class Timing:
    """How fast one backend computed the convolution.

    Attributes:
        name: its backend.
        seconds: the median time.
        gflops: 10⁹ multiplications and additions a second.
        share: of the peak.
    """

    name: str
    seconds: float
    gflops: float
    share: float


@dataclass(frozen=True)
class Benchmark:
    """What ``bench`` measured: ``timings`` from the slowest backend to the fastest, and the peak.

    Attributes:
        x: the shape of the images.
        w: the shape of the filters.
        y: the shape of the outputs.
        threads: how many ran.
        peak: GFLOP/s that the cores in use reach when all numbers lie in the first cache.
        timings: one Timing for each backend.
        padding: as it was given.
    """

    x: tuple
    w: tuple
    y: tuple
    threads: int
    peak: float
    timings: tuple[Timing, ...]
    padding: object = 0

    def __str__(self):
        machine = say_many("benchmark.machine", self.threads, peak=f"{self.peak:.0f}")
        sizes = {"x": self.x, "w": self.w, "padding": self.padding}
        head = say("benchmark.head", machine=machine, **sizes)
        words = [say(f"benchmark.{name}") for name in ("backend", "time", "speed", "share")]
        names = "{:<8}{:>13}{:>17}{:>13}".format(*words)
        lines = [
            f"{t.name:<8}{1e3 * t.seconds:10.3f} ms{t.gflops:9.1f} GFLOP/s"
            f"{format_percent(t.share):>13}"
            for t in self.timings
        ]
        return "\n".join([head, names, *lines])

    __repr__ = __str__

    @property
    def intensity(self):
        """FLOP per byte of x, w and y (float32), each moved between memory and processor once."""
        return (
            2 * prod(self.y) * prod(self.w[1:]) / (4 * (prod(self.x) + prod(self.w) + prod(self.y)))
        )


def bench(
    x: Shape = (16, 32, 32, 32),
    w: Shape = (64, 3, 3, 32),
    *,
    padding: Padding = 1,
    seconds: float = 0.3,
) -> Benchmark:
    """Time ``conv2d`` on every CPU backend, from plain loops to register tiles.

    Each is timed after a first call that compiles it; its result is compared with the last
    one's.

    Arguments:
        x: the shape of the images, ``(N, H, W, C)``.
        w: the shape of the filters, ``(K, FH, FW, C)``.
        padding: as in ``ops.conv2d``.
        seconds: how long each backend is timed, about.

    Returns:
        A Benchmark, to print or draw.

    Raises:
        ValueError: the shapes do not go together.
        ImportError: Numba is missing.

    Examples:
        >>> print(cnnlab.bench())  # doctest: +SKIP
    """
    rng = np.random.default_rng(0)
    images, filters = (rng.standard_normal(shape, np.float32) for shape in (x, w))
    call = {
        name: lambda name=name: ops.conv2d(images, filters, padding=padding, backend=name)
        for name in BACKENDS
    }
    results = {name: run() for name, run in call.items()}
    _check_equal(results)
    work, top = 2 * results["tiled"].size * filters[0].size, peak() * threads.count()
    timings = []
    for name, run in call.items():
        took = _median_time(run, seconds)
        timings.append(Timing(name, took, work / took / 1e9, work / took / 1e9 / top))
    return Benchmark(
        tuple(x), tuple(w), results["tiled"].shape, threads.count(), top, tuple(timings), padding
    )


def _check_equal(results):
    last = results[BACKENDS[-1]]
    for name, result in results.items():
        if not np.allclose(result, last, atol=1e-4 * np.abs(last).max()):
            raise AssertionError(f'backend "{name}" does not compute what "{BACKENDS[-1]}" does')


def _median_time(run, seconds):
    took, began = [], perf_counter()
    while len(took) < 3 or perf_counter() - began < seconds:
        start = perf_counter()
        run()
        took.append(perf_counter() - start)
    return float(np.median(took))


def peak():
    """GFLOP/s of one core when a tile works on numbers in the first cache: the best of some."""
    from .kernels.cpu.tiles.choice import tile_for
    from .kernels.cpu.tiles.walk import measure_peak

    tile = tile_for(10**6)
    x = np.ones(STEPS, np.float32)
    w = np.zeros(STEPS * tile.lanes, np.float32)
    sums = np.zeros(1024, np.float32)
    best = np.inf
    for _ in range(8):
        began = perf_counter()
        measure_peak(tile, TIMES, x, w, sums)
        best = min(best, perf_counter() - began)
    return 2 * TIMES * STEPS * tile.rows * tile.lanes / best / 1e9


@dataclass(frozen=True)
class Copies:
    """What a convolution on the GPU costs an array that lies in the processor's memory.

    Attributes:
        send: median seconds to bring the images to the GPU.
        compute: median seconds of the convolution.
        fetch: median seconds to bring the outputs back.
    """

    send: float
    compute: float
    fetch: float

    def __str__(self):
        parts = {name: f"{1e3 * seconds:.3g}" for name, seconds in vars(self).items()}
        times = (self.send + self.fetch) / self.compute
        return say("benchmark.copies", times=f"{times:.1f}", **parts)


def copies(
    x: Shape = (64, 32, 32, 32),
    w: Shape = (64, 3, 3, 32),
    *,
    padding: Padding = 1,
    seconds: float = 0.3,
) -> Copies:
    """How long a convolution's arrays travel to the GPU and back, and how long it takes there.

    Arguments:
        x, w, padding, seconds: as in ``bench``.

    Returns:
        A Copies.

    Raises:
        NoGPUError: there is no GPU, or only a simulated one, whose times mean nothing.

    Examples:
        >>> print(cnnlab.copies())  # doctest: +SKIP
    """
    gpu = kernels.get_backend("cuda")
    gpu.require_real()
    rng = np.random.default_rng(0)
    here, filters = rng.random(x, np.float32), gpu.asarray(rng.random(w, np.float32))
    there = gpu.asarray(here)
    y: Any = ops.conv2d(there, filters, padding=padding)  # an array of the device
    calls = (
        lambda: gpu.asarray(here),
        lambda: ops.conv2d(there, filters, padding=padding, out=y),
        y.numpy,
    )
    return Copies(
        *(_median_time(lambda call=call: (call(), gpu.synchronize()), seconds) for call in calls)
    )


def bandwidth(times: int = 5) -> float:
    """GB/s between memory and the cores in use.

    The median of some copies of an array much larger than the caches; each byte counts twice, for
    it is read and written. It takes a few tenths of a second and 128 MiB.

    Arguments:
        times: copies.

    Returns:
        GB/s.

    Examples:
        >>> cnnlab.bandwidth() > 0
        True
    """
    here, there = np.ones(COPIED, np.float32), np.ones(COPIED, np.float32)
    took = []
    for _ in range(times):
        began = perf_counter()
        threads.split(COPIED, COPIED, lambda part: np.copyto(there[part], here[part]))
        took.append(perf_counter() - began)
    return float(2 * here.nbytes / np.median(took) / 1e9)
