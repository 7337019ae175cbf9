"""The net and the images that a view of nets shows: the learner's own, or bundled ones.

Images are those a net has not learnt from, where there are any.
"""

import numpy as np

from ...data import load
from ...labels import check_classes
from ...net import Sequential
from ...train import film
from ...train.stream import pair
from ...validation import instance

FILM = "clothes"


def net_and_data(net=None, data=None):
    """``(net, x, labels or None, classes)``: images ``x (N, H, W, C)`` that fit the net, names of
    its outputs.

    ``data`` is a Dataset (its test images are shown), a Split, a pair ``(x, y)`` or images
    alone. Without a net, it is the last checkpoint of a bundled film; without data, the film's data
    set where that fits the net, else noise. In a pair ``(x, targets)`` whose targets are no
    classes, such as an autoencoder's, they are left out. Raises TypeError or ValueError, in one
    sentence, for things that do not go together.
    """
    net = film(FILM).net() if net is None else instance("net", net, Sequential)
    x, labels, classes = _images(net, data)
    x = net.accept(x)
    if not len(x):
        raise ValueError("there are no pictures: give at least one")
    return net, x, None if labels is None else _checked(net, x, labels), names(net, classes)


def _checked(net, x, labels):
    """One class for each image; None for targets that are no classes. Raises ValueError as
    ``train`` does.
    """
    if labels.ndim == 0 or len(labels) != len(x):
        raise ValueError(
            f"{len(x)} images do not go with {labels.size} labels: give one label for each"
        )
    maps = len(net.output_shape) != 1
    if labels.shape == x.shape or (maps and labels.ndim > 1) or net.output_shape == (1,):
        return None
    return check_classes(labels, len(x), net.output_shape[-1], "images")


def _images(net, data):
    if data is None:
        data = load("fashion")
        if net.input_shape not in (None, data.input_shape):
            return np.random.default_rng(0).random((8, *net.input_shape)), None, ()
    classes = getattr(data, "classes", ())
    held_out = getattr(data, "test", None)
    data = held_out if held_out is not None and len(held_out) else data
    if isinstance(data, np.ndarray):
        return data, None, classes
    x, labels = pair(data)
    return x, np.asarray(labels), classes


def names(net, classes=()):
    """A name for every output of the net: those of the classes, or numbers."""
    outputs = net.output_shape[-1]
    return tuple(map(str, classes)) if len(classes) == outputs else tuple(map(str, range(outputs)))
