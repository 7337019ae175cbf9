"""Codes and their maps: rows are activations, axes principal, neighbours nearest."""

import sys
from time import thread_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import Conv2d, Flatten, Linear, ReLU, Residual, Sequential, explain
from cnnlab.explain.codes import _gradient

X = np.random.default_rng(0).random((20, 6, 5, 2))
NET = Sequential(
    Conv2d(3, 3), Residual(ReLU()), Flatten(), Linear(7), ReLU(), Linear(4), input_shape=(6, 5, 2)
)


def gaussians(n=30, D=10, k=3, apart=20.0, seed=0):
    """k clouds of n points each, far apart, and the number of each point's cloud."""
    rng = np.random.default_rng(seed)
    centres = apart * rng.standard_normal((k, D))
    return np.concatenate([c + rng.standard_normal((n, D)) for c in centres]), np.repeat(
        np.arange(k), n
    )


@pytest.mark.parametrize(
    ("layer", "number"), [(-2, 4), (0, 0), ("1", 1), ("1.body.0", None), (-1, 5)]
)
def test_codes_are_the_activations_of_a_layer_as_rows(layer, number):
    found = explain.codes(NET, X, layer)
    expected = (
        NET.activations(X)[number] if number is not None else np.maximum(NET.activations(X)[0], 0)
    )
    np.testing.assert_array_equal(found, expected.reshape(20, -1))


@settings(max_examples=15, deadline=None)
@given(N=st.integers(2, 12), D=st.integers(1, 15), seed=st.integers(0, 99))
def test_pca_finds_the_axes_along_which_points_differ_most(N, D, seed):
    x = np.random.default_rng(seed).standard_normal((N, D))
    dims = min(2, N, D)
    found = explain.pca(x, dims)
    spread = np.linalg.eigvalsh(np.atleast_2d(np.cov(x.T, bias=True)))[::-1][:dims]
    np.testing.assert_allclose(found.var(axis=0), spread, atol=1e-9)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-9)


def test_pca_does_not_depend_on_the_sign_of_an_axis():
    x = np.outer([-1, 0, 3.0], [1, 2])
    np.testing.assert_allclose(explain.pca(x, 1)[:, 0], np.sqrt(5) * np.array([-5, -2, 7]) / 3)


@settings(max_examples=15, deadline=None)
@given(N=st.integers(1, 9), M=st.integers(0, 9), D=st.integers(1, 5), seed=st.integers(0, 99))
def test_the_nearest_is_the_one_at_the_smallest_distance(N, M, D, seed):
    rng = np.random.default_rng(seed)
    codes, queries = rng.standard_normal((N, D)), rng.standard_normal((M, D))
    expected = [min(range(N), key=lambda n: ((codes[n] - q) ** 2).sum()) for q in queries]
    assert explain.nearest(codes, queries).tolist() == expected
    names = np.array(list("abcdefghi"))[:N]
    assert explain.nearest(codes, queries, names).tolist() == [names[n] for n in expected]


def test_pictures_are_taken_as_rows_and_blocks_make_no_difference(monkeypatch):
    whole = explain.nearest(X[:15], X)
    assert whole[:15].tolist() == list(range(15))
    monkeypatch.setattr(sys.modules["cnnlab.explain.codes"], "BLOCK", 40)  # two queries at a time
    np.testing.assert_array_equal(explain.nearest(X[:15].reshape(15, -1), X.reshape(20, -1)), whole)


@pytest.mark.slow
@pytest.mark.parametrize("perplexity", [5, 20])
def test_affinities_are_symmetric_and_every_point_has_that_many_neighbours(perplexity):
    x, _ = gaussians()
    P = explain.affinities(x, perplexity)
    np.testing.assert_allclose(P, P.T)
    assert P.sum() == pytest.approx(1) and np.all(np.diag(P) == 0) and P.min() >= 0
    own = neighbours(x, perplexity)
    entropy = -(own * np.log2(np.maximum(own, 1e-300))).sum(axis=1)
    np.testing.assert_allclose(2**entropy, perplexity, rtol=1e-6)
    np.testing.assert_allclose(P, (own + own.T) / (2 * len(x)), atol=1e-12)


