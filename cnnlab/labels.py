"""The check of labels: integers from 0 to K − 1, one for each image, of any integer type.

All other labels are refused with the expression that turns them into such integers.
"""

import numpy as np


def check_classes(labels, N, K, what="scores"):
    """``labels`` as int64 ``(N,)``, for every integer kind; ``what`` is counted by ``N``.

    Raises ValueError, with a way out, for another shape, another kind, and classes outside 0 to K −
    1.
    """
    labels = np.asarray(labels)
    if labels.shape != (N,):
        raise ValueError(
            f"labels have shape {labels.shape}, but {N} {what} need {(N,)}: {_one_each(labels, N)}"
        )
    if labels.dtype.kind not in "iu":
        raise ValueError(_unnumbered(labels, K))
    wrong = np.flatnonzero((labels < 0) | (labels >= K))
    if len(wrong):
        raise ValueError(
            f"label {labels[wrong[0]]} at position {wrong[0]} is not a class from 0 to {K - 1}: "
            f"{len(wrong)} of {N} labels are out of range, so {_renumbered(labels, K)}"
        )
    return labels.astype(np.int64, copy=False)


def _one_each(labels, N):
    """The way from another shape to one label for each image."""
    numbers = labels.dtype.kind in "biuf"
    if labels.ndim == 2 and len(labels) == N and labels.shape[1] > 1 and numbers:
        return "one-hot rows become labels by labels.argmax(axis=1)"
    if labels.size == N and labels.ndim:
        return f"use labels.ravel(){'.astype(int)' if labels.dtype.kind in 'fb' else ''}"
    return "give one label for each"


def _unnumbered(labels, K):
    """The sentence about labels that are no whole numbers."""
    wanted = f"give integers from 0 to {K - 1}"
    if labels.dtype.kind in "SUT" or (
        labels.dtype.kind == "O" and all(isinstance(label, str) for label in labels)
    ):
        return (
            f"labels hold text, such as {str(labels[0])!r}, not integers: number the "
            f"classes, as in "
            f"names, labels = np.unique(labels, return_inverse=True)"
        )
    if labels.dtype.kind not in "bfO":
        return f"labels hold {labels.dtype} values, not integers: {wanted}"
    odd = np.flatnonzero([not _whole(label) for label in labels])
    if len(odd):
        return f"label {labels[odd[0]]} at position {odd[0]} is not an integer: {wanted}"
    return f"labels hold {labels.dtype} values, not integers: use labels.astype(int)"


def _whole(label):
    try:
        return bool(label == int(label))
    except (TypeError, ValueError, OverflowError):
        return False


def _renumbered(labels, K):
    """What to do about classes that are out of range."""
    if labels.min() == 1 and labels.max() == K:
        return "count from 0 with labels - 1"
    if labels.min() < 0:
        return "leave their images out, or correct them"
    return f"correct them or let the net end in more outputs, at least {labels.max() + 1}"
