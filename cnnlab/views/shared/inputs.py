"""Inputs for the views: small patterns, a digit, a photograph, the learner's own, cut to size."""

import numpy as np

from ...data.demo import convolution_demo
from ...data.packaged import digits

GREY = (0.299, 0.587, 0.114)  # of red, green and blue: ITU-R BT.601
LONGEST = 48  # a photograph is shrunk to this many pixels, so that single cells stay visible
MOST_SENT = 1024  # pixels a side that a browser sends: it shrinks a photograph before


def _edge():
    image = np.zeros((8, 8, 1))
    image[:, 4:] = 1
    return image


def _cross():
    image = np.zeros((9, 9, 1))
    image[4, 1:8] = image[1:8, 4] = 1
    return image


def _digit():
    return np.round(np.asarray(digits().test.x[0], float) * 16)


def _photograph():
    from .photos import photograph

    return np.round(np.asarray(photograph(LONGEST), float), 2)


SOURCES = {
    "demo": lambda: convolution_demo().x[0],
    "edge": _edge,
    "cross": _cross,
    "digit": _digit,
    "photograph": _photograph,
}


def source_image(name):
    """The image ``name`` of SOURCES as ``(H, W, C)``."""
    return np.asarray(SOURCES[name](), float)


def in_grey(x):
    """A coloured image ``(H, W, 3)`` as ``(H, W, 1)``, in hundredths."""
    return np.round(np.asarray(x, float) @ GREY, 2)[..., None]


def cropped(x, most, say):
    """``x`` as ``(H, W, C)`` of at most ``most`` rows and columns, and the sentence that says what
    is left out.
    """
    x = np.asarray(x, float)
    if x.ndim == 4 and len(x) == 1:
        x = x[0]
    if x.ndim == 2:
        x = x[..., None]
    if x.ndim != 3 or not x.size:
        raise ValueError(f"x has shape {x.shape}: give one image as (H, W, C) or (1, H, W, C)")
    H, W, _ = x.shape
    rows, columns = min(H, most), min(W, most)
    note = (
        ""
        if (rows, columns) == (H, W)
        else say("view.cropped", rows=rows, columns=columns, H=H, W=W)
    )
    return x[:rows, :columns], note


def resized(array, shape, low, high):
    """``array`` cut to ``shape``, or extended with integers from low to high that depend on their
    place alone.
    """
    array = np.asarray(array, float)
    if array.shape == shape:
        return array
    block = tuple(max(n, 64) if axis < 2 else max(n, 16) for axis, n in enumerate(shape))
    fresh = (
        np.random.default_rng(0)
        .integers(low, high + 1, block)
        .astype(float)[tuple(map(slice, shape))]
        .copy()
    )
    common = tuple(slice(min(n, m)) for n, m in zip(array.shape, shape, strict=True))
    fresh[common] = array[common]
    return fresh


def image_from_bytes(content, buffers):
    """The image the browser sent: ``height``, ``width`` and bytes of red, green, blue, alpha;
    values 0 to 1.

    Raises ValueError for a size that is none, that does not agree with the bytes, or that no view
    asks for.
    """
    H, W = int(content["height"]), int(content["width"])
    sent = memoryview(buffers[0]).nbytes if buffers else 0
    if not (0 < H <= MOST_SENT and 0 < W <= MOST_SENT and sent == 4 * H * W):
        raise ValueError(
            f"a picture of {H} x {W} came with {sent:,} bytes: open its file once more"
        )
    pixels = np.frombuffer(buffers[0], np.uint8).reshape(H, W, 4)
    return np.round(pixels[..., :3] / 255, 2)
