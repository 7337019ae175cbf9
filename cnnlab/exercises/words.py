"""The sentences of the exercises in the present language, and numbers and shapes in words.

Values are put in by name, so that another language may change the order of a sentence.
"""

from itertools import count, takewhile

from .. import texts as library
from ..numbers import format_number

MOST_IN_WORDS = 12  # numbers in a list that are counted with a word


def texts(language=None):
    """Every sentence of the exercises in a language or the present one: key to template."""
    return library.texts("exercises", language)


def say(text, /, **values):
    """The words for the key ``text``, with the values put in."""
    return texts()[text].format(**values)


def hint_keys(key):
    """The keys of the hints of an exercise, from general to specific."""
    return tuple(takewhile(texts().__contains__, (f"{key}.hint_{n}" for n in count(1))))


def number(value):
    """A number to be compared with another: in six digits, whole ones in full."""
    return format_number(float(value), 6, large=1e15)


def listed(values):
    """A number, or lists of numbers, as one writes them: [2, −1, 0.5]."""
    return f"[{', '.join(map(listed, values))}]" if isinstance(values, list) else number(values)


def shape_words(shape):
    """An array of this shape in words, such as "one number" or "a list of three numbers"."""
    if len(shape) == 1:
        return _list_words(shape[0])
    return say("feedback.array", shape=tuple(shape)) if shape else say("feedback.number")


def _list_words(n):
    if n < 2:
        return say("feedback.list_of_one" if n else "feedback.list_of_none")
    return say("feedback.list", n=say(f"feedback.count_{n}") if n <= MOST_IN_WORDS else n)
