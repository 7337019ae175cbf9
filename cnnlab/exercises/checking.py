"""``check``: the feedback on an answer, in a sentence or two.

It never raises, whatever the answer is or does: an unsolved notebook runs to its end.
"""

from __future__ import annotations

from typing import Any

from .answers import nothing
from .feedback import ComplaintError, Feedback
from .table import find, find_for
from .words import say


def check(key: Any, answer: Any = ...) -> Feedback:
    """Say whether an answer solves an exercise.

    Nothing but a KeyboardInterrupt comes through: it never raises, whatever the answer is or does.

    Arguments:
        key: the exercise, such as "02.out_size". ``check("02.out_size", out_size)`` may be written
            ``check(out_size)``, where the function bears the name of just one exercise.
        answer: a value or a function. ``...``, None, or a function that returns nothing, has not
            been attempted.

    Returns:
        The Feedback, which a notebook shows as a box.

    Examples:
        >>> from cnnlab.exercises import check
        >>> check("01.predict", ...).kind
        'not attempted'
    """
    try:
        return _feedback(key, answer)
    except ComplaintError as unknown:
        return Feedback(unknown.kind, unknown.sentence)
    except BaseException as error:
        if type(error) is KeyboardInterrupt:  # the learner pressed stop
            raise
        return Feedback("wrong type", say("feedback.unreadable", error=type(error).__name__))


def _feedback(key, answer):
    if callable(key) and nothing(answer):
        exercise, answer = find_for(key), key
    else:
        exercise = find(key)
    try:
        if nothing(answer):
            raise ComplaintError(exercise.say("task"), "not attempted")
        praise = exercise.examine(answer) or "right"
    except ComplaintError as fault:
        return Feedback(fault.kind, _with_help(exercise, fault), fault.mistake)
    return Feedback("right", exercise.say(praise))


def _with_help(exercise, fault):
    """The sentence, and where to find a hint if it does not hold one."""
    if fault.mistake or fault.kind not in ("not attempted", "wrong", "wrong shape"):
        return fault.sentence
    return f"{fault.sentence} {say('feedback.help', key=exercise.key)}"
