"""The Convolution view in a real JupyterLab: what one sees is what the library computes."""

import numpy as np
import pytest

from cnnlab.trace import trace
from cnnlab.views import Convolution
from cnnlab.views.convolution import LIMITS
from helpers.browser.driver import answered, own_time, python, settle, slide
from helpers.browser.mouse import cell, hover, numbers, titled

pytestmark = pytest.mark.browser
FRAMES = """() => new Promise((done) => {
  let frames = 0;
  const start = performance.now();
  const count = (now) =>
    now - start < 2000 ? (frames++, requestAnimationFrame(count)) : done(frames);
  requestAnimationFrame(count);
})"""
DEMO = "from cnnlab import views\nview = views.Convolution()\nview"


@pytest.fixture(scope="module")
def opened(notebook):
    return notebook("convolution.ipynb", DEMO)


def steps():
    demo = Convolution()
    return list(trace("conv2d", demo.x[None], demo.w, demo.b, **demo.settings))


def taps(test):
    """(tap, output) for all taps of the demo that pass the test."""
    return [(tap, step.place[1:]) for step in steps() for tap in step.taps if test(tap, step)]


def test_hovering_an_input_lights_the_outputs_that_read_it(view):
    for row, column, channel in [(1, 1, 0), (0, 4, 2), (2, 2, 1)]:
        found = taps(lambda tap, _: (tap.row, tap.column, tap.channel) == (row, column, channel))  # noqa: B023
        lit = hover(view, f"x[:, :, {channel}]", 5 * row + column)
        assert lit["outputs"] == {output for _, output in found} and lit["inputs"] == {
            (row, column, channel)
        }


def test_hovering_a_weight_lights_the_inputs_it_meets(view):
    for k, u, v, c in [(0, 0, 0, 0), (1, 2, 1, 2)]:
        found = taps(lambda tap, step: (step.place[3], tap.u, tap.v, tap.c) == (k, u, v, c))  # noqa: B023
        lit = hover(view, f"W{k}[:, :, {c}]", 3 * u + v)
        assert lit["inputs"] == {(tap.row, tap.column, tap.channel) for tap, _ in found}
        assert lit["outputs"] == {output for _, output in found} and lit["weights"] == {
            (k, u, v, c)
        }


def test_hovering_an_output_shows_its_window_and_how_it_is_made(view):
    step = steps()[13]
    _, i, j, k = step.place
    assert hover(view, f"V[:, :, {k}]", 3 * i + j)["outputs"] == {(i, j, k)}
    assert (
        view.locator(".lines .code").text_content()
        == "V[1, 1, 1] = np.sum(X[2:5, 2:5, :] * W1) + b1  →  4"
    )
    taps = [tap.product for c in range(3) for tap in step.taps if tap.c == c]
    assert numbers(view.locator(".term-product").all_text_contents()) == taps
    sums = view.locator(".ledger-sum").all_text_contents()
    assert numbers(text.lstrip("= ") for text in sums) == list(step.sums)
    assert (
        view.locator(".drawing").get_attribute("aria-label") == Convolution().frame(13)["sentence"]
    )
    view.page.mouse.move(5, 5)
    settle(view.page)
    assert "V[0, 0, 0]" in view.locator(".lines .code").text_content()


def test_playing_leaves_the_page_time_for_fifty_frames_a_second(view):
    view.get_by_role("button", name="Play (space)").click()
    spent, frames = own_time(view.page, lambda: view.evaluate(FRAMES))
    assert spent / frames < 20
    assert int(view.locator(".scrub").input_value()) > 0
    view.get_by_role("button", name="Pause (space)").click()
    answered(view.page)
    assert int(python(view.page, "print(view.step)")) == int(view.locator(".scrub").input_value())


def test_keys_move_the_view_and_never_the_notebook(view):
    cells = view.page.locator(
        ".jp-Notebook > .jp-WindowedPanel-outer .jp-Cell, .jp-Notebook .jp-Cell"
    )
    before = cells.count()
    view.locator("input[data-trait=stride]").focus()
    for key in "xdd abzvc":
        view.page.keyboard.press(key if key != " " else "Space")
    view.focus()
    for key in [*"xddabzvc", "ArrowRight", "ArrowRight", "ArrowLeft"]:
        view.page.keyboard.press(key)
    settle(view.page)
    assert cells.count() == before == 1
    assert view.locator(".scrub").input_value() == "1"
    view.page.keyboard.press("End")
    assert view.locator(".scrub").input_value() == "17"
    steps = view.locator("select[data-menu=granularity]")
    assert steps.get_attribute("title") == "also the keys 1 to 4"
    view.page.keyboard.press("1")
    settle(view.page)
    assert view.locator(".scrub").get_attribute("max") == str(18 * 28 - 1)