def neighbours(x, perplexity):
    """p[j|i] point by point, by a search of its own."""
    rows = []
    for i in range(len(x)):
        away = ((x - x[i]) ** 2).sum(axis=1)
        low, high = 1e-6, 1e6
        for _ in range(200):
            width = np.sqrt(low * high)
            p = np.exp(np.minimum(0, -(away - np.delete(away, i).min()) / width))
            p[i] = 0
            p /= p.sum()
            much = -(p * np.log2(np.maximum(p, 1e-300))).sum() > np.log2(perplexity)
            low, high = (low, width) if much else (width, high)
        rows.append(p)
    return np.array(rows)


def test_the_divergence_is_zero_only_where_the_map_has_the_same_affinities():
    places = np.random.default_rng(0).standard_normal((6, 2))
    near = 1 / (1 + ((places[:, None] - places) ** 2).sum(axis=2))
    np.fill_diagonal(near, 0)
    assert explain.divergence(near / near.sum(), places) == pytest.approx(0, abs=1e-12)
    assert explain.divergence(near / near.sum(), 3 * places) > 0.01


def test_tsne_lowers_the_divergence_and_keeps_clouds_together():
    x, cloud = gaussians()
    P = explain.affinities(x, 10)
    falls = [
        explain.divergence(P, explain.tsne(x, perplexity=10, steps=steps))
        for steps in (0, 100, 500)
    ]
    assert falls[0] > falls[1] > falls[2] and falls[2] < 0.5 * falls[0]
    places = explain.tsne(x, perplexity=10, steps=500)
    gaps = ((places[:, None] - places) ** 2).sum(axis=2)
    np.fill_diagonal(gaps, np.inf)
    assert np.all(cloud[gaps.argmin(axis=1)] == cloud)
    centres = np.stack([places[cloud == k].mean(axis=0) for k in range(3)])
    nearest = explain.nearest(centres, places)
    assert np.all(nearest == cloud)


def test_the_gradient_of_tsne_is_that_of_the_divergence():
    x, _ = gaussians(n=4)
    P, y = explain.affinities(x, 3), np.random.default_rng(0).standard_normal((12, 2))
    found = _gradient(P, y, 1.0, np.empty_like(P), np.empty_like(P))
    for place in np.ndindex(12, 2):
        moved = [y.copy(), y.copy()]
        moved[0][place] += 1e-5
        moved[1][place] -= 1e-5
        high, low = (explain.divergence(P, each) for each in moved)
        assert found[place] == pytest.approx((high - low) / 2e-5, abs=1e-7)


def test_the_same_seed_gives_the_same_map_and_points_that_coincide_are_no_trouble():
    x, _ = gaussians(n=10)
    x[3] = x[4]
    same = [explain.tsne(x, seed=1, steps=60) for _ in range(2)]
    np.testing.assert_array_equal(*same)
    assert np.isfinite(same[0]).all() and not np.array_equal(
        explain.tsne(x, seed=2, steps=60), same[0]
    )
    assert np.isfinite(explain.tsne(np.zeros((5, 3)), steps=30)).all()


@pytest.mark.parametrize("n", [3, 2001])
def test_too_few_or_too_many_points_are_refused_with_their_number(n):
    with pytest.raises(ValueError, match=f"there are {n} codes: exact t-SNE takes 4 to 2000"):
        explain.tsne(np.zeros((n, 2)))


@pytest.mark.slow
def test_a_thousand_points_take_less_than_half_a_minute_of_work():
    x, _ = gaussians(n=100, D=50, k=10)
    start = thread_time()  # not of the clock, for others use the machine too
    explain.tsne(x)
    assert thread_time() - start < 30
