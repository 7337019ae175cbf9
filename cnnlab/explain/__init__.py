"""What a trained net has learnt, and how it comes to an answer: the numbers behind the pictures.

Every function takes a net and arrays and returns arrays; the views and figures only draw them.
"""

from .codes import affinities, codes, divergence, nearest, pca, tsne
from .fields import Field, fields
from .graph import Node, activations, graph, strengths
from .patches import BestPatches, best_patches
from .unfold import Term, Unfolding, strongest, terms, unfold
from .weights import filters_of

__all__ = [
    "BestPatches",
    "Field",
    "Node",
    "Term",
    "Unfolding",
    "activations",
    "affinities",
    "best_patches",
    "codes",
    "divergence",
    "fields",
    "filters_of",
    "graph",
    "nearest",
    "pca",
    "strengths",
    "strongest",
    "terms",
    "tsne",
    "unfold",
]
