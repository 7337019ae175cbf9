"""Calls a learner's function safely: the result, or a complaint about what it raised.

The complaint names the learner's own line; the frames of the library and of Python itself are left
out.
"""

import inspect
import linecache
import os
import sysconfig
from copy import deepcopy
from traceback import walk_tb

from ..cudatrace.watch import TooLong, Watch
from .feedback import ComplaintError, complaint
from .words import say

LIMIT = 10.0  # seconds for one call: the arrays of an exercise are tiny
LONGEST_MESSAGE = 200
PACKAGES = ("site-packages", "dist-packages")
OURS = tuple(
    os.path.normcase(folder) + os.sep
    for folder in (
        sysconfig.get_path("stdlib"),
        os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
    )
)


def check_arguments(function, name, arguments):
    """Raise a complaint if ``function`` cannot be called with these ``arguments``."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some built-in functions have none
        return
    try:
        signature.bind(*arguments)
    except TypeError:
        call = f"{name}({', '.join(arguments)})"
        raise complaint(
            "feedback.arguments", "wrong type", call=call, own=f"{name}{signature}"
        ) from None


class EndlessError(ComplaintError):
    """The complaint about a function that ran too long and was ended: no other case is tried."""


def call(function, arguments, limit=None):
    """What ``function`` returns for copies of the arguments; a complaint where it raises.

    A function that takes longer than ``limit`` seconds (LIMIT) is ended, and the complaint is
    EndlessError.
    """
    limit = LIMIT if limit is None else limit
    try:
        with Watch(limit) as watch:
            return watch.run(function, deepcopy(arguments))
    except TooLong as late:
        line, source = own_line(late.__traceback__)
        message = say("feedback.endless", limit=f"{limit:g}", line=line, source=source)
        raise EndlessError(message, "raised") from None
    except BaseException as error:
        if type(error) is KeyboardInterrupt:  # the learner pressed stop
            raise
        raise raised(error) from None


def raised(error):
    """The complaint about an error of the learner's code: name, message and line."""
    details = {"error": type(error).__name__, "message": _message(error)}
    line, source = own_line(error.__traceback__)
    if source:
        text = (
            "feedback.raised_window"
            if "could not be broadcast" in details["message"]
            else "feedback.raised_at"
        )
        return complaint(text, "raised", line=line, source=source, **details)
    if line:
        return complaint("feedback.raised_in_line", "raised", line=line, **details)
    return complaint("feedback.raised", "raised", **details)


def _message(error):
    try:
        message = str(error)
    except BaseException:  # even this is the learner's code
        message = ""
    short = message if len(message) <= LONGEST_MESSAGE else message[:LONGEST_MESSAGE] + "…"
    return f": {short}" if short else ""


def own_line(traceback):
    """Number and text of the deepest line that is the learner's; (0, "") if there is none."""
    own = [
        (frame, line)
        for frame, line in walk_tb(traceback)
        if not _foreign(frame.f_code.co_filename)
    ]
    if not own:
        return 0, ""
    frame, line = own[-1]
    return line, linecache.getline(frame.f_code.co_filename, line, frame.f_globals).strip()


def _foreign(filename):
    """Whether a file belongs to Python, to an installed package or to this library."""
    inside = os.path.normcase(filename).startswith(OURS)
    return (
        inside
        or filename.startswith(("<frozen", "<__array_function__"))
        or any(p in filename for p in PACKAGES)
    )
