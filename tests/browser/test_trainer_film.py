"""The Trainer of a film in a real JupyterLab: each checkpoint shows the net as it was then."""

import numpy as np
import pytest

import cnnlab
from helpers.browser.driver import answered, python
from helpers.browser.mouse import point
from helpers.browser.trainer import CELLS, drawn_afresh, matrix, press, samples, scrub

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(notebook):
    return notebook("trainer_film.ipynb", *CELLS)


@pytest.fixture
def film(opened):
    """The Trainer that shows a film, drawn again, with its confusion matrix."""
    view = drawn_afresh(opened, 1)
    press(view, "Show the confusion matrix")
    yield view
    assert opened.said == []


@pytest.fixture(scope="module")
def recorded():
    """The film that it shows, and the images that it judges."""
    return cnnlab.film("clothes"), cnnlab.data.load("fashion").test


def test_it_is_scrubbed_through_and_shows_the_net_as_it_was(film, recorded):
    page, (shot, test) = film.page, recorded
    for tick in (0, 7, 12, 19, 20):
        scrub(film, tick)
        answers = shot.net(min(tick, 19)).predict(test.x)
        truth = np.bincount(test.y * 10 + answers, minlength=100).reshape(10, 10)
        np.testing.assert_array_equal(matrix(film), truth)
    assert film.locator(".checkpoint-shown").text_content() == "now"
    maps = film.locator("[data-tiles=maps] image")
    shown = maps.get_attribute("href")
    film.focus()
    for key in ("Home", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
    answered(page)
    assert film.locator(".checkpoint-shown").text_content() == "step 2"
    assert maps.get_attribute("href") != shown


def test_a_cell_of_the_matrix_shows_its_images(film, recorded):
    page, (shot, test) = film.page, recorded
    scrub(film, 2)
    answers = shot.net(2).predict(test.x)
    counts = np.bincount(test.y * 10 + answers, minlength=100).reshape(10, 10)
    np.fill_diagonal(counts, 0)
    true, answer = np.argwhere(counts > 8)[0]
    film.locator(f"rect[data-cell='{true},{answer}']").click()
    answered(page)
    confused = np.flatnonzero((test.y == true) & (answers == answer)).tolist()
    assert samples(film) == confused[:8]
    press(film, "The next pictures of this confusion")
    answered(page)
    images = samples(film)
    assert images == confused[8:16]
    film.locator(".sample").first.click()
    answered(page)
    assert int(python(page, "print(film.picture)")) == images[0]


def test_a_click_on_the_curve_goes_to_a_checkpoint_from_which_training_may_go_on(film, recorded):
    page, (shot, _) = film.page, recorded
    box = film.locator(".chart .frame").first.bounding_box()
    point(page, box, 0.5, 0.5)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    answered(page)
    checkpoint = int(python(page, "print(film.checkpoint)"))
    assert 5 < checkpoint < 19
    press(film, "Set the net to this checkpoint")
    answered(page)
    assert int(python(page, "print(film.training_run.step)")) == shot.steps[checkpoint]
    press(film, "Bring back the net as it was before")
    answered(page)
    assert int(python(page, "print(film.training_run.step)")) == shot.steps[-1]


def test_it_plays_to_its_end_and_stops(film):
    page = film.page
    python(page, "film.speed = 8; film.checkpoint = 12; film.playing = True")
    page.wait_for_function(
        "() => document.querySelectorAll('.checkpoint-shown')[1].textContent === 'now'"
    )
    film.get_by_role("button", name="Play (space)").wait_for()
    answered(page)
    assert python(page, "print(film.playing, film.checkpoint)") == "False -1"
