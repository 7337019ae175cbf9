"""Maps for the browser: shrunk to the size of a page and packed channels first."""

import numpy as np

from ..shared.photos import resampled
from ..shared.view import packed
from .plan import ROOM


def packed_tiles(tiles):
    """Tiles ``(n, h, w, C)`` as the browser takes them, ``(n, C, h, w)``."""
    return packed(np.moveaxis(tiles, -1, 1), "float32")


def fitted(maps):
    """Maps ``(n, h, w)``, each brought down to the mean of areas where all together are more than a
    page can hold.
    """
    n, h, w = maps.shape
    if n * h * w <= ROOM:
        return maps
    scale = (ROOM / (n * h * w)) ** 0.5
    small = resampled(np.moveaxis(maps, 0, -1), max(1, int(h * scale)), max(1, int(w * scale)))
    return np.moveaxis(small, -1, 0)


def abs_maxima(tiles):
    """The largest magnitude of each tile, and of all; 1 where all is 0."""
    size = (
        np.abs(np.where(np.isfinite(tiles), tiles, 0))
        .reshape(len(tiles), -1)
        .max(axis=1, initial=0)
    )
    return np.where(size == 0, 1, size), float(size.max(initial=0)) or 1.0
