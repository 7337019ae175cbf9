"""Fits an opened photograph to the input of a net: cut, resized, made grey, with a note."""

import numpy as np

from .inputs import GREY, image_from_bytes
from .photos import resampled

LONGEST_OPENED = 320
LONGEST_HELP = "pixels of the longer side to which the browser shrinks an image that it opens"


def opened(view, content, buffers):
    """The image the browser opened as ``(x, "own", sentence)``; ``size`` is what it had before it
    came here.
    """
    pixels = image_from_bytes(content, buffers)
    size, wanted = tuple(content.get("size", pixels.shape[:2])), view.net.input_shape
    low, high = view.ends
    x = low + (high - low) * fitted(pixels, wanted)
    return x, "own", sentence(view.say, size, wanted, has_colour(pixels))


def has_colour(pixels):
    """Do red, green and blue differ anywhere?"""
    return bool(np.ptp(pixels, axis=2).max() > 0)


def fitted(pixels, shape):
    """The middle of ``pixels (h, w, 3)``, as large as its proportions allow, as an image of
    ``shape (H, W, C)``.

    Three channels stay in colour; any other number gets the grey image in each.
    """
    H, W, C = shape
    h, w, _ = pixels.shape
    scale = min(h / H, w / W)
    rows, columns = (max(1, min(n, round(m * scale))) for n, m in ((h, H), (w, W)))
    top, left = (h - rows) // 2, (w - columns) // 2
    image = resampled(pixels[top : top + rows, left : left + columns], H, W)
    return image if C == 3 else np.repeat(image @ np.asarray(GREY, np.float32)[:, None], C, axis=2)


def sentence(say, size, wanted, coloured):
    """What was done to a photograph of this size, in words; nothing if it fitted as it was."""
    (h, w), (H, W, C) = size, wanted
    scale, place = min(h / H, w / W), {"H": H, "W": W}
    done = []
    if h * W != w * H:
        done.append(say("view.photo_square" if H == W else "view.photo_cut", **place))
    if scale != 1:
        done.append(say("view.photo_shrunk" if scale > 1 else "view.photo_enlarged", **place))
    if coloured and C != 3:
        done.append(say("view.photo_grey"))
    if not done:
        return ""
    last = say("view.photo_and")
    words = last.join(filter(None, (", ".join(done[:-1]), done[-1])))
    return say("view.photo", h=h, w=w, changes=words)
