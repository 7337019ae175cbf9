"""Static figures: curves, filters, activation maps, scores, best patches, confusions.

Every function takes plain arrays and an optional matplotlib ``ax``, draws on it and returns it.
Signed values share one scale, symmetric about zero: white is 0, red is positive, blue is negative.
"""

from ..optional_packages import require

require(__name__, "matplotlib")

from .canvas import SIGNED, mosaic
from .confusion import confusion
from .filmstrip import film_strip
from .galleries import activation_gallery, best_patches, filter_gallery
from .inside import activations, filters, inside, scores
from .network import decomposition, network
from .pictures import gallery, image
from .plane import plane
from .speed import benchmark, roofline
from .threads import reads, threads
from .training import changes, losses, training_curves

__all__ = [
    "SIGNED",
    "activation_gallery",
    "activations",
    "benchmark",
    "best_patches",
    "changes",
    "confusion",
    "decomposition",
    "film_strip",
    "filter_gallery",
    "filters",
    "gallery",
    "image",
    "inside",
    "losses",
    "mosaic",
    "network",
    "plane",
    "reads",
    "roofline",
    "scores",
    "threads",
    "training_curves",
]
