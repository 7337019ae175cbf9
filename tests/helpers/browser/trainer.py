"""What the browser tests of the Trainer share: buttons, facts, and waiting for steps."""

import numpy as np

from helpers.browser.driver import answered, run_all, settle

CELLS = (
    """from cnnlab import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential, data, views
fashion = data.load("fashion")
layers = (Conv2d(6, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(8, 3), ReLU(), MaxPool2d(2),
    Flatten(), Linear(10))
net = Sequential(*layers, input_shape=(28, 28, 1))
view = views.Trainer(net, fashion)
view""",
    "film = views.Trainer(film='clothes')\nfilm",
)


def drawn_afresh(page, n):
    """The n-th Trainer of the notebook of CELLS, which is run again, scrolled to the top."""
    run_all(page)
    page.wait_for_function(
        "() => document.querySelectorAll('.cnnlab.trainer .sample').length === 16"
    )
    answered(page)
    view = page.locator(".cnnlab.trainer").nth(n)
    view.evaluate("(view) => view.scrollIntoView({ block: 'start' })")
    settle(page)
    return view


def fact(view, name):
    return view.locator(f"[data-fact={name}] b").text_content()


def steps(view):
    return int(fact(view, "step").replace(",", ""))


def wait_for_step(view, step):
    view.page.wait_for_function(
        """(least) => {
          const step = document.querySelector("[data-fact=step] b").textContent;
          return Number(step.replace(",", "")) >= least;
        }""",
        arg=step,
    )


def shows_step(view, step):
    """Wait until the view stands at that step."""
    wait_for_step(view, step)
    view.page.wait_for_function(
        "(step) => document.querySelector('[data-fact=step] b').textContent === step",
        arg=f"{step:,}",
    )
    return True


def press(view, name):
    view.get_by_role("button", name=name).first.click()


def scrub(view, tick):
    view.locator(".scrub").evaluate(
        (
            "(field, tick) => (field.value = tick, field.dispatchEvent(new Event('input', "
            "{bubbles: "
            "true})))"
        ),
        tick,
    )
    answered(view.page)


def samples(view):
    return view.locator(".sample").evaluate_all(
        "(all) => all.map((one) => Number(one.dataset.picture))"
    )


def matrix(view):
    """The numbers of the confusion matrix as they are written; an empty cell is 0."""
    texts = view.locator(".confusion").evaluate(
        """(group) => {
          const cells = [...group.querySelectorAll("rect[data-cell]")];
          const found = cells.map((rect) => rect.nextElementSibling);
          return found.map((text) => (text?.matches("text.digit") ? Number(text.textContent) : 0));
        }"""
    )
    return np.reshape(texts, (10, 10))


def wait_for_face(view, words):
    """Wait until the Start button says so."""
    view.page.wait_for_function(
        "(words) => document.querySelector('.start').textContent === words", arg=words
    )


def begin(page, code):
    """Run code as a cell does, and do not wait for its end."""
    page.evaluate(
        """(code) => {
          const { kernel } = window.jupyterapp.shell.currentWidget.sessionContext.session;
          kernel.requestExecute({ code, store_history: false });
        }""",
        code,
    )
