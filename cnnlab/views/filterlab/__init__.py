"""The FilterLab view: edit a filter and see a photograph change while you drag.

It shows one filter, a filter with depth, or a mix of channels.

Every change is filtered by the library's own convolution and sent back; nothing is computed twice.
"""

from __future__ import annotations

import numpy as np
import traitlets

from ..shared.bundle import module, style
from ..shared.inputs import source_image
from ..shared.photos import PhotographError, photograph
from ..shared.scene_view import SceneView, reacts
from ..shared.stepped_view import Size
from ..shared.uploads import LONGEST_HELP
from ..shared.values import Array
from . import presets, scene
from .album import album
from .arrays import (
    LONGEST,
    NEEDS_SIDES,
    as_image,
    filter_size,
    grown,
    hundredths,
    with_channels,
)
from .checks import Checks
from .messages import Messages
from .static import draw_static

SOURCES = ("photograph", "digit", "edge", "cross", "own")
EVERY_PRESET = tuple(dict.fromkeys(name for names in presets.PRESETS.values() for name in names))


class FilterLab(Checks, Messages, SceneView):
    """A filter over an image, or over a photograph.

    Arguments:
        x: the image, ``(H, W)`` or ``(H, W, C)``, C of 1 or 3, or a file; a photograph if None.
        w, b: filters ``(K, F, F, C // groups)`` and biases ``(K,)``; those of a preset if None.
        **traits: any of the traits below.

    Examples:
        >>> cnnlab.views.FilterLab(np.ones((6, 6)), np.ones((1, 3, 3, 1))).frame(0)["totals"]
        [4.0]
    """

    _esm = module("filterlab")
    _css = style("filterlab")
    SIZES = (3, 5, 7)

    mode = traitlets.Enum(presets.MODES, "grey", help="what the filter is").tag(sync=True)
    preset = traitlets.Enum((*EVERY_PRESET, "own"), "own", help="the filter one starts from").tag(
        sync=True
    )
    presets = traitlets.Dict(presets.PRESETS).tag(sync=True, computed=True)
    actions = traitlets.Dict(NEEDS_SIDES).tag(sync=True, computed=True)
    longest = traitlets.Int(LONGEST, help=LONGEST_HELP).tag(sync=True, computed=True)
    kernel_size = traitlets.CInt(
        3, help="cells of a side of the filter: 3, 5 or 7; a mix has 1"
    ).tag(sync=True, choices=SIZES)
    stride = Size(1, 8, 1, "stride")
    padding = traitlets.Enum(("same", "valid"), "same", help="zeros around the image, or none").tag(
        sync=True
    )
    shown = traitlets.Enum(("picture", "signed"), "picture", help="how the result is coloured").tag(
        sync=True
    )
    source = traitlets.Enum(SOURCES, "own", help="where the image comes from").tag(sync=True)
    step = traitlets.CInt(0, help="the pixel of the result that is explained, row by row").tag(
        sync=True
    )
    speed = traitlets.CFloat(1.0, help="times the usual pace").tag(sync=True)
    playing = traitlets.Bool(False, help="the window scans the image").tag(sync=True)
    picture = traitlets.Dict(help="the image, as the browser takes it").tag(
        sync=True, computed=True
    )
    mine = traitlets.List(help="the modes in which there is a filter of one's own").tag(
        sync=True, computed=True
    )
    album = traitlets.Dict(help="in an exported page: the scene of every preset").tag(
        sync=True, computed=True
    )
    x = Array(help="the image, (H, W, 1) or (H, W, 3)")
    w = Array(help="the filters, (K, F, F, C // groups)")
    b = Array(help="the biases, (K,)")

    def __init__(self, x=None, w=None, b=None, **traits):
        self.note = ""
        self._taken = None
        self.own = {}
        preset = traits.pop("preset", None)
        super().__init__(**traits)
        if w is not None:
            self.kernel_size = filter_size(w)
        self._set_image(self._start() if x is None else x)
        if w is None:
            self._start_with(preset or presets.FIRST[self.mode], "shown" not in traits)
        else:
            self.w, self.b = w, np.zeros(self.filters)
        self.b = self.b if b is None else b
        self._compute(picture=True)
        self.begin()
        self.step = traits.get("step", self._middle())

    @property
    def groups(self):
        """3 where every channel is filtered by itself, else 1."""
        return 3 if self.mode == "each" else 1

    @property
    def channels(self):
        return 1 if self.mode == "grey" else 3

    @property
    def filters(self):
        return 3 if self.mode in ("each", "mix") else 1

    @property
    def outputs(self):
        """How many pixels the result has; 0 where the filter does not fit."""
        return self.scene.get("outputs", 0)

    def result(self):
        """The filtered image ``(OH, OW, K)``."""
        return scene.filtered(self)

    def _start(self):
        if self.source == "own":
            self.source = "photograph"
        return self._image(self.source)

    def _image(self, source):
        if source != "photograph":
            image = source_image(source)
            return hundredths(image / image.max())
        try:
            return hundredths(photograph(LONGEST))
        except PhotographError as missing:
            self.note = str(missing)
            return self._image("digit")

    def _set_image(self, x):
        """Keep an image of any size and depth as it came, and in ``x`` as the mode wants it."""
        self._keep(x)
        self._convert()

    def _keep(self, x):
        self._taken, (H, W) = as_image(x)
        self._tell_shrunk(H, W)

    def _tell_shrunk(self, H, W):
        rows, columns, _ = self._taken.shape
        if (rows, columns) != (H, W):
            self.note = self.say("filterlab.shrunk", H=H, W=W, rows=rows, columns=columns)

    def _convert(self):
        self.x = with_channels(self._taken, self.channels)

    def _start_with(self, preset, show=True):
        if preset not in presets.PRESETS[self.mode]:
            known = ", ".join(map(repr, presets.PRESETS[self.mode]))
            raise ValueError(f"the mode {self.mode!r} has no preset {preset!r}: use one of {known}")
        self.preset = preset
        self.w, self.b = presets.weights(self.mode, preset, self.kernel_size)
        if show:
            self.shown = presets.shown(preset)

    def _middle(self):
        OH, OW = self.scene["y"]["shape"][:2] if self.outputs else (0, 0)
        return OH // 2 * OW + OW // 2

    def _compute(self, picture=False):
        with self.hold_sync():
            if picture:
                self.picture = scene.picture(self)
            before = self.outputs
            self.publish(scene.scene(self))
            self._remember()
            if self.outputs != before:
                self.step = self._middle()

    @reacts("shown")
    def _other_colours(self, change):
        self._remember()

    def _remember(self):
        """Keep a filter of one's own: presets replace it, and it can be brought back."""
        if self.preset == "own":
            self.own[self.mode] = (self.w, self.b, self.shown)
            self.mine = list(self.own)

    @reacts("mode")
    def _changed_mode(self, change):
        known = presets.PRESETS[change.new]
        preset = self.preset if self.preset in known else presets.FIRST[change.new]
        with self.rearranging(picture=True):
            self._convert()
            self._start_with(preset)

    @reacts("preset")
    def _chosen(self, change):
        if change.new in presets.PRESETS[self.mode]:
            with self.rearranging():
                self._start_with(change.new)

    @reacts("kernel_size")
    def _sized(self, change):
        with self.rearranging():
            self._refit()

    def _refit(self):
        """The preset at the new size; a filter of one's own keeps its middle."""
        if self.preset != "own":
            self.w = presets.weights(self.mode, self.preset, self.kernel_size)[0]
        elif self.mode != "mix":
            self.w = grown(self.w, self.kernel_size)

    @reacts("w", "b")
    def _edited(self, change):
        with self.rearranging():
            self._make_own()

    def _make_own(self):
        self.preset = "own"
        if self.mode != "mix":
            self.kernel_size = self.w.shape[1]

    @reacts("x")
    def _replaced(self, change):
        with self.rearranging(picture=True):
            self.source = "own"

    @reacts("stride", "padding", "language")
    def _slid(self, change):
        self._compute()

    @reacts("source")
    def _load(self, change):
        if change.new != "own":
            self.note = ""
            with self.rearranging(picture=True):
                self._set_image(self._image(change.new))

    def frame(self, t=None):
        """Pixel ``t`` of the result (the present one if None): place, steps of its trace, totals,
        code and sentence.
        """
        if not self.outputs:
            return {"place": None, "sentence": self.scene["problem"]["sentence"]}
        return scene.frame(self, self.step if t is None else min(max(t, 0), self.outputs - 1))

    def draw_static(self, figure):
        """Image, filter and result side by side on a matplotlib figure."""
        draw_static(self, figure)

    def export(self, path):
        """As every view; the page carries the result of every preset, because it has no kernel to
        ask.
        """
        self.album = album(self)
        try:
            return super().export(path)
        finally:
            self.album = {}
