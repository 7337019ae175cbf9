"""Which register tile serves: it fills the registers, and leaves as few lanes idle as can be."""

from functools import lru_cache

from . import simd

IMAGES = 8  # rows of a tile whose places lie in as many images
LAST_ROWS = 14  # more rows than that gain nothing
# Rows for the few taps of a first layer, 3x3x3 or 5x5: every tile more is one more to compile.
TAPS = (9, 5)


@lru_cache(maxsize=256)
def tile_for(filters, places=None, depthwise=False):
    """The tile that wastes the fewest lanes on so many filters, its sums filling the registers.

    Eight registers are left for the rows of weights and the numbers they meet (four, where there
    are but sixteen). ``places``: rather fewer rows, if they divide so many taps with less waste.
    """
    width, sums = simd.width(), simd.registers() - (8 if simd.registers() > 16 else 4)
    most = min(4 if sums > 12 else 2, -(-filters // width))
    vectors = _vectors(filters, most)
    rows = min(LAST_ROWS, sums // vectors)
    if places is not None:
        rows = min([rows, *(r for r in TAPS if r < rows)], key=lambda r: -(-places // r) * r)
    return simd.Tile(rows, vectors, width, depthwise)


@lru_cache(maxsize=256)
def batch_tile(filters):
    """The tile for one place of many images."""
    return simd.Tile(
        IMAGES, _vectors(filters, max(1, (simd.registers() - 8) // IMAGES)), simd.width()
    )


def _vectors(filters, most):
    """How many vectors side by side, at most ``most``, waste the fewest lanes on the filters."""
    return min(range(most, 0, -1), key=lambda v: -(-filters // (v * simd.width())) * v)
