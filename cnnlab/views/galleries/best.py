"""The best patches of all units of a layer, computed once and packed for the browser.

All images of the data take part, unless the net is so large that it would take seconds.
"""

from typing import NamedTuple

import numpy as np

from ...explain.patches import Peaks, cut, outputs, peaks
from ...numbers import format_number
from ..shared.photos import shrunk
from ..shared.view import packed

BUDGET, FEWEST, MOST = 6e9, 32, 1000  # multiply-accumulates for all images; how many images
PATCHES = 9
ALBUM = 420_000  # bytes of best patches that an exported page carries
SIDE = 64  # pixels a side, at most, of an image or a patch that is sent


class Seen(NamedTuple):
    """The Peaks of all units in the first ``images`` of the data; ``dead (K,)``: the ReLU never
    let them through.

    ``dead`` is None where no ReLU follows.
    """

    peaks: Peaks
    images: int
    dead: np.ndarray | None


def seen(nodes, number, x):
    """What the units of node ``number`` make of the images."""
    relu = relu_behind(nodes, number)
    x = x[: how_many(nodes, len(x))]
    numbers = (number,) if relu is None else (number, relu)
    parts = []
    alive = []
    for _, (y, *behind) in outputs(nodes, numbers, x):
        parts.append(peaks(y))
        alive += [
            np.any(np.nan_to_num(z.reshape(-1, z.shape[-1]), nan=1.0) > 0, axis=0) for z in behind
        ]
    joined = Peaks(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))
    return Seen(joined, len(x), ~np.any(alive, axis=0) if alive else None)


def how_many(nodes, count):
    """How many of ``count`` images are looked at."""
    macs = sum(node.layer.macs() for node in nodes[1:] if not node.layer.children())
    return min(count, MOST, max(FEWEST, int(BUDGET / max(macs, 1))))


def relu_behind(nodes, number):
    """The number of the ReLU that a node is, or that alone reads it; None if there is none.

    A normalisation or a dropout may stand between them, another activation may not.
    """
    while not nodes[number].kind.rectifies:
        readers = [n for n, node in enumerate(nodes) if number in node.inputs]
        if len(readers) != 1:
            return None
        number = readers[0]
        kind = nodes[number].kind
        if not kind.pointwise or (kind.activation and not kind.rectifies):
            return None
    return number


def best(nodes, number, x, seen_of_layer, unit):
    """The BestPatches of one unit."""
    mine = Peaks(*(part[:, unit] for part in seen_of_layer.peaks))
    return cut(nodes, number, x[: seen_of_layer.images], mine, unit, PATCHES)


def packed_best(view, patches):
    """The BestPatches as the browser takes them."""
    top, left = patches.boxes[:, :1], patches.boxes[:, 2:3]
    own = patches.seen - np.concatenate([top, top, left, left], axis=1)
    step = max(1, -(-max(patches.patches.shape[1:3], default=1) // SIDE))
    return {
        "images": patches.images.tolist(),
        "places": patches.places.tolist(),
        "values": packed(patches.values),
        "labels": [view.label(n) for n in patches.images],
        "names": [view.named(n) for n in patches.images],
        "patches": packed(in_bytes(patches.patches[:, ::step, ::step], view.ends), "uint8"),
        "pixels": list(patches.patches.shape[1:3]),
        "inside": own.tolist(),
        "boxes": patches.boxes.tolist(),
        "seen": patches.seen.tolist(),
        "wholes": packed(in_bytes(_wholes(view.images[patches.images]), view.ends), "uint8"),
        "size": list(view.images.shape[1:3]),
    }


def _wholes(images):
    """The images, shrunk if they are large."""
    return np.stack([shrunk(image, SIDE) for image in images]) if len(images) else images


def in_bytes(images, ends):
    """Images ``(…, C)`` as bytes from the lowest to the highest value, with 3 channels or, of any
    other number, 1.
    """
    low, high = ends
    images = np.nan_to_num(np.asarray(images, float), nan=low)
    images = images if images.shape[-1] in (1, 3) else images.mean(axis=-1, keepdims=True)
    return np.clip(np.round((images - low) / (high - low or 1) * 255), 0, 255)


def words(view, patches):
    """Where a unit is largest, in one sentence."""
    if not len(patches.images):
        return view.say("gallery.no_best")
    (i, j), n = patches.places[0], int(patches.images[0])
    place = {
        "i": int(i),
        "j": int(j),
        "picture": view.named(n),
        "value": format_number(patches.values[0]),
    }
    return view.say("gallery.best_score" if view.node.flat else "gallery.best_place", **place)


def titled(view, unit):
    """The best patches of a unit for the browser, and what they are called."""
    patches = view.best(unit)
    numbers = {"count": len(patches.images), "pictures": view.seen.images}
    title = view.say("gallery.dead_patches" if view.is_dead(unit) else "gallery.patches", **numbers)
    return {**packed_best(view, patches), "title": title, "words": words(view, patches)}


def album(detail, units):
    """``detail(unit)`` of as many units as an exported page has room for."""
    details, bytes_left = {}, ALBUM
    for unit in units:
        packed_unit = detail(unit)
        bytes_left -= sum(
            len(part["data"]) for part in packed_unit.values() if isinstance(part, dict)
        )
        if bytes_left < 0:
            break
        details[str(unit)] = packed_unit
    return details
