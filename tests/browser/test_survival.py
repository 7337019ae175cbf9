"""A view survives what happens to its notebook: copies, closing, reopening, a new kernel."""

import pytest

from helpers.browser.driver import answered, execute, run_all, settle, slide

pytestmark = pytest.mark.browser
CELLS = "from cnnlab import views\nview = views.Convolution(step=4)\nview", "view"


@pytest.fixture
def twice(notebook):
    """One view shown by two cells."""
    page = notebook("survival.ipynb", *CELLS)
    run_all(page)
    page.wait_for_function("() => document.querySelectorAll('.cnnlab .cell').length > 200")
    answered(page)
    return page


def codes(page):
    return page.locator(".cnnlab .lines .code").all_text_contents()


def test_two_copies_of_a_view_stay_together(twice):
    first, second = twice.locator(".cnnlab").all()
    slide(first, "stride", 1)
    answered(twice)
    assert first.locator(".formula").text_content() == second.locator(".formula").text_content()
    assert first.locator(".formula").text_content().endswith("= 5")
    second.focus()
    twice.keyboard.press("End")
    settle(twice)
    assert first.locator(".scrub").input_value() == second.locator(".scrub").input_value() == "49"
    # One of them goes; the other goes on, with the patterns of its own padding.
    first.evaluate("(view) => view.remove()")
    left = twice.locator(".cnnlab")
    fill = left.locator(".padding").first.evaluate("(rect) => getComputedStyle(rect).fill")
    assert left.locator("pattern").first.get_attribute("id") in fill
    assert twice.said == []


def test_a_view_is_there_again_when_its_notebook_is_reopened(twice, lab):
    before = codes(twice)
    execute(twice, "docmanager:save")
    twice.wait_for_timeout(500)
    lab.load(twice, "survival.ipynb")
    twice.wait_for_selector(".jp-OutputArea-output")
    settle(twice)
    twice.wait_for_selector(".cnnlab .cell", timeout=60_000)
    assert codes(twice) == before
    slide(twice.locator(".cnnlab").first, "stride", 1)
    answered(twice)
    assert twice.locator(".cnnlab .formula").first.text_content().endswith("= 5")


def test_a_restarted_kernel_is_told_and_the_picture_stays(twice):
    before = codes(twice)
    twice.evaluate(
        "async () => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()"
    )
    twice.wait_for_selector(".cnnlab .lost:visible", timeout=60_000)
    assert "The kernel has stopped" in twice.locator(".cnnlab .lost").first.text_content()
    assert codes(twice) == before and twice.locator(".cnnlab .cell").first.is_visible()
    # What needs no kernel goes on.
    twice.locator(".cnnlab").first.focus()
    twice.keyboard.press("ArrowRight")
    settle(twice)
    assert codes(twice)[0] != before[0]
