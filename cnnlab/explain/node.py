"""A step of a net: one layer, or where the paths of a block meet, with the steps it reads."""

from __future__ import annotations

from typing import NamedTuple

from ..layers import Layer
from .kinds.record import Kind


class Node(NamedTuple):
    """One step of a net.

    Attributes:
        name: the layer's place, such as "3.body.0".
        kind: what it does, "input", "add", "join" or "other" among others.
        layer: the layer, or None.
        shape: of its output, ``(H, W, C)`` or ``(D,)``.
        inputs: the numbers of the nodes it reads.
        column: how many steps it is behind the input.
        lane: which part of the height is its own, from 0 to 1.
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
