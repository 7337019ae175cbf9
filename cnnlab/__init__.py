"""Learn convolutional networks by touching them: operations, layers, training, data.

Start with ``cnnlab.data.load()``, ``cnnlab.Sequential`` and ``cnnlab.train``; the lessons are in notebooks/.
"""

from . import data, ops, shapes
from .kernels import backend, use
from .shapes import MisfitError

__version__ = "0.1.0"
__all__ = ["MisfitError", "backend", "data", "ops", "shapes", "use"]
