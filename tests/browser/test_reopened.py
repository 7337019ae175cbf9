"""Without a kernel, a reopened notebook shows static images, and no exported page is blank.

Also: a slider that ends where it began leaves no picture waiting.
"""

import numpy as np
import pytest

from cnnlab import Flatten, Linear, Sequential, views
from helpers.browser.driver import answered, execute, python, run_all, settle, slide

pytestmark = pytest.mark.browser
NAMES = "NetworkExplorer", "ActivationGallery", "FilterLab", "Convolution"


@pytest.fixture(scope="module")
def drawn(notebook):
    page = notebook(
        "reopened.ipynb",
        "from cnnlab import views",
        *(f"{n.lower()} = views.{n}()\n{n.lower()}" for n in NAMES),
    )
    run_all(page)
    page.wait_for_function(
        "(n) => document.querySelectorAll('.cnnlab .drawing').length >= n", arg=len(NAMES)
    )
    answered(page)
    return page


@pytest.mark.parametrize("name", NAMES)
def test_a_slider_that_ends_where_it_began_leaves_no_picture_waiting(drawn, name):
    view = drawn.locator(f".cnnlab.{name.lower()}").first
    trait = "stride" if name in ("FilterLab", "Convolution") else "picture"
    start = int(view.locator(f"input[data-trait={trait}]").input_value())
    for _ in range(5):
        slide(view, trait, start + 1)
        slide(view, trait, start)
    answered(drawn)
    drawn.wait_for_timeout(500)  # longer than a view waits before it says so
    assert view.locator("xpath=self::*[contains(@class, 'waiting')]").count() == 0
    assert python(drawn, f"print({name.lower()}.{trait})") == str(start)


def test_a_reopened_notebook_shows_its_static_pictures(drawn, lab):
    assert drawn.locator(".cnnlab-static").first.is_hidden()
    execute(drawn, "docmanager:save")
    drawn.wait_for_timeout(500)
    drawn.evaluate("async () => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    lab.load(drawn, "reopened.ipynb")  # with a new kernel, which knows no widget
    drawn.wait_for_selector(".cnnlab-static >> visible=true", timeout=60_000)
    settle(drawn)
    shown = drawn.locator(".cnnlab-static >> visible=true")
    assert shown.count() == len(NAMES)
    assert all(shown.nth(n).locator("img").get_attribute("alt") for n in range(len(NAMES)))
    assert "model not found" not in drawn.locator(".jp-Notebook").inner_text().lower()


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e300])
@pytest.mark.parametrize("name", ["Convolution", "NetworkExplorer"])
def test_a_page_with_any_signs_and_numbers_is_not_blank(browser, tmp_path, name, value):
    if name == "Convolution":
        x = np.ones((4, 4, 1))
        x[1, 1] = value
        view = views.Convolution(x, np.ones((1, 3, 3, 1)))
    else:
        net = Sequential(Flatten(), Linear(2), input_shape=(4, 4, 1))
        net.params["1.weight"][...] = np.float64(value).clip(-3e38, 3e38)
        view = views.NetworkExplorer(net, np.ones((2, 4, 4, 1)))
        view.classes = ("<!--<script>'", '</script>"\u2028🙂$\\')
        view.refresh()
    page, said = browser.new_page(), []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(view.export(tmp_path / "page.html").as_uri())
    page.wait_for_selector(".cnnlab .drawing :is(.slice, image, .cell)", timeout=10_000)
    page.locator(".cnnlab").focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    page.close()
    assert said == []
