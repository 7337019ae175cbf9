"""Draw the pictures in the README: the Convolution view as it stands in JupyterLab, and a net trained here and now.

python tools/build_pictures.py
"""

import sys
import tempfile
from pathlib import Path

from matplotlib import pyplot as plt

import cnnlab
from cnnlab import Adam, Conv2d, Flatten, Linear, MaxPool2d, ReLU, figures

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "browser"))
from driver import ARGUMENTS, Lab, answered, browser_path, run_all, shut_down

ROOT = Path(__file__).parents[1]
CELL = "from cnnlab import views\nviews.Convolution(step=13)"


def view():
    """docs/convolution.png: the notes' demo at its fourteenth output."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        lab, browser = Lab(Path(folder)), driver.chromium.launch(executable_path=browser_path(), args=ARGUMENTS)
        try:
            page = browser.new_page(viewport={"width": 1280, "height": 720}, device_scale_factor=1.5)
            lab.open(page, lab.write("picture.ipynb", CELL))
            run_all(page)
            page.wait_for_selector(".cnnlab .cell")
            answered(page)
            page.locator(".cnnlab").screenshot(path=ROOT / "docs" / "convolution.png")
            shut_down(page)
        finally:
            browser.close()
            lab.stop()


def net():
    """docs/lesson-11.png: curves, filters and activation maps of a small net."""
    data = cnnlab.data.load("fashion")
    first = Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2)
    second = Conv2d(16, 3, padding=1), ReLU(), MaxPool2d(2)
    net = cnnlab.Sequential(*first, *second, Flatten(), Linear(10), input_shape=data.input_shape)
    history = cnnlab.train(net, data, epochs=10, batch_size=32, optimizer=Adam(8e-3), schedule="linear")
    figure = plt.figure(figsize=(13, 6.5), layout="constrained")
    above, below = figure.subfigures(2, 1)
    curves, filters = above.subplots(1, 2, width_ratios=(1, 1.2))
    figures.training_curves(history, curves)
    figures.filters(net.params["0.weight"], filters, title="its eight filters of 3 x 3")
    figures.inside(net, data.test.x[7], data.classes, data.test.y[7], figure=below)
    figure.savefig(ROOT / "docs" / "lesson-11.png", dpi=100)


if __name__ == "__main__":
    view()
    net()
