"""Interactive views: widgets whose parameters are traits and whose steps play in the browser.

Every view has ``frame(t)`` (its state as plain data) and ``export("page.html")`` (a page that needs
no kernel).
"""

from ..optional_packages import require

require(__name__, "anywidget", "ipywidgets", "matplotlib")

from .activationgallery import ActivationGallery
from .convolution import Convolution
from .filtergallery import FilterGallery
from .filterlab import FilterLab
from .im2col import Im2col
from .networkexplorer import NetworkExplorer
from .pooling import Pooling
from .strip1d import Strip1D
from .trainer import Trainer

__all__ = [
    "ActivationGallery",
    "Convolution",
    "FilterGallery",
    "FilterLab",
    "Im2col",
    "NetworkExplorer",
    "Pooling",
    "Strip1D",
    "Trainer",
]
