"""The trace: its totals are what the operations compute, step by step, for any geometry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import MisfitError, ops
from cnnlab.shapes import extent
from cnnlab.trace import trace

few = settings(max_examples=60, deadline=None)
pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def axes(draw, pooled):
    """(W, F, (before, after), D) of one axis on which a window fits and, where it is pooled, always
    holds a pixel.
    """
    F, D = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    border = st.integers(0, F // 2 if pooled else 2)
    P = draw(border), draw(border)
    return max(1, extent(F, D) - (0 if pooled else sum(P)) + draw(st.integers(0, 4))), F, P, D


@st.composite
def convolutions(draw, pooled=False):
    """Integer arrays, so that every sum is exact, and any hyperparameters."""
    groups, per_group, filters = (draw(st.integers(1, 2)) for _ in range(3))
    size, kernel, padding, dilation = zip(draw(axes(pooled)), draw(axes(pooled)), strict=True)
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.integers(-3, 4, (draw(st.integers(0, 2)), *size, groups * per_group)).astype(float)
    w = rng.integers(-2, 3, (groups * filters, *kernel, per_group)).astype(float)
    options = {"stride": draw(pairs), "padding": padding, "dilation": dilation}
    return x, w, {**options, "groups": groups, "fit": draw(st.sampled_from(["floor", "ceil"]))}


@few
@given(convolutions())
def test_every_total_of_a_convolution_is_the_output_there(case):
    x, w, options = case
    b = np.arange(len(w)) - 1.0
    y = ops.conv2d(x, w, b, **options)
    steps = list(trace("conv2d", x, w, b, **options))
    assert len(steps) == y.size
    for step in steps:
        assert step.total == y[step.place] == step.bias + sum(tap.product for tap in step.taps)


@few
@given(convolutions())
def test_what_each_dy_adds_makes_up_the_gradients_of_a_convolution(case):
    x, w, options = case
    y = ops.conv2d(x, w, **options)
    dy = np.random.default_rng(1).integers(-2, 3, y.shape).astype(float)
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros(len(w))
    for step in trace("conv2d_backward", dy, x, w, **options):
        n, _, _, k = step.place
        db[k] += step.dy
        for tap, into_x, into_w in zip(step.taps, step.dx, step.dw, strict=True):
            dw[k, tap.u, tap.v, tap.c] += into_w
            if tap.inside:
                dx[n, tap.row, tap.column, tap.channel] += into_x
    for ours, theirs in zip((dx, dw, db), ops.conv2d_backward(dy, x, w, **options), strict=True):
        np.testing.assert_array_equal(ours, theirs)


def forward(kind, x, window, options):
    return getattr(ops, kind)(x, *window, **options)


def backward(kind, dy, x, window, options):
    if kind == "max_pool2d":
        switches = ops.max_pool2d(x, *window, **options, return_switches=True)[1]
        return ops.max_pool2d_backward(dy, switches, x.shape)
    if kind == "avg_pool2d":
        return ops.avg_pool2d_backward(dy, x.shape, *window, **options)
    return ops.lp_pool2d_backward(dy, x, ops.lp_pool2d(x, *window, **options), *window, **options)


@pytest.mark.parametrize(
    ("kind", "extra"),
    [
        ("max_pool2d", {}),
        ("avg_pool2d", {}),
        ("avg_pool2d", {"count_include_pad": True}),
        ("lp_pool2d", {}),
        ("lp_pool2d", {"p": 3}),
    ],
)
@settings(max_examples=30, deadline=None)
@given(case=convolutions(pooled=True), default_stride=st.booleans())
def test_pooling_and_its_way_back_equal_the_operations(kind, extra, case, default_stride):
    x, w, options = case
    window = w.shape[1:3], None if default_stride else options["stride"], options["padding"]
    options = {"dilation": options["dilation"], "fit": options["fit"], **extra}
    y = forward(kind, x, window, options)
    steps = list(trace(kind, x, *window, **options))
    assert len(steps) == y.size
    for step in steps:
        assert step.total == pytest.approx(y[step.place], rel=1e-12)
    dy, dx = np.random.default_rng(1).integers(-2, 3, y.shape).astype(float), np.zeros_like(x)
    for back in trace(f"{kind}_backward", dy, x, *window, **options):
        n, _, _, c = back.step.place
        for cell, share in zip(back.step.cells, back.dx, strict=True):
            if cell.inside:
                dx[n, cell.row, cell.column, c] += share
    np.testing.assert_allclose(dx, backward(kind, dy, x, window, options), rtol=1e-12, atol=1e-12)


def test_the_notes_demo_has_27_products_and_a_bias():
    x, w = np.ones((1, 5, 5, 3)), np.ones((2, 3, 3, 3))
    first, *rest = trace("conv2d", x, w, [1, 0], stride=2, padding=1)
    assert len(first.taps) == 27 and len(first.sums) == 3 and len(rest) == 17
    assert (
        first.sums == (4, 4, 4) and first.total == 13
    )  # 2x2 cells of each slice lie inside the image
    assert [step.place for step in rest[:3]] == [(0, 0, 1, 0), (0, 0, 2, 0), (0, 1, 0, 0)]


def test_nan_wins_and_of_equals_the_first():
    x = np.array([[1, 5], [5, 2]], float)[None, :, :, None]
    assert next(trace("max_pool2d", x, 2)).winner == 1
    x[0, 1, 1, 0] = np.nan
    step = next(trace("max_pool2d", x, 2))
    assert step.winner == 3 and np.isnan(step.total)


def test_padding_never_meets_an_infinite_weight():
    w = np.full((1, 3, 3, 1), np.inf)
    assert next(trace("conv2d", np.ones((1, 3, 3, 1)), w, padding=1)).total == np.inf


def test_what_cannot_be_traced_is_refused_at_the_call():
    x, w = np.ones((1, 4, 4, 1)), np.ones((1, 3, 3, 1))
    with pytest.raises(ValueError, match='op "conv3d" is not known: use "conv2d"'):
        trace("conv3d", x, w)
    with pytest.raises(MisfitError, match="kernel_size 3 does not fit"):
        trace("conv2d", x[:, :2], w)
    with pytest.raises(ValueError, match=r"dy has shape \(1, 3, 3, 1\)"):
        trace("conv2d_backward", np.ones((1, 3, 3, 1)), x, w)
