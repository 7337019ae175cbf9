"""The exercises of the lessons: ``check`` an answer, ask for a ``hint``, look at our ``solution``.

An exercise is an entry in ``lessonNN.py`` with its solution and its named wrong answers. ``check``
compares: a wrong answer with a name gets its own words (``exercise.py``; for a CUDA kernel
``kernel.py``), any other gets words about its shape and numbers; ``hint`` goes through the hints of
the exercise (``helping.py``). All words are in ``texts/``.
"""

from .checking import check
from .helping import given, hint, solution, solved
from .table import keys

__all__ = ["check", "given", "hint", "keys", "solution", "solved"]
