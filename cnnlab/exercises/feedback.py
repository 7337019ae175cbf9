"""The feedback on an answer, which ``check`` returns, and the complaint that it is made from.

It reads well as plain text and as a box in a notebook, in a light and in a dark theme, in colour
and in grey.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

from ..printable import printable
from .words import say

# Each kind has a sign, so that it is recognised without its colour.
SIGNS = {
    "right": "✓",
    "wrong": "✗",
    "wrong shape": "✗",
    "wrong type": "✗",
    "raised": "!",
    "not attempted": "…",
    "unknown": "?",
}
COLOURS = {
    "right": "var(--jp-success-color1, #2e8b57)",
    "not attempted": "var(--jp-border-color1, #8a929c)",
    "note": "var(--jp-info-color1, #1f77c9)",
}
BAD = "var(--jp-error-color1, #c8322b)"
BOX = (
    "border-left: 5px solid {colour}; padding: 4px 10px; margin: 2px 0; max-width: 60em; "
    "white-space: pre-wrap; "
    "color: var(--jp-content-font-color1, inherit); background: var(--jp-layout-color2, rgba(128, "
    "128, 128, 0.12)); "
    "font-family: var(--jp-content-font-family, system-ui, sans-serif)"
)


class ComplaintError(Exception):
    """Why an answer is not right: a sentence, the kind of Feedback, and the recognised mistake."""

    def __init__(self, sentence, kind="wrong", mistake=None):
        super().__init__(sentence)
        self.sentence = sentence
        self.kind = kind
        self.mistake = mistake


def complaint(text, /, kind="wrong", **values):
    """The complaint whose sentence has the key ``text``; ``"01.edge.turned"`` names a mistake."""
    group, _, name = text.rpartition(".")
    named = group != "feedback" and name != "wrong"
    return ComplaintError(say(text, **values), kind, name if named else None)


@dataclass(frozen=True, repr=False)
class Feedback:
    """What ``check`` says about an answer.

    Attributes:
        kind: "right", "wrong", "not attempted" or another word for what it is.
        sentence: what is wrong with it, or right.
        mistake: the name of the recognised mistake, or None.
    """

    kind: str
    sentence: str
    mistake: str | None = None

    @property
    def right(self):
        return self.kind == "right"

    def _heading(self):
        return f"{SIGNS[self.kind]} {say('feedback.kind_' + self.kind.replace(' ', '_'))}"

    def __repr__(self):
        return printable(f"{self._heading()} {self.sentence}")

    def _repr_html_(self):
        return box(self._heading(), self.sentence, COLOURS.get(self.kind, BAD))


def box(heading, text, colour=COLOURS["note"]):
    """A box for a notebook: the heading in bold, ``text`` with what stands in backticks as code."""
    body = re.sub("`([^`\n]+)`", r"<code>\1</code>", escape(text))
    return (
        f'<div role="status" '
        f'style="{BOX.format(colour=colour)}"><strong>{escape(heading)}</strong> {body}</div>'
    )
