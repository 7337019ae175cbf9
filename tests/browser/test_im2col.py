"""The Im2col view in a real JupyterLab: a cell of any of its pictures moves the same cursor."""

import json

import pytest

from cnnlab.views import Im2col
from helpers.browser.driver import answered, python, settle
from helpers.browser.mouse import cell, hover, numbers, point

pytestmark = pytest.mark.browser
INSIDE = """(path, rect) => {
  const [x, y, side] = ["x", "y", "width"].map((name) => Number(rect.getAttribute(name)));
  return path.isPointInFill(new DOMPoint(x + side / 2, y + side / 2));
}"""


@pytest.fixture(scope="module")
def opened(notebook):
    return notebook("im2col.ipynb", "from cnnlab import views\nview = views.Im2col()\nview")


def entry(view, r, p):
    """The cell of X_col in row r and column p."""
    return view.locator("[data-name=X_col] rect.cell").nth(25 * r + p)


def lit(view):
    return json.loads(view.locator(".drawing").get_attribute("data-lit"))


def sentence(view):
    return view.locator(".drawing").get_attribute("aria-label")


def shows(view, frame):
    """Are window, thread, strip and words those of this frame?"""
    i, j, _ = frame["place"]
    thread = view.locator(".thread").nth(8 * i + j)
    assert view.locator(".mark-front.active").last.evaluate(INSIDE, thread.element_handle())
    window = view.locator(".window .mark-front").first.bounding_box()
    corner = cell(
        view, "x[:, :, 0]", 5 * frame["window"]["rows"][0] + frame["window"]["columns"][0]
    ).bounding_box()
    assert abs(window["x"] - corner["x"]) < 3 and abs(window["y"] - corner["y"]) < 3
    lines = " ".join(view.locator(".ledger-word").all_text_contents())
    assert all(line in lines for line in frame["thread"]["lines"])
    assert sentence(view) == frame["sentence"]
    assert view.locator(".lines .code").text_content().startswith(frame["code"])
    strip = numbers(view.locator("[data-name=strip] .digit").all_text_contents())
    assert strip == frame["column"]["values"] + frame["products"]
    return True


def test_hovering_a_column_lights_its_window_its_thread_and_its_products(view):
    for r, p in [(0, 12), (14, 6), (26, 18)]:
        frame = Im2col().frame(p)
        point(view.page, entry(view, r, p).bounding_box())
        assert shows(view, frame)
        source = frame["taps"][r]
        assert lit(view)["inputs"] == [[source["row"], source["column"], source["channel"]]]
    point(view.page, {"x": 5, "y": 5, "width": 0, "height": 0})
    assert sentence(view) == Im2col().frame(0)["sentence"]


def test_hovering_an_input_lights_every_copy_and_all_that_read_it(view):
    found = hover(view, "x[:, :, 1]", 5 * 2 + 1)
    number = (2 * 5 + 1) * 3 + 1
    copies = {
        (r, p)
        for p in range(25)
        for r, at in enumerate(Im2col().frame(p)["column"]["copies"])
        if at == number
    }
    assert (
        found["entries"] == copies
        and found["readers"] == {p for _, p in copies}
        and len(copies) == 9
    )


def test_a_click_on_a_thread_goes_to_its_output_and_idle_threads_say_why(view):
    view.locator(".thread").nth(8 * 3 + 2).click()
    answered(view.page)
    assert python(view.page, "print(view.step)") == "17"
    assert shows(view, Im2col().frame(17))
    point(view.page, view.locator(".thread").nth(0).bounding_box())
    assert "of 27 products 15 would meet padding" in view.locator(".caption").text_content()
    point(view.page, view.locator(".thread").nth(8 * 6 + 2).bounding_box())
    assert (
        "i = 6, j = 2" in view.locator(".caption").text_content()
        and sentence(view) == Im2col().frame(17)["sentence"]
    )


def test_a_weight_can_be_typed_and_its_filter_becomes_the_one_shown(view):
    view.locator("[data-name=W_row] rect.cell").nth(27 + 4).click()
    view.page.keyboard.press("7")
    answered(view.page)
    assert python(view.page, "print(view.w[1].ravel()[4], view.step)") == "7.0 25"
    settle(view.page)
    assert sentence(view).startswith("row 0, column 0, filter 1")


def test_one_multiply_is_marked_in_all_pictures(view):
    view.focus()
    for key in ("1", "Home", "ArrowRight"):
        view.page.keyboard.press(key)
    settle(view.page)
    marks = view.locator(".mark-front.pair").get_attribute("d")
    assert (
        marks.count("M") == 5
    )  # input, X_col, weight, value, product; the padding has no column in the sparse matrix
    assert "so far 0" in view.locator(".lines .now").text_content()
