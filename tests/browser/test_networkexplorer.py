"""The NetworkExplorer in a real JupyterLab: its numbers are those of the library, for any net."""

import base64
import io

import numpy as np
import pytest
from matplotlib.image import imsave

from cnnlab.numbers import format_percent
from cnnlab.views import NetworkExplorer
from helpers.browser.driver import answered, darken, own_time, python, settle
from helpers.browser.explorer import DEEP, click, fresh, ledger, lit, map_of, scrolled, show
from helpers.browser.mouse import point

pytestmark = pytest.mark.browser
FRAMES = """async ([selector, seconds]) => {
  const drawing = document.querySelector(".cnnlab.networkexplorer .drawing");
  const maps = [...drawing.querySelectorAll(selector)];
  let [n, start] = [0, performance.now()];
  await new Promise((done) => {
    const frame = (time) => {
      n++;
      const box = maps[(n * 7) % maps.length].getBoundingClientRect();
      const clientX = box.x + box.width * ((n % 30) / 30 + 0.01);
      const clientY = box.y + box.height * ((n % 17) / 17 + 0.01);
      drawing.dispatchEvent(new PointerEvent("pointermove", { clientX, clientY, bubbles: true }));
      if (time - start < 1000 * seconds) requestAnimationFrame(frame);
      else done();
    };
    requestAnimationFrame(frame);
  });
  return n;
}"""
DROP = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  const files = new DataTransfer();
  files.items.add(new File([bytes], name, { type: "image/png" }));
  const event = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
  document.querySelector(".cnnlab.networkexplorer").dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def opened(notebook):
    return notebook("explorer.ipynb", DEEP, "explorer")


@pytest.fixture
def view(opened):
    """The view of the default net, drawn afresh."""
    yield fresh(opened)
    assert opened.said == []


def test_a_hovered_map_lights_the_maps_it_reads(view):
    point(view.page, map_of(view, "3", 5).bounding_box())
    assert lit(view)["layer"] == "3" and sorted(lit(view)["reads"]) == [["2", c] for c in range(8)]
    point(view.page, map_of(view, "4", 5).bounding_box())
    assert lit(view)["reads"] == [["3", 5]]
    assert "Map 5 (of 16) in layer 4: ReLU" in view.locator(".caption").text_content()
    view.locator("[data-act=fold]").click()
    settle(view.page)
    assert "layers 3–4" in view.locator(".places").all_text_contents()
    point(view.page, map_of(view, "4", 5).bounding_box())
    words = view.locator(".caption").text_content()
    assert "in layers 3–4: conv + ReLU" in words and "Its conv reads 8 of those shown" in words


def test_arrows_walk_among_the_units_and_enter_decomposes(view):
    view.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown", "Enter"):
        view.page.keyboard.press(key)
    answered(view.page)
    assert python(view.page, "print(explorer.unit)") == "['0', 2]"
    view.page.keyboard.press("ArrowRight")
    view.page.keyboard.press("ArrowDown")
    answered(view.page)
    assert python(view.page, "print(explorer.unit)") == "['1', 3]"
    assert "Unit 3 of layer 1" in view.locator(".drawing").get_attribute("aria-label")
    fields = view.locator("button, input:not([type=file]), select")
    assert fields.evaluate_all("(all) => all.every((field) => field.dataset.lmSuppressShortcuts)")


def test_a_class_says_its_softmax(view):
    shares = list(NetworkExplorer().frame()["scores"].values())
    for k in (2, 4):
        point(view.page, view.locator(f'[data-class="{k}"]').bounding_box(), 0.1)
        words = view.locator(".formula").text_content()
        assert f"= {format_percent(shares[k])}" in words and "share of" in words
        assert lit(view)["layer"] == "7" and len(lit(view)["reads"]) == 24


def test_a_stroke_runs_through_the_whole_net(view):
    view.locator("select[data-menu=source]").select_option("draw")
    answered(view.page)
    box, before = (
        map_of(view, "input", 0).bounding_box(),
        map_of(view, "5", 0).get_attribute("href"),
    )
    point(view.page, box, 0.3, 0.3)
    view.page.mouse.down()
    for n in range(10):
        point(view.page, box, 0.3 + 0.04 * n, 0.3)
    during = map_of(view, "5", 0).get_attribute("href")
    view.page.mouse.up()
    view.page.wait_for_timeout(150)
    answered(view.page)
    assert during != before
    row = python(
        view.page, "print(explorer.x[8, 9:18, 0].min(), explorer.x[20].max(), explorer.source)"
    )
    assert row == "1.0 0.0 draw"
    assert view.locator("[data-act=negative]").is_visible()
    view.locator("[data-act=clear]").click()
    view.page.wait_for_timeout(150)
    answered(view.page)
    assert python(view.page, "print(explorer.x.max())") == "0.0"


def test_until_a_file_is_opened_the_picture_before_stays(view):
    source, before = (
        view.locator("select[data-menu=source]"),
        view.locator(".answer").text_content(),
    )
    with view.page.expect_file_chooser() as asked:
        source.select_option("own")
    settle(view.page)
    assert source.input_value() == "test" and view.locator(".answer").text_content() == before
    assert not view.locator("[data-act=pencil]").is_visible()
    photo = io.BytesIO()
    imsave(photo, np.zeros((28, 28, 3)), format="png")
    asked.value.set_files(
        {"name": "black.png", "mimeType": "image/png", "buffer": photo.getvalue()}
    )
    view.locator(".answer", has_text="Your picture").wait_for(timeout=10_000)
    assert source.input_value() == "own"
    view.locator("[data-act=negative]").click()
    answered(view.page)
    assert python(view.page, "print(explorer.source, explorer.x.min())") == "own 1.0"


