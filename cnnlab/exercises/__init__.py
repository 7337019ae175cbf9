"""The exercises of the lessons: ``check`` an answer, ask for a ``hint``, look at our ``solution``.

An exercise is an entry in ``lessonNN.py`` with its solution and its named wrong answers. ``check``
compares: a wrong answer that is one of the named gets its own words (``exercise.py``; of a CUDA
kernel ``kernel.py``), any other those of its shape and numbers; ``hint`` goes through the hints of
the exercise (``helping.py``). All words stand in ``texts/``.
"""

from .checking import check
from .helping import given, hint, solution, solved
from .table import keys

__all__ = ["check", "given", "hint", "keys", "solution", "solved"]
