"""The FilterGallery view: all filters of a layer, and for one its numbers and best patches.

What a net has learnt to look for is best seen twice: in its weights, and in what answers to them.
"""

from __future__ import annotations

import numpy as np
import traitlets

from ...explain.weights import filters_of
from ...numbers import format_number
from ..galleries import Gallery
from ..galleries.best import titled
from ..galleries.pixels import abs_maxima, packed_tiles
from ..galleries.plan import plan
from ..galleries.weights import biases, nearly_zero, norms
from ..shared.bundle import module, style
from ..shared.scene_view import reacts
from ..shared.view import packed
from .detail import detail, slices_shown
from .static import draw_static

WIDTH, HEIGHT = 660, 442  # of the part of the drawing that the filters have
COLOUR = 3  # channels that are red, green and blue


class FilterGallery(Gallery):
    """The filters of a layer, and the patches that each likes best.

    ``refresh()`` looks at the net again.

    Arguments:
        net: a Sequential; a small one trained on clothes if None.
        data: images to take patches from: a Dataset, a Split or a pair ``(x, y)``.
        layer: its place in the net or its name, such as "2.body.0"; the first convolution if None.
        unit: the filter shown large.
        page: of a layer with many filters.
        **traits: any of the traits below.

    Examples:
        >>> from cnnlab import views
        >>> net = cnnlab.Sequential(cnnlab.Conv2d(16, 3), input_shape=(8, 8, 1))
        >>> gallery = views.FilterGallery(net, cnnlab.data.load("digits").test[:20])
        >>> gallery.frame()["weights"].shape
        (3, 3, 1)
    """

    NOTHING, HOLES = "filtergallery.nothing", "filtergallery.holes"

    _esm = module("filtergallery")
    _css = style("galleries", "filtergallery")

    scope = traitlets.Enum(("unit", "layer"), "layer", help="what shares a scale of colours").tag(
        sync=True
    )
    sort = traitlets.Enum(("index", "norm"), "index", help="the order of the filters").tag(
        sync=True
    )

    def shown_nodes(self):
        return [n for n, node in enumerate(self.nodes) if node.kind.filters]

    def _rebuild_graph(self):
        super()._rebuild_graph()
        self._plans = {}

    @property
    def weights(self):
        """The filters of the layer as ``(K, FH, FW, C)``."""
        return filters_of(self.nodes, self.number)

    @property
    def bias(self):
        """The bias of each filter; None without one."""
        return biases(self.nodes, self.number)

    @property
    def coloured(self):
        """Do the filters read red, green and blue?"""
        return self.node.inputs[0] == 0 and self.weights.shape[-1] == COLOUR == self.nodes[0].units

    def plan(self):
        if self.number not in self._plans:
            K, FH, FW, C = self.weights.shape
            self._plans[self.number] = plan(K, 1 if self.coloured else C, FH, FW, WIDTH, HEIGHT)
        return self._plans[self.number]

    def order(self):
        if self.sort == "index":
            return range(self.node.units)
        return np.argsort(-np.nan_to_num(norms(self.weights), nan=-1.0), kind="stable")

    def mark(self, unit):
        """ "zero": nearly; "dead"; or nothing."""
        return "zero" if nearly_zero(norms(self.weights))[unit] else super().mark(unit)

    def _scene(self, units):
        w = self.weights
        own, _ = abs_maxima(w[units])
        return {
            "shape": list(w.shape[1:]),
            "coloured": self.coloured,
            "names": self.names(units),
            "tiles": packed_tiles(w[units]),
            "largest": packed(own),
            "limit": abs_maxima(w)[1],
            "stats": packed(self.stats()[units]),
        }

    def stats(self):
        """For each filter its norm, its mean and its bias (NaN without one): ``(K, 3)``."""
        w = np.asarray(self.weights, float)
        bias = np.full(len(w), np.nan) if self.bias is None else self.bias
        return np.stack([norms(w), w.mean(axis=(1, 2, 3)), bias], axis=1)

    def _detail(self, unit):
        return {
            "unit": unit,
            "layer": self.node.name,
            "mark": self.mark(unit),
            "largest": float(abs_maxima(self.weights[[unit]])[1]),
            **detail(self, unit),
            **titled(self, unit),
        }

    def title(self):
        FH, FW, C = self.weights.shape[1:]
        words = {
            "layer": self.layer_name(self.number).split(" · ")[0],
            "size": f"{FH}×{FW}×{C}",
            "which": self.which(self.say("gallery.filters")),
        }
        return self.say(
            "filtergallery.heading_local" if self.node.kind.unshared else "filtergallery.heading",
            **words,
        )

    def unit_words(self, unit):
        """A filter in numbers, as a sentence."""
        norm, mean, bias = self.stats()[unit]
        words = {
            "unit": unit,
            "norm": format_number(norm),
            "mean": format_number(mean),
            "bias": format_number(bias),
        }
        line = self.say(
            "filtergallery.unit" if self.bias is not None else "filtergallery.unit_no_bias", **words
        )
        mark = self.mark(unit)
        more = self.say(f"filtergallery.is_{mark}") if mark else ""
        return f"{line} {more}".strip()

    def sentence(self, unit=None):
        """The page and the filter shown large, in words."""
        unit = self.unit if unit is None else unit
        return f"{self.title()}. {self.unit_words(unit)} {self.best_words(self.best(unit))}"

    def _values(self):
        return self.weights

    def frame(self, t=None):
        """Filter ``t`` (the one shown large if None) as plain data.

        ``layer``, the ``units`` of the page ``of`` how many, ``norm``, ``mean``, ``bias``,
        ``weights`` of the filter, its best patches (``images``, ``places``, ``values``, ``boxes``),
        those that are ``dead``, and the sentence.
        """
        if self.number is None:
            return {"layer": None, "units": [], "of": 0, "sentence": self.scene["sentence"]}
        unit = self.unit if t is None else int(min(max(t, 0), self.node.units - 1))
        found = self.best(unit)
        return {
            "layer": self.node.name,
            "units": self.shown(),
            "of": self.node.units,
            "unit": unit,
            **dict(zip(("norm", "mean", "bias"), self.stats()[unit].tolist(), strict=True)),
            "weights": self.weights[unit],
            **{
                name: getattr(found, name).tolist()
                for name in ("images", "places", "values", "boxes")
            },
            "dead": [k for k in range(self.node.units) if self.is_dead(k)],
            "slices": slices_shown(self.weights[unit], self.coloured),
            "sentence": self.sentence(unit),
        }

    def draw_static(self, figure):
        """The filters of the page and the best patches of one of them, on a matplotlib figure."""
        draw_static(self, figure)

    @reacts("sort")
    def _other_order(self, change):
        self._sorted()
