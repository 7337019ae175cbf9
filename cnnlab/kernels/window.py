"""How a window slides over an image: all that a kernel must know of it, as one thing."""

from typing import NamedTuple


class Window(NamedTuple):
    """Pairs (height, width): tap ``u`` of output ``i`` reads row ``i·S − P + u·D``.

    Where the image ends, and where the outputs do, the arrays say themselves.
    """

    kernel: tuple  # F: taps
    stride: tuple  # S: cells from one window to the next
    pad_before: tuple  # P: padding above and to the left
    dilation: tuple  # D: cells from one tap to the next


def window_of(geometry):
    """The Window of a ``shapes.Geometry``."""
    return Window(geometry.kernel, geometry.stride, geometry.pad_before, geometry.dilation)
