"""One convolution computed in four ways at once: window, im2col, sparse matrix, CUDA threads.

One cursor runs through all four, so that one sees that they multiply the same numbers.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import traitlets

from ...trace import trace
from ...typing import ArrayLike
from ..convolution.arrays import checked, repeated, split_traits
from ..shared.bundle import module, style
from ..shared.scene_view import reacts
from ..shared.stepped_view import Size, SteppedView
from ..shared.values import Array
from . import scene, static
from .arrays import RANKS, starting_arrays

# The ends of the sliders: small enough that all four drawings are seen whole.
LIMITS = {
    "height": (1, 8),
    "width": (1, 8),
    "channels": (1, 3),
    "filters": (1, 3),
    "kernel_height": (1, 4),
    "kernel_width": (1, 4),
    "stride": (1, 4),
    "padding": (0, 2),
    "dilation": (1, 3),
    "block": (2, 8),
}
GRANULARITIES = ("multiply", "output", "row")


def _size(name, start=1):
    return Size(*LIMITS[name], start, name)


class Im2col(SteppedView):
    """The products of every output in its window, in im2col, in a sparse matrix and in a thread.

    Without arrays it is the course notes' demo, with stride 1. A larger image is cropped and says
    so. A slider never raises: sizes that do not fit are shown, with buttons that repair them.

    Arguments:
        x: the image, ``(H, W, C)``.
        w: filters ``(K, FH, FW, C)``.
        b: biases ``(K,)``.
        kernel_size: sets both sides of the filter at once.
        **traits: any of the traits below; ``block`` is the side of a block of threads.

    Raises:
        ValueError: the arguments do not go together or are too large.

    Examples:
        >>> from cnnlab import views
        >>> sorted(views.Im2col().frame(0))[:3]
        ['bias', 'code', 'column']
    """

    _esm = module("im2col")
    _css = style("im2col")
    PAINTED, SIZED = tuple(RANKS), tuple(RANKS)
    PLACE = "convolution.place", "ijk"

    height = _size("height")
    width = _size("width")
    channels = _size("channels")
    filters = _size("filters")
    kernel_height = _size("kernel_height")
    kernel_width = _size("kernel_width")
    block = _size("block", 4)
    stride = _size("stride")
    padding = _size("padding", 0)
    dilation = _size("dilation")
    granularity = traitlets.Enum(
        GRANULARITIES, "output", help="what one tick of the play bar does"
    ).tag(sync=True)
    controls = traitlets.List(
        traitlets.Enum(tuple(LIMITS)), list(LIMITS), help="the sliders that are shown, in order"
    ).tag(sync=True)
    limits = traitlets.Dict(LIMITS, help="the ends of the sliders").tag(sync=True)
    x = Array(help="the image, (H, W, C)")
    w = Array(help="the filters, (K, FH, FW, C)")
    b = Array(help="the biases, (K,)")
    groups = 1  # every filter reads all channels

    def __init__(
        self,
        x: ArrayLike | None = None,
        w: ArrayLike | None = None,
        b: ArrayLike | None = None,
        *,
        kernel_size: int | None = None,
        **traits: Any,
    ) -> None:
        self.note = ""
        sizes, others = split_traits(traits, LIMITS, kernel_size)
        super().__init__(**others)
        if x is None and w is None:
            sizes = {"padding": 1, **sizes}
        arrays, self.note = starting_arrays(x, w, b, LIMITS, self.say)
        self.x, self.w, self.b = arrays
        self._measure()
        self._start(sizes)

    @property
    def settings(self):
        """How the filters slide: the options of ``ops.conv2d`` and ``ops.im2col``."""
        return {name: getattr(self, name) for name in ("stride", "padding", "dilation")}

    def _measure(self):
        """Set the sizes to those of the arrays."""
        self.height, self.width, self.channels = self.x.shape
        self.filters, self.kernel_height, self.kernel_width, _ = self.w.shape

    def _resize_arrays(self):
        """Cut or extend the arrays to the sizes; new cells are small seeded integers."""
        K, C = self.filters, self.channels
        self._resize("x", (self.height, self.width, C), 0, 2)
        self._resize("w", (K, self.kernel_height, self.kernel_width, C), -1, 1)
        self._resize("b", (K,), 0, 1)

    def _scene(self):
        return scene.scene(self)

    @traitlets.validate(*RANKS)
    def _numbers(self, proposal):
        name = proposal.trait.name
        shapes = None if self.is_changing else (np.shape(self.x), np.shape(self.w))
        array, note = checked(name, proposal.value, LIMITS, shapes, self.say)
        if name == "x" and not self.is_changing:
            self.note = note
        return array

    @reacts(*LIMITS)
    def _resized(self, change):
        with self.rearranging():
            self._resize_arrays()

    @reacts(*RANKS)
    def _replaced(self, change):
        with self.rearranging():
            self._remember(change.name)
            if self.x.shape[2] != self.w.shape[3]:
                self._replace(w=repeated(self.w, self.x.shape[2]))
            if len(self.b) != len(self.w):
                self._replace(b=np.resize(np.append(self.b, np.zeros(len(self.w))), len(self.w)))
            self._measure()
            self._resize_arrays()

    @reacts("predict", "language")
    def _shown_otherwise(self, change):
        self._compute()

    def frame(self, t=None):
        """The output at step ``t`` (the present one if None), as each of the four ways has it.

        ``"window"`` (the rows and columns read), ``"column"`` (its number and values in X_col),
        ``"sparse"`` (its row of the sparse matrix), ``"thread"`` (its indices and lines); then
        ``"taps"``, ``"products"``, ``"sum"``, ``"bias"``, ``"total"``, code, formula, price and
        sentence.
        """
        if not self.outputs:
            return {
                "place": None,
                "formula": self.scene["formula"],
                "sentence": self.scene["problem"]["sentence"],
            }
        t = self.step if t is None else min(max(t, 0), self.outputs - 1)
        steps = trace("conv2d", self.x[None], self.w, self.b, **self.settings)
        return scene.frame(self, next(islice(steps, t, None)))

    def draw_static(self, figure):
        """The four drawings at the present step as matplotlib draws them."""
        static.draw_static(self, figure)
