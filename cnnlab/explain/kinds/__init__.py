"""One record per kind of layer: all that explains it and draws it, in the file of its family.

A new layer gets a record there, and its words in ``views/texts``; nothing else needs to know it.
"""

from ...layers import Branches
from . import blocks, conv, norm, pointwise, pool
from .record import Kind as Kind
from .record import flattened_shape as flattened_shape

KINDS = {**conv.KINDS, **pool.KINDS, **pointwise.KINDS, **norm.KINDS, **blocks.KINDS}
INPUT = Kind("input")
JOIN = KINDS[Branches]
OTHER = Kind("other", formula="other")  # a layer that the library does not know


def kind_of(layer):
    """The record of a layer, by its very class: a subclass may compute something else."""
    return KINDS.get(type(layer), OTHER)
