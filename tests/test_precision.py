"""Sums over many positions keep their digits, and NaN and infinity, on every backend."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import ops

BACKENDS = "numpy", "loops", "im2col", "tiled"
SIDE = 300
IMAGES = {
    "constant": np.full((1, SIDE, SIDE, 2), 0.1, np.float32),
    "far from zero": (np.random.default_rng(0).random((1, SIDE, SIDE, 2)) + 1000).astype(
        np.float32
    ),
    "random": np.random.default_rng(1).random((1, SIDE, SIDE, 2)).astype(np.float32),
}

every_backend = pytest.mark.parametrize("backend", BACKENDS)
every_image = pytest.mark.parametrize("x", IMAGES.values(), ids=IMAGES)


def close(found, wanted, most=1e-6):
    np.testing.assert_allclose(found, wanted, rtol=most)


@every_image
@every_backend
def test_means_and_norms_over_many_pixels_keep_their_digits(x, backend):
    double = x.astype(float)
    close(ops.avg_pool2d(x, SIDE, backend=backend)[0, 0, 0], double.mean((0, 1, 2)))
    close(ops.lp_pool2d(x, SIDE, backend=backend)[0, 0, 0], np.sqrt((double**2).sum((0, 1, 2))))


@every_image
def test_a_global_mean_keeps_its_digits(x):
    close(ops.global_avg_pool2d(x)[0], x.astype(float).mean((0, 1, 2)))


@pytest.mark.slow
@every_image
@every_backend
def test_gradients_of_bias_and_weights_keep_their_digits(x, backend):
    _, dw, db = ops.conv2d_backward(
        x, x[..., :1].copy(), np.ones((2, 1, 1, 1), np.float32), backend=backend
    )
    double = x.astype(float)
    close(db, double.sum((0, 1, 2)))
    close(
        dw[:, 0, 0, 0],
        (double * double[..., :1]).sum((0, 1, 2)),
        1e-5 if backend == "tiled" else 1e-6,
    )


@every_backend
@pytest.mark.parametrize("value", [0.1, 10.1, 200.3, 1e6])
def test_a_constant_channel_is_normalised_to_nothing(value, backend):
    x = np.full((4, 9, 7, 4), value, np.float32)
    ones, zeros = np.ones(4, np.float32), np.zeros(4, np.float32)
    assert not ops.batch_norm(x, ones, zeros, backend=backend).any()
    assert not ops.group_norm(x, 2, ones, zeros, backend=backend).any()


@every_backend
@pytest.mark.parametrize("mean", [0, 10, 1000])
def test_batch_norm_and_its_gradients_equal_double_precision(mean, backend):
    rng = np.random.default_rng(2)
    x, dy = (
        (rng.standard_normal((6, 9, 7, 5)) + mean).astype(np.float32),
        rng.standard_normal((6, 9, 7, 5), np.float32),
    )
    weight, bias = rng.random(5, np.float32) + 0.5, rng.random(5, np.float32)
    y = ops.batch_norm(x, weight, bias, backend=backend)
    np.testing.assert_allclose(
        y, ops.batch_norm(x.astype(float), weight, bias, backend="numpy"), atol=2e-6
    )
    wanted = ops.batch_norm_backward(dy.astype(float), x.astype(float), weight, backend="numpy")
    for found, right in zip(
        ops.batch_norm_backward(dy, x, weight, backend=backend), wanted, strict=True
    ):
        np.testing.assert_allclose(found, right, atol=1e-4 + 1e-5 * mean)


@every_backend
@pytest.mark.parametrize("p", [1, 2, 3, 7, 20])
@pytest.mark.parametrize("value", [1e-40, 1e-25, 1e18, 1e25, 1e37])
def test_a_norm_has_room_for_its_powers(value, p, backend):
    x = np.full((1, 2, 2, 3), value, np.float32)
    close(
        ops.lp_pool2d(x, 2, p=p, backend=backend),
        np.float64(np.float32(value)) * 4 ** (1 / p),
        1e-4,
    )


@every_backend
@pytest.mark.parametrize("value", [1e-30, 1e19, 1e30])
def test_local_response_norm_has_room_for_its_squares(value, backend):
    x = np.full((1, 1, 1, 3), value, np.float32)
    around = (
        1 + 1e-4 * np.float64(np.float32(value)) ** 2
    ) ** -0.75  # the channel in the middle sees all three
    close(
        ops.local_response_norm(x, 3, backend=backend)[0, 0, 0, 1], np.float32(value) * around, 1e-5
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_keeps_its_digits_far_from_zero(dtype):
    x = np.array([-80, -40, -18, -12, -1, 0, 1, 20, 90, np.inf, -np.inf], dtype)
    right = np.exp(-np.logaddexp(0, -x.astype(np.longdouble)))
    close(ops.sigmoid(x), right.astype(float), 1e-6)


def marks(arrays):
    arrays = arrays if isinstance(arrays, tuple) else (arrays,)
    return [np.where(np.isfinite(a), 0, a) for a in arrays]


CONVOLUTION = st.fixed_dictionaries(
    {"stride": st.integers(1, 3), "padding": st.integers(0, 3), "dilation": st.integers(1, 2)}
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    options=CONVOLUTION,
    sizes=st.tuples(
        st.sampled_from([1, 3, 4, 8]), st.sampled_from([2, 4, 8, 20]), st.integers(1, 3)
    ),
    bad=st.sampled_from([np.nan, np.inf, -np.inf]),
    spoilt=st.integers(0, 2),
    seed=st.integers(0, 10**6),
)
def test_nan_and_infinity_of_convolutions_stand_in_the_same_places(
    options, sizes, bad, spoilt, seed
):
    rng, (C, K, F) = np.random.default_rng(seed), sizes
    x, w = (
        rng.standard_normal((2, 7, 8, C), np.float32),
        rng.standard_normal((K, F, F, C), np.float32),
    )
    dy = rng.standard_normal(ops.conv2d(x, w, **options, backend="numpy").shape, np.float32)
    array = (x, w, dy)[spoilt]
    array.flat[rng.integers(array.size)] = bad
    with np.errstate(invalid="ignore"):
        found = [
            marks(
                (
                    ops.conv2d(x, w, **options, backend=b),
                    *ops.conv2d_backward(dy, x, w, **options, backend=b),
                )
            )
            for b in BACKENDS
        ]
    for other in found[1:]:
        for mine, theirs in zip(found[0], other, strict=True):
            np.testing.assert_array_equal(mine, theirs)


FORMS = {
    "read-only": lambda a: np.frombuffer(a.tobytes(), a.dtype).reshape(a.shape),
    "big-endian": lambda a: a.astype(a.dtype.newbyteorder(">")),
    "in Fortran's order": np.asfortranarray,
    "flipped": lambda a: a[::-1].copy()[::-1],
    "every second": lambda a: np.repeat(a, 2, axis=-1)[..., ::2],
    "unaligned": lambda a: np.ndarray(a.shape, a.dtype, b"\0" + a.tobytes(), 1),
    "lists": lambda a: a.tolist(),
}
X, W, B = (
    np.random.default_rng(3).standard_normal(s).astype(np.float32)
    for s in ((2, 6, 7, 4), (4, 3, 3, 4), (4,))
)
DY, FLAT = X[:, :4, :5], X.reshape(2, -1)
OPERATIONS = {
    "conv2d": (lambda x, w, b, **o: ops.conv2d(x, w, b, padding=1, **o), X, W, B),
    "conv2d_backward": (ops.conv2d_backward, DY, X, W),
    "conv_transpose2d": (
        lambda x, w, b, **o: ops.conv_transpose2d(x, w, b, stride=2, **o),
        X,
        W,
        B,
    ),
    "max_pool2d": (lambda x, **o: ops.max_pool2d(x, 2, **o), X),
    "avg_pool2d": (lambda x, **o: ops.avg_pool2d(x, 3, 1, 1, **o), X),
    "lp_pool2d": (lambda x, **o: ops.lp_pool2d(x, 2, **o), X),
    "relu_backward": (ops.relu_backward, X, X),
    "linear": (ops.linear, FLAT, FLAT[:, ::-1].copy(), B[:2]),
    "linear_backward": (
        ops.linear_backward,
        X[:, 0, 0, :3].copy(),
        FLAT,
        np.tile(FLAT[:1], (3, 1)),
    ),
    "batch_norm": (ops.batch_norm, X, B, B),
    "group_norm": (lambda x, w, b, **o: ops.group_norm(x, 2, w, b, **o), X, B, B),
    "local_response_norm": (lambda x, **o: ops.local_response_norm(x, 3, **o), X),
}


@every_backend
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    ("operation", "arrays"), [(op, a) for op, *a in OPERATIONS.values()], ids=OPERATIONS
)
def test_arrays_count_as_their_plain_copies_do(operation, arrays, form, backend):
    wanted, found = (
        operation(*arrays, backend="numpy"),
        operation(*map(form, arrays), backend=backend),
    )
    for right, mine in zip(
        *((a if isinstance(a, tuple) else (a,)) for a in (wanted, found)), strict=True
    ):
        np.testing.assert_allclose(mine, right, rtol=1e-4, atol=1e-5)
