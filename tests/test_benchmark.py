"""The benchmark: its numbers are consistent, and backends that disagree are not timed."""

import numpy as np
import pytest

pytest.importorskip("numba")

import cnnlab
from cnnlab import benchmark, kernels


@pytest.fixture(scope="module")
def found():
    return cnnlab.bench((2, 12, 12, 8), (16, 3, 3, 8), seconds=0.01)


def test_every_rung_is_timed_and_measured_by_the_same_peak(found):
    assert [timing.name for timing in found.timings] == list(benchmark.BACKENDS)
    for timing in found.timings:
        work = (
            2 * (2 * 12 * 12 * 16) * (3 * 3 * 8)
        )  # outputs times numbers a window reads, a product and a sum each
        assert timing.gflops == pytest.approx(work / timing.seconds / 1e9)
        assert timing.share == pytest.approx(timing.gflops / found.peak)
    assert found.threads == kernels.threads.count() and found.peak > 1
    loops, *_, tiled = found.timings
    assert tiled.seconds < loops.seconds
    assert "padding 1" in str(found) and "of the peak" in str(found)
    assert "tiled" in str(found) and f"{found.peak:.0f} GFLOP/s" in str(found)


def test_rungs_that_disagree_are_not_compared(monkeypatch):
    module = kernels.get_backend("im2col")
    wrong = lambda x, w, b, y, *options: y.fill(1)  # noqa: E731
    monkeypatch.setattr(module, "conv2d", wrong)
    with pytest.raises(AssertionError, match='backend "im2col" does not compute what "tiled" does'):
        cnnlab.bench((1, 6, 6, 2), (3, 3, 3, 2), seconds=0)


def test_its_figure_has_a_bar_for_every_rung(found):
    ax = cnnlab.figures.benchmark(found)
    widths = [bar.get_width() for bar in ax.patches]
    np.testing.assert_allclose(widths, [timing.gflops for timing in found.timings])
    assert [label.get_text() for label in ax.get_yticklabels()] == list(benchmark.BACKENDS)
