"""The net and the data a Trainer begins with: the learner's own, or those of a film."""

from pathlib import Path

from ... import data as sets
from ...train.films import Film
from ...train.films import film as bundled
from ...train.stream import pair
from ...validation import number
from ..shared.net_inputs import FILM

LIMITS = {"lr": (1e-6, 10), "momentum": (0, 0.99), "weight_decay": (0, 1), "batch_size": (1, 1024)}


def beginning(net, data, film):
    """``(net, data, film or None, names of the classes)``. Raises ValueError where the film shows
    another net.
    """
    film = as_film(FILM if net is None and film is None and data is None else film)
    if film is None and net is None:
        raise ValueError("there are data but no net: give a Sequential, as in Trainer(net, data)")
    if film is None and data is None:
        raise ValueError(
            "there is a net but no data: give some, as in Trainer(net, cnnlab.data.load())"
        )
    net = film.net() if net is None else net
    data = _data_of(film, net) if data is None else data
    classes = getattr(data, "classes", ())
    if getattr(net, "input_shape", None) is None and hasattr(net, "accept"):
        net.accept(pair(data)[0][:1])
    if film is not None:
        _check_same(net, film)
    return net, data, film, classes


def _data_of(film, net):
    """The data set a film was made on, if it is one that can be loaded; a film without a name:
    clothes, if they fit.
    """
    if film.data in ("", *sets.NAMES):
        data = sets.load(film.data or "fashion")
        if data.input_shape == net.input_shape:
            return data
    raise ValueError(
        f"the film was made on data {film.data!r} that cnnlab cannot load: give them, as in "
        f"Trainer(film=…, data=…)"
    )


def as_film(film):
    """A Film as it is, or from a file, or by the name of a bundled one."""
    if film is None or isinstance(film, Film):
        return film
    return (
        Film.load(film) if isinstance(film, Path) or str(film).endswith(".npz") else bundled(film)
    )


def _check_same(net, film):
    if not len(film):
        raise ValueError(
            "the film has no checkpoints: train the net, or take one with film.record(net, 0)"
        )
    if str(film.net(0)) != str(net):
        raise ValueError(
            "the film is of a net with other layers: leave the net out, and the film's own is shown"
        )


def check_classes(run):
    """Refuse a net or labels that do not give each image one class."""
    shape, y = run.net.output_shape, run.y
    if len(shape) != 1 or y.ndim != 1 or y.dtype.kind not in "iu":
        raise ValueError(
            f"the Trainer shows nets that give each image one class, but the net puts out {shape} "
            f"and the labels are "
            f"{y.dtype} of shape {y.shape}: use cnnlab.train for it"
        )


def check_settings(traits):
    """Refuse numbers that no slider can show."""
    for name, (low, high) in LIMITS.items():
        number(name, traits.get(name, low), low, high)
