"""The benchmark, the roofline and the figures of CUDA's threads draw what was measured."""

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot as plt

import cnnlab
from cnnlab import figures
from cnnlab.benchmark import Benchmark, Timing
from cnnlab.cudatrace import launch, samples
from cnnlab.exercises.lesson05 import one_output


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def benchmark(x, w, y, gflops):
    timings = tuple(
        Timing(name, 1.0, g, g / 100)
        for name, g in zip(("loops", "im2col", "tiled"), gflops, strict=True)
    )
    return Benchmark(x, w, y, 2, 100.0, timings)


THIN = benchmark((2, 8, 8, 4), (4, 1, 1, 4), (2, 8, 8, 4), (1, 2, 8))
WIDE = benchmark((1, 9, 9, 16), (32, 3, 3, 16), (1, 7, 7, 32), (2, 40, 90))


def test_the_intensity_is_flop_for_each_byte_moved_once():
    assert THIN.intensity == 2 * (2 * 8 * 8 * 4 * 4) / (4 * (2 * 8 * 8 * 4 + 16 + 2 * 8 * 8 * 4))
    found = 2 * (7 * 7 * 32) * (3 * 3 * 16) / (4 * (9 * 9 * 16 + 32 * 9 * 16 + 7 * 7 * 32))
    assert WIDE.intensity == pytest.approx(found)


def test_bench_knows_the_shape_of_the_outputs():
    pytest.importorskip("numba")
    found = cnnlab.bench((1, 6, 7, 2), (3, 3, 3, 2), padding=0, seconds=0)
    assert found.y == (1, 4, 5, 3)


def test_the_bandwidth_is_that_of_a_copy():
    assert 0.1 < cnnlab.bandwidth(times=3) < 10_000


def test_the_roof_is_the_smaller_of_memory_and_peak_and_every_rung_is_a_point():
    ax = figures.roofline([THIN, WIDE], 10.0)
    roof, *lines = ax.lines
    x, y = roof.get_data()
    np.testing.assert_allclose(y, np.minimum(10 * np.asarray(x), 100))
    assert x[1] == 10  # the corner: peak / bandwidth
    points = [line for line in lines if line.get_marker() not in ("None", None, "")]
    told = [(one.intensity, timing.gflops) for one in (THIN, WIDE) for timing in one.timings]
    np.testing.assert_allclose([(p.get_xdata()[0], p.get_ydata()[0]) for p in points], told)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["loops", "im2col", "tiled"]


def test_one_ladder_needs_no_list():
    ax = figures.roofline(WIDE, 10.0)
    assert sum(line.get_marker() not in ("None", None, "") for line in ax.lines) == 3


def test_the_grid_shows_what_each_thread_did_and_where_blocks_end():
    found = launch(
        one_output, (2, 3), (4, 2), np.ones((6, 8, 1)), np.ones((2, 3, 1)), np.zeros((5, 6))
    )
    ax = figures.threads(found)
    drawn = ax.images[0].get_array()
    assert (
        drawn.shape == (6, 8)
        and (drawn[:5, :6] == drawn[0, 0]).all()
        and (drawn[5] == drawn[0, 7]).all()
    )
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["wrote", "idle"]
    assert len(ax.patches) == 6 and (ax.patches[0].get_width(), ax.patches[0].get_height()) == (
        4,
        2,
    )


@pytest.mark.parametrize(
    ("kernel", "words"), [(samples.unchecked, "× stopped"), (samples.racing, "≠ in a race")]
)
def test_threads_out_of_bounds_and_races_have_a_sign(kernel, words):
    ax = figures.threads(launch(kernel, 3, 4, np.ones(10), np.zeros(10)))
    assert words in [text.get_text() for text in ax.get_legend().get_texts()]
    assert {text.get_text() for text in ax.texts} >= {words[0]}


def test_reads_are_counted_and_those_of_one_thread_outlined():
    found = launch(
        one_output, (2, 2), (4, 4), np.ones((8, 8, 2)), np.ones((3, 3, 2)), np.zeros((6, 6))
    )
    ax = figures.reads(found, "x", thread=(2, 1))
    np.testing.assert_array_equal(ax.images[0].get_array(), found.read("x").sum(axis=2))
    outlined = {(int(p.get_y() + 0.5), int(p.get_x() + 0.5)) for p in ax.patches}
    assert outlined == {(i, j) for i in (1, 2, 3) for j in (2, 3, 4)}
    line = figures.reads(launch(samples.doubled, 3, 4, np.ones(10), np.zeros(10)), "x", thread=(7,))
    assert line.images[0].get_array().shape == (1, 10) and int(line.patches[0].get_x() + 0.5) == 7
