"""What views of a net share: the net with its images, labels and classes, and the image shown.

The image comes from the data, or from the learner: opened, drawn, or set as ``x``.
"""

import numpy as np
import traitlets

from ...net import Sequential
from ...texts import language
from ...validation import instance
from .scene_view import SceneView, reacts
from .uploads import LONGEST_HELP, LONGEST_OPENED
from .values import Array


class NetView(SceneView):
    """A view of ``net``, a Sequential, and of what it makes of images."""

    net = traitlets.Any(help="the net")

    def _set_net(self, net, data, labels, classes):
        """The net, its images, their labels and the names of its outputs."""
        self.net = net
        self.data = data
        self.labels = labels
        self.classes = classes
        finite = data[np.isfinite(data)]
        self.ends = float(finite.min(initial=0)), float(finite.max(initial=0)) or 1.0

    @traitlets.validate("net")
    def _is_net(self, proposal):
        return instance("net", proposal.value, Sequential)

    def class_number(self, n):
        """The number of the class of image ``n``; None without labels, or where the net has no
        output for it.
        """
        known = self.labels is not None and 0 <= int(self.labels[n]) < len(self.classes)
        return int(self.labels[n]) if known else None


class NetInputView(NetView):
    """A view of what a net makes of one image ``x (H, W, C)``, by ``source`` one of the data or the
    learner's own.
    """

    note = ""  # how an opened image was changed to fit

    picture = traitlets.CInt(0, help="the number of the image, from 0").tag(sync=True)
    pictures = traitlets.CInt(1, help="how many images there are").tag(sync=True, computed=True)
    longest = traitlets.Int(LONGEST_OPENED, help=LONGEST_HELP).tag(sync=True, computed=True)
    x = Array(help="the image shown, (H, W, C)")

    def _set_net(self, net, data, labels, classes):
        super()._set_net(net, data, labels, classes)
        self.pictures = len(data)

    @property
    def scale(self):
        """A sentence if the image, or those of the data, look like bytes where 0 to 1 is meant;
        else "".
        """
        with language(self.language):
            return self.net.scale_sentence(self.data if self.source == "test" else self.x[None])

    def _show(self, x, source, note=""):
        """Another image, from somewhere else."""
        with self.rearranging():
            self.note = note
            self.source = source
            self.x = x

    @traitlets.validate("picture")
    def _in_data(self, proposal):
        return min(max(proposal.value, 0), self.pictures - 1)

    @traitlets.validate("x")
    def _fits(self, proposal):
        x = np.asarray(proposal.value)
        wanted = self.net.input_shape
        x = x[..., None] if x.shape == wanted[:-1] and wanted[-1] == 1 else x
        x = x[0] if x.shape[1:] == wanted and len(x) == 1 else x
        return self.net.accept(x[None])[0]

    @reacts("picture")
    def _other_image(self, change):
        self._show(self.data[change.new], "test")

    @reacts("x")
    def _own_image(self, change):
        self._show(self.x, "own")

    @reacts("source")
    def _other_source(self, change):
        if change.new == "test":
            self._show(self.data[self.picture], "test")
