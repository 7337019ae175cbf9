"""The mouse in browser tests: finds cells by the title of their slice, points at and reads them."""

import json

from helpers.browser.driver import settle


def titled(view, title):
    """The slice with that title."""
    return view.locator(f'xpath=.//*[name()="g"][./*[name()="text" and text()="{title}"]]').first


def cell(view, title, n):
    """The n-th cell of the slice with that title."""
    return titled(view, title).locator("rect.cell").nth(n)


def point(page, box, across=0.5, down=0.5):
    """Move the mouse into a box, by parts of its width and height."""
    page.mouse.move(box["x"] + across * box["width"], box["y"] + down * box["height"])
    settle(page)


def hover(view, title, n):
    """Put the mouse on a cell; the links that are lit, as sets of places."""
    point(view.page, cell(view, title, n).bounding_box())
    lit = json.loads(view.locator(".drawing").get_attribute("data-lit"))
    return {
        name: {tuple(place) if isinstance(place, list) else place for place in places}
        for name, places in lit.items()
    }


def numbers(texts):
    """What stands in cells, as floats."""
    return [float(text.replace("−", "-")) for text in texts]
