"""Optimisers: how far, and in which direction, each parameter steps down its gradient.

They follow PyTorch's rules and names. Their memory is a few arrays for each parameter, made at the
first step; all later steps write into them. Every number may be changed between two steps.
"""

from .base import Optimizer as Optimizer
from .rules import SGD as SGD
from .rules import Adagrad as Adagrad
from .rules import Adam as Adam
from .rules import RMSProp as RMSProp
