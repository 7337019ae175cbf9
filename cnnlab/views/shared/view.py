"""The base of every view: its browser modules, its texts, its scene, its static image, its export.

A view computes a scene (plain data and arrays) when a trait changes and sends it once; the browser
animates it.
"""

from __future__ import annotations

import os
from inspect import signature
from math import isfinite
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from ... import validation
from ...atomic import written
from ...texts import known, language, texts
from .page import BELONGS_TO_JUPYTER, page
from .static_image import png, reopened_html

SPEEDS = (0.25, 0.5, 1, 2, 4, 8)  # times the usual pace


def packed(array, dtype="float64"):
    """An array as the browser takes it: ``{shape, type, data}`` with its bytes."""
    array = np.ascontiguousarray(array, dtype)
    return {"shape": list(array.shape), "type": dtype, "data": array.tobytes()}


def json_number(value):
    """A number as JSON can tell it, which has no word for NaN or infinity: those, like None, are
    None.
    """
    return float(value) if value is not None and isfinite(value) else None


class View(anywidget.AnyWidget):
    """A widget one can touch. Its parameters are traits: link them, observe them, set them.

    Arguments:
        **traits: any of the traits of the view.
    """

    language = traitlets.Unicode(help="the language of its words").tag(sync=True)
    texts = traitlets.Dict().tag(sync=True, computed=True)
    scene = traitlets.Dict(help="what there is to paint").tag(sync=True, computed=True)
    choices = traitlets.Dict(help="what the menus offer").tag(sync=True, computed=True)
    limits = traitlets.Dict(help="the ends of each slider").tag(sync=True, computed=True)

    def __init__(self, **traits):
        known = self._arguments()
        given = [name for name in traits if name not in BELONGS_TO_JUPYTER]
        validation.arguments(type(self).__name__, given, sorted(known))
        super().__init__(**traits)
        self.texts = texts("views", self.language)

    def open(self):
        """Open the widget to the browser, unless its scene is yet to come.

        Another thread may send the state of every open widget at any time: one without a scene has
        nothing to paint.
        """
        if self.scene:
            super().open()

    @classmethod
    def _arguments(cls):
        """The names that the constructor takes: its own, and all traits that are not computed."""
        traits = {name for name in cls.class_trait_names(computed=None) if not name.startswith("_")}
        return (traits | set(signature(cls).parameters)) - {"traits", *BELONGS_TO_JUPYTER}

    @traitlets.default("choices")
    def _choices(self):
        """The values of each trait that takes one of a few: an Enum, or by its tag ``choices``."""
        offered = {
            name: getattr(trait, "values", trait.metadata.get("choices"))
            for name, trait in self.traits(sync=True).items()
        }
        lists = {name: list(values) for name, values in offered.items() if values}
        return {"speed": SPEEDS, **lists}

    @traitlets.default("limits")
    def _limits(self):
        """The ends ``[low, high]`` of each trait that has them."""
        traits = self.traits(sync=True, bounded=True)
        return {name: [trait.low, trait.high] for name, trait in traits.items()}

    @traitlets.default("language")
    def _present_language(self):
        return language()

    @traitlets.validate("language")
    def _known_language(self, proposal):
        try:
            return known(proposal.value)
        except ValueError as error:
            raise traitlets.TraitError(str(error)) from None

    @traitlets.observe("language")
    def _speak(self, change):
        self.texts = texts("views", change.new)

    def say(self, key: str, **values: Any) -> str:
        """The words for ``key`` in the view's language, with the ``values`` put in."""
        return texts("views", self.language)[key].format(**values)

    def frame(self, t: int | None = 0) -> dict[str, Any]:
        """The state at tick ``t`` as plain data; ``frame(t)["sentence"]`` says it in words."""
        raise NotImplementedError

    def draw_static(self, figure: Any) -> None:
        """Draw the present state on a matplotlib ``figure``."""
        raise NotImplementedError

    def png(self) -> bytes:
        """The present state as the bytes of a PNG, for where no widget can be shown."""
        with language(self.language):
            return png(self.draw_static)

    def export(self, path: str | os.PathLike) -> Path:
        """Write one self-contained page that animates without a kernel and without a network.

        Arguments:
            path: where.

        Returns:
            The Path.

        Raises:
            OSError: the file cannot be written; an older file is then left as it was.
        """
        path, text = Path(path), page(self)
        try:
            with written(path, "w", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            raise OSError(
                error.errno, f"{error.strerror}: choose another place for the page", str(path)
            ) from error
        return path

    def caption(self) -> str:
        """The present state in one sentence; in predict mode without the answer."""
        return self.frame()["sentence"]

    def __repr__(self):
        return f"{type(self).__name__}: {self.caption()}"

    def _repr_mimebundle_(self, **options):
        bundle = super()._repr_mimebundle_(**options)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
        if data is None:
            return None
        alt = {"image/png": {"alt": self.caption()}}
        return {**data, "text/plain": repr(self), "image/png": self.png()}, {**metadata, **alt}

    def _ipython_display_(self):
        """Show the widget, and behind it the image that is seen when the notebook is reopened
        without a kernel.
        """
        from IPython.display import display

        data, metadata = self._repr_mimebundle_()
        display(data, metadata=metadata, raw=True)
        words = self.say("view.static_image")
        display({"text/html": reopened_html(data["image/png"], self.caption(), words)}, raw=True)
