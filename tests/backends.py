"""The backends that can run in this process: without Numba, the reference alone; beside a simulated GPU, only that."""

import importlib.util
import os

HAS_NUMBA = importlib.util.find_spec("numba") is not None
BACKENDS = ["numpy", "loops", "im2col", "tiled"] if HAS_NUMBA else ["numpy"]
SIMULATED = os.environ.get("NUMBA_ENABLE_CUDASIM") == "1"
if SIMULATED:
    BACKENDS = ["cuda"]
