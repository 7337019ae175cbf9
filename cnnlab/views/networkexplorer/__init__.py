"""Look inside any net: a column of maps for every layer, and how any unit of it is computed.

Python runs the net and sends the maps once for each image; hovering needs no kernel.
"""

from __future__ import annotations

import numpy as np
import traitlets

from ...explain.graph import activations, graph, node_number
from ..shared import uploads
from ..shared.bundle import module, style
from ..shared.net_inputs import names, net_and_data
from ..shared.net_view import NetInputView
from ..shared.scene_view import reacts
from . import decomposition, scene
from .static import draw_static

SCOPES = ("unit", "layer", "network")
SOURCES = ("test", "draw", "own")


class NetworkExplorer(NetInputView):
    """The inside of a net, from the image to the answer; ``refresh()`` looks at the net again.

    Arguments:
        net: a Sequential; a small one trained on clothes if None.
        data: images to choose from: a Dataset, a Split or a pair ``(x, y)``.
        x: the image shown, ``(H, W, C)``.
        picture: its number in the data.
        unit: the unit shown, as ``["3", 5]``: the layer's place in the net, or its number, and the
            channel; an empty list shows all.
        place: the place ``[i, j]`` in its map whose numbers are written out.
        **traits: any of the traits below.

    Raises:
        ValueError: the arguments do not go together.
        TypeError: something is of the wrong kind.

    Examples:
        >>> from cnnlab import views
        >>> net = cnnlab.Sequential(cnnlab.Flatten(), cnnlab.Linear(10), input_shape=(8, 8, 1))
        >>> explorer = views.NetworkExplorer(net, cnnlab.data.load("digits"))
        >>> len(explorer.frame()["scores"])
        10
    """

    _esm = module("networkexplorer")
    _css = style("networkexplorer")

    scope = traitlets.Enum(SCOPES, "layer", help="what shares a scale of colours").tag(sync=True)
    unit = traitlets.List(help="the unit taken apart: [layer, channel], or nothing").tag(sync=True)
    place = traitlets.List(help="the place in its map that is written out: [i, j]").tag(sync=True)
    source = traitlets.Enum(SOURCES, "test", help="where the image comes from").tag(sync=True)
    pages = traitlets.Dict(
        help="by layer: which of its maps are shown, where there are too many"
    ).tag(sync=True)
    decomposition = traitlets.Dict(help="how the unit is computed").tag(sync=True, computed=True)
    album = traitlets.Dict(help="in an exported page: how every unit is computed").tag(
        sync=True, computed=True
    )

    def __init__(self, net=None, data=None, *, x=None, picture=0, unit=(), place=(), **traits):
        super().__init__(**traits)
        self._set_net(*net_and_data(net, data))
        self.picture = picture
        self.source = "test" if x is None else "own"
        self.x = self.data[self.picture] if x is None else x
        self._compute()
        self.begin()
        self.unit, self.place = list(unit), list(place)

    @property
    def nodes(self):
        """The nodes of the net as it was when its maps were last computed, see
        ``explain.graph``.
        """
        return self._nodes

    @property
    def activations(self):
        """What every node makes of the image: a list of arrays."""
        return self._activations

    @property
    def truth(self):
        """The number of the image's class, or None where it is unknown."""
        return self.class_number(self.picture) if self.source == "test" else None

    def refresh(self):
        """Look at the net again: it may have been trained, or edited."""
        self._compute()

    def number(self, layer):
        """The number of the node of this name or number. Raises ValueError for one there is not."""
        return node_number(self._nodes, layer)

    def _compute(self):
        """Run a copy of the net, so that somebody may train the net itself meanwhile, and send what
        it makes.
        """
        net = self.net.copy()
        self._nodes = graph(net)
        self._activations = activations(self._nodes, self.x)
        with self.hold_sync():
            if self.unit and not self._has(*self.unit):
                self.unit = []
            self.publish(scene.scene(self))
            self._decompose()

    def _has(self, layer, channel):
        return any(node.name == layer and channel < node.units for node in self._nodes[1:])

    def _decompose(self):
        self.decomposition = decomposition.packed_unit(self) if self.unit else {}

    @traitlets.validate("unit")
    def _known_unit(self, proposal):
        if not proposal.value:
            return []
        if len(proposal.value) != 2:
            raise ValueError(
                f"unit {proposal.value!r} is not a layer and a channel: use such as ['3', 5]"
            )
        layer, channel = proposal.value
        number = self.number(layer)
        return [self._nodes[number].name, int(min(max(channel, 0), self._nodes[number].units - 1))]

    @traitlets.validate("place")
    def _in_map(self, proposal):
        if not self.unit or len(proposal.value) != 2:
            return []
        size = decomposition.size_of(self)
        return [int(min(max(at, 0), n - 1)) for at, n in zip(proposal.value, size, strict=True)]

    @reacts("net")
    def _other_net(self, change):
        """The image stays if the new net takes it, and so does the unit if the new net has it."""
        if change.new.input_shape in (None, self.x.shape):
            self.classes = names(change.new, self.classes)
            self._compute()
            return
        with self.changing():
            self._set_net(*net_and_data(change.new))
            self.picture = 0
            self.unit = []
            self.place = []
            self.pages = {}
        self._show(self.data[0], "test")

    @reacts("source")
    def _other_source(self, change):
        """Back to the images of the data, or a clean sheet to draw on; an image that the learner
        opens comes by itself.
        """
        if change.new == "draw":
            self._show(np.full(self.net.input_shape, self.ends[0]), "draw")
        else:
            super()._other_source(change)

    @reacts("unit")
    def _other_unit(self, change):
        with self.hold_sync():
            self.place = []
            self._decompose()

    @reacts("pages", "language")
    def _paged(self, change):
        self._compute()

    @reacts("place")
    def _moved(self, change):
        """Of very many channels only the strongest are sent: at another place they are others."""
        if self.decomposition.get("left"):
            self._decompose()

    def frame(self, t=None):
        """Image ``t`` (the one shown if None) as plain data.

        ``scores`` by class, ``layers`` (name, kind, shape, how many of how many maps are shown) and
        the sentence; of the image shown also ``unit``: the unit with its place, terms,
        sums, bias and total.
        """
        return scene.frame(self, t)

    def draw_static(self, figure):
        """The columns of all layers, or how the chosen unit is computed, on a matplotlib figure."""
        draw_static(self, figure)

    def export(self, path):
        """As every view; the page carries how its units are computed, because it has no kernel to
        ask.
        """
        self.album = decomposition.album(self)
        try:
            return super().export(path)
        finally:
            self.album = {}

    def _on_message(self, widget, content, buffers):
        """A stroke was drawn, an image opened or turned to its negative."""
        kind = content.get("kind")
        if kind == "drawn":
            x = np.frombuffer(buffers[0], np.float32)
            if x.size == self.x.size:  # the net may have changed since
                self._show(x.reshape(self.x.shape), "draw")
        if kind == "negative":
            self._show(
                sum(self.ends) - self.x, "own" if self.source == "test" else self.source, self.note
            )
        if kind == "image" and len(self.net.input_shape) == 3:
            self._show(*uploads.opened(self, content, buffers))
