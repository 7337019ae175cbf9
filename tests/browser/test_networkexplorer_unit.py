"""A unit decomposed in a real JupyterLab: its numbers are those of ops, down to the products."""

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.views import NetworkExplorer
from helpers.browser.driver import answered, python
from helpers.browser.explorer import DEEP, click, fresh, ledger, map_of
from helpers.browser.mouse import numbers, point

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(notebook):
    return notebook("explorer_unit.ipynb", DEEP, "explorer")


@pytest.fixture
def view(opened):
    """The view of the default net, drawn afresh."""
    yield fresh(opened)
    assert opened.said == []


def test_a_clicked_unit_shows_the_numbers_of_ops(view):
    truth = NetworkExplorer()
    map_of(view, "3", 5).click()
    answered(view.page)
    view.page.wait_for_timeout(500)  # until the maps have flown to their places
    point(
        view.page,
        view.locator('image[data-kind="result"]').first.bounding_box(),
        3.5 / 14,
        9.5 / 14,
    )
    x = truth.net.activations(truth.x[None])[2].astype(float)
    w, b = (truth.net.params[f"3.{name}"].astype(float) for name in ("weight", "bias"))
    i, j, k = 9, 3, 5
    total = ops.conv2d(x, w, b, padding=1)[0, i, j, k]
    each = ops.conv2d(x, w[k].transpose(2, 0, 1)[..., None], padding=1, groups=8)[0, i, j]
    assert ledger(view)["place"] == [i, j] and ledger(view)["total"] == pytest.approx(
        total, rel=1e-5
    )
    np.testing.assert_allclose(ledger(view)["sums"], each, rtol=1e-4, atol=1e-6)
    printed = view.locator(".ledger-word").all_text_contents()
    assert numbers(
        [next(word for word in printed if word.startswith(("= ", "≈ ")))[2:]]
    ) == pytest.approx([total], rel=1e-3)
    shown = view.locator(".decomposition .score-word").all_text_contents()
    np.testing.assert_allclose(numbers(shown)[:8], each, rtol=1e-3, atol=6e-5)


def test_the_written_window_is_value_times_weight(view):
    truth = NetworkExplorer(unit=("0", 5))
    python(view.page, "explorer.unit = ['0', 5]; explorer.place = [8, 19]")
    answered(view.page)
    terms = view.locator(".term").all_text_contents()
    truth.place = [8, 19]
    (part,) = truth.frame()["unit"]["terms"]
    np.testing.assert_allclose(numbers(terms[0::2]), [term["value"] for term in part], rtol=6e-3)
    np.testing.assert_allclose(
        numbers([w[2:] for w in terms[1::2]]), [term["weight"] for term in part], atol=6e-4
    )


def test_a_place_is_kept_by_a_click_and_escape_leads_back(view):
    map_of(view, "2", 3).click()
    answered(view.page)
    assert python(view.page, "print(explorer.unit)") == "['2', 3]"
    view.page.wait_for_timeout(500)
    click(
        view.page,
        view.locator('image[data-kind="result"]').first.bounding_box(),
        2.5 / 14,
        6.5 / 14,
    )
    answered(view.page)
    assert python(view.page, "print(explorer.place)") == "[6, 2]"
    x = NetworkExplorer().activations[2][..., 3]
    assert ledger(view)["total"] == pytest.approx(x[12:14, 4:6].max(), rel=1e-6)
    view.page.keyboard.press("Escape")
    answered(view.page)
    assert python(view.page, "print(explorer.unit, explorer.place)") == "['2', 3] []"
    view.page.keyboard.press("Escape")
    answered(view.page)
    assert (
        python(view.page, "print(explorer.unit)") == "[]"
        and view.locator(".decomposition-title").count() == 0
    )


def test_while_a_place_is_kept_every_part_of_a_row_shows_its_products_there(view):
    python(view.page, "explorer.unit = ['3', 7]; explorer.place = [10, 5]")
    answered(view.page)
    view.page.wait_for_timeout(500)
    row = 3
    for kind in "xwy":
        point(
            view.page,
            view.locator(f"image[data-kind={kind}][data-part='{row}']").bounding_box(),
            0.2,
            0.2,
        )
        assert (ledger(view)["place"], ledger(view)["part"]) == ([10, 5], row)
        point(view.page, view.locator(".decomposition .score-word").nth(row + 1).bounding_box())
        assert (ledger(view)["place"], ledger(view)["part"]) == ([10, 5], row + 1)
    assert (
        "(kept)" in view.locator(".ledger-head").text_content()
        and "Esc frees" in view.locator(".caption").text_content()
    )


def test_a_unit_opens_at_the_place_that_was_clicked(view):
    click(view.page, map_of(view, "3", 7).bounding_box(), 2.5 / 14, 11.5 / 14)
    answered(view.page)
    assert ledger(view)["place"] == [11, 2] and python(view.page, "print(explorer.place)") == "[]"
    title = view.locator(".decomposition-title").text_content()
    assert title == "Unit 7 (of 16) in layers 3–4: conv 16 of 3×3 + ReLU, 14×14×16"
    python(view.page, "explorer.unit = ['6', 100]")
    answered(view.page)
    assert view.locator(".ledger-head").text_content() == "where it comes from"


def test_every_part_of_a_score_can_be_reached(view):
    python(view.page, "explorer.unit = ['7', 2]")
    answered(view.page)
    more, seen = view.locator("[data-act=turn]"), set()
    point(view.page, more.bounding_box())
    listed = [
        line.split(":") for line in view.locator(".ledger > .ledger-line").all_text_contents()[1:]
    ]
    sums = dict(enumerate(ledger(view)["sums"]))
    assert len(listed) == len(sums) - 8
    np.testing.assert_allclose(
        numbers([value.strip() for _, value in listed]),
        [sums[int(unit)] for unit, _ in listed],
        rtol=1e-3,
        atol=6e-5,
    )
    for _ in range(-(-len(sums) // 8)):
        seen |= set(
            view.locator("image[data-kind=w]").evaluate_all(
                "(all) => all.map((map) => map.dataset.part)"
            )
        )
        more.click()
    assert seen == set(map(str, sums))
