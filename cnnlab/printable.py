"""Text for a terminal: characters that its encoding lacks become plain ones.

Notebooks can write every sign; a console of Windows or a pipe without a locale cannot write "−" or
"≈".
"""

import sys

PLAIN = {
    "−": "-", "–": "-", "—": "-", "·": "*", "×": "x", "÷": "/",
    "≈": "~", "≠": "!=", "≤": "<=", "≥": ">=", "→": "->",
    "²": "^2", "³": "^3", "√": "sqrt", "°": " degrees", "…": "...", "✓": "+", "✗": "x", "∞": "inf",
    "“": '"', "”": '"', "‘": "'", "’": "'",
}  # fmt: skip


def printable(text):
    """``text`` as standard output can write it."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if _fits(text, encoding):
        return text
    return "".join(sign if _fits(sign, encoding) else PLAIN.get(sign, "?") for sign in text)


def _fits(text, encoding):
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
