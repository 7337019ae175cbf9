"""What a trained net has learnt, and how it comes to an answer: the numbers behind the pictures.

Every function takes a net and arrays and returns arrays; the views and figures only draw them.
"""

from .codes import affinities, codes, divergence, nearest, pca, tsne
from .decompose import Decomposition, Term, decompose, strongest, terms
from .graph import Node, activations, connection_strengths, graph
from .patches import BestPatches, best_patches
from .receptive_fields import ReceptiveField, receptive_field
from .weights import filters_of

__all__ = [
    "BestPatches",
    "Decomposition",
    "Node",
    "ReceptiveField",
    "Term",
    "activations",
    "affinities",
    "best_patches",
    "codes",
    "connection_strengths",
    "decompose",
    "divergence",
    "filters_of",
    "graph",
    "nearest",
    "pca",
    "receptive_field",
    "strongest",
    "terms",
    "tsne",
]
