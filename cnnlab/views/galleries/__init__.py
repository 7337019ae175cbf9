"""What both galleries share: a net, one of its layers, pages of units, and a unit's patches.

Python computes when the layer, the page or the unit changes; hovering and colours need no kernel.
"""

import numpy as np
import traitlets

from ...explain.graph import graph, node_number
from ..shared.layer_labels import words
from ..shared.net_inputs import net_and_data
from ..shared.net_view import NetView
from ..shared.scene_view import reacts
from . import best


class Gallery(NetView):
    """Units of a layer of ``net`` on pages. A subclass says which layers it shows, what a tile is
    and how to sort.
    """

    NOTHING = HOLES = ""  # keys of sentences: there is no layer to show; some values are no numbers

    layer = traitlets.Any("", help="the layer shown: its place in the net, or its name").tag(
        sync=True
    )
    unit = traitlets.CInt(0, help="the unit that is shown large").tag(sync=True)
    page = traitlets.CInt(0, help="which page of the units").tag(sync=True)
    whole = traitlets.Bool(False, help="whole images instead of patches").tag(sync=True)
    detail = traitlets.Dict(help="the unit that is shown large").tag(sync=True, computed=True)
    album = traitlets.Dict(help="in an exported page: every unit of the page").tag(
        sync=True, computed=True
    )

    def __init__(self, net=None, data=None, *, layer=None, unit=0, page=0, **traits):
        super().__init__(**traits)
        self._set_net(*net_and_data(net, data))
        self._rebuild_graph()
        self.layer = self._first() if layer is None else layer
        self.unit, self.page = unit, page
        self._prepare()
        self._compute(to_unit=bool(unit))
        self.begin()

    def _rebuild_graph(self):
        """Look at the net as it is now: at a copy, so that somebody may train the net itself
        meanwhile.
        """
        self.nodes = graph(self.net.copy())
        self._seen = {}

    def _prepare(self):
        """What a subclass needs before the first scene."""

    @property
    def images(self):
        """The data as images (N, H, W, C); rows of numbers are images one pixel high."""
        return self.data if self.data.ndim == 4 else self.data[:, None, :, None]

    @property
    def number(self):
        """The number of the node shown; None where there is none."""
        return node_number(self.nodes, self.layer) if self.layer != "" else None

    @property
    def node(self):
        """The node shown."""
        return self.nodes[self.number]

    @property
    def seen(self):
        """What the units of the layer make of the data, see ``best.Seen``."""
        if self.number not in self._seen:
            self._seen[self.number] = best.seen(self.nodes, self.number, self.data)
        return self._seen[self.number]

    def label(self, n):
        """What image n shows: the name of its class, or its number."""
        known = self.class_number(n)
        return self.say("gallery.picture", n=int(n)) if known is None else self.classes[known]

    def named(self, n):
        """Image n with its number and, where it is known, what it shows."""
        if self.class_number(n) is not None:
            return self.say("gallery.picture_named", n=int(n), label=self.label(n))
        return self.say("gallery.picture", n=int(n))

    def refresh(self):
        """Look at the net again: it may have been trained, or edited."""
        self._rebuild_graph()
        self._compute()

    def _first(self):
        """The name of the layer shown at first."""
        numbers = self.shown_nodes()
        convolutions = [n for n in numbers if not self.nodes[n].flat]
        return self.nodes[(convolutions or numbers)[0]].name if numbers else ""

    def layer_name(self, number):
        """A layer as the menu calls it: "3 · conv 16·3×3"."""
        node = self.nodes[number]
        return f"{node.name} · {' '.join(words(self, node)).strip()}"

    # A subclass has shown_nodes(), the numbers of its nodes; plan(), the Plan of its pages;
    # order() of its units; title() and sentence(); _scene(units), what is particular to its page;
    # _detail(unit), a unit shown large; and _values(), those that should be numbers.

    @property
    def pages(self):
        """How many pages there are."""
        return -(-self.node.units // self.plan().count) if self.number is not None else 1

    def shown(self):
        """The units of the page."""
        count = self.plan().count
        return [int(unit) for unit in self.order()[self.page * count : (self.page + 1) * count]]

    def _compute(self, to_unit=False):
        """Send the page; ``to_unit``: the one that shows the unit."""
        with self.changing():
            if self.number is None:
                scene, self.detail = self._nothing(), {}
            else:
                self._choose_page(to_unit)
                scene = {**self._common(), **self._scene(self.shown())}
                self.detail = self._detail(self.unit)
            self.publish(scene)

    def _choose_page(self, to_unit):
        self.unit = min(max(self.unit, 0), self.node.units - 1)
        first = list(self.order()).index(self.unit) // self.plan().count if to_unit else self.page
        self.page = min(max(first, 0), self.pages - 1)

    def _nothing(self):
        """There is no layer to show: a sentence says so."""
        line = self.say(self.NOTHING, layers=len(self.nodes) - 1)
        return {
            "layers": [],
            "layer": "",
            "units": [],
            "sentence": line,
            "problem": {"sentence": line, "repairs": []},
        }

    def _common(self):
        """What the scenes of all galleries hold."""
        units, node = self.shown(), self.node
        return {
            "layers": [[self.nodes[n].name, self.layer_name(n)] for n in self.shown_nodes()],
            "layer": node.name,
            "units": units,
            "of": node.units,
            "pages": self.pages,
            "plan": self.plan().plain(),
            "marks": [self.mark(unit) for unit in units],
            "images": self.seen.images,
            "title": self.title(),
            "problem": self._problem(),
            "sentence": self.sentence(),
        }

    def is_dead(self, unit):
        """Did the ReLU behind it give 0 for all images, everywhere?"""
        return self.seen.dead is not None and bool(self.seen.dead[unit])

    def mark(self, unit):
        """ "dead", or nothing."""
        return "dead" if self.is_dead(unit) else ""

    def which(self, things):
        """Which units the page shows, in words: "filters 0–15 of 64"."""
        units, first = self.shown(), self.page * self.plan().count
        if len(units) == self.node.units:
            return self.say("gallery.all", count=len(units), things=things)
        by_index = self.sort == "index"
        low, high = (units[0], units[-1]) if by_index else (first + 1, first + len(units))
        words = {"low": low, "high": high, "of": self.node.units, "things": things}
        return self.say("gallery.some" if by_index else "gallery.ranks", **words)

    def best(self, unit):
        """The BestPatches of a unit over the data."""
        return best.best(self.nodes, self.number, self.images, self.seen, unit)

    def best_words(self, found):
        """Where a unit is largest, in one sentence."""
        return best.words(self, found)

    def _problem(self):
        values = self._values()
        holes = int(values.size - np.count_nonzero(np.isfinite(values)))
        if holes:
            line = self.say(
                self.HOLES, holes=holes, of=values.size, layer=self.layer_name(self.number)
            )
            return {"sentence": line, "repairs": [], "mild": False}
        return None

    def export(self, path):
        """As every view; the page carries the units it shows, as many as there is room for."""
        self.album = best.album(self._detail, self.scene["units"])
        try:
            return super().export(path)
        finally:
            self.album = {}

    @traitlets.validate("layer")
    def _known_layer(self, proposal):
        """The name of the layer. Raises ValueError, with the layers there are, for one that cannot
        be shown.
        """
        if not hasattr(self, "nodes") or proposal.value == "":
            return proposal.value
        names = [self.nodes[n].name for n in self.shown_nodes()]
        name = self.nodes[node_number(self.nodes, proposal.value)].name
        if name not in names:
            raise ValueError(
                f"layer {name} cannot be shown: use one of {', '.join(names) or 'none'}"
            )
        return name

    @traitlets.validate("unit", "page")
    def _in_range(self, proposal):
        if self.is_changing:
            return proposal.value
        last = (
            (self.node.units if proposal.trait.name == "unit" else self.pages) - 1
            if self.number is not None
            else 0
        )
        return min(max(proposal.value, 0), last)

    def names(self, units):
        """The classes that these units of the last layer stand for; none of another layer."""
        return [self.classes[unit] for unit in units] if self.number == len(self.nodes) - 1 else []

    @reacts("net")
    def _other_net(self, change):
        """Another net: its first layer is shown, over the same images if they fit it."""
        fits = change.new.input_shape in (None, self.data.shape[1:])
        known = self.labels is not None and self.labels.max() < change.new.output_shape[-1]
        data = (self.data, self.labels) if fits and known else self.data if fits else None
        net, data, labels, classes = net_and_data(change.new, data)
        named = fits and len(self.classes) == len(classes)
        with self.rearranging():
            self._set_net(net, data, labels, self.classes if named else classes)
            self._rebuild_graph()
            self.layer = self._first()
            self.unit = 0
            self.page = 0
            self._prepare()

    @reacts("layer")
    def _other_layer(self, change):
        with self.rearranging():
            self.unit = self.page = 0

    @reacts("page", "language")
    def _turned(self, change):
        self._compute()

    @reacts("unit")
    def _other_unit(self, change):
        """It is shown large; its page comes if it is another one."""
        if self.number is None:
            return
        if change.new in self.scene["units"]:
            self.detail = self._detail(change.new)
        else:
            self._compute(to_unit=True)

    def _sorted(self):
        """Units in another order: the first page."""
        with self.rearranging():
            self.page = 0