def test_random_settings_leave_no_error_no_blank_and_no_stale_view(view):
    rng = np.random.default_rng(0)
    for _ in range(20):
        for trait in rng.choice(list(LIMITS), 3, replace=False):
            low, high = LIMITS[trait]
            slide(view, trait, int(rng.choice([low, high, rng.integers(low, min(high, 12) + 1)])))
        answered(view.page)
        shown = {
            trait: int(view.locator(f"input[data-trait={trait}]").input_value()) for trait in LIMITS
        }
        scene = Convolution(**shown).scene
        assert view.locator(".formula").text_content().split("     ") == scene.get(
            "formula", [""]
        ), shown
        assert (scene["problem"] or {"sentence": ""})["sentence"] in view.locator(
            ".problem"
        ).text_content(), shown
        assert view.locator(".slice").first.bounding_box()["height"] > 10, shown
        assert view.locator(".waiting").count() == 0
    assert view.page.said == []


def test_a_click_on_an_output_goes_there_and_the_clock_goes_on(view):
    cell(view, "V[:, :, 0]", 4).click()
    assert "V[1, 1, 0]" in view.locator(".lines .code").text_content()
    for key, place in (("ArrowRight", "V[1, 2, 0]"), ("End", "V[2, 2, 1]"), ("Home", "V[0, 0, 0]")):
        view.page.keyboard.press(key)
        settle(view.page)
        assert place in view.locator(".lines .code").text_content()


def test_arrows_move_the_view_after_a_choice_from_a_menu(view):
    menu = view.locator("select").nth(1)
    menu.select_option("multiply")
    menu.focus()
    before = int(view.locator(".scrub").input_value())
    view.page.keyboard.press("ArrowRight")
    settle(view.page)
    assert (
        int(view.locator(".scrub").input_value()) == before + 1 and menu.input_value() == "multiply"
    )
    assert "so far" in view.locator(".lines .now").text_content()
    assert view.locator(".term.now").count() == 1


def test_a_number_typed_while_predicting_is_an_answer_and_paints_nothing(view):
    view.get_by_role("button", name="Hide the outputs").click()
    answered(view.page)
    cell(view, "x[:, :, 0]", 6).click()
    view.page.keyboard.type("-2")
    settle(view.page)
    assert view.locator(".predict input").input_value() == "-2"
    answered(view.page)
    assert python(view.page, "print(view.x[1, 1, 0])") == "0.0"
    view.get_by_role("button", name="Play the backward pass").click()
    answered(view.page)
    assert python(view.page, "print(view.predict, view.backward)") == "False True"


def test_a_size_that_does_not_fit_is_repaired_by_a_button(view):
    slide(view, "width", 6)
    answered(view.page)
    assert "3.5 windows along the width" in view.locator(".problem").text_content()
    assert view.locator(".overhang").count() == 3 and view.locator(".dropped").count() == 3
    view.get_by_role("button", name="W = 5").click()
    answered(view.page)
    assert view.locator(".problem").text_content() == "" and view.locator(".overhang").count() == 0


def test_a_cell_is_painted_by_typing_and_by_dragging(view):
    cell(view, "x[:, :, 0]", 6).click()
    view.page.keyboard.type("7")
    answered(view.page)
    assert python(view.page, "print(view.x[1, 1, 0])") == "7.0"
    box = cell(view, "W1[:, :, 2]", 4).bounding_box()
    view.page.mouse.move(box["x"] + 5, box["y"] + 5)
    view.page.mouse.down()
    view.page.mouse.move(box["x"] + 5, box["y"] - 26)
    view.page.mouse.up()
    answered(view.page)
    assert python(view.page, "print(view.w[1, 1, 1, 2])") == "4.0"


def test_a_wrong_prediction_is_told_what_went_wrong(view):
    view.get_by_role("button", name="Hide the outputs").click()
    answered(view.page)
    assert set(view.locator(".term-product").all_text_contents()) == {"?"}
    field = view.locator(".predict input")
    for answer, words in [("-1", "without the bias"), ("x", "not a number"), ("0", "0 is right")]:
        field.fill(answer)
        field.press("Enter")
        settle(view.page)
        assert words in view.locator(".predict [role=status]").text_content()
    assert view.locator(".predict code").text_content() == "V[0, 1, 0] ="


def test_the_backward_pass_fills_dx_dw_and_db(view):
    view.get_by_role("button", name="Play the backward pass").click()
    answered(view.page)
    view.focus()
    view.page.keyboard.press("End")
    settle(view.page)
    demo = Convolution(backward=True)
    dx = np.frombuffer(demo.scene["dx"]["data"]).reshape(5, 5, 3)
    shown = (
        titled(view, "dX[:, :, 0]").locator("text.digit:not(.padding-digit)").all_text_contents()
    )
    assert numbers(shown) == dx[..., 0].ravel().tolist()


def test_a_slow_kernel_is_shown_and_the_last_setting_wins(view):
    page = view.page
    page.evaluate(
        """() => { window.jupyterapp.shell.currentWidget.sessionContext.session.kernel
             .requestExecute({ code: "import time; time.sleep(2)" }) }"""
    )
    for stride in (3, 1, 4):
        slide(view, "stride", stride)
    page.wait_for_selector(".cnnlab.waiting", timeout=2000)
    answered(page)
    assert view.locator(".waiting").count() == 0 and python(page, "print(view.stride)") == "4"
    assert view.locator(".formula").text_content() == Convolution(stride=4).scene["formula"][0]
