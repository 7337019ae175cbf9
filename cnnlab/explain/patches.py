"""The patches of a data set that excite a unit most, each cut out by its receptive field.

A unit is a channel of a layer, or any mixture of its channels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ..typing import ArrayLike
from .graph import check_unit, graph, node_number, output
from .receptive_fields import ReceptiveField, receptive_field

BATCH = 64  # images at a time: the activations of a whole data set would not fit into memory
SIDE = 2**21  # values of a batch that run through the net at a time


@dataclass(frozen=True)
class BestPatches:
    """The best n positions of a unit, largest first, at most one in each image.

    Attributes:
        images: the number of each image.
        places: the position ``(i, j)`` in the map of the unit.
        values: the value there.
        patches: what the unit sees, ``(FH, FW, C)``, NaN where it sees no pixel.
        boxes: its field ``(top, bottom, left, right)``, which may reach beyond the image.
        seen: the part of it with pixels.
    """

    images: np.ndarray
    places: np.ndarray
    values: np.ndarray
    patches: np.ndarray
    boxes: np.ndarray
    seen: np.ndarray


class Peaks(NamedTuple):
    """The largest value of each unit in each image, ``values (N, K)``, and where:
    ``places (N, K)``, i · OW + j.
    """

    values: np.ndarray
    places: np.ndarray


def outputs(nodes, numbers, x):
    """What these nodes make of images ``x``, batch by batch: yields the first image's number
    and their arrays.
    """
    needed = _ancestors(nodes, numbers)
    batch = max(1, min(BATCH, SIDE // max(np.prod(nodes[n].shape, dtype=int) for n in needed)))
    for start in range(0, len(x), batch):
        found = {0: x[start : start + batch]}
        with np.errstate(all="ignore"):  # a net may hold values that are no numbers
            for n in needed:
                if n:
                    found[n] = output(nodes[n], [found[source] for source in nodes[n].inputs])
        yield start, [found[n] for n in numbers]


def _ancestors(nodes, numbers):
    """All nodes that these read, themselves included, in order."""
    needed = set(numbers)
    for n in range(max(numbers), 0, -1):
        if n in needed:
            needed.update(nodes[n].inputs)
    return sorted(needed)


def peaks(y):
    """The Peaks of a batch ``y (N, OH, OW, K)``, or ``(N, K)`` of a row of numbers."""
    y = y.reshape(len(y), -1, y.shape[-1])
    y = np.where(np.isnan(y), -np.inf, y)
    places = y.argmax(axis=1)
    return Peaks(np.take_along_axis(y, places[:, None], axis=1)[:, 0], places)


def best_patches(
    net: Any,
    x: ArrayLike,
    layer: int | str,
    unit: int | None = None,
    direction: ArrayLike | None = None,
    n: int = 9,
) -> BestPatches:
    """Where in a set of images a unit is largest, at most once in each image.

    Arguments:
        net: a Sequential.
        x: images ``(N, H, W, C)``; those where the unit is NaN are left out.
        layer: its place in the net, or its name such as "3.body.0".
        unit: the channel.
        direction: instead of a unit, a mixture over the channels, ``(K,)``:
            ``sum over k of direction[k] · activation[k]``.
        n: how many.

    Returns:
        BestPatches.

    Raises:
        ValueError: the net has no such layer or unit.

    Examples:
        >>> from cnnlab import Conv2d, explain
        >>> net = cnnlab.Sequential(Conv2d(2, 3), input_shape=(8, 8, 1))
        >>> images = cnnlab.data.load("digits").test.x[:20]
        >>> explain.best_patches(net, images, layer=0, unit=1, n=4).patches.shape
        (4, 3, 3, 1)
    """
    nodes, x = graph(net.copy()), net.accept(x)
    number = node_number(nodes, layer)
    chosen = _chosen(nodes[number], unit, direction)
    found = [peaks(chosen(y)) for _, (y,) in outputs(nodes, (number,), x)]
    joined = Peaks(*(np.concatenate(parts)[:, 0] for parts in zip(*found, strict=True)))
    return cut(nodes, number, x, joined, unit, n)


def _chosen(node, unit, direction):
    """How the activations of a node become those of the unit meant."""
    if (unit is None) == (direction is None):
        raise ValueError("give either a unit or a direction over the units of the layer")
    if direction is None:
        check_unit(node, unit)
        return lambda y: y[..., unit : unit + 1]
    direction = np.asarray(direction, float)
    if direction.shape != (node.units,):
        raise ValueError(
            f"direction has shape {direction.shape}: give one number for each of {node.units} units"
        )
    return lambda y: (y @ direction)[..., None]


def cut(nodes, number, x, found, unit=None, n=9):
    """The BestPatches of one unit from its Peaks ``found`` of shape (N,) in images ``x``."""
    best = np.argsort(-found.values, kind="stable")[:n]
    best = best[np.isfinite(found.values[best])]
    shape = (1, 1) if nodes[number].flat else nodes[number].shape[:2]
    i, j = np.unravel_index(found.places[best], shape)
    places = np.stack([i, j], axis=1)
    boxes, seen = _boxes(nodes, number, unit, i, j)
    images = (
        x[best] if x.ndim == 4 else x[best, None, :, None]
    )  # rows of numbers are images one pixel high
    return BestPatches(best, places, found.values[best], _patches(images, boxes, seen), boxes, seen)


def _boxes(nodes, number, unit, i, j):
    """The fields of the places (i, j) and what is seen of them, as two arrays (n, 4)."""
    if nodes[0].flat:
        return (np.tile([0, 1, 0, nodes[0].units], (len(i), 1)),) * 2
    rows, columns = receptive_field(nodes, number, unit)
    boxes, seen = (
        np.concatenate([getattr(rows, part)[i], getattr(columns, part)[j]], axis=1)
        for part in ReceptiveField._fields
    )
    # What does not slide needs no frame around it.
    return (seen, seen) if len(rows.box) == len(columns.box) == 1 else (boxes, seen)


def _patches(images, boxes, seen):
    """What lies in the boxes, as (n, FH, FW, C) of the largest of them; NaN where no pixel is
    seen.
    """
    sizes = (boxes[:, 1::2] - boxes[:, ::2]).max(axis=0, initial=0)
    patches = np.full(
        (len(boxes), *sizes, images.shape[-1]), np.nan, np.result_type(images, np.float32)
    )
    for patch, image, (top, _, left, _), (y0, y1, x0, x1) in zip(
        patches, images, boxes, seen, strict=True
    ):
        patch[y0 - top : y1 - top, x0 - left : x1 - left] = image[y0:y1, x0:x1]
    return patches
