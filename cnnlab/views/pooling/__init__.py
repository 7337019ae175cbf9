"""The Pooling view: every window becomes one number, its maximum, its mean or its L2 norm.

It shows the winners, plays the gradient back to them, and moves the image by a pixel to see which
outputs stay.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import traitlets

from ...shapes import FITS
from ...typing import ArrayLike
from ..shared.bundle import module, style
from ..shared.inputs import source_image
from ..shared.scene_view import reacts
from ..shared.stepped_view import Size, SteppedView, split_sizes
from ..shared.values import Array
from . import scene, static
from .arrays import SOURCES, notes_numbers, shown_part
from .frames import frame, steps

# The ends of the sliders.
LIMITS = {
    "kernel_size": (1, 6),
    "stride": (1, 6),
    "padding": (0, 3),
    "height": (1, 24),
    "width": (1, 24),
    "channels": (1, 3),
    "shift_down": (-3, 3),
    "shift_right": (-3, 3),
}
GRANULARITIES = ("output", "row")


def _size(name, start):
    return Size(*LIMITS[name], start, name)


# Traits that change the scene and no array.
SHOWN_OTHERWISE = (
    *("kernel_size", "stride", "padding", "shift_down", "shift_right", "mode", "fit"),
    *("dy", "backward", "predict", "language"),
)


class Pooling(SteppedView):
    """Pooling, window by window. Without an array it is the course notes' figure of 4x4 numbers.

    ``shift_down`` and ``shift_right`` move the image, zeros rolling in, to compare the outputs. A
    ``stride`` that is not given is as large as the window.

    Arguments:
        x: the image, ``(H, W, C)``.
        dy: gradient of the output ``(OH, OW, C)``, for the backward pass.
        **traits: any of the traits below.

    Raises:
        ValueError: the arguments cannot be shown; a slider never raises: what does not fit is
            shown, with repairs.

    Examples:
        >>> from cnnlab import views
        >>> views.Pooling(mode="max").frame(0)["total"]
        6.0
    """

    _esm = module("pooling")
    _css = style("pooling")
    PAINTED, SIZED = ("x", "dy"), ("x",)
    PLACE = "pooling.place", "ijc"

    kernel_size = _size("kernel_size", 2)
    stride = _size("stride", 2)
    padding = _size("padding", 0)
    height = _size("height", 4)
    width = _size("width", 4)
    channels = _size("channels", 1)
    shift_down, shift_right = _size("shift_down", 0), _size("shift_right", 0)
    mode = traitlets.Enum(tuple(scene.OPS), "max", help="what a window becomes").tag(sync=True)
    fit = traitlets.Enum(FITS, "floor", help="what becomes of a leftover").tag(sync=True)
    switches = traitlets.Bool(False, help="mark every winning cell").tag(sync=True)
    backward = traitlets.Bool(False, help="play the backward pass").tag(sync=True)
    granularity = traitlets.Enum(
        GRANULARITIES, "output", help="what one tick of the play bar does"
    ).tag(sync=True)
    source = traitlets.Enum((*SOURCES, "own"), "numbers", help="where the input comes from").tag(
        sync=True
    )
    controls = traitlets.List(
        traitlets.Enum(tuple(LIMITS)), list(LIMITS), help="the sliders that are shown, in order"
    ).tag(sync=True)
    limits = traitlets.Dict(LIMITS, help="the ends of the sliders").tag(sync=True)
    longest = traitlets.Int(LIMITS["height"][1], help="the pixels along an opened image").tag(
        sync=True, computed=True
    )
    x = Array(help="the image, (H, W, C)")
    dy = Array(help="the gradient of the output, (OH, OW, C)")

    def __init__(
        self, x: ArrayLike | None = None, *, dy: ArrayLike | None = None, **traits: Any
    ) -> None:
        self.note = ""
        sizes, others = split_sizes(traits, LIMITS)
        sizes = {"stride": sizes.get("kernel_size", 2), **sizes}
        super().__init__(**others)
        if x is not None:
            self.source = "own"
        self.shows_image = self.source in ("edge", "digit")
        self._show(self._source() if x is None else x)
        self.dy = None
        self._start(sizes)
        self.dy = dy

    @property
    def settings(self):
        """How the window slides: the options of the pools in ``ops``."""
        return {name: getattr(self, name) for name in ("stride", "padding", "fit")}

    def _source(self):
        return notes_numbers() if self.source in ("numbers", "own") else source_image(self.source)

    def _show(self, x):
        """Take an image, as much of it as can be shown, and its sizes."""
        ends = [LIMITS[name][1] for name in ("height", "width", "channels")]
        self.x, self.note = shown_part(x, ends, self.say)
        self._measure()

    def _measure(self):
        self.height, self.width, self.channels = self.x.shape

    def _resize_arrays(self):
        """Cut or extend the image to the sizes: numbers with small seeded integers, other
        images with zeros.
        """
        self._resize(
            "x", (self.height, self.width, self.channels), 0, 9 if self.source == "numbers" else 0
        )

    def _scene(self):
        return scene.scene(self)

    @traitlets.validate("x", "dy")
    def _numbers(self, proposal):
        name, value = proposal.trait.name, proposal.value
        if name == "dy":
            return self._gradient(value)
        ends = [LIMITS[name][1] for name in ("height", "width", "channels")]
        x, note = shown_part(value, ends, self.say)
        if not self.is_changing:
            self.note = note
        return x.copy()

    @reacts("height", "width", "channels")
    def _resized(self, change):
        with self.rearranging():
            self._resize_arrays()

    @reacts("x")
    def _replaced(self, change):
        with self.rearranging():
            self.source, self.shows_image = "own", False
            self._measure()
            self._remember("x")

    @reacts(*SHOWN_OTHERWISE)
    def _shown_otherwise(self, change):
        self._compute()

    @reacts("source")
    def _load(self, change):
        if change.new != "own":
            self._take_image(self._source(), change.new != "numbers")

    def _take_image(self, x, shows_image=True):
        """Pool another image, and show the whole result."""
        with self.rearranging(last=True):
            self.shows_image = shows_image
            self._show(x)
            self._replace(x=self.x)

    def frame(self, t=None):
        """The output at step ``t`` (the present one if None): place, cells, how it is made, total,
        code and sentence.

        With ``backward`` also ``"dy"`` and what it adds to each cell, ``"dx"``; with a shift also
        ``"after"``.
        """
        if not self.outputs:
            return {
                "place": None,
                "formula": self.scene["formula"],
                "sentence": self.scene["problem"]["sentence"],
            }
        t = self.step if t is None else min(max(t, 0), self.outputs - 1)
        return frame(self, t, next(islice(steps(self), t, None)))

    def draw_static(self, figure):
        """Input and output slices as matplotlib draws them."""
        static.draw_static(self, figure)
