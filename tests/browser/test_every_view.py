"""What holds for every view in a browser: legible in both themes, and works without a kernel."""

from pathlib import Path

import numpy as np
import pytest

from cnnlab import views
from helpers.browser.driver import answered, darken, run_all, settle, slide

pytestmark = pytest.mark.browser
PICTURES = Path(__file__).parent / "screenshots"
VIEWS = views.__all__
every_view = pytest.mark.parametrize("name", VIEWS)

# The contrast of every text with what lies behind it; SVG digits lie on the cell that contains
# their middle.
CONTRASTS = """(root) => {
  const rgb = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (c) => (c / 255 <= 0.04045 ? c / 3294.6 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const solid = (colour) => colour.length < 4 || colour[3] > 0.99;
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor);
      if (solid(colour)) return colour;
    }
    return [255, 255, 255];
  };
  const fills = (text) => {
    const box = text.getBoundingClientRect();
    const at = [box.x + box.width / 2, box.y + box.height / 2];
    const holds = (r) => r.left <= at[0] && r.right >= at[0] && r.top <= at[1] && r.bottom >= at[1];
    const plain = (rect) => /^rgb/.test(getComputedStyle(rect).fill) && !rect.closest("pattern");
    const all = [...root.querySelectorAll("rect")];
    const cells = all.filter((rect) => holds(rect.getBoundingClientRect()) && plain(rect));
    return cells.length ? rgb(getComputedStyle(cells.at(-1)).fill) : behind(root);
  };
  const found = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !element.getClientRects().length) continue;
    if (element.closest(".spoken, option")) continue;
    const drawn = element instanceof SVGElement;
    const style = getComputedStyle(element);
    const ink = rgb(drawn ? style.fill : style.color);
    const paper = drawn ? fills(element) : behind(element);
    found.push([ratio(luminance(ink), luminance(paper)), element.textContent]);
  }
  return found;
}"""

HAS_DRAWN = """(view) => {
  const box = view.querySelector(".drawing :is(.slice, image, .cell)")?.getBoundingClientRect();
  return box && box.width > 10 && box.height > 10;
}"""


@pytest.fixture(scope="module")
def opened(notebook):
    """One notebook that shows every view, each in its own cell; it is run once."""
    page = notebook(
        "views.ipynb",
        "from cnnlab import views",
        *(f"{n.lower()} = views.{n}()\n{n.lower()}" for n in VIEWS),
    )
    PICTURES.mkdir(exist_ok=True)
    run_all(page)
    page.wait_for_function(
        "(n) => document.querySelectorAll('.cnnlab .drawing').length >= n", arg=len(VIEWS)
    )
    answered(page)
    return page


@pytest.fixture
def lesson(opened):
    yield opened
    assert opened.said == []


def shown(page, name):
    """The view of that name, scrolled to the top of the window."""
    view = page.locator(f".cnnlab.{name.lower()}").first
    view.evaluate("(view) => view.scrollIntoView({ block: 'start' })")
    settle(page)
    return view


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_word_is_legible_in_both_themes(lesson, dark):
    darken(lesson, dark)
    for name in VIEWS:
        view = shown(lesson, name)
        lesson.screenshot(path=PICTURES / f"{name.lower()}-{'dark' if dark else 'light'}.png")
        contrasts = view.evaluate(CONTRASTS)
        assert len(contrasts) > 10
        assert [(round(ratio, 2), text) for ratio, text in contrasts if ratio < 4.5] == [], name
    darken(lesson, False)


@every_view
def test_all_of_it_is_visible_without_scrolling(lesson, name):
    box = shown(lesson, name).bounding_box()
    assert box["height"] <= 600 and box["x"] >= 0 and box["x"] + box["width"] <= 1280


@pytest.mark.parametrize(
    "name", [name for name in VIEWS if name != "Convolution"]
)  # which has a test of its own
def test_random_settings_leave_no_error_and_no_blank_view(lesson, name):
    rng, view = np.random.default_rng(0), shown(lesson, name)
    sliders = view.locator("input[data-trait]")
    ends = sliders.evaluate_all(
        "(all) => all.map((field) => [field.dataset.trait, Number(field.min), Number(field.max)])"
    )
    for _ in range(12):
        for trait, low, high in ends:
            slide(view, trait, int(rng.choice([low, high, rng.integers(low, high + 1)])))
        answered(lesson)
        lesson.wait_for_function(
            HAS_DRAWN, arg=view.element_handle()
        )  # in one look: a drawing is replaced as a whole
        assert view.locator(".waiting").count() == 0


@every_view
def test_an_exported_page_lives_with_the_network_off(browser, tmp_path, name):
    path = getattr(views, name)().export(tmp_path / "page.html")
    assert path.stat().st_size < 1_500_000
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    page.wait_for_selector(".cnnlab .drawing")
    before = page.locator(".drawing").inner_html()
    if page.locator(".scrub").count():
        page.get_by_role("button", name="Play (space)").click()
        page.wait_for_function("() => Number(document.querySelector('.scrub').value) > 1")
    else:  # what has no time has keys
        page.locator(".cnnlab").focus()
        for key in ("ArrowRight", "ArrowDown", "Enter"):
            page.keyboard.press(key)
        settle(page)
    assert page.locator(".drawing").inner_html() != before
    page.screenshot(path=PICTURES / f"{name.lower()}-page.png")
    context.close()
    assert (
        said == []
        and [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    )
