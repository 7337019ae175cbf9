"""How long until something happens: import, first training step with an empty Numba cache and with a warm one.

    python benchmarks/startup.py

Every figure is a fresh Python process, timed inside; medians of five, one run for the cold cache.
"""

import os
import statistics
import subprocess
import sys
import tempfile

import report

IMPORT = "import time; t = time.perf_counter(); import cnnlab; print(time.perf_counter() - t)"
STEP = """
import time; t = time.perf_counter()
import cnnlab
from cnnlab import Adam, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential
data = cnnlab.data.load("fashion").train.take(32)
net = Sequential(Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(16, 3, padding=1), ReLU(), MaxPool2d(2),
                 Flatten(), Linear(10), input_shape=(28, 28, 1))
cnnlab.train(net, data, epochs=1, batch_size=32, optimizer=Adam(), progress=False)
print(time.perf_counter() - t)
"""


def seconds(program, cache):
    """What the program prints, run in a new process with its Numba cache in the folder ``cache``."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def main():
    with tempfile.TemporaryDirectory() as cache:
        imported = statistics.median(seconds(IMPORT, cache) for _ in range(5))
        cold = seconds(STEP, cache)
        warm = statistics.median(seconds(STEP, cache) for _ in range(5))
    rows = [
        ["`import cnnlab`", f"{imported:.2f} s", "0.7 s"],
        ["import, data and first training step, empty cache", f"{cold:.1f} s", "15 s"],
        ["the same, warm cache", f"{warm:.2f} s", "1.5 s"],
    ]
    report.write("Start-up", report.table(["from a new process", "measured", "budget"], rows))


if __name__ == "__main__":
    main()
