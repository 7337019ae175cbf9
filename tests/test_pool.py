"""Pooling and its gradients: every backend against plain loops and numerical gradients."""

import numpy as np
import pytest

from cnnlab import MisfitError, ops
from cnnlab.shapes import geometry
from helpers import brute

CASES = {
    "2x2": dict(kernel_size=2),
    "overlapping": dict(kernel_size=3, stride=2),
    "padded": dict(kernel_size=3, stride=2, padding=1),
    "rectangular": dict(kernel_size=(2, 3), stride=(1, 2), padding=((1, 0), (0, 1))),
    "dilated": dict(kernel_size=2, stride=1, dilation=(2, 3)),
    "ceil": dict(kernel_size=3, stride=2, fit="ceil"),
}


def images(rng, dtype=np.float64, N=2):
    return rng.standard_normal((N, 6, 8, 3)).astype(dtype)


def placed(x, options):
    geo = geometry(x.shape[1:3], **{"stride": options["kernel_size"], **options})
    return geo.out, geo.kernel, geo.stride, geo.pad_before, geo.dilation


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("N", [0, 1, 2])
def test_max_pool2d_equals_loops_over_single_numbers(case, N, backend, dtype, rng):
    x, options = images(rng, dtype, N), CASES[case]
    y, switches = ops.max_pool2d(x, **options, return_switches=True, backend=backend)
    np.testing.assert_array_equal(y, brute.pool(x, *placed(x, options), max))
    assert y.dtype == dtype and switches.dtype == np.int32
    places = y.shape[1] * y.shape[2]
    winners = np.take_along_axis(x.reshape(N, 48, 3), switches.reshape(N, places, 3), axis=1)
    np.testing.assert_array_equal(winners, y.reshape(N, places, 3))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("N", [0, 2])
def test_avg_pool2d_equals_loops_over_single_numbers(case, N, backend, dtype, rng):
    x, options = images(rng, dtype, N), CASES[case]
    y = ops.avg_pool2d(x, **options, backend=backend)
    np.testing.assert_allclose(y, brute.pool(x, *placed(x, options), np.mean), rtol=1e-5, atol=1e-6)
    assert y.dtype == dtype


@pytest.mark.slow
@pytest.mark.parametrize("p", [1, 2, 3.5])
@pytest.mark.parametrize("case", CASES)
def test_lp_pool2d_equals_loops_over_single_numbers(case, p, backend, dtype, rng):
    x, options = images(rng, dtype), CASES[case]
    truth = brute.pool(x, *placed(x, options), lambda a: (np.abs(a) ** p).sum() ** (1 / p))
    y = ops.lp_pool2d(x, **options, p=p, backend=backend)
    np.testing.assert_allclose(y, truth, rtol=1e-5, atol=1e-6)
    assert y.dtype == dtype


