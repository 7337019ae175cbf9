"""How long until something happens: import, first training step with an empty Numba cache and with
a warm one.

    python benchmarks/startup.py

Every figure is a fresh Python process, timed inside; medians of five, one run for the cold cache.
"""

import json
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
net = Sequential(Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2),
    Conv2d(16, 3, padding=1), ReLU(), MaxPool2d(2),
                 Flatten(), Linear(10), input_shape=(28, 28, 1))
cnnlab.train(net, data, epochs=1, batch_size=32, optimizer=Adam(), progress=False)
print(time.perf_counter() - t)
"""


KERNELS = """
import json, time
from collections import defaultdict
from numba.core import caching, event
compiled, loaded, started = defaultdict(list), defaultdict(list), {}

class Listen(event.Listener):
    def on_start(self, one):
        started[str(one.data["dispatcher"]), str(one.data["args"])] = time.perf_counter()
    def on_end(self, one):
        function = one.data["dispatcher"].py_func
        took = time.perf_counter() - started[str(one.data["dispatcher"]), str(one.data["args"])]
        compiled[f"{function.__module__.removeprefix('cnnlab.')}.{function.__name__}"].append(took)

load = caching.FunctionCache.load_overload
def timed(self, signature, context):
    began = time.perf_counter()
    found = load(self, signature, context)
    if found is not None:
        name = f"{self._py_func.__module__.removeprefix('cnnlab.')}.{self._py_func.__name__}"
        loaded[name].append(time.perf_counter() - began)
    return found
caching.FunctionCache.load_overload = timed
event.register("numba:compile", Listen())
""" + STEP.replace("print(time.perf_counter() - t)", "print(json.dumps([compiled, loaded]))")


def kernels(cache):
    """A row for each kernel of that step: signatures, seconds to compile them, milliseconds to load
    them again.
    """
    compiled, loaded = json.loads(output(KERNELS, cache))[0], json.loads(output(KERNELS, cache))[1]
    ours = {name: took for name, took in compiled.items() if name.startswith("kernels.")}
    for name, took in sorted(ours.items(), key=lambda one: -sum(one[1])):
        again = f"{1e3 * sum(loaded[name]):.0f} ms" if name in loaded else "within others"
        yield [f"`{name}`", len(took), f"{sum(took):.2f} s", again]


def seconds(program, cache):
    """What the program prints, run in a new process with its Numba cache in the folder
    ``cache``.
    """
    return float(output(program, cache))


def output(program, cache):
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def main():
    with tempfile.TemporaryDirectory() as cache:
        imported = statistics.median(seconds(IMPORT, cache) for _ in range(5))
        cold = seconds(STEP, cache)
        warm = statistics.median(seconds(STEP, cache) for _ in range(5))
    with tempfile.TemporaryDirectory() as cache:
        compiled = list(kernels(cache))
    rows = [
        ["`import cnnlab`", f"{imported:.2f} s", "0.7 s"],
        ["import, data and first training step, empty cache", f"{cold:.1f} s", "15 s"],
        ["the same, warm cache", f"{warm:.2f} s", "1.5 s"],
    ]
    body = report.table(["from a new process", "measured", "budget"], rows)
    body += "\n\nThe kernels that this step compiles; a callee's time is also in its callers'.\n\n"
    body += report.table(["kernel", "signatures", "compiled in", "loaded again in"], compiled)
    report.write("Start-up", body)


if __name__ == "__main__":
    main()
