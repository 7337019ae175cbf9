"""Lesson 12's exercises: the references are the library's, the unit that of the bundled film."""

import numpy as np
import pytest

import cnnlab
from cnnlab import explain
from cnnlab.exercises import check, given
from cnnlab.exercises.lesson12 import COLUMN, LAYER, ROW, UNITS, answers
from helpers.exercises import ALL


@pytest.fixture(scope="module")
def net():
    return cnnlab.film("looking").net()


def test_the_unit_sees_the_pixels_that_can_change_it(net):
    for name, array in net.params.items():
        array[...] = 1 if name.endswith("weight") else 0  # so that nothing cancels out
    pixels = np.eye(28 * 28, dtype=np.float32).reshape(-1, 28, 28, 1)
    seen = np.concatenate(
        [net.activations(part)[LAYER][:, ROW, COLUMN, 0] for part in np.split(pixels, 8)]
    )
    rows, columns = np.nonzero(seen.reshape(28, 28))
    assert ALL["12.sees"].reference == (rows.min(), rows.max(), columns.min(), columns.max())
    assert len(rows) == (rows.max() - rows.min() + 1) * (columns.max() - columns.min() + 1)


def test_softmax_is_the_librarys():
    for case in ALL["12.softmax"].cases:
        np.testing.assert_allclose(
            ALL["12.softmax"].reference(**case), cnnlab.ops.softmax(case["scores"][None])[0]
        )


def test_the_unit_for_stripes_stands_out():
    upright, level = answers()
    difference = np.sort(upright - level)
    assert (upright - level).argmax() == ALL["12.stripes"].reference and difference[
        -1
    ] > 1.2 * difference[-2]
    assert upright[ALL["12.stripes"].reference] > 3 * level[ALL["12.stripes"].reference]


def test_without_the_level_stripes_another_unit_is_found():
    pictures = given("12.stripes")
    maps = cnnlab.film("looking").net().activations(pictures["upright"])[LAYER]
    for found in (maps.mean(axis=(0, 1, 2)).argmax(), maps.max(axis=(0, 1, 2)).argmax()):
        assert check("12.stripes", found).mistake == "loudest"


def test_every_unit_is_told_what_it_does():
    said = [check("12.stripes", k) for k in range(UNITS)]
    assert [feedback.right for feedback in said].count(True) == 1
    assert all(f"{k}" in feedback.sentence for k, feedback in enumerate(said) if not feedback.right)
    assert check("12.stripes", [2]).mistake == "level_stripes"
    assert check("12.stripes", 2.5).mistake == check("12.stripes", -1).mistake == "no_unit"


def test_the_stripes_are_seven_pictures_a_pixel_apart():
    upright, level = given("12.stripes").values()
    assert (
        upright.shape == level.shape == (7, 28, 28, 1) and 0 <= upright.min() < upright.max() <= 1
    )
    np.testing.assert_allclose(upright[:-1, :, 1:], upright[1:, :, :-1], atol=1e-6)
    np.testing.assert_array_equal(upright.transpose(0, 2, 1, 3), level)


def test_the_nearest_code_may_be_found_in_other_ways():
    def nearest(codes, labels, code):
        return min(
            zip(codes, labels, strict=True), key=lambda pair: np.linalg.norm(pair[0] - code)
        )[1]

    assert check("12.nearest", nearest).right


def test_a_softmax_that_overflows_is_told():
    with np.errstate(all="ignore"):
        feedback = check("12.softmax", lambda scores: np.exp(scores) / np.sum(np.exp(scores)))
    assert (
        feedback.mistake == "overflows"
        and "For scores=[1000, 999] you give NaN at [0], it is 0.731059" in str(feedback)
    )


def test_a_case_of_the_nearest_code_can_be_recomputed_by_hand():
    for case in ALL["12.nearest"].cases:
        here = np.shape(case["codes"])

        def wrong_here(codes, labels, code, here=here):
            return 99 if codes.shape == here else ALL["12.nearest"].reference(codes, labels, code)

        assert "of shape" not in check("12.nearest", wrong_here).sentence


def test_the_largest_share_is_not_what_happens_most_often():
    def share(M):
        wrong = M - np.diag(np.diag(M))
        return np.unravel_index((wrong / M.sum(axis=1, keepdims=True)).argmax(), M.shape)

    M = np.array([[1000, 20, 0], [0, 5, 3], [0, 0, 9]])
    assert tuple(ALL["12.confused"].reference(M)) == (0, 1) and share(M) == (1, 2)
    assert check("12.confused", share).mistake == "share_of_row"


def test_a_confusion_may_be_given_as_a_list_or_an_array():
    for kind in (list, np.array):
        assert check(
            "12.confused", lambda M, kind=kind: kind(ALL["12.confused"].reference(M))
        ).right


def test_the_field_and_the_nearest_code_are_the_librarys(net):
    best = explain.best_patches(net, cnnlab.data.load("fashion").test.x[:20], LAYER, unit=0, n=3)
    top, bottom, left, right = ALL["12.sees"].reference
    assert best.patches.shape[1:3] == (bottom - top + 1, right - left + 1)
    for case in ALL["12.nearest"].cases:
        distances = np.sort(np.linalg.norm(case["codes"] - case["code"], axis=1))
        assert distances[0] < distances[1]  # there is one nearest code, and not two
        label = explain.nearest(case["codes"], case["code"][None], case["labels"])
        assert ALL["12.nearest"].reference(**case) == label[0]
