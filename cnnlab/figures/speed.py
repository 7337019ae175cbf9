"""Figures of speed: each backend's GFLOP/s as a bar, or under the roofline of this machine."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ..numbers import format_number, format_percent
from ..texts import say, say_many
from .canvas import COLOURS, MARKS, axes


def benchmark(measured: Any, ax: Axes | None = None) -> Axes:
    """A bar for each backend of ``cnnlab.bench()``: GFLOP/s, time, and share of the machine's peak.

    Arguments:
        measured: a Benchmark.
        ax: axes to draw on.

    Returns:
        The axes.

    Examples:
        >>> ax = cnnlab.figures.benchmark(cnnlab.bench())  # doctest: +SKIP
    """
    ax = axes(ax, 7, 0.7 * len(measured.timings) + 1.2)
    names = [timing.name for timing in measured.timings]
    bars = ax.barh(names, [timing.gflops for timing in measured.timings], color=COLOURS[0])
    labels = ax.bar_label(bars, [_words(timing) for timing in measured.timings])
    ax.axvline(measured.peak, color=COLOURS[1], linestyle="--")
    ax.text(
        measured.peak, 1.01, say("figures.peak"), ha="center", transform=ax.get_xaxis_transform()
    )
    ax.invert_yaxis()
    ax.set(
        xlabel=say_many("figures.threads", measured.threads),
        xlim=(0, 1.05 * measured.peak),
    )
    for label, timing in zip(labels, measured.timings, strict=True):
        if timing.share > 0.5:  # the words would run over the edge: they stand inside the bar
            label.set(ha="right", color="white", text=f"{label.get_text()} ")
    return ax


def _words(timing):
    return say(
        "figures.timing",
        time=format_number(1e3 * timing.seconds),
        share=format_percent(timing.share, 2),
    )


def roofline(measured: Any, bandwidth: float, ax: Axes | None = None) -> Axes:
    """GFLOP/s over FLOP per byte: the roof of this machine, and every backend under it.

    The roof is the smaller of intensity · bandwidth and the peak. A Benchmark stands at its
    ``intensity``; left of the corner the memory is the limit, right of it the processor.

    Arguments:
        measured: a Benchmark, or several.
        bandwidth: GB/s, from ``cnnlab.bandwidth()``.
        ax: axes to draw on.

    Returns:
        The axes.

    Examples:
        >>> cnnlab.figures.roofline(cnnlab.bench(), cnnlab.bandwidth())  # doctest: +SKIP
    """
    ax = axes(ax, 7, 4)
    benchmarks = list(measured) if isinstance(measured, (list, tuple)) else [measured]
    intensities, peak = (
        [each.intensity for each in benchmarks],
        max(each.peak for each in benchmarks),
    )
    corner, box = peak / bandwidth, {"color": "white", "pad": 1}
    x = np.array([min(*intensities, corner) / 4, corner, max(*intensities, corner) * 4])
    _roof(ax, x, np.minimum(x * bandwidth, peak), bandwidth, peak)
    for intensity, each in zip(intensities, benchmarks, strict=True):
        ax.axvline(intensity, color="0.8", zorder=0)
        ax.text(
            intensity,
            0.04,
            f"w {each.w}",
            ha="center",
            bbox=box,
            transform=ax.get_xaxis_transform(),
        )
        for n, timing in enumerate(each.timings):
            ax.plot(
                intensity,
                timing.gflops,
                MARKS[n],
                color=COLOURS[n],
                label=timing.name if each is benchmarks[0] else None,
            )
    ax.set(xlabel=say("figures.intensity"), ylabel="GFLOP/s")
    ax.set_ylim(min(timing.gflops for each in benchmarks for timing in each.timings) / 4, 2 * peak)
    ax.legend(loc="lower center")
    return ax


def _roof(ax, x, roof, bandwidth, peak):
    """The roof over three intensities: left end, corner, right end; above it nothing can be."""
    ax.set(xscale="log", yscale="log", xlim=(x[0], x[2]))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.plot(x, roof, color=COLOURS[6])
    ax.fill_between(x, roof, 2 * peak, color="0.92")
    words = say("figures.peak_at", peak=f"{peak:.0f}")
    ax.annotate(words, (x[2], peak), (0, 4), textcoords="offset points", ha="right")
    left = 1.1 * x[0]
    above = 1.4 * roof[0]  # along the roof, where both axes grow by the same factor
    along = {"rotation": np.degrees(np.arctan(above / left)), "transform_rotates_text": True}
    words = say("figures.memory", bandwidth=f"{bandwidth:.0f}")
    ax.text(left, above, words, rotation_mode="anchor", **along)
