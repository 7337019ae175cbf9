"""The types in the signatures of public functions.

They are names for what an argument may be, no new classes: ``Size`` is an int or a pair of ints.
"""

from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

Array: TypeAlias = np.ndarray  # on the GPU: a device array, which behaves alike
Shape: TypeAlias = tuple[int, ...]
Size: TypeAlias = int | tuple[int, int]  # both, or (height, width)
Pads: TypeAlias = tuple[tuple[int, int], tuple[int, int]]  # ((top, bottom), (left, right))
Padding: TypeAlias = int | tuple[int, int] | Pads | Literal["same", "valid"]
Fit: TypeAlias = Literal["floor", "exact", "ceil"]
# None: other numbers each time. In quotes, for numpy.random is imported when it is first used.
Seed: TypeAlias = "int | np.random.Generator | None"

__all__ = ["Array", "ArrayLike", "Fit", "Padding", "Pads", "Seed", "Shape", "Size"]
