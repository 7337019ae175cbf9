"""A step of a net: one layer, or where the paths of a block meet, with the steps it reads."""

from typing import NamedTuple

from ..layers import Layer
from .kinds.record import Kind


class Node(NamedTuple):
    """One step: its ``name`` is the layer's place ("3.body.0"), ``kind`` what is known of it.

    ``inputs`` are the numbers of the nodes it reads, ``column`` is how many steps it stands behind
    the input, and ``lane`` which part of the height is its own, from 0 to 1. ``shape`` is (H, W, C)
    or (D,).
    """

    name: str
    kind: Kind
    layer: Layer | None
    shape: tuple
    inputs: tuple
    column: int
    lane: tuple

    @property
    def units(self):
        """How many maps it has, or values where it is a row of numbers."""
        return self.shape[-1]

    @property
    def flat(self):
        """Is it a row of numbers, without height and width?"""
        return len(self.shape) == 1
