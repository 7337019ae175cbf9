"""The losses: softmax cross-entropy and the multiclass SVM, each with its gradient.

Both average over the batch, so that the learning rate need not change with its size.
"""

from __future__ import annotations

import numpy as np

from . import kernels, validation
from .labels import check_classes
from .ops import check
from .typing import Array, ArrayLike

MARGIN = 1.0


def softmax_cross_entropy(scores: ArrayLike, labels: ArrayLike) -> tuple[float, Array]:
    """The mean negative logarithm of the probability of the right class, in nats.

    ``loss = mean over n of log(sum over k of exp(s[n,k])) − s[n, label[n]]``, and
    ``dscores = (softmax(s) − one-hot label) / N``. A net that knows nothing has a loss of ln K.

    Arguments:
        scores: scores ``(N, K)``.
        labels: classes ``(N,)``, ints from 0 to K − 1.

    Returns:
        ``loss, dscores``: a float, and its gradient ``(N, K)``.

    Raises:
        ValueError: scores and labels do not go together.

    Examples:
        >>> loss, dscores = cnnlab.softmax_cross_entropy([[2.0, 2.0]], [1])
        >>> round(loss, 4), dscores
        (0.6931, array([[ 0.5, -0.5]]))
    """
    return _loss(softmax_cross_entropy, scores, labels)


def multiclass_svm(
    scores: ArrayLike, labels: ArrayLike, margin: float = MARGIN
) -> tuple[float, Array]:
    """The multiclass hinge loss: each class must stay a margin below the right one.

    ``loss = mean over n of sum over k ≠ label of max(0, s[n,k] − s[n, label] + margin)``. Each
    class that comes closer is pushed down, and the right one up as often. Source: Weston and
    Watkins, 1999.

    Arguments:
        scores, labels: as in ``softmax_cross_entropy``.
        margin: the distance, finite and at least 0.

    Returns:
        ``loss, dscores``: a float, and its gradient ``(N, K)``.

    Raises:
        ValueError: scores and labels do not go together, or the margin is out of its range.

    Examples:
        >>> cnnlab.multiclass_svm([[3.0, 1.0]], [1])
        (3.0, array([[ 1., -1.]]))
    """
    return _loss(multiclass_svm, scores, labels, validation.number("margin", margin, 0))


# The losses that have kernels, and the defaults of their arguments.
WITH_KERNELS = {softmax_cross_entropy: (), multiclass_svm: (MARGIN,)}


def _loss(loss, scores, labels, *numbers):
    """The mean of what the loss gives for each image, and the gradient, where the scores are."""
    scores, labels = check_labels(scores, labels)
    if kernels.is_on_gpu(scores):
        labels = kernels.to_gpu(labels, np.int64)
    with np.errstate(invalid="ignore", over="ignore"):
        losses, dscores = for_each_image(loss, scores, labels, *numbers)
        return float(np.asarray(losses).mean()), dscores


def for_each_image(loss, scores, labels, *numbers):
    """The loss of each image and the gradient of their mean, by one of ``WITH_KERNELS``."""
    losses, dscores = (
        kernels.empty(shape, scores.dtype, scores) for shape in (scores.shape[:1], scores.shape)
    )
    getattr(kernels.backend_for(scores), loss.__name__)(scores, labels, losses, dscores, *numbers)
    return losses, dscores


def check_labels(scores, labels):
    """Scores as floats and labels as int64; else ValueError with the numbers and the way out."""
    scores = check.floats(scores=scores)
    if scores.ndim != 2:
        raise ValueError(
            f"scores have shape {scores.shape}, but one row of K scores for each image, (N, K), "
            f"is needed: "
            f"end the net with Flatten() and Linear(K)"
        )
    N, K = scores.shape
    if not N:
        raise ValueError("there are no scores to take a loss of: give at least one image")
    return scores, check_classes(labels, N, K)
