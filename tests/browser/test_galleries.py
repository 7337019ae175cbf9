"""The galleries in a real JupyterLab: what is pointed at has the numbers of the net."""

import json

import numpy as np
import pytest

from cnnlab import explain
from cnnlab.views import ActivationGallery, FilterGallery
from helpers.browser.driver import answered, darken, python, run_all, settle
from helpers.browser.mouse import point

pytestmark = pytest.mark.browser
MADE = """
import numpy as np
from cnnlab import views, Sequential, Conv2d, ReLU, MaxPool2d, Flatten, Linear
from cnnlab import Residual, Branches, GlobalAvgPool2d
size = (24, 20, 3)
wide = Sequential(Conv2d(64, 3), ReLU(), MaxPool2d(2), Conv2d(64, 3), ReLU(), Flatten(),
    Linear(5), input_shape=size)
wide.params["0.bias"][2], wide.params["3.weight"][1] = -99, np.nan
blocks = Sequential(
    Conv2d(8, 3), Residual(Conv2d(8, 3, padding=1), ReLU(), Conv2d(8, 1)),
    Branches([], Conv2d(4, 1), [Conv2d(4, 5, padding=2), ReLU()]), GlobalAvgPool2d(), Linear(3),
    input_shape=size)
bare = Sequential(ReLU(), MaxPool2d(2), input_shape=size)
"""


@pytest.fixture(scope="module")
def opened(notebook):
    return notebook(
        "galleries.ipynb",
        MADE,
        "filters = views.FilterGallery()\nfilters",
        "maps = views.ActivationGallery()\nmaps",
    )


@pytest.fixture
def galleries(opened):
    """Both galleries of the default net, drawn afresh; nothing may go wrong in the console."""
    opened.mouse.move(5, 5)
    run_all(opened)
    for name in ("filter", "activation"):
        opened.wait_for_selector(f".cnnlab.{name}gallery .tile")
    answered(opened)
    opened.said.clear()
    yield opened
    assert opened.said == []


def shown(page, name):
    view = page.locator(f".cnnlab.{name}").last
    view.evaluate("(view) => view.scrollIntoView({ block: 'start' })")
    settle(page)
    return view


def lit(view):
    return json.loads(view.locator(".drawing").get_attribute("data-lit"))


def tile(view, unit):
    return view.locator(f'.tile[data-unit="{unit}"]')


def place_of(view, unit, i, j, shape):
    """The middle of a cell of a map, on the screen."""
    box = view.locator(f'image[data-unit="{unit}"]').bounding_box()
    return box, (j + 0.5) / shape[1], (i + 0.5) / shape[0]


def test_a_filter_that_is_pointed_at_has_the_numbers_of_the_net(galleries):
    page = galleries
    view, net = shown(page, "filtergallery"), FilterGallery().net
    w, b = (net.params[f"0.{part}"].astype(float) for part in ("weight", "bias"))
    point(page, tile(view, 5).locator("rect.cell").nth(5).bounding_box())
    found = lit(view)
    assert (found["unit"], found["row"], found["column"]) == (5, 1, 2)
    expected = [w[5, 1, 2, 0], np.sqrt((w[5] ** 2).sum()), w[5].mean(), b[5]]
    np.testing.assert_allclose(
        [found[name] for name in ("value", "norm", "mean", "bias")], expected, rtol=1e-5
    )
    assert (
        f"row 1, column 2: weight {expected[0]:.3f}".rstrip("0").replace("-", "−")
        in view.locator(".caption").text_content()
    )
    assert tile(view, 5).locator(".digit").nth(5).text_content() == f"{expected[0]:.2f}".replace(
        "-", "−"
    )


def test_a_clicked_filter_shows_its_slices_and_its_best_patches(galleries):
    page = galleries
    python(page, "filters.layer = 3")
    answered(page)
    view, truth = shown(page, "filtergallery"), FilterGallery(layer=3)
    tile(view, 9).click()
    answered(page)
    best = explain.best_patches(truth.net, truth.data, 3, 9)
    images = view.locator(".patch").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.image))"
    )
    assert images == best.images.tolist()
    values = [
        float(text.replace("−", "-")) for text in view.locator(".patch-value").all_text_contents()
    ]
    np.testing.assert_allclose(values, best.values, rtol=5e-3)
    assert view.locator(".patch-label").all_text_contents() == [truth.label(n) for n in best.images]
    point(page, view.locator(".patch .frame").nth(2).bounding_box())
    assert lit(view)["seen"] == best.seen[2].tolist()
    assert "Filter 9" in view.locator(".large .head").text_content()
    view.get_by_role("button", name="Show the whole pictures").click()
    settle(page)
    assert (
        view.locator(".patch .field.seen-field").count() == 9
        and python(page, "print(filters.whole)") == "True"
    )


