"""How big is the output, and which input cells does each output see?

Plain integers, no arrays: every other module asks here, so the arithmetic of windows is written
once. What does not fit is answered with the nearest sizes that do.
"""

from .arguments import FITS, pads
from .counting import extent
from .fractional import fractional_edges, fractional_out
from .misfits import MisfitError, repairs
from .receptive import ReceptiveField, receptive_field
from .sizes import (
    Geometry,
    check_pixels_in_windows,
    conv_out,
    geometry,
    out_size,
    transposed_out,
    windows,
)

__all__ = [
    "FITS",
    "Geometry",
    "MisfitError",
    "ReceptiveField",
    "check_pixels_in_windows",
    "conv_out",
    "extent",
    "fractional_edges",
    "fractional_out",
    "geometry",
    "out_size",
    "pads",
    "receptive_field",
    "repairs",
    "transposed_out",
    "windows",
]
