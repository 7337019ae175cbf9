"""What the browser tests of the NetworkExplorer share: nets, positions of maps, lit units."""

import json

from helpers.browser.driver import answered, python, run_all, settle

DEEP = """
import numpy as np
from cnnlab import views, Sequential, Conv2d, ReLU, MaxPool2d, Flatten, Linear
from cnnlab import Residual, Branches, GlobalAvgPool2d
explorer = views.NetworkExplorer()
conv = lambda: Conv2d(64, 3, padding=1)
layers = [make() for _ in range(3) for make in (conv, ReLU, conv, ReLU, lambda: MaxPool2d(2))]
vgg = Sequential(*layers, Flatten(), Linear(10), input_shape=(32, 32, 3))
blocks = Sequential(
    Conv2d(8, 3), Residual(Conv2d(8, 3, padding=1), ReLU(), Conv2d(8, 1)),
    Branches([], Conv2d(4, 1), [Conv2d(4, 1), ReLU()]), GlobalAvgPool2d(), Linear(3),
    input_shape=(20, 20, 1))
"""


def fresh(page):
    """The view of the default net, drawn afresh."""
    page.mouse.move(5, 5)
    run_all(page)
    page.wait_for_selector(".cnnlab.networkexplorer .node image")
    answered(page)
    return scrolled(page)


def scrolled(page):
    view = page.locator(".cnnlab.networkexplorer").last
    view.evaluate("(view) => view.scrollIntoView({ block: 'start' })")
    settle(page)
    return view


def show(page, net):
    """Another net in the same view."""
    python(page, f"explorer.net = {net}")
    answered(page)


def map_of(view, layer, unit):
    return view.locator(f'image[data-layer="{layer}"][data-unit="{unit}"]').first


def click(page, box, across, down):
    """Click at these parts of a box."""
    page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])


def lit(view):
    return json.loads(view.locator(".drawing").get_attribute("data-lit"))


def ledger(view):
    return json.loads(view.locator(".drawing").get_attribute("data-ledger"))