def test_a_place_of_a_map_has_its_value_and_its_field(galleries):
    page = galleries
    python(page, "maps.layer, maps.picture = 4, 7")
    answered(page)
    view, truth = shown(page, "activationgallery"), ActivationGallery(layer=4, picture=7)
    rows, columns = explain.receptive_field(truth.nodes, truth.number, 9)
    for i, j in ((6, 5), (0, 13), (13, 0)):
        point(page, *place_of(view, 9, i, j, (14, 14)))
        found = lit(view)
        assert (found["unit"], found["i"], found["j"]) == (9, i, j)
        assert found["value"] == pytest.approx(float(truth.maps[i, j, 9]), rel=1e-6)
        assert found["box"] == [*rows.box[i], *columns.box[j]] and found["seen"] == [
            *rows.seen[i],
            *columns.seen[j],
        ]
        drawn = view.locator(".fields .field.seen-field").bounding_box()
        sheet = view.locator(".beside image").bounding_box()
        top, _, left, right = found["seen"]
        assert drawn["y"] == pytest.approx(sheet["y"] + top * sheet["height"] / 28, abs=2.5)
        assert drawn["width"] == pytest.approx((right - left) * sheet["width"] / 28, abs=4)
    assert view.locator(".fields .beyond-field").count() == 2  # the last place hangs over: dashed


def test_the_large_map_follows_the_click_and_the_picture(galleries):
    page = galleries
    view, truth = shown(page, "activationgallery"), ActivationGallery(picture=3)
    tile(view, 6).click()
    answered(page)
    view.get_by_role("button", name="The next picture").click()
    view.focus()
    page.keyboard.press("n")
    answered(page)
    page.keyboard.press("n")
    answered(page)
    assert python(page, "print(maps.picture, maps.unit)") == "3 6"
    point(page, view.locator('image[data-kind="large"]').bounding_box(), 10.5 / 28, 20.5 / 28)
    assert lit(view)["value"] == pytest.approx(float(truth.maps[20, 10, 6]), rel=1e-6)


def test_it_runs_through_the_pictures_and_stops(galleries):
    page = galleries
    view = shown(page, "activationgallery")
    view.locator("[data-act=play]").click()
    page.wait_for_function(
        "() => Number(document.querySelector('.activationgallery output').textContent) >= 2"
    )
    view.locator("[data-act=play]").click()
    answered(page)
    assert python(page, "print(maps.playing, maps.picture >= 2)") == "False True"


def test_pages_turn_and_say_where_they_are(galleries):
    page = galleries
    python(page, "filters.net = wide; filters.layer = 3")
    answered(page)
    view = shown(page, "filtergallery")
    first = view.locator(".tile").evaluate_all("(all) => all.map((one) => one.dataset.unit)")
    view.locator("[data-act=page-next]").click()
    answered(page)
    second = view.locator(".tile").evaluate_all("(all) => all.map((one) => one.dataset.unit)")
    assert (
        second[0] == str(len(first))
        and f"filters {second[0]}–{second[-1]} of 64" in view.locator(".page-title").text_content()
    )
    view.focus()
    page.keyboard.press("PageUp")
    answered(page)
    assert python(page, "print(filters.page)") == "0"
    assert "576 of 36864 weights are no numbers any more" in view.locator(".problem").text_content()


def test_keys_point_choose_and_let_go(galleries):
    page = galleries
    view = shown(page, "filtergallery")
    view.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowRight"):
        page.keyboard.press(key)
    assert lit(view)["unit"] == 6
    page.keyboard.press("Enter")
    answered(page)
    assert python(page, "print(filters.unit)") == "6"
    assert "Filter 6" in view.locator(".large .head").text_content()
    page.keyboard.press("Escape")
    assert view.locator(".drawing").get_attribute("data-lit") == ""


@pytest.mark.parametrize("net", ["wide", "blocks", "bare"])
def test_every_layer_of_every_net_is_drawn_in_both_themes(galleries, net):
    page = galleries
    python(page, f"filters.net = maps.net = {net}")
    answered(page)
    for name in ("filtergallery", "activationgallery"):
        view = shown(page, name)
        layers = view.locator("[data-menu=layer] option").evaluate_all(
            "(all) => all.map((one) => one.value)"
        )
        for layer in layers:
            view.locator("[data-menu=layer]").select_option(layer)
            answered(page)
            assert view.locator(".tile").count() > 0
            assert view.bounding_box()["height"] <= 600
        if not layers:
            assert (
                "None of the 2 layers of this net has filters"
                in view.locator(".problem").text_content()
            )
    darken(page)
    darken(page, False)


def test_a_dead_unit_is_marked(galleries):
    page = galleries
    python(page, "filters.net = wide")
    answered(page)
    view = shown(page, "filtergallery")
    assert (
        tile(view, 2).get_attribute("data-mark") == "dead"
        and "dead" in tile(view, 2).text_content()
    )


@pytest.mark.parametrize("name", ["FilterGallery", "ActivationGallery"])
def test_an_exported_page_shows_other_units_without_a_kernel(browser, tmp_path, name):
    made = {"FilterGallery": FilterGallery, "ActivationGallery": ActivationGallery}[name]()
    path = made.export(tmp_path / "page.html")
    context = browser.new_context(viewport={"width": 1280, "height": 720}, offline=True)
    page, said = context.new_page(), []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(path.as_uri())
    view = page.locator(f".cnnlab.{name.lower()}")
    tile(view, 4).click()
    settle(page)
    images = view.locator(".patch").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.image))"
    )
    assert images == made.best(4).images.tolist() and view.locator("[data-menu=layer]").is_hidden()
    context.close()
    assert said == []
