"""Compile the kernel of lesson 05 to the PTX that travels with the library. It needs the extra
[cuda], but no GPU.
"""

from pathlib import Path

import numpy as np

from cnnlab.cudatrace import ptx
from cnnlab.exercises.lesson05 import one_output

OUT = Path(__file__).parents[1] / "cnnlab" / "data" / "files" / "one_output.ptx"

if __name__ == "__main__":
    x, w, y = (np.zeros((4,) * ndim, np.float32) for ndim in (3, 3, 2))
    OUT.write_text(ptx(one_output, x, w, y), "utf-8")
    print(f"{OUT.name}: {len(OUT.read_text('utf-8').splitlines())} lines")
