"""The arrays of the FilterLab: images brought to a mode, filters checked, resized and turned."""

from pathlib import Path

import numpy as np

from ...ops import conv2d
from ..shared.image_files import read_image
from ..shared.photos import shrunk
from .presets import GREY

LONGEST = 160  # pixels of the longest side of an image; larger ones are shrunk


def as_image(x):
    """``x`` as an image ``(H, W, 1 or 3)`` of at most LONGEST pixels a side, and its size before
    it was shrunk.

    ``x`` is an array or the path of an image file. Bytes become values from 0 to 1, in hundredths.
    """
    if isinstance(x, (str, Path)):
        x, size = read_image(x, LONGEST)
        return hundredths(shrunk(finite("x", x), LONGEST)), size
    x = np.asarray(x)
    is_bytes = x.dtype == np.uint8
    x = x / 255 if is_bytes else np.array(x, float)
    x = x[0] if x.ndim == 4 and len(x) == 1 else x[..., None] if x.ndim == 2 else x
    if x.ndim != 3 or x.shape[2] not in (1, 3) or not x.size:
        raise ValueError(
            f"x has shape {x.shape}: give one picture as (H, W), (H, W, 1) or (H, W, 3)"
        )
    small = shrunk(finite("x", x), LONGEST) if max(x.shape[:2]) > LONGEST else finite("x", x)
    return hundredths(small) if is_bytes else small, x.shape[:2]


def finite(name, array):
    """The array, if all its values are finite: else ValueError, for no colour shows them."""
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} holds values that are not finite: give numbers that have a colour"
        )
    return array


def hundredths(x):
    """Rounded to hundredths, so that a sum of products can be checked by eye and not only be
    trusted.
    """
    return np.round(np.asarray(x, float), 2)


def with_channels(x, channels):
    """The image in grey or with three channels: grey is a 1x1 convolution, colour out of grey
    three copies of it.
    """
    if channels < x.shape[2]:
        grey = conv2d(x[None].astype(float), np.reshape(GREY, (1, 1, 1, 3)))[0]
        return hundredths(grey) if np.array_equal(x, hundredths(x)) else grey
    return np.repeat(x, 3, 2) if channels > x.shape[2] else x


def filter_size(w):
    """Cells of a side of a filter ``(F, F)``, ``(F, F, C)`` or ``(K, F, F, C)``."""
    return np.shape(w)[1 if np.ndim(w) == 4 else 0]


def as_filter(w, wanted):
    """``w`` as an array of the shape ``wanted``; a single slice serves every filter."""
    w = np.array(w, float)
    if w.shape == wanted[1:3]:
        w = w[None, :, :, None]
    elif w.shape == wanted[1:]:
        w = w[None]
    if w.ndim != 4 or w.shape[1:] != wanted[1:] or len(w) not in (1, wanted[0]):
        raise ValueError(f"w has shape {w.shape}: give {wanted}, filters, rows, columns, channels")
    return np.broadcast_to(finite("w", w), wanted).copy()


def grown(w, F):
    """The filter with F cells a side: zeros around it, or its middle."""
    more = (F - w.shape[1]) // 2
    side = (max(more, 0),) * 2
    w, cut = np.pad(w, ((0, 0), side, side, (0, 0))), max(-more, 0)
    return w[:, cut : w.shape[1] - cut, cut : w.shape[2] - cut]


# What the buttons do to a filter; a turn goes clockwise, and flipping is the half turn of
# mathematics.
ACTIONS = {
    "negate": lambda w: -w + 0.0,
    "zero": np.zeros_like,
    "turn": lambda w: np.rot90(w, -1, (1, 2)),
    "flip": lambda w: w[:, ::-1, ::-1],
}
# A mix of channels has no sides to be turned.
NEEDS_SIDES = {name: name in ("turn", "flip") for name in ACTIONS}
