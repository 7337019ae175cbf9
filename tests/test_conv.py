"""Convolutions and their gradients: every backend against plain loops and numerical gradients."""

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.shapes import geometry
from helpers import brute

# size, channels, filters, kernel, and what else: uneven everywhere, so that swapped axes show
CASES = {
    "plain": dict(size=(5, 7), C=2, K=3, F=(3, 3)),
    "stride": dict(size=(7, 6), C=2, K=3, F=(3, 2), stride=(2, 1)),
    "padding": dict(size=(4, 5), C=3, K=2, F=(3, 3), padding=1),
    "uneven padding": dict(size=(4, 5), C=1, K=2, F=(2, 3), padding=((2, 0), (1, 3))),
    "same": dict(size=(5, 4), C=2, K=2, F=(4, 3), padding="same", stride=2),
    "dilation": dict(size=(8, 7), C=2, K=3, F=(3, 2), dilation=(2, 3), padding=1),
    "groups": dict(size=(5, 4), C=4, K=6, F=(2, 3), groups=2),
    "depthwise": dict(size=(5, 6), C=3, K=6, F=(3, 3), groups=3, padding=1, stride=2),
    "1x1": dict(size=(3, 4), C=3, K=2, F=(1, 1)),
    "all at once": dict(
        size=(9, 8), C=4, K=2, F=(3, 2), stride=(2, 3), padding=(1, 2), dilation=(1, 2), groups=2
    ),
    "ceil": dict(size=(6, 8), C=2, K=3, F=(3, 3), stride=2, fit="ceil"),
}


