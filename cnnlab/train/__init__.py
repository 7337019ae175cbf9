"""Training as a stream of steps: shuffle, take a batch, go forward, go backward, move the
parameters.

``steps`` is that stream, for those who want to watch or steer it. ``train`` runs it to the end,
minds the test images, Ctrl-C and losses that explode, and returns a History.
"""

from .films import Film, film
from .run import History, train
from .safety import TrainingWarning
from .stream import Step, steps

__all__ = ["Film", "History", "Step", "TrainingWarning", "film", "steps", "train"]
