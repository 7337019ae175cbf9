"""Warnings that point at the line outside the library that led to them."""

import sys
import warnings


def warn(sentence, category):
    """Give ``sentence`` as a warning of this category at the line where the library was entered."""
    warnings.warn(sentence, category, stacklevel=_outside())


def _outside():
    """How many calls above ``warn`` the library was entered."""
    package = __name__.partition(".")[0]
    level = 2
    frame = sys._getframe(2)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        level, frame = level + 1, frame.f_back
    return level
