"""The Strip1D view: the course notes' figure of strides, on an image with one row.

All outputs stand above the cells they read, under any stride, padding, dilation and policy for what
is left over.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import traitlets

from ...shapes import FITS
from ...typing import ArrayLike
from ..shared.bundle import module, style
from ..shared.scene_view import reacts
from ..shared.stepped_view import Size, SteppedView, numbers, split_sizes
from ..shared.values import Array
from . import scene, static

# The ends of the sliders.
LIMITS = {
    "width": (1, 24),
    "kernel_size": (1, 9),
    "stride": (1, 8),
    "padding": (0, 8),
    "dilation": (1, 4),
}
GRANULARITIES = ("multiply", "output")
NOTES_X, NOTES_W, NOTES_PADDING = (1, 2, -1, 1, -3), (1, 0, -1), 1  # the figure of the course notes
ARRAYS = ("x", "w", "b")


def _size(name, start):
    return Size(*LIMITS[name], start, name)


class Strip1D(SteppedView):
    """One filter over one row of cells. Without arrays it is the figure of the course notes.

    Arguments:
        x: the cells, ``(W,)``.
        w: the filter, ``(F,)``.
        b: the bias, a number.
        **traits: any of the traits below. ``fit`` is "floor", which drops a leftover, "exact",
            which refuses it, or "ceil", which lets the last window hang over the edge.

    Raises:
        ValueError: the arguments cannot be shown; a slider never raises.

    Examples:
        >>> from cnnlab import views
        >>> view = views.Strip1D([1, 2, 3, 4, 5], [1, 0, -1])
        >>> view.frame(0)["total"]
        -2.0
    """

    _esm = module("strip1d")
    _css = style("strip1d")
    PAINTED, SIZED = ARRAYS, ("x", "w")
    PLACE = "strip1d.place", "j"

    width, kernel_size = _size("width", len(NOTES_X)), _size("kernel_size", len(NOTES_W))
    stride = _size("stride", 1)
    padding = _size("padding", 0)
    dilation = _size("dilation", 1)
    fit = traitlets.Enum(FITS, "floor", help="what becomes of a leftover").tag(sync=True)
    granularity = traitlets.Enum(
        GRANULARITIES, "output", help="what one tick of the play bar does"
    ).tag(sync=True)
    controls = traitlets.List(
        traitlets.Enum(tuple(LIMITS)), list(LIMITS), help="the sliders that are shown, in order"
    ).tag(sync=True)
    limits = traitlets.Dict(LIMITS, help="the ends of the sliders").tag(sync=True)
    x = Array(help="the cells, (W,)")
    w = Array(help="the filter, (F,)")
    b = traitlets.Any(help="the bias, a number")

    def __init__(
        self,
        x: ArrayLike | None = None,
        w: ArrayLike | None = None,
        b: float = 0,
        **traits: Any,
    ) -> None:
        self.note = ""
        sizes, others = split_sizes(traits, LIMITS)
        super().__init__(**others)
        if x is None and w is None:
            sizes = {"padding": NOTES_PADDING, **sizes}
        self.x = NOTES_X if x is None else x
        self.w = NOTES_W if w is None else w
        self.b = b
        self._measure()
        self._start(sizes)

    @property
    def settings(self):
        """How the filter slides: the options of ``ops.conv2d`` for an image of one row."""
        axis = {name: (1, getattr(self, name)) for name in ("stride", "dilation")}
        return {**axis, "padding": (0, self.padding), "fit": self.fit}

    def _short(self, x):
        """As much of x as can be shown; the note says what is left out."""
        x, most = numbers("x", x, 1, batched=True), LIMITS["width"][1]
        self.note = self.say("strip1d.cropped", most=most, W=len(x)) if len(x) > most else ""
        return x[:most]

    def _measure(self):
        self.width, self.kernel_size = len(self.x), len(self.w)

    def _resize_arrays(self):
        """Cut or extend the arrays to the sizes; new cells are small seeded integers."""
        self._resize("x", (self.width,), -3, 3)
        self._resize("w", (self.kernel_size,), -1, 1)

    def _scene(self):
        return scene.scene(self)

    @traitlets.validate("x")
    def _cells(self, proposal):
        return self._short(proposal.value)

    @traitlets.validate("w")
    def _weights(self, proposal):
        w, most = numbers("w", proposal.value, 1), LIMITS["kernel_size"][1]
        if len(w) > most:
            raise ValueError(f"w has {len(w)} weights: give at most {most}")
        return w

    @traitlets.validate("b")
    def _bias(self, proposal):
        b = np.asarray(proposal.value, float)
        if b.size != 1:
            raise ValueError(f"b has shape {b.shape}: give one number")
        return float(b.reshape(()))

    @reacts(*LIMITS)
    def _resized(self, change):
        with self.rearranging():
            self._resize_arrays()

    @reacts(*ARRAYS)
    def _replaced(self, change):
        with self.rearranging():
            if change.name in self.SIZED:
                self._remember(change.name)
            self._measure()

    @reacts("fit", "predict", "language")
    def _shown_otherwise(self, change):
        self._compute()

    def frame(self, t=None):
        """Output ``t`` (the present one if None): place, taps, products, bias, total, ledger, code
        and sentence.
        """
        if not self.outputs:
            formula, sentence = self.scene["formula"], self.scene["problem"]["sentence"]
            return {"place": None, "formula": formula, "sentence": sentence}
        t = self.step if t is None else min(max(t, 0), self.outputs - 1)
        return scene.frame(next(islice(scene.steps(self), t, None)), self.scene, self.say)

    def draw_static(self, figure):
        """The row, the outputs and the lines between them as matplotlib draws them."""
        static.draw_static(self, figure)
