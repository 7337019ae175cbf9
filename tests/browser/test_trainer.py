"""The Trainer in a real JupyterLab: start, steer, pause, and whatever happens to the notebook."""

import json

import pytest

from cnnlab.numbers import format_percent
from helpers.browser.driver import answered, execute, python, run_all, slide
from helpers.browser.trainer import (
    CELLS,
    begin,
    drawn_afresh,
    fact,
    press,
    shows_step,
    steps,
    wait_for_face,
    wait_for_step,
)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(notebook):
    return notebook("trainer.ipynb", *CELLS)


@pytest.fixture
def trainer(opened):
    """The Trainer of a fresh net, scrolled to the top; it is paused in the end."""
    view = drawn_afresh(opened, 0)
    yield view
    python(opened, "view.pause()")
    assert opened.said == []


def test_it_learns_while_one_watches_and_pauses_at_once(trainer):
    page = trainer.page
    filters = trainer.locator("[data-tiles=filters] image").get_attribute("href")
    press(trainer, "Start training (S)")
    wait_for_step(trainer, 150)
    assert trainer.locator("[data-tiles=filters] image").get_attribute("href") != filters
    assert trainer.locator(".curve.train").first.get_attribute("d").count("L") > 3
    press(trainer, "Pause training (S)")
    wait_for_face(trainer, "Start")
    answered(page)
    *still, step = python(
        page, "print(view.running, view.training_run.running, view.training_run.step)"
    ).split()
    wait_for_step(trainer, int(step))
    page.wait_for_timeout(300)
    assert still == ["False", "False"] and steps(trainer) == int(step)
    measured = float(python(page, "print((net.predict(fashion.test.x) == fashion.test.y).mean())"))
    assert fact(trainer, "held") == format_percent(measured)


def test_rates_and_rules_change_while_it_runs(trainer):
    page = trainer.page
    trainer.focus()
    page.keyboard.press("s")
    wait_for_step(trainer, 20)
    slide(trainer, "lr", -30)
    slide(trainer, "batch_size", 3)
    trainer.locator("select[data-menu=optimizer]").select_option("SGD")
    answered(page)
    said = python(
        page,
        "run = view.training_run; "
        "print(run.optimizer.__class__.__name__, view.lr, run.batch_size, view.running)",
    )
    assert said == "SGD 0.001 8 True"  # a chosen rate stays
    slide(trainer, "lr", -20)
    slide(trainer, "momentum", 0.5)
    answered(page)
    assert (
        python(page, "print(view.training_run.optimizer.lr, view.training_run.optimizer.momentum)")
        == "0.01 0.5"
    )
    page.keyboard.press("s")


def test_one_step_and_back_to_the_beginning(trainer):
    page = trainer.page
    press(trainer, "Train one step and stop")
    answered(page)
    trainer.focus()
    page.keyboard.press(".")
    answered(page)
    assert shows_step(trainer, 2)
    weight = python(page, "print(net.params['0.weight'].sum())")
    press(trainer, "Back to the weights before the first step")
    answered(page)
    assert shows_step(trainer, 0) and python(page, "print(net.params['0.weight'].sum())") != weight
    press(trainer, "Bring back the net as it was before")
    answered(page)
    assert shows_step(trainer, 2) and python(page, "print(net.params['0.weight'].sum())") == weight


def test_it_goes_on_through_a_closed_page(trainer, lab):
    page = trainer.page
    press(trainer, "Start training (S)")
    wait_for_step(trainer, 20)
    before = steps(trainer)
    execute(page, "docmanager:save")
    page.wait_for_timeout(500)
    page.goto("about:blank")
    page.wait_for_timeout(1000)
    lab.load(page, "trainer.ipynb")
    page.wait_for_selector(".cnnlab.trainer .sample", timeout=60_000)
    again = page.locator(".cnnlab.trainer").first
    wait_for_step(again, before + 60)
    assert again.locator(".start").text_content() == "Pause"
    press(again, "Pause training (S)")
    wait_for_face(again, "Start")
    answered(page)
    assert (
        python(page, "print(view.training_run.running, view.training_run.step)")
        == f"False {steps(again)}"
    )