def test_a_picture_of_the_wrong_size_and_a_broken_file_are_answered_with_a_sentence(view):
    photo = io.BytesIO()
    imsave(photo, np.random.default_rng(0).random((48, 64, 3)), format="png")
    for name, data, words in (
        (
            "photo.png",
            photo.getvalue(),
            "64 wide and 48 high, was cut square, shrunk to 28 × 28 and made grey.",
        ),
        (
            "broken.png",
            photo.getvalue()[:60],
            "“broken.png” is not a picture this browser can read",
        ),
    ):
        view.evaluate(f"(view, file) => ({DROP})(file)", [name, base64.b64encode(data).decode()])
        view.locator(".problem", has_text=words).wait_for(timeout=10_000)
    assert python(view.page, "print(explorer.source, explorer.x.shape)") == "own (28, 28, 1)"


def frame_time(page, selector):
    """Milliseconds of the page's own work for a frame, while the pointer runs over these maps."""
    spent, frames = own_time(page, lambda: page.evaluate(FRAMES, [selector, 1]))
    return spent / frames


def test_hovering_is_smooth_on_a_deep_net_and_all_of_it_is_in_sight(view):
    show(view.page, "vgg")
    box = scrolled(view.page).bounding_box()
    assert box["height"] <= 600 and "10 of 64" in view.locator(".drawing").text_content()
    assert frame_time(view.page, ".node image[data-unit]:not([data-layer=input])") < 30
    assert any(words.startswith("±") for words in view.locator(".node .detail").all_text_contents())
    view.locator("[data-act=fold]").click()
    settle(view.page)
    assert (
        "of 0–16" in view.locator(".in-sight").text_content() and view.locator(".pan").is_visible()
    )
    python(view.page, "explorer.unit = ['2', 5]")
    answered(view.page)
    view.page.wait_for_timeout(500)
    assert frame_time(view.page, "image[data-kind=result]") < 30
    assert "56 more" in view.locator(".decomposition").text_content()


def test_blocks_fold_and_unfold_and_their_short_cuts_are_drawn(view):
    show(view.page, "blocks")
    assert view.locator("path.arc").count() >= 1
    names = set(
        view.locator(".node").evaluate_all("(all) => all.map((node) => node.dataset.layer)")
    )
    view.locator("[data-act=fold]").click()
    settle(view.page)
    others = set(
        view.locator(".node").evaluate_all("(all) => all.map((node) => node.dataset.layer)")
    )
    assert len(names ^ others) == 2 and {"1", "2"} <= names & others
    python(view.page, "explorer.unit = ['1', 3]")
    answered(view.page)
    assert ledger(view)["total"] == pytest.approx(sum(ledger(view)["sums"]), rel=1e-5)


def test_values_that_are_no_numbers_are_shown_and_said(view):
    python(
        view.page,
        (
            "broken = explorer.net.copy(); broken.params['3.bias'] = float('nan'); explorer.net "
            "= broken"
        ),
    )
    answered(view.page)
    assert "are no numbers" in view.locator(".problem").text_content()
    assert view.locator(".node image").count() > 50


def test_the_next_picture_comes_at_once(view):
    slider = view.locator("input[data-trait=picture]")
    times = slider.evaluate("""async (slider) => {
      const answer = slider.closest(".cnnlab").querySelector(".answer");
      const times = [];
      for (let n = 1; n < 12; n++) {
        const [start, before] = [performance.now(), answer.textContent];
        slider.value = n;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        while (answer.textContent === before && performance.now() - start < 3000)
          await new Promise((done) => setTimeout(done, 1));
        await new Promise((done) => requestAnimationFrame(done));
        times.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, 60));
      }
      return times;
    }""")
    assert (
        np.median(times) < 1000
    )  # how fast it is stands in benchmarks; here, that it comes at all


def test_a_dark_page_keeps_its_words_and_colours_its_maps_again(view):
    before = map_of(view, "3", 5).get_attribute("href")
    darken(view.page)
    assert map_of(view, "3", 5).get_attribute("href") != before
    darken(view.page, False)
    assert map_of(view, "3", 5).get_attribute("href") == before


def test_an_exported_page_decomposes_a_unit_without_a_kernel(browser, tmp_path):
    path = NetworkExplorer().export(tmp_path / "page.html")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page, said = context.new_page(), []
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    view = page.locator(".cnnlab.networkexplorer")
    point(page, map_of(view, "3", 5).bounding_box())
    assert len(lit(view)["reads"]) == 8
    click(page, map_of(view, "3", 5).bounding_box(), 7.5 / 14, 7.5 / 14)
    page.locator(".decomposition-title").wait_for()
    truth = NetworkExplorer(unit=("3", 5), place=(7, 7)).frame()["unit"]
    assert ledger(view)["place"] == list(truth["place"]) and ledger(view)["total"] == pytest.approx(
        truth["total"], rel=1e-5
    )
    page.keyboard.press("Escape")
    assert (
        page.locator(".decomposition-title").count() == 0
        and not view.locator("input[data-trait=picture]").is_visible()
    )
    view.locator("select[data-menu=scope]").select_option("network")
    context.close()
    assert said == []
