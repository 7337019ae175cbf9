"""The ActivationGallery view: all maps of a layer for an image, and what excites a unit most.

The scale of colours is symmetric about zero, and shared by a unit, a layer or the whole network.
"""

from __future__ import annotations

import numpy as np
import traitlets

from ...explain.graph import activations
from ...numbers import format_number, format_percent
from ..galleries import Gallery
from ..galleries.best import titled
from ..galleries.pixels import abs_maxima, fitted, packed_tiles
from ..galleries.plan import plan
from ..shared.bundle import module, style
from ..shared.net_view import NetInputView
from ..shared.scene_view import reacts
from ..shared.uploads import opened
from ..shared.view import packed
from .input_panel import field_tables, input_panel
from .static import draw_static

WIDTH, HEIGHT = 600, 426  # of the part of the drawing that the maps have
SOURCES = ("test", "own")


class ActivationGallery(NetInputView, Gallery):
    """The maps that a layer makes of an image, and the pixels behind each position.

    ``refresh()`` looks at the net again.

    Arguments:
        net: a Sequential; a small one trained on clothes if None.
        data: images to choose from: a Dataset, a Split or a pair ``(x, y)``.
        layer: its place in the net or its name, such as "2.body.0"; the first convolution if None.
        picture: the number of the image.
        x: the image shown, ``(H, W, C)``, instead.
        **traits: any of the traits below.

    Examples:
        >>> from cnnlab import views
        >>> net = cnnlab.Sequential(cnnlab.Conv2d(16, 3), input_shape=(8, 8, 1))
        >>> gallery = views.ActivationGallery(net, cnnlab.data.load("digits").test[:20])
        >>> gallery.frame()["map"].shape
        (6, 6)
    """

    NOTHING, HOLES = "activationgallery.nothing", "activationgallery.holes"

    _esm = module("activationgallery")
    _css = style("galleries", "activationgallery")

    scope = traitlets.Enum(("unit", "layer", "network"), "layer", help="what shares a scale").tag(
        sync=True
    )
    sort = traitlets.Enum(("index", "activity"), "index", help="the order of the maps").tag(
        sync=True
    )
    source = traitlets.Enum(SOURCES, "test", help="where the image comes from").tag(sync=True)
    playing = traitlets.Bool(False, help="run through the images").tag(sync=True)
    speed = traitlets.CFloat(1.0, help="times the usual pace").tag(sync=True)

    def __init__(self, net=None, data=None, *, layer=None, picture=0, x=None, **traits):
        self._first_image = picture, x
        super().__init__(net, data, layer=layer, **traits)

    def _prepare(self):
        self.note = ""
        picture, x = self._first_image
        self.picture = picture
        self.source = "test" if x is None else "own"
        self.x = self.data[self.picture] if x is None else x
        self._first_image = 0, None
        self._run()

    def _rebuild_graph(self):
        super()._rebuild_graph()
        self._plans, self._fields = {}, {}
        if not self.is_changing:
            self._run()

    def _run(self):
        self.activations = activations(self.nodes, self.x)

    def _show(self, x, source, note=""):
        with self.rearranging():
            super()._show(x, source, note)
            self._run()

    def shown_nodes(self):
        return list(range(1, len(self.nodes)))

    @property
    def maps(self):
        """The maps of the layer as ``(H, W, K)``; a row of numbers is one place."""
        values = self.activations[self.number]
        return values if values.ndim == 3 else values[None, None]

    @property
    def title_of_image(self):
        """Which image it is."""
        if self.source == "own":
            return self.say("activationgallery.own")
        named = self.named(self.picture)
        return named[0].upper() + named[1:]

    def plan(self):
        if self.number not in self._plans:
            H, W, K = self.maps.shape
            self._plans[self.number] = plan(K, 1, H, W, WIDTH, HEIGHT)
        return self._plans[self.number]

    def activity(self):
        """How active each unit is for the image: the mean magnitude of its map."""
        with np.errstate(all="ignore"):
            return np.abs(np.asarray(self.maps, float)).mean(axis=(0, 1))

    def order(self):
        if self.sort == "index":
            return range(self.node.units)
        return np.argsort(-np.nan_to_num(self.activity(), nan=np.inf), kind="stable")

    def _scene(self, units):
        maps = np.moveaxis(self.maps[..., units], -1, 0)
        small = fitted(maps)
        every = (abs_maxima(values[None])[1] for values in self.activations[1:])
        return {
            "shape": list(self.maps.shape[:2]),
            "flat": self.node.flat,
            "names": self.names(units),
            "tiles": packed_tiles(small[..., None]),
            "largest": packed(abs_maxima(maps)[0]),
            "limit": abs_maxima(self.maps)[1],
            "network": max(every),
            "zeros": float(np.mean(self.maps == 0)),
            "note": " ".join(filter(None, (self.note, self.scale))),
            "settings": {"picture": self.picture},
            **input_panel(self),
            **field_tables(self, units),
        }

    def _detail(self, unit):
        values = self.maps[..., unit]
        return {
            "unit": unit,
            "layer": self.node.name,
            "mark": self.mark(unit),
            "map": packed(values, "float32"),
            "largest": float(abs_maxima(values[None])[1]),
            "heading": self.say("activationgallery.large", unit=unit),
            "numbers": self.unit_words(unit),
            **titled(self, unit),
        }

    def title(self):
        things = self.say("gallery.numbers" if self.node.flat else "gallery.maps")
        words = {
            "layer": self.node.name,
            "which": self.which(things),
            "size": "×".join(map(str, self.maps.shape[:2])),
        }
        words["zeros"] = format_percent(np.mean(self.maps == 0))
        return self.say(
            "activationgallery.heading_flat" if self.node.flat else "activationgallery.heading",
            **words,
        )

    def unit_words(self, unit):
        """A map in numbers, as a sentence."""
        values = np.asarray(self.maps[..., unit], float)
        line = {"unit": unit, "layer": self.node.name, "value": format_number(values.flat[0])}
        if values.size == 1:
            return self.say("activationgallery.unit_value", **line)
        finite = np.where(np.isnan(values), -np.inf, values)
        if not np.any(values):
            return self.say(
                "activationgallery.unit_dead"
                if self.is_dead(unit)
                else "activationgallery.unit_zero",
                **line,
            )
        i, j = np.unravel_index(finite.argmax(), values.shape)
        zeros = format_percent(np.mean(values == 0))
        return self.say(
            "activationgallery.unit",
            **{**line, "value": format_number(values[i, j])},
            i=i,
            j=j,
            zeros=zeros,
        )

    def sentence(self, unit=None):
        """Image, page and unit in words."""
        unit = self.unit if unit is None else unit
        words = (
            self.title_of_image,
            self.title(),
            self.unit_words(unit),
            self.best_words(self.best(unit)),
        )
        return "{}. {}. {} {}".format(*words)

    def _values(self):
        return self.maps

    def frame(self, t=None):
        """Image ``t`` (the one shown if None) as plain data.

        ``picture``, ``label``, ``layer``, the ``units`` of the page ``of`` how many, ``unit`` with
        its ``map``, its best patches (``images``, ``places``, ``values``, ``boxes``), the share of
        ``zeros``, and the sentence.
        """
        if self.number is None:
            return {"layer": None, "units": [], "of": 0, "sentence": self.scene["sentence"]}
        if t is not None and (self.source, self.picture) != ("test", t):
            return self._state_of(t)
        return self._state()

    def _state_of(self, t):
        """What would be shown of image ``t`` of the data."""
        before = self.activations, self.source, self.picture
        with self.changing():
            self.source = "test"
            self.picture = t
            self.activations = activations(self.nodes, self.data[self.picture])
            try:
                return self._state()
            finally:
                self.activations, self.source, self.picture = before

    def _state(self):
        found = self.best(self.unit)
        return {
            "picture": self.picture if self.source == "test" else None,
            "label": self.label(self.picture) if self.source == "test" else None,
            "layer": self.node.name,
            "units": self.shown(),
            "of": self.node.units,
            "unit": self.unit,
            "map": self.maps[..., self.unit],
            **{
                name: getattr(found, name).tolist()
                for name in ("images", "places", "values", "boxes")
            },
            "zeros": float(np.mean(self.maps == 0)),
            "sentence": self.sentence(),
        }

    def draw_static(self, figure):
        """Image, maps and best patches on a matplotlib figure."""
        draw_static(self, figure)

    @reacts("sort")
    def _other_order(self, change):
        self._sorted()

    def _on_message(self, widget, content, buffers):
        """An image was opened in the browser."""
        if content.get("kind") == "image" and len(self.net.input_shape) == 3:
            self._show(*opened(self, content, buffers))
