"""Fixtures of the browser tests: one JupyterLab, one browser and one window for all of a worker's
files.
"""

import pytest

from helpers.browser.driver import ARGUMENTS, Lab, answered, need_browser, run_all, shut_down


@pytest.fixture(scope="session")
def browser():
    """A browser that stays to the end. As long as Playwright drives one, its event loop counts as
    running in this thread, and other tests would take the thread for a notebook's: the files with a
    browser come last.
    """
    path = need_browser()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    need_browser()
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.stop()


@pytest.fixture(scope="session")
def window(browser, lab):
    """One window with JupyterLab in it, whose programs take seconds to load, as large as a
    projector's; what it says in its console is kept in ``page.said``.
    """
    context = browser.new_context(viewport={"width": 1280, "height": 720})
    page = context.new_page()
    page.on("console", lambda message: message.type == "error" and page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.said = []
    lab.load(page, lab.write("first.ipynb", "1"))
    yield page
    context.close()


@pytest.fixture(scope="module")
def page(window):
    """The window for a file, with nothing said yet."""
    window.said = []
    return window


@pytest.fixture(scope="module")
def notebook(lab, page):
    """``notebook(name, *cells)`` writes a notebook and opens it; its kernel is shut down
    afterwards.
    """
    opened = []

    def open_notebook(name, *cells):
        lab.open(page, lab.write(name, *cells))
        opened.append(name)
        return page

    yield open_notebook
    if opened:
        shut_down(page)


@pytest.fixture
def view(opened):
    """The view of the notebook that a file has ``opened``, drawn afresh; nothing may be said in the
    console.
    """
    opened.mouse.move(5, 5)
    run_all(opened)
    opened.wait_for_selector(".cnnlab .cell")
    answered(opened)
    yield opened.locator(".cnnlab")
    assert opened.said == []
