"""The exercises of the lessons: ``check`` an answer, ask for a ``hint``, look at our ``solution``.

A wrong answer that many people give has a name and its own hint. All words stand in ``texts/``.
"""

from .checking import check
from .helping import given, hint, solution, solved
from .table import keys

__all__ = ["check", "given", "hint", "keys", "solution", "solved"]
