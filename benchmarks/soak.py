"""Does memory stay flat? Convolutions of random shapes, forward and both gradients, for as long as
asked.

    python benchmarks/soak.py [--minutes 10]

The resident memory is noted after a warm-up, in which all tiles are compiled, and once a minute.
"""

import argparse
import resource
from pathlib import Path
from time import perf_counter

import numpy as np
import report

from cnnlab import MisfitError, ops

WARM = 400  # convolutions before the first figure


def random_convolution(rng):
    """Compute one convolution and its gradients; False if its window does not fit."""
    groups = int(rng.choice([1, 1, 1, 2, 4]))
    C, K = groups * int(rng.integers(1, 40)), groups * int(rng.integers(1, 80))
    x = rng.standard_normal((int(rng.integers(1, 9)), *rng.integers(4, 48, 2), C), np.float32)
    w = rng.standard_normal((K, *rng.integers(1, 6, 2), C // groups), np.float32)
    names = ("stride", 1, 4), ("padding", 0, 3), ("dilation", 1, 3)
    options = {
        "groups": groups,
        **{name: int(rng.integers(low, high)) for name, low, high in names},
    }
    try:
        y = ops.conv2d(x, w, **options)
    except MisfitError:
        return False
    ops.conv2d_backward(y, x, w, **options)
    return True


def resident():
    """MiB of this process that lie in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=10)
    minutes, rng = parser.parse_args().minutes, np.random.default_rng(0)
    done, found = 0, []
    while done < WARM:
        done += random_convolution(rng)
    began = perf_counter()
    while len(found) <= minutes:
        if perf_counter() - began >= 60 * len(found):
            found.append(resident())
        done += random_convolution(rng)
    rows = [[minute, f"{mib:.0f} MiB"] for minute, mib in enumerate(found)]
    body = f"{done:,} convolutions of random shapes, each with its gradients.\n\n"
    report.write("Memory of the kernels", body + report.table(["minute", "resident"], rows))


if __name__ == "__main__":
    main()