def make(case, dtype, N=2, seed=0):
    options = dict(CASES[case])
    size, C, K, F = (options.pop(name) for name in ("size", "C", "K", "F"))
    groups = options.get("groups", 1)
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((N, *size, C)).astype(dtype)
    w = rng.standard_normal((K, *F, C // groups)).astype(dtype)
    b = rng.standard_normal(K).astype(dtype)
    fit = {name: value for name, value in options.items() if name != "groups"}
    return x, w, b, options, geometry(size, F, **fit)


def close(a, b, dtype):
    tolerance = 1e-4 if dtype == np.float32 else 1e-10
    np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("N", [0, 1, 2])
def test_conv2d_equals_loops_over_single_numbers(case, N, backend, dtype):
    x, w, b, options, geo = make(case, dtype, N)
    y = ops.conv2d(x, w, b, backend=backend, **options)
    truth = brute.conv2d(
        x, w, b, geo.out, geo.stride, geo.pad_before, geo.dilation, options.get("groups", 1)
    )
    assert y.dtype == dtype
    close(y, truth, dtype)


def test_conv2d_without_bias_equals_a_bias_of_zeros(backend):
    x, w, b, options, _ = make("padding", np.float32)
    np.testing.assert_array_equal(
        ops.conv2d(x, w, backend=backend, **options),
        ops.conv2d(x, w, 0 * b, backend=backend, **options),
    )


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_conv2d_gradients_equal_numerical_ones(case, backend):
    x, w, b, options, _ = make(case, np.float64, N=1)
    y = ops.conv2d(x, w, b, backend=backend, **options)
    dy = np.random.default_rng(1).standard_normal(y.shape)

    def loss():
        return (ops.conv2d(x, w, b, backend=backend, **options) * dy).sum()

    gradients = ops.conv2d_backward(dy, x, w, backend=backend, **options)
    for found, parameter in zip(gradients, (x, w, b), strict=True):
        np.testing.assert_allclose(
            found, brute.numerical_gradient(loss, parameter), rtol=1e-6, atol=1e-7
        )


@pytest.mark.parametrize("case", CASES)
def test_conv2d_gradients_equal_the_reference_in_float32(case, backend):
    x, w, b, options, _ = make(case, np.float32, N=3)
    dy = (
        np.random.default_rng(1)
        .standard_normal(ops.conv2d(x, w, b, **options).shape)
        .astype(np.float32)
    )
    ours = ops.conv2d_backward(dy, x, w, backend=backend, **options)
    truth = ops.conv2d_backward(
        *(a.astype(np.float64) for a in (dy, x, w)), backend="numpy", **options
    )
    for a, b_ in zip(ours, truth, strict=True):
        assert a.dtype == np.float32
        close(a, b_, np.float32)


def test_conv2d_backward_of_no_images_is_zero(backend):
    x, w, _, options, geo = make("padding", np.float32, N=0)
    dx, dw, db = ops.conv2d_backward(
        np.zeros((0, *geo.out, len(w))), x, w, backend=backend, **options
    )
    assert dx.shape == x.shape and not dw.any() and not db.any()


def test_conv2d_backward_leaves_out_dx_where_it_is_not_needed(backend):
    x, w, _, options, geo = make("plain", np.float32)
    dx, dw, _ = ops.conv2d_backward(
        np.ones((2, *geo.out, 3)), x, w, need_dx=False, backend=backend, **options
    )
    assert dx is None and dw.any()


def test_views_that_are_not_contiguous_give_the_same_result(backend, dtype):
    x, w, b, options, _ = make("padding", dtype)
    upside_down = x[:, ::-1].transpose(0, 2, 1, 3)
    y = ops.conv2d(upside_down, w[:, ::-1], b, backend=backend, **options)
    close(
        y, ops.conv2d(upside_down.copy(), w[:, ::-1].copy(), b, backend=backend, **options), dtype
    )


def test_results_are_written_into_out(backend):
    x, w, b, options, _ = make("padding", np.float32)
    out = np.full((2, 4, 5, 2), 7, np.float32)
    assert ops.conv2d(x, w, b, out=out, backend=backend, **options) is out
    np.testing.assert_array_equal(out, ops.conv2d(x, w, b, backend=backend, **options))


def test_a_batch_split_over_threads_gives_the_same_as_its_images_one_by_one(backend, rng):
    x = rng.standard_normal((5, 20, 21, 8), dtype=np.float32)
    w = rng.standard_normal((16, 3, 3, 8), dtype=np.float32)
    together = ops.conv2d(x, w, padding=1, backend=backend)
    alone = np.concatenate([ops.conv2d(image[None], w, padding=1, backend=backend) for image in x])
    np.testing.assert_allclose(together, alone, rtol=1e-4, atol=1e-4)
    one = ops.conv2d_backward(together, x, w, padding=1, backend=backend)
    two = ops.conv2d_backward(together, x, w, padding=1, backend=backend)
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_nan_reaches_exactly_the_outputs_whose_window_holds_it(backend):
    x = np.ones((1, 5, 6, 2), np.float32)
    x[0, 2, 3, 1] = np.nan
    y = ops.conv2d(x, np.ones((1, 3, 3, 2), np.float32), backend=backend)[0, :, :, 0]
    expected = np.zeros((3, 4), bool)
    expected[0:3, 1:4] = True
    np.testing.assert_array_equal(np.isnan(y), expected)


@pytest.mark.parametrize("case", [name for name in CASES if name not in ("same", "ceil")])
def test_conv_transpose2d_is_the_transpose_of_conv2d(case, backend):
    x, w, _, options, geo = make(case, np.float64)
    dy = np.random.default_rng(1).standard_normal((2, *geo.out, len(w)))
    tail = [
        n + sum(p) - (d * (f - 1) + 1) - (o - 1) * s
        for n, p, d, f, o, s in zip(
            x.shape[1:3], geo.pads, geo.dilation, geo.kernel, geo.out, geo.stride, strict=True
        )
    ]
    y = ops.conv_transpose2d(dy, w, output_padding=tuple(tail), backend=backend, **options)
    assert y.shape == x.shape
    inner = (ops.conv2d(x, w, backend=backend, **options) * dy).sum()
    np.testing.assert_allclose((x * y).sum(), inner, rtol=1e-10)


def test_conv_transpose2d_gradients_equal_numerical_ones(backend, rng):
    options = dict(stride=(2, 1), padding=(1, 0), output_padding=(1, 0), groups=2, backend=backend)
    x, w, b = (
        rng.standard_normal((2, 3, 4, 4)),
        rng.standard_normal((4, 3, 2, 3)),
        rng.standard_normal(6),
    )
    dy = rng.standard_normal(ops.conv_transpose2d(x, w, b, **options).shape)

    def loss():
        return (ops.conv_transpose2d(x, w, b, **options) * dy).sum()

    gradients = ops.conv_transpose2d_backward(dy, x, w, **options)
    for found, parameter in zip(gradients, (x, w, b), strict=True):
        np.testing.assert_allclose(
            found, brute.numerical_gradient(loss, parameter), rtol=1e-6, atol=1e-7
        )


@pytest.mark.parametrize(
    "options", [{}, dict(stride=2, padding=1), dict(dilation=2, padding=(1, 0))]
)
def test_locally_connected2d_with_equal_filters_everywhere_is_a_convolution(
    options, backend, dtype, rng
):
    x, w, b = (
        rng.standard_normal((2, 6, 5, 2)),
        rng.standard_normal((3, 3, 2, 2)),
        rng.standard_normal(3),
    )
    x, w, b = (a.astype(dtype) for a in (x, w, b))
    y = ops.conv2d(x, w, b, backend=backend, **options)
    places = y.shape[1:3]
    local = ops.locally_connected2d(
        x, np.tile(w, (*places, 1, 1, 1, 1)), np.tile(b, (*places, 1)), backend=backend, **options
    )
    close(local, y, dtype)


@pytest.mark.slow
def test_locally_connected2d_gradients_equal_numerical_ones(backend, rng):
    options = dict(stride=2, padding=1, backend=backend)
    x, w, b = (
        rng.standard_normal((2, 5, 4, 2)),
        rng.standard_normal((3, 2, 3, 3, 3, 2)),
        rng.standard_normal((3, 2, 3)),
    )
    dy = rng.standard_normal((2, 3, 2, 3))

    def loss():
        return (ops.locally_connected2d(x, w, b, **options) * dy).sum()

    gradients = ops.locally_connected2d_backward(dy, x, w, **options)
    for found, parameter in zip(gradients, (x, w, b), strict=True):
        np.testing.assert_allclose(
            found, brute.numerical_gradient(loss, parameter), rtol=1e-6, atol=1e-7
        )


@pytest.mark.parametrize(
    "options", [{}, dict(stride=2, padding=1), dict(dilation=2, padding=((1, 0), (0, 2)))]
)
def test_filters_times_im2col_columns_is_the_convolution(options, backend, dtype, rng):
    x, w = (
        rng.standard_normal((2, 6, 5, 2)).astype(dtype),
        rng.standard_normal((3, 3, 2, 2)).astype(dtype),
    )
    y = ops.conv2d(x, w, backend=backend, **options)
    product = w.reshape(3, -1) @ ops.im2col(x, (3, 2), backend=backend, **options)
    close(product.transpose(0, 2, 1).reshape(y.shape), y, dtype)


def test_col2im_is_the_transpose_of_im2col(backend, rng):
    x = rng.standard_normal((2, 6, 5, 3))
    options = dict(stride=(2, 1), padding=(1, 2), dilation=(1, 2), backend=backend)
    cols = ops.im2col(x, (3, 2), **options)
    other = rng.standard_normal(cols.shape)
    back = ops.col2im(other, x.shape, (3, 2), **options)
    np.testing.assert_allclose((cols * other).sum(), (x * back).sum(), rtol=1e-10)
