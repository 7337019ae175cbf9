"""The life-cycle of a view whose scene follows its traits.

While a view is built nothing reacts; with its first scene computed, ``begin()`` opens it. From
there on the method that ``reacts`` to a trait answers its changes; changes that belong together
stand inside ``changing()``, where none of them is answered alone. ``publish`` sends each scene.
"""

from contextlib import contextmanager
from functools import wraps

import traitlets

from .locked import LockedView


def reacts(*names):
    """The method answers changes of these traits, but not those made inside ``changing()``."""

    def decorate(method):
        @wraps(method)
        def react(self, change):
            if not self.is_changing:
                method(self, change)

        return traitlets.observe(*names)(react)

    return decorate


class SceneView(LockedView):
    """A view that computes its scene again when a trait changes."""

    _open_changes = 1  # how many ``changing()`` are open; being built counts as one

    def begin(self):
        """With the first scene there: from now on the view reacts, to traits and to the browser."""
        self._open_changes = 0
        self.on_msg(self._on_message)
        self.open()

    @property
    def is_changing(self):
        """Are there changes under way that belong together?"""
        return self._open_changes > 0

    @contextmanager
    def changing(self):
        """Changes inside belong together: they are sent at once, and none is answered alone."""
        with self.hold_sync():
            self._open_changes += 1
            try:
                yield
            finally:
                self._open_changes -= 1

    @contextmanager
    def rearranging(self, **options):
        """Changes inside belong together; after them the scene is computed once, with these
        options.
        """
        with self.changing():
            yield
        if not self.is_changing:
            self._compute(**options)

    def _compute(self, **options):
        """Compute the scene and publish it."""
        raise NotImplementedError

    def publish(self, scene):
        """Send the scene. Its serial number makes it differ from the one before, so that the
        browser always hears of it.
        """
        self.scene = {**scene, "serial": self.scene.get("serial", 0) + 1}

    def _on_message(self, widget, content, buffers):
        """A message from the browser; a subclass says what it means."""
