"""The part of a net that answers questions about images: activations, scores, classes.

Any number of images go through a few at a time, and nothing is kept for a backward pass.
"""

from __future__ import annotations

import numpy as np

from . import kernels, validation
from .data.scale import warn_of_scale
from .layers.container import run_child
from .typing import Array, ArrayLike


class Prediction:
    """The part of a net that answers questions about images."""

    def activations(self, x: ArrayLike) -> list[Array]:
        """The output of every layer for a batch ``x``: a list of arrays ``(N, …)``."""
        x, outputs = self.accept(x), []
        for name, layer in self.children().items():
            x = run_child(name, layer, x)
            outputs.append(np.array(x))
        self.clear_saved()
        return outputs

    def scores(self, x: ArrayLike, batch_size: int = 256) -> Array:
        """The output for any number of images, a few at a time to save memory.

        Warns of images that look like bytes, see ``scale_sentence``.

        Arguments:
            x: images ``(N, H, W, C)``.
            batch_size: images at a time.

        Returns:
            The output ``(N, …)``.
        """
        validation.integer("batch_size", batch_size)
        warn_of_scale(self.scale_sentence(x))
        return self.evaluate(x, batch_size)

    def evaluate(self, x: ArrayLike, batch_size: int = 256) -> Array:
        """``scores`` for images ``x`` that were looked at before; ``batch_size`` as there."""
        x = self.checked(x)
        scores = np.empty((len(x), *self.output_shape), self.dtype)
        for start in range(0, len(x), batch_size):
            part = kernels.to(x[start : start + batch_size], self.device)
            for name, layer in self.children().items():
                part = run_child(name, layer, part)
                layer.clear_saved()  # nothing will be sent backward: let go of what the layer kept
            scores[start : start + batch_size] = part
        self.clear_saved()
        return scores

    def predict(self, x: ArrayLike, batch_size: int = 256) -> Array:
        """The class with the highest score for every image.

        Arguments:
            x, batch_size: as in ``scores``.

        Returns:
            Ints ``(N,)``.
        """
        return self.scores(x, batch_size).argmax(axis=-1)
