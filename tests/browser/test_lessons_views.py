"""Strip1D and Pooling in a real JupyterLab: what is highlighted and written is right."""

import numpy as np
import pytest

from cnnlab import ops
from cnnlab.trace import trace
from cnnlab.views import Pooling, Strip1D
from helpers.browser.driver import answered, python, run_all, settle, slide
from helpers.browser.mouse import hover, numbers, titled

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(notebook):
    cells = "strip1d = views.Strip1D()\nstrip1d", "pooling = views.Pooling()\npooling"
    return notebook("lessons.ipynb", "from cnnlab import views", *cells)


@pytest.fixture
def show(opened):
    """``show("pooling")`` gives that view, drawn afresh and scrolled to the top."""
    opened.mouse.move(5, 5)
    run_all(opened)
    opened.wait_for_function("() => document.querySelectorAll('.cnnlab .drawing').length === 2")
    answered(opened)

    def one(name):
        view = opened.locator(f".cnnlab.{name}")
        view.evaluate("(view) => view.scrollIntoView({ block: 'start' })")
        settle(opened)
        return view

    yield one
    assert opened.said == []


def test_a_strip_lights_what_belongs_together_and_says_how_it_is_made(show):
    view, strip = show("strip1d"), Strip1D()
    steps = [strip.frame(t) for t in range(strip.outputs)]
    for place in range(5):
        readers = {
            step["place"] for step in steps if any(tap["column"] == place for tap in step["taps"])
        }
        assert hover(view, "x, of length 5, padded by 1 at each end", place)["outputs"] == readers
    view.focus()
    view.page.keyboard.press("End")
    settle(view.page)
    assert view.locator(".lines .code").text_content().endswith("→  1")
    assert view.locator(".drawing").get_attribute("aria-label") == steps[-1]["sentence"]


@pytest.mark.parametrize(
    ("fit", "outputs", "words"),
    [("floor", 4, "4 fit"), ("exact", 0, "refuses"), ("ceil", 5, "one more")],
)
def test_the_fit_policy_decides_about_the_leftover(show, fit, outputs, words):
    view = show("strip1d")
    for trait, value in (("width", 10), ("padding", 0), ("stride", 2)):
        slide(view, trait, value)
    view.locator("select").nth(2).select_option(fit)
    answered(view.page)
    assert int(python(view.page, "print(strip1d.outputs)")) == outputs
    truth = Strip1D(width=10, padding=0, stride=2, fit=fit).scene["problem"]["sentence"]
    assert words in truth and truth in view.locator(".problem").text_content()
    assert view.locator(".problem button").count() >= 2


def test_pooling_lights_its_window_and_names_the_winner(show):
    view, pooling = show("pooling"), Pooling()
    for n, step in enumerate(trace("max_pool2d", pooling.x[None], 2)):
        lit = hover(view, "V[:, :, 0]", n)
        assert lit["inputs"] == {(at.row, at.column, 0) for at in step.cells}
        assert f"→  {step.total:g}" in view.locator(".lines .code").text_content()


def test_the_gradient_of_pooling_flows_back_to_the_winners(show):
    view, pooling = show("pooling"), Pooling()
    view.get_by_role("button", name="Play the backward pass").click()
    answered(view.page)
    view.focus()
    view.page.keyboard.press("End")
    settle(view.page)
    _, switches = ops.max_pool2d(pooling.x[None], 2, return_switches=True)
    dx = ops.max_pool2d_backward(np.ones(switches.shape), switches, (1, 4, 4, 1))
    assert (
        numbers(titled(view, "dX[:, :, 0]").locator("text.digit").all_text_contents())
        == dx.ravel().tolist()
    )


def test_a_picture_moved_by_a_pixel_changes_outputs_and_the_view_counts_them(show):
    view = show("pooling")
    slide(view, "shift_right", 1)
    answered(view.page)
    x = Pooling().x[None]
    moved = np.pad(x, ((0, 0), (0, 0), (1, 0), (0, 0)))[:, :, :-1]
    changed = int((ops.max_pool2d(x, 2) != ops.max_pool2d(moved, 2)).sum())
    assert f"{changed} of 4 outputs changed" in view.text_content()
