"""Training: ``train`` runs it and returns a History, ``steps`` is the stream of its steps.

A step shuffles, takes a batch, goes forward and backward and moves the parameters. ``train`` also
evaluates the test images and handles Ctrl-C and losses that explode.
"""

from .films import Film, film
from .run import History, train
from .safety import TrainingWarning
from .stream import Step, steps

__all__ = ["Film", "History", "Step", "TrainingWarning", "film", "steps", "train"]
