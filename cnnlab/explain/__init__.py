"""What a trained net has learnt: the numbers behind the figures and views that explain it.

Every function takes a net and arrays and returns arrays; the views and figures only draw them.
"""

from .codes import affinities as affinities
from .codes import codes as codes
from .codes import divergence as divergence
from .codes import nearest as nearest
from .codes import pca as pca
from .codes import tsne as tsne
from .decompose import Decomposition as Decomposition
from .decompose import Term as Term
from .decompose import decompose as decompose
from .decompose import strongest as strongest
from .decompose import terms as terms
from .graph import activations as activations
from .graph import connection_strengths as connection_strengths
from .graph import graph as graph
from .node import Node as Node
from .patches import BestPatches as BestPatches
from .patches import best_patches as best_patches
from .receptive_fields import ReceptiveField as ReceptiveField
from .receptive_fields import receptive_field as receptive_field
from .weights import filters_of as filters_of
