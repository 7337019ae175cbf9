"""How much of the input one unit sees after some layers."""

from typing import NamedTuple

from .counting import extent


class ReceptiveField(NamedTuple):
    """What one unit sees of the input along an axis: ``size`` cells, ``jump`` between neighbouring
    units.
    """

    size: int
    jump: int


def receptive_field(layers):
    """Effective receptive field of a stack of ``(F, S)`` or ``(F, S, D)``, first layer first.

    Each layer adds ``(extent − 1)`` steps of the jump so far, and multiplies the jump by its
    stride.
    """
    size, jump = 1, 1
    for F, S, *D in layers:
        size += (extent(F, *D) - 1) * jump
        jump *= S
    return ReceptiveField(size, jump)
