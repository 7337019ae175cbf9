"""The photograph to filter, which comes with matplotlib, and shrinking an image by averaging.

matplotlib and its reader of JPEG files are imported only when the photograph is asked for.
"""

from functools import cache

import numpy as np

FILE = "grace_hopper.jpg"
ROWS, COLUMNS = slice(0, 480), slice(100, 460)  # face, cap and flag: many edges in all directions


class PhotographError(RuntimeError):
    """The photograph cannot be read; the sentence says why and what to do instead."""


@cache
def photograph(longest=160):
    """Rear Admiral Grace Hopper as ``(H, W, 3)`` float32 from 0 to 1, its longest side of
    ``longest`` pixels.

    The image is a work of the United States Navy and in the public domain; it is part of
    matplotlib's sample data. Raises PhotographError where that is missing.
    """
    image = shrunk(_sample()[ROWS, COLUMNS], longest)
    image.flags.writeable = False  # it is kept, and everybody gets the same array
    return image


def _sample():
    try:
        from matplotlib import cbook
        from matplotlib.image import imread

        with cbook.get_sample_data(FILE) as file:
            return np.asarray(imread(file, format="jpg"), float) / 255
    except (ImportError, OSError) as error:
        raise PhotographError(
            f"matplotlib's photograph {FILE} is missing ({error}): install matplotlib again, or "
            f"give a picture x"
        ) from None


def shrunk(image, longest):
    """``image (H, W, C)`` with its longest side brought down to ``longest`` pixels, each the mean
    of its area.
    """
    scale = min(1, longest / max(image.shape[:2]))
    return resampled(image, *(max(1, round(n * scale)) for n in image.shape[:2]))


def resampled(image, H, W):
    """``image (h, w, C)`` with H rows and W columns, each pixel the mean of its area."""
    rows, columns = (_shares(n, m) for n, m in zip(image.shape, (H, W), strict=False))
    return np.einsum("ai,ijc,bj->abc", rows, image, columns, optimize=True).astype(np.float32)


def _shares(n, m):
    """``(m, n)``: how much of each of n cells lies in each of m on the same length; a row adds up
    to 1.
    """
    edges, cells = np.linspace(0, n, m + 1), np.arange(n)
    overlap = np.minimum(edges[1:, None], cells + 1) - np.maximum(edges[:-1, None], cells)
    return np.clip(overlap, 0, None) * (m / n)
