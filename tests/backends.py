"""The backends that can run on this machine: without Numba, the reference alone."""

import importlib.util

HAS_NUMBA = importlib.util.find_spec("numba") is not None
BACKENDS = ["numpy", "loops", "im2col", "tiled"] if HAS_NUMBA else ["numpy"]
