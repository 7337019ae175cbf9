"""Losses: against sums written out, numerical gradients, and labels that make no sense."""

import numpy as np
import pytest

from cnnlab.gradcheck import numerical_gradient
from cnnlab.losses import multiclass_svm, softmax_cross_entropy

LABELS = np.array([2, 0, 1, 2])
LOSSES = [softmax_cross_entropy, multiclass_svm]
both = pytest.mark.parametrize("loss", LOSSES)


def test_cross_entropy_is_the_mean_of_minus_log_probability(rng):
    scores = rng.standard_normal((4, 3))
    truth = [-np.log(np.exp(s[k]) / np.exp(s).sum()) for s, k in zip(scores, LABELS, strict=True)]
    np.testing.assert_allclose(softmax_cross_entropy(scores, LABELS)[0], np.mean(truth))


def test_svm_adds_up_what_comes_closer_than_the_margin(rng):
    scores = rng.standard_normal((4, 3))
    for margin in (0.5, 1.0):
        truth = [
            sum(max(0, s[k] - s[y] + margin) for k in range(3) if k != y)
            for s, y in zip(scores, LABELS, strict=True)
        ]
        np.testing.assert_allclose(multiclass_svm(scores, LABELS, margin)[0], np.mean(truth))


@both
def test_gradients_equal_numerical_ones(loss, rng):
    scores = rng.standard_normal((4, 3))
    truth = numerical_gradient(lambda: loss(scores, LABELS)[0], scores)
    np.testing.assert_allclose(loss(scores, LABELS)[1], truth, rtol=1e-6, atol=1e-9)


@both
def test_the_gradient_has_the_dtype_of_the_scores_and_leaves_them_alone(loss, dtype, rng):
    scores = rng.standard_normal((4, 3)).astype(dtype)
    kept = scores.copy()
    value, dscores = loss(scores, LABELS)
    assert isinstance(value, float) and dscores.dtype == dtype
    np.testing.assert_array_equal(scores, kept)


def test_a_net_that_knows_nothing_has_a_loss_of_the_log_of_the_classes():
    assert softmax_cross_entropy(np.zeros((2, 10)), [3, 7])[0] == pytest.approx(np.log(10))


def test_cross_entropy_of_huge_scores_does_not_overflow():
    loss, dscores = softmax_cross_entropy(np.array([[1e5, 0, -1e5]], np.float32), [1])
    assert loss == 1e5 and dscores.tolist() == [[1, -1, 0]]


@both
def test_nan_in_the_scores_shows_in_the_loss(loss):
    assert np.isnan(loss(np.array([[1.0, np.nan], [0, 1]]), [0, 1])[0])


@both
@pytest.mark.parametrize(
    ("scores", "labels", "sentence"),
    [
        (
            np.ones((4, 3)),
            [0, 1, 3, 2],
            "label 3 at position 2 is not a class from 0 to 2: 1 of 4 labels",
        ),
        (np.ones((4, 3)), [0, -1, 1, -1], "label -1 at position 1 .* 2 of 4"),
        (np.ones((4, 3)), [0, 1], r"labels have shape \(2,\), but 4 scores need \(4,\)"),
        (np.ones((2, 3)), [[0], [1]], r"labels have shape \(2, 1\)"),
        (
            np.ones((2, 3)),
            [0.0, 1.0],
            r"labels hold float64 values, not integers: use labels.astype\(int\)",
        ),
        (np.ones((2, 3)), [True, False], "labels hold bool values"),
        (
            np.ones((2, 1, 1, 3)),
            [0, 1],
            r"scores have shape \(2, 1, 1, 3\), .* end the net with Flatten",
        ),
        (np.ones((0, 3)), np.zeros(0, int), "no scores to take a loss of"),
    ],
)
def test_scores_and_labels_that_do_not_go_together_are_refused(loss, scores, labels, sentence):
    with pytest.raises(ValueError, match=sentence):
        loss(scores, labels)


@both
@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int64])
def test_every_whole_number_type_serves_as_label(loss, kind):
    scores = np.array([[0.0, 1.0, 3.0]] * 4)
    assert loss(scores, LABELS.astype(kind))[0] == loss(scores, LABELS)[0]
