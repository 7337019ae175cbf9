"""The receptive field: how much of the input one unit sees after some layers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .counting import extent


class ReceptiveField(NamedTuple):
    """What one unit sees of the input along an axis.

    Attributes:
        size: cells it sees.
        jump: cells between the middles of neighbouring units.
    """

    size: int
    jump: int


def receptive_field(layers: Iterable[tuple[int, ...]]) -> ReceptiveField:
    """Effective receptive field of a stack of layers.

    Each layer adds ``(extent − 1)`` steps of the jump so far, and multiplies the jump by its
    stride.

    Arguments:
        layers: ``(F, S)`` or ``(F, S, D)`` for each, the first layer first.

    Returns:
        A ReceptiveField.

    Examples:
        >>> shapes.receptive_field([(3, 1), (2, 2), (3, 1)])
        ReceptiveField(size=8, jump=2)
    """
    size, jump = 1, 1
    for F, S, *D in layers:
        size += (extent(F, *D) - 1) * jump
        jump *= S
    return ReceptiveField(size, jump)