def test_avg_pool2d_may_count_the_padding_but_never_what_hangs_over(backend):
    x = np.ones((1, 4, 4, 1))
    y = ops.avg_pool2d(x, 3, 2, 1, count_include_pad=True, fit="ceil", backend=backend)[0, :, :, 0]
    np.testing.assert_allclose(y, np.outer([2 / 3, 1, 1 / 2], [2 / 3, 1, 1 / 2]))


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_max_pool2d_gradient_equals_the_numerical_one(case, backend, rng):
    x, options = images(rng), CASES[case]
    y, switches = ops.max_pool2d(x, **options, return_switches=True, backend=backend)
    dy = rng.standard_normal(y.shape)
    truth = brute.numerical_gradient(lambda: (ops.max_pool2d(x, **options) * dy).sum(), x)
    dx = ops.max_pool2d_backward(dy, switches, x.shape, backend=backend)
    np.testing.assert_allclose(dx, truth, rtol=1e-6, atol=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("count_include_pad", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_avg_pool2d_gradient_equals_the_numerical_one(case, count_include_pad, backend, rng):
    x, options = images(rng), {**CASES[case], "count_include_pad": count_include_pad}
    dy = rng.standard_normal(ops.avg_pool2d(x, **options).shape)
    truth = brute.numerical_gradient(
        lambda: (ops.avg_pool2d(x, **options, backend=backend) * dy).sum(), x
    )
    dx = ops.avg_pool2d_backward(dy, x.shape, **options, backend=backend)
    np.testing.assert_allclose(dx, truth, rtol=1e-6, atol=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("p", [1.5, 2, 3])
def test_lp_pool2d_gradient_equals_the_numerical_one(p, backend, rng):
    x, options = images(rng), dict(kernel_size=(3, 2), stride=2, padding=1, p=p)
    y = ops.lp_pool2d(x, **options, backend=backend)
    dy = rng.standard_normal(y.shape)
    truth = brute.numerical_gradient(
        lambda: (ops.lp_pool2d(x, **options, backend=backend) * dy).sum(), x
    )
    dx = ops.lp_pool2d_backward(dy, x, y, **options, backend=backend)
    np.testing.assert_allclose(dx, truth, rtol=1e-5, atol=1e-8)


def test_lp_pool2d_gradient_of_zeros_is_zero(backend):
    x = np.zeros((1, 4, 4, 1))
    y = ops.lp_pool2d(x, 2, backend=backend)
    assert not ops.lp_pool2d_backward(np.ones_like(y), x, y, 2, backend=backend).any()


def test_in_max_pooling_nan_wins(backend, dtype):
    x = np.ones((1, 4, 4, 1), dtype)
    x[0, 1, 1, 0], x[0, 0, 1, 0] = np.nan, np.inf
    y, switches = ops.max_pool2d(x, 2, return_switches=True, backend=backend)
    np.testing.assert_array_equal(y[0, :, :, 0], [[np.nan, 1], [1, 1]])
    assert switches[0, 0, 0, 0] == 1 * 4 + 1


def test_in_max_pooling_the_first_of_equals_wins_and_the_first_nan(backend):
    x = np.ones((1, 2, 4, 1))
    x[0, :, 2:] = np.nan
    _, switches = ops.max_pool2d(x, 2, return_switches=True, backend=backend)
    np.testing.assert_array_equal(switches.ravel(), [0, 2])


def test_in_max_pooling_padding_never_wins(backend):
    x = np.full((1, 3, 3, 1), -np.inf)
    y, switches = ops.max_pool2d(x, 3, 2, 1, return_switches=True, backend=backend)
    assert np.isneginf(y).all()
    np.testing.assert_array_equal(switches.ravel(), [0, 1, 3, 4])


def test_a_window_of_padding_only_is_refused():
    for pool in (ops.max_pool2d, ops.avg_pool2d, ops.lp_pool2d):
        with pytest.raises(
            MisfitError, match=r"window of padding only.* use a padding of at most 1"
        ):
            pool(np.ones((1, 4, 4, 1)), 2, padding=2)


@pytest.mark.parametrize("overlapping", [False, True])
@pytest.mark.parametrize("pattern", ["pseudorandom", "random"])
def test_fractional_max_pool2d_takes_the_largest_of_windows_of_one_or_two(
    pattern, overlapping, backend, dtype, rng
):
    x = rng.standard_normal((2, 11, 9, 3)).astype(dtype)
    rows, cols = ops.fractional_grid((11, 9), 1.5, pattern=pattern, rng=3)
    assert (len(rows), len(cols)) == (8, 7) and set(np.diff(rows)) | set(np.diff(cols)) <= {1, 2}
    y = ops.fractional_max_pool2d(
        x, 1.5, overlapping=overlapping, pattern=pattern, rng=3, backend=backend
    )
    for i in range(7):
        for j in range(6):
            window = x[:, rows[i] : rows[i + 1] + overlapping, cols[j] : cols[j + 1] + overlapping]
            np.testing.assert_array_equal(y[:, i, j], window.max(axis=(1, 2)))


@pytest.mark.slow
def test_fractional_max_pool2d_gradient_equals_the_numerical_one(backend, rng):
    x = images(rng)
    options = dict(ratio=1.4, overlapping=True, rng=5, backend=backend)
    y, switches = ops.fractional_max_pool2d(x, **options, return_switches=True)
    dy = rng.standard_normal(y.shape)
    truth = brute.numerical_gradient(
        lambda: (ops.fractional_max_pool2d(x, **options) * dy).sum(), x
    )
    np.testing.assert_allclose(
        ops.max_pool2d_backward(dy, switches, x.shape, backend=backend), truth, rtol=1e-6, atol=1e-8
    )


def test_of_no_images_there_is_nothing_to_pool(backend):
    x = np.zeros((0, 7, 6, 3))
    assert ops.fractional_max_pool2d(x, 1.5, backend=backend).shape == (0, 4, 4, 3)
    for pool in (ops.max_pool2d, ops.avg_pool2d, ops.lp_pool2d):
        assert pool(x, 2, backend=backend).shape == (0, 3, 3, 3)
    dx = ops.max_pool2d_backward(
        x[:, :3, :3], np.zeros((0, 3, 3, 3), int), x.shape, 2, backend=backend
    )
    assert dx.shape == x.shape


def test_fractional_grids_differ_from_draw_to_draw_and_repeat_with_their_seed():
    rng = np.random.default_rng(0)
    assert len({ops.fractional_grid((25, 25), rng=rng) for _ in range(5)}) == 5
    assert ops.fractional_grid((25, 25), rng=1) == ops.fractional_grid((25, 25), rng=1)


def test_global_pooling_is_pooling_with_the_whole_image_as_window(backend, dtype, rng):
    x = images(rng, dtype)
    np.testing.assert_allclose(
        ops.global_avg_pool2d(x), ops.avg_pool2d(x, (6, 8))[:, 0, 0], rtol=1e-5, atol=1e-6
    )
    np.testing.assert_array_equal(ops.global_max_pool2d(x, backend=backend), x.max(axis=(1, 2)))
    dy = rng.standard_normal((2, 3))
    np.testing.assert_allclose(
        ops.global_avg_pool2d_backward(dy, x.shape),
        ops.avg_pool2d_backward(dy[:, None, None], x.shape, (6, 8), backend=backend),
    )


@pytest.mark.parametrize("padding", [((0, 0), (0, 1)), ((1, 0), (0, 0)), ((0, 2), (0, 0))])
def test_a_window_of_padding_only_is_refused_on_every_side(padding):
    for pool in (ops.max_pool2d, ops.avg_pool2d, ops.lp_pool2d):
        with pytest.raises(MisfitError, match="makes a window of padding only"):
            pool(np.ones((1, 2, 2, 1)), 1, padding=padding)
