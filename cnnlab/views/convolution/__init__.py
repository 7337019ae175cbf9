"""The Convolution view: windows, products, sums and bias of every output, forward and backward.

The parameters are traits; a change of any recomputes the scene, which the browser plays, scrubs and
lights by itself.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import traitlets

from ...data.demo import convolution_demo
from ...trace import trace
from ...typing import ArrayLike
from ..shared.bundle import module, style
from ..shared.inputs import LONGEST, SOURCES, source_image
from ..shared.scene_view import reacts
from ..shared.stepped_view import Size, SteppedView
from ..shared.values import Array
from . import scene, static
from .arrays import RANKS, checked, repeated, split_traits, starting_arrays, suited

# The ends of the sliders.
LIMITS = {
    "height": (1, 64),
    "width": (1, 64),
    "channels": (1, 8),
    "filters": (1, 8),
    "kernel_height": (1, 11),
    "kernel_width": (1, 11),
    "stride": (1, 8),
    "padding": (0, 8),
    "dilation": (1, 4),
    "groups": (1, 8),
}
MODES = ("predict", "backward")
GRANULARITIES = ("multiply", "channel", "output", "row")


def _size(name, start=1):
    return Size(*LIMITS[name], start, name)


class Convolution(SteppedView):
    """One convolution, multiply by multiply. Without arrays it is the course notes' demo.

    A slider never raises: sizes that do not fit are shown, with buttons that repair them.

    Arguments:
        x: the image, ``(H, W, C)``.
        w: filters ``(K, FH, FW, C // groups)``.
        b: biases ``(K,)``.
        dy: gradient of the output ``(OH, OW, K)``, for the backward pass.
        kernel_size: sets both sides of the filter at once.
        **traits: any of the traits below; ``controls`` names the sliders to show, in order,
            ``modes`` the buttons.

    Raises:
        ValueError: the arguments do not go together.

    Examples:
        >>> from cnnlab import views
        >>> view = views.Convolution(stride=1)
        >>> view.frame(0)["total"]
        0.0
    """

    _esm = module("convolution")
    _css = style("convolution")
    PAINTED, SIZED = tuple(RANKS), ("x", "w", "b")
    PLACE = "convolution.place", "ijk"

    height = _size("height")
    width = _size("width")
    channels = _size("channels")
    filters = _size("filters")
    kernel_height = _size("kernel_height")
    kernel_width = _size("kernel_width")
    groups = _size("groups")
    stride = _size("stride")
    padding = _size("padding", 0)
    dilation = _size("dilation")
    granularity = traitlets.Enum(
        GRANULARITIES, "output", help="what one tick of the play bar does"
    ).tag(sync=True)
    backward = traitlets.Bool(False, help="play the backward pass").tag(sync=True)
    source = traitlets.Enum((*SOURCES, "own"), "own", help="where the input comes from").tag(
        sync=True
    )
    modes = traitlets.List(traitlets.Enum(MODES), list(MODES), help="the buttons there are").tag(
        sync=True
    )
    controls = traitlets.List(
        traitlets.Enum(tuple(LIMITS)), list(LIMITS), help="the sliders that are shown, in order"
    ).tag(sync=True)
    limits = traitlets.Dict(LIMITS, help="the ends of the sliders").tag(sync=True)
    longest = traitlets.Int(LONGEST, help="the pixels along an opened image").tag(
        sync=True, computed=True
    )
    x = Array(help="the image, (H, W, C)")
    w = Array(help="the filters, (K, FH, FW, C // groups)")
    b = Array(help="the biases, (K,)")
    dy = Array(help="the gradient of the output, (OH, OW, K)")

    def __init__(
        self,
        x: ArrayLike | None = None,
        w: ArrayLike | None = None,
        b: ArrayLike | None = None,
        *,
        dy: ArrayLike | None = None,
        kernel_size: int | None = None,
        **traits: Any,
    ) -> None:
        self._before_demo = None
        self.note = ""
        sizes, others = split_traits(traits, LIMITS, kernel_size)
        super().__init__(**others)
        self.shows_image = x is None and self.source not in ("demo", "own")
        if self.shows_image:
            x = suited(source_image(self.source), w, sizes.get("groups", 1))
        elif x is None:
            self.source = "demo"
        if w is None and self.source == "demo":
            sizes = {"stride": 2, "padding": 1, **sizes}
        self.x, self.w, self.b, self.note = starting_arrays(
            x, w, b, sizes.get("groups", 1), LIMITS, self.say
        )
        self._measure()
        self.dy = None
        self._start(sizes)
        self.dy = dy

    @property
    def settings(self):
        """How the filters slide: the options of ``ops.conv2d``."""
        return {name: getattr(self, name) for name in ("stride", "padding", "dilation", "groups")}

    def _measure(self):
        """Set the sizes to those of the arrays."""
        self.height, self.width, self.channels = self.x.shape
        self.filters, self.kernel_height, self.kernel_width, per_group = self.w.shape
        self.groups = max(1, self.channels // per_group)

    def _resize_arrays(self):
        """Cut or extend the arrays to the sizes; new cells are small seeded integers."""
        per_group = max(1, self.channels // self.groups)
        wanted = {
            "x": ((self.height, self.width, self.channels), 0, 2),
            "w": ((self.filters, self.kernel_height, self.kernel_width, per_group), -1, 1),
            "b": ((self.filters,), 0, 1),
        }
        for name, (shape, low, high) in wanted.items():
            self._resize(name, shape, low, high)

    def _scene(self):
        return scene.scene(self)

    @traitlets.validate(*RANKS)
    def _numbers(self, proposal):
        name = proposal.trait.name
        if name == "dy":
            return self._gradient(proposal.value)
        shapes = None if self.is_changing else (np.shape(self.x), np.shape(self.w))
        array, note = checked(name, proposal.value, LIMITS, shapes, self.say)
        if name == "x" and not self.is_changing:
            self.note = note
        return array

    @reacts(*LIMITS)
    def _resized(self, change):
        with self.rearranging():
            self._resize_arrays()

    @reacts("x", "w", "b")
    def _replaced(self, change):
        with self.rearranging():
            self._remember(change.name)
            if change.name == "x" or self.source == "demo":  # which is its filters, too
                self.source = "own"
            groups = self.groups
            self._measure()
            if change.name == "x":
                self.groups, self.shows_image = groups, False
                self._deepen()
            if len(self.b) != len(self.w):
                self._replace(b=np.resize(np.append(self.b, np.zeros(len(self.w))), len(self.w)))
            self._resize_arrays()

    def _deepen(self):
        """Where the input has more channels than the filters, they are repeated along them."""
        per_group = self.channels // self.groups
        if per_group > self.w.shape[3]:
            self._replace(w=repeated(self.w, per_group))

    @reacts("dy", "predict", "backward", "language")
    def _shown_otherwise(self, change):
        self._compute()

    @reacts("source")
    def _load(self, change):
        if change.new == "demo":
            with self.rearranging(last=True):
                demo = convolution_demo()
                self.note = ""
                self.shows_image = False
                self._before_demo = self.w, self.b
                self._replace(x=demo.x[0], w=demo.w, b=demo.b)
                self._measure()
        elif change.new != "own":
            self._take_image(source_image(change.new))

    def _take_image(self, x):
        """Apply the filters that are there to another image, and show the whole result."""
        with self.rearranging(last=True):
            self.note, self.shows_image = "", True
            self._own_filters_back()
            self.groups = 1 if x.shape[2] % self.groups else self.groups
            self._replace(x=suited(x, self.w, self.groups))
            self.height, self.width, self.channels = self.x.shape
            self._deepen()
            self._resize_arrays()

    def _own_filters_back(self):
        """Take up the filters again that the demo's have replaced, unless these were changed
        since.
        """
        before, self._before_demo = self._before_demo, None
        if before is not None and np.array_equal(self.w, convolution_demo().w):
            self._replace(w=before[0], b=before[1])
            self.filters, self.kernel_height, self.kernel_width, _ = self.w.shape

    def frame(self, t=None):
        """The output at step ``t`` (the present one if None): its place, taps, sums, bias, total,
        code and sentence.
        """
        if not self.outputs:
            return {"place": None, "sentence": self.scene["problem"]["sentence"]}
        t = self.step if t is None else min(max(t, 0), self.outputs - 1)
        steps = trace("conv2d", self.x[None], self.w, self.b, **self.settings)
        return scene.frame(next(islice(steps, t, None)), self.scene, self.say)

    def draw_static(self, figure):
        """Input slices, filters and outputs as matplotlib draws them."""
        static.draw_static(self, figure)
