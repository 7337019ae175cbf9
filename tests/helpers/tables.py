"""Comparison of tables of texts: another language has the same keys and values."""

from string import Formatter


def gaps(text):
    """The names of the values that are put into a sentence."""
    return {name for _, name, *_ in Formatter().parse(text) if name}
