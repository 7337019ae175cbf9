"""The activations of a layer as a code for each image, and maps on which similar codes lie near.

The map of two principal axes is exact but flat; t-SNE keeps neighbours together and little else.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..typing import Array, ArrayLike, Seed
from .graph import graph, node_number
from .patches import outputs

BLOCK = 2**22  # distances that are held at a time
EXAGGERATION, EARLY = (
    12.0,
    250,
)  # how much stronger neighbours attract each other at first, and for how many steps
MOST = 2000  # points: exact t-SNE holds the distances of all pairs


def codes(net: Any, x: ArrayLike, layer: int | str = -2) -> Array:
    """What a layer makes of each image, as a row of numbers: its CNN code.

    Arguments:
        net: a Sequential.
        x: images ``(N, H, W, C)``.
        layer: its place or its name; −2 is what the last layer of a usual net reads.

    Returns:
        Rows ``(N, D)``.

    Raises:
        ValueError: there is no such layer.

    Examples:
        >>> from cnnlab import Flatten, Linear, ReLU, explain
        >>> layers = Flatten(), Linear(16), ReLU(), Linear(10)
        >>> net = cnnlab.Sequential(*layers, input_shape=(8, 8, 1))
        >>> explain.codes(net, cnnlab.data.load("digits").test.x).shape
        (400, 16)
    """
    nodes, x = graph(net.copy()), net.accept(x)
    number = node_number(nodes, layer)
    return np.concatenate([y.reshape(len(y), -1) for _, (y,) in outputs(nodes, (number,), x)])


def pca(codes: ArrayLike, dims: int = 2) -> Array:
    """The positions of points along their principal axes, the widest first.

    ``(codes − mean) · V`` with V the first right singular vectors, each with its largest number
    positive.

    Arguments:
        codes: points ``(N, D)``.
        dims: axes.

    Returns:
        Positions ``(N, dims)``.

    Examples:
        >>> from cnnlab import explain
        >>> explain.pca([[0.0, 0.0], [2.0, 0.0], [4.0, 0.0]], 1).round(6)
        array([[-2.],
               [ 0.],
               [ 2.]])
    """
    centred = np.asarray(codes, float) - np.mean(codes, axis=0, dtype=float)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:dims]
    signs = np.sign(np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1))
    return centred @ (axes * np.where(signs == 0, 1, signs)).T


def nearest(codes: ArrayLike, queries: ArrayLike, labels: ArrayLike | None = None) -> Array:
    """For each query the nearest point, by Euclidean distance; of equals the first.

    ``|a − b|² = |a|² − 2 a·b + |b|²``

    Arguments:
        codes: points ``(N, D)``.
        queries: points ``(M, D)``.
        labels: labels ``(N,)`` of the points, to be returned for their numbers.

    Returns:
        Numbers, or labels, ``(M,)``.

    Examples:
        >>> from cnnlab import explain
        >>> explain.nearest([[0.0], [10.0]], [[7.0], [1.0]]).tolist()
        [1, 0]
    """
    codes, queries = np.asarray(codes, float), np.asarray(queries, float)
    codes = codes.reshape(len(codes), -1)
    queries = queries.reshape(len(queries), codes.shape[1])
    squares, rows = np.square(codes).sum(axis=1), max(1, BLOCK // len(codes))
    blocks = (queries[start : start + rows] for start in range(0, len(queries), rows))
    indices = [(squares - 2 * block @ codes.T).argmin(axis=1) for block in blocks]
    indices = np.concatenate(indices) if indices else np.zeros(0, int)
    return indices if labels is None else np.asarray(labels)[indices]


def affinities(codes: ArrayLike, perplexity: float = 30.0) -> Array:
    """How near points are to each other: symmetric, zero diagonal, sum 1.

    ``p[j|i] ∝ exp(−β_i |x_i − x_j|²)``, with β_i such that ``2 ** entropy(p[·|i])`` is the
    perplexity; ``P[i, j] = (p[j|i] + p[i|j]) / 2N``.

    Arguments:
        codes: points ``(N, D)``.
        perplexity: a soft count of neighbours.

    Returns:
        ``P (N, N)``.

    Examples:
        >>> from cnnlab import explain
        >>> P = explain.affinities(np.arange(12.0).reshape(6, 2))
        >>> P.shape, float(round(P.sum(), 6))
        ((6, 6), 1.0)
    """
    distances = _distances(np.asarray(codes, float))
    p = _neighbours(distances, np.log(min(perplexity, (len(distances) - 1) / 3)))
    return (p + p.T) / (2 * len(p))


def _distances(x):
    squares = np.square(x).sum(axis=1)
    distances = np.maximum(squares[:, None] - 2 * x @ x.T + squares, 0)
    np.fill_diagonal(distances, 0)
    return distances


def _neighbours(distances, entropy, rounds=60):
    """p[j|i], every row with this entropy (in nats), by bisection of log β for all rows at once."""
    N = len(distances)
    others = ~np.eye(N, dtype=bool)
    away = distances[others].reshape(N, N - 1)
    away = away - away.min(axis=1, keepdims=True)  # the nearest weighs 1, so that no row is all 0
    low, high = np.full((N, 1), -50.0), np.full((N, 1), 50.0)
    scale = away.mean(axis=1, keepdims=True)
    away = away / np.where(scale == 0, 1, scale)
    for _ in range(rounds):
        middle = (low + high) / 2
        p = np.exp(-away * np.exp(middle))
        total = p.sum(axis=1, keepdims=True)
        found = np.log(total) + np.exp(middle) * (away * p).sum(axis=1, keepdims=True) / total
        low, high = np.where(found > entropy, middle, low), np.where(found > entropy, high, middle)
    full = np.zeros((N, N))
    full[others] = (p / total).ravel()
    return full


def divergence(P: Array, places: ArrayLike) -> float:
    """Kullback–Leibler divergence of a map, ``sum P log(P / Q)``, Q being its own affinities.

    Arguments:
        P: affinities ``(N, N)``.
        places: positions ``(N, 2)`` on the map.

    Returns:
        Nats.

    Examples:
        >>> from cnnlab import explain
        >>> points = np.arange(12.0).reshape(6, 2)
        >>> explain.divergence(explain.affinities(points), points) > 0
        True
    """
    weights = 1 / (1 + _distances(np.asarray(places, float)))
    np.fill_diagonal(weights, 0)
    near = P > 0
    return float(
        (P[near] * np.log(P[near] / np.maximum(weights / weights.sum(), 1e-300)[near])).sum()
    )


def tsne(
    codes: ArrayLike,
    seed: Seed = 0,
    *,
    perplexity: float = 30.0,
    steps: int = 750,
    start: ArrayLike | None = None,
) -> Array:
    """Positions on a map where neighbours lie together; distances mean little else.

    Gradient descent on ``KL(P ‖ Q)`` with ``q[i,j] ∝ 1 / (1 + |y_i − y_j|²)``, exact. Source: van
    der Maaten & Hinton, Visualizing Data using t-SNE, 2008.

    Arguments:
        codes: points ``(N, D)``, 4 to 2000.
        seed: of a little noise at the start.
        perplexity: as in ``affinities``.
        steps: of the descent.
        start: where the points begin, ``(N, 2)``; along the principal axes if None.

    Returns:
        Positions ``(N, 2)``.

    Raises:
        ValueError: there are too few points, or too many.

    Examples:
        >>> from cnnlab import explain
        >>> explain.tsne(np.arange(12.0).reshape(6, 2), steps=10).shape
        (6, 2)
    """
    codes = np.asarray(codes, float)
    codes = codes.reshape(len(codes), -1)
    if not 4 <= len(codes) <= MOST:
        raise ValueError(
            f"there are {len(codes)} codes: exact t-SNE takes 4 to {MOST}, so choose some of them"
        )
    start = pca(codes) if start is None else np.asarray(start, float)
    start = start * 1e-4 / (start.std() or 1.0)
    places = start + 1e-5 * np.random.default_rng(seed).standard_normal(start.shape)
    return _descend(
        affinities(codes, perplexity).astype(np.float32), places.astype(np.float32), steps
    )


def _descend(P, places, steps):
    """Momentum with a rate of its own for each number, which grows while its gradient keeps its
    sign.
    """
    moved, gains = np.zeros_like(places), np.ones_like(places)
    rate = max(len(P) / EXAGGERATION / 4, 50.0)
    scratch = np.empty_like(P), np.empty_like(P)
    for step in range(steps):
        early = step < min(EARLY, steps // 3)
        gradient = _gradient(P, places, EXAGGERATION if early else 1.0, *scratch)
        gains = np.maximum(np.where((gradient > 0) != (moved > 0), gains + 0.2, gains * 0.8), 0.01)
        moved = (0.5 if early else 0.8) * moved - rate * gains * gradient
        places = places + moved
        places -= places.mean(axis=0)
    return places.astype(float)


def _gradient(P, y, exaggeration, weights, pull):
    """``dC/dy_i = 4 · sum over j of (p_ij − q_ij) (y_i − y_j) / (1 + |y_i − y_j|²)``, in two
    matrices kept for it.
    """
    squares = np.square(y).sum(axis=1)
    np.matmul(y, -2 * y.T, out=weights)
    weights += squares + 1
    weights += squares[:, None]
    np.reciprocal(weights, out=weights)
    np.fill_diagonal(weights, 0)
    np.multiply(P, exaggeration, out=pull)
    total = weights.sum(dtype=np.float64)
    pull *= weights
    weights *= weights
    weights /= total
    pull -= weights
    return 4 * (pull.sum(axis=1, keepdims=True) * y - pull @ y)
