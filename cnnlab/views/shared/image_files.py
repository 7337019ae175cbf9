"""Reads an image file as an array from 0 to 1, turned as its EXIF note says, on white.

A file may be of any origin: its first bytes tell its size, and one of more than MOST pixels is
never decoded.
"""

import warnings
from contextlib import suppress

import numpy as np

MOST = 50_000_000  # pixels: a telephone's largest photograph; decoded they take 190 MiB
FORMATS = (
    "PNG",
    "JPEG",
    "GIF",
    "BMP",
    "TIFF",
    "WEBP",
    "PPM",
)  # others may start programs to be read
TILE = 1 << 20  # pixels that are converted at a time
ORIENTATION = 0x0112  # the EXIF tag, and what to do with an image that was stored lying or mirrored
UPRIGHT = {
    2: lambda image: image[:, ::-1],
    3: lambda image: image[::-1, ::-1],
    4: lambda image: image[::-1],
    5: lambda image: image.swapaxes(0, 1),
    6: lambda image: np.rot90(image, -1),
    7: lambda image: image[::-1, ::-1].swapaxes(0, 1),
    8: lambda image: np.rot90(image),
}


def read_image(path, longest):
    """The image file ``path`` as ``(H, W, 1 or 3)`` float32 from 0 to 1, and its own size
    ``(H, W)``.

    An image of ``4 * longest`` pixels a side or more is shrunk by a whole number, each pixel the
    mean of its area, to no fewer than ``2 * longest``. Of an animation the first frame is read.
    Raises ValueError for a file that is no image, too large, or holds values beyond 0 to 1.
    """
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own limit is higher
            with Image.open(path, formats=FORMATS) as file:
                if file.width * file.height > MOST:
                    raise Image.DecompressionBombError
                file.load()
                image, orientation = _shrunk(file, longest), _orientation(file)
    except Image.DecompressionBombError:
        raise ValueError(
            f"{str(path)!r} has more than {MOST // 10**6} megapixels, too many to open: "
            f"save it smaller, or give a part of it as an array"
        ) from None
    except _BeyondError as error:
        raise ValueError(f"{str(path)!r} {error}") from None
    except Exception:  # a damaged file shows anywhere in its decoder
        raise ValueError(
            f"{str(path)!r} is not a picture that can be read: give a PNG or JPEG file, or an array"
        ) from None
    size = file.height, file.width
    return UPRIGHT.get(orientation, np.asarray)(image), size[::-1] if orientation in (
        5,
        6,
        7,
        8,
    ) else size


class _BeyondError(ValueError):
    """Values that are no brightness."""


def _orientation(file):
    with suppress(Exception):  # a damaged note does not spoil the image
        return file.getexif().get(ORIENTATION, 1)
    return 1


def _shrunk(file, longest):
    """The decoded image, tile by tile, so that no second one of its size is ever held."""
    W, H = file.size
    step = max(1, max(W, H) // longest // 2)
    rows = step * max(1, TILE // (step * W))
    columns = step * max(1, TILE // (step * min(rows, H)))
    return np.concatenate(
        [
            np.concatenate(
                [
                    _light(file.crop((left, top, min(left + columns, W), min(top + rows, H))), step)
                    for left in range(0, W, columns)
                ],
                axis=1,
            )
            for top in range(0, H, rows)
        ]
    )


def _light(tile, step):
    """A tile as ``(h, w, 1 or 3)`` from 0 to 1, ``step`` times smaller."""
    if tile.mode[0] in "IF":
        return _measured(tile, step)
    grey = tile.mode in ("1", "L", "LA", "La")
    pixels = np.asarray(tile.convert("LA" if grey else "RGBA").reduce(step), np.float32) / 255
    colour, alpha = pixels[..., :-1], pixels[..., -1:]
    return colour * alpha + (1 - alpha)


def _measured(tile, step):
    """Grey in 16 bits, or in floats that already go from 0 to 1."""
    most = 1 if tile.mode == "F" else 65_535
    tile = tile.convert("F")
    low, high = tile.getextrema()
    if low < 0 or high > most:
        raise _BeyondError(
            f"holds values from {low:g} to {high:g}: give an array that goes from 0 to 1"
        )
    return np.asarray(tile.reduce(step), np.float32)[..., None] / most
