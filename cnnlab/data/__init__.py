"""Data sets by name: two are part of the library, one is generated, three are downloaded.

``load("fashion")`` is enough for every lesson; all sets have the same form (see ``Dataset``).
"""

from __future__ import annotations

from importlib import import_module
from inspect import signature
from typing import Any

from .. import validation
from .dataset import DataError, Dataset, Split

__all__ = ["NAMES", "DataError", "Dataset", "Split", "load"]

# Each set and the module that is imported when it is loaded.
MODULES = {
    "fashion": "packaged",
    "digits": "packaged",
    "shapes": "shapes_set",
    "mnist": "remote",
    "fashion-mnist": "remote",
    "cifar10": "remote",
}
NAMES = tuple(MODULES)


def load(name: str = "fashion", **options: Any) -> Dataset:
    """A data set by its name: x ``(N, H, W, C)`` float32 in [0, 1], y ``(N,)`` int64.

    - ``"fashion"``: 4,000 + 1,000 of Fashion-MNIST, 28x28x1, balanced, packaged
    - ``"digits"``: 1,397 + 400 digits, 8x8x1, packaged
    - ``"shapes"``: six outlined shapes, 24x24x3, generated, with masks
      (options train, test, size, noise, colour, seed)
    - ``"mnist"``, ``"fashion-mnist"``: 60,000 + 10,000, 28x28x1, and ``"cifar10"``: 50,000 +
      10,000, 32x32x3, downloaded once (options cache, progress)

    Arguments:
        name: one of these.
        **options: those of the set: ``shapes`` lists its own; ``cache`` is a folder to keep
            downloads in, ``progress=False`` hides the progress bar.

    Returns:
        A Dataset.

    Raises:
        ValueError: there is no set of this name.
        TypeError: the set does not take an option.
        DataError: a download fails.

    Examples:
        >>> digits = cnnlab.data.load("digits")
        >>> digits.train, digits.input_shape
        (Split(1397 images of 8x8x1), (8, 8, 1))
    """
    validation.choice("data set", name, NAMES)
    loader = getattr(import_module(f".{MODULES[name]}", __name__), name.replace("-", "_"))
    validation.arguments(f"the data set {name!r}", options, signature(loader).parameters)
    return loader(**options)