def test_next_to_a_busy_cell_it_says_so_goes_on_and_pauses(trainer):
    page = trainer.page
    press(trainer, "Start training (S)")
    wait_for_step(trainer, 20)
    begin(
        page, "import time\nend = time.time() + 12\nwhile time.time() < end:\n    time.sleep(0.005)"
    )
    page.wait_for_function(
        "() => document.querySelector('.cnnlab .busy').textContent.includes('busy with a cell')"
    )
    wait_for_step(trainer, steps(trainer) + 30)
    press(trainer, "Pause training (S)")
    wait_for_face(trainer, "Start")  # while the cell still runs
    step = steps(trainer)
    page.wait_for_timeout(400)
    assert steps(trainer) == step and trainer.locator(".busy").text_content()
    press(trainer, "Start training (S)")
    wait_for_face(trainer, "waits for the running cell")
    wait_for_face(trainer, "Pause")
    wait_for_step(trainer, step + 30)
    page.wait_for_function("() => document.querySelector('.cnnlab .busy').textContent === ''")
    assert python(page, "print(view.running, view.training_run.running)") == "True True"


@pytest.mark.parametrize("cell", ["", "while True: pass"])
def test_an_interrupt_stops_it_whether_a_cell_runs_or_none(trainer, cell):
    page = trainer.page
    press(trainer, "Start training (S)")
    wait_for_step(trainer, 20)
    if cell:
        begin(page, cell)
    page.wait_for_timeout(600)
    page.evaluate(
        "async () => {const { sessionContext } = window.jupyterapp.shell.currentWidget;"
        " await sessionContext.session.kernel.interrupt(); }"
    )
    wait_for_face(trainer, "Start")
    answered(page)
    assert python(page, "print(view.running, view.training_run.running)") == "False False"


def test_it_stops_when_its_output_is_cleared_but_not_while_another_shows_it(trainer):
    page = trainer.page
    press(trainer, "Start training (S)")
    wait_for_step(trainer, 20)
    clear = """(n) => {
      const { widgets } = window.jupyterapp.shell.currentWidget.content;
      widgets[n].model.outputs.clear();
    }"""
    python(
        page, "other = views.Trainer(film='clothes'); other.start()"
    )  # shown nowhere, so nothing takes it away
    page.evaluate(clear, 0)
    page.wait_for_timeout(4500)
    assert (
        python(page, "print(view.running, view.training_run.running, other.training_run.running)")
        == "False False True"
    )
    python(page, "other.pause()")


def test_the_trainer_of_a_cell_that_is_run_again_does_not_train_on_unseen(trainer):
    page = trainer.page
    python(page, "old = view; old.start()")
    run_all(page)
    answered(page)
    assert (
        python(page, "print(old is view, old.running, old.training_run.running)")
        == "False False False"
    )


def test_what_goes_wrong_is_said_with_a_way_out(trainer):
    page = trainer.page
    python(page, "view.training_run.x *= 1e15; view.optimizer = 'SGD'; view.lr = 10; view.start()")
    page.wait_for_selector(".cnnlab.trainer .problem button")
    problem = trainer.locator(".problem")
    assert (
        "the net went back to where it was a moment before"
        in problem.locator("span").text_content()
    )
    problem.locator("button").click()
    answered(page)
    assert float(python(page, "print(view.lr)")) == 1
    assert trainer.locator(".start").text_content() == "Start"
    assert json.loads(
        python(
            page,
            (
                "import json, numpy as np; "
                "print(json.dumps(bool(np.isfinite(net.params['0.weight']).all())))"
            ),
        )
    )
    python(page, "view.training_run.x /= 1e15")
