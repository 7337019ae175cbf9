"""Pictures one can touch: each a widget whose parameters are traits, whose steps play in the browser.

Every view has ``frame(t)`` (its state as plain data) and ``export("page.html")`` (a page that needs no kernel).
"""

from .convolution import Convolution

__all__ = ["Convolution"]
