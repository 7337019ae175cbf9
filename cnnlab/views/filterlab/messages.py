"""The messages of the browser to a FilterLab: painted weights, buttons, opened images."""

from ..shared.inputs import image_from_bytes
from .arrays import ACTIONS


class Messages:
    """The part of a FilterLab that answers the browser."""

    def _bring_back(self):
        """The last filter of one's own in this mode, with its size."""
        self.w, self.b, self.shown = self.own[self.mode]
        self._make_own()

    def _on_message(self, widget, content, buffers):
        """A weight was painted, a button pressed or an image opened."""
        kind = content.get("kind")
        if kind == "paint":
            self._paint(content["array"], tuple(content["place"]), float(content["value"]))
        if kind == "act" and content.get("name") in ACTIONS:
            self.w = ACTIONS[content["name"]](self.w)
        if kind == "mine" and self.mode in self.own:
            with self.rearranging():
                self._bring_back()
        if kind == "image":
            with self.rearranging(picture=True):
                self._open(content, buffers)

    def _open(self, content, buffers):
        """Take an image that the browser has opened; ``size`` is what it had before the browser
        shrank it.
        """
        self.note, self.source = "", "own"
        self._set_image(image_from_bytes(content, buffers))
        self._tell_shrunk(*content.get("size", self._taken.shape[:2]))

    def _paint(self, name, place, value):
        array = {"w": self.w, "b": self.b}[name].copy()
        # The array may have changed since the cell was drawn.
        if len(place) != array.ndim or not all(
            0 <= at < n for at, n in zip(place, array.shape, strict=True)
        ):
            return
        array[(slice(None), *place[1:]) if self.mode == "each" and name == "w" else place] = value
        setattr(self, name, array)
