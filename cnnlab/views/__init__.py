"""Pictures one can touch: each a widget whose parameters are traits, whose steps play in the browser.

Every view has ``frame(t)`` (its state as plain data) and ``export("page.html")`` (a page that needs no kernel).
"""

from .convolution import Convolution
from .filterlab import FilterLab
from .pooling import Pooling
from .strip1d import Strip1D

__all__ = ["Convolution", "FilterLab", "Pooling", "Strip1D"]
