"""The GPU's backend without a GPU: the tests of every backend on Numba's simulator.

The simulator must be switched on before Numba is imported, and is so slow that only tiny arrays are
sent.
"""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("numba")
import cnnlab
from cnnlab import ops

HERE = Path(__file__).parent
RUNS = {
    "convolution": ["test_conv.py", "-k", "cuda"],
    "pooling and normalisation": ["test_pool.py", "test_norm.py", "-k", "cuda"],
    "kernels": ["simulated/gpu_kernels.py", "simulated/gpu_arrays.py"],
    "nets": ["simulated/gpu_nets.py", "simulated/gpu_own.py"],
    "benchmark": ["simulated/gpu_benchmark.py"],
}


def python(*arguments, **environment):
    environment = {**os.environ, **environment}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]  # those of the run that starts this one
    done = subprocess.run(
        [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("run", RUNS)
def test_the_simulated_gpu_passes(run):
    files = [str(HERE / word) if word.endswith(".py") else word for word in RUNS[run]]
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:nbval"]
    code, said = python("-m", "pytest", *options, *files, NUMBA_ENABLE_CUDASIM="1")
    assert code == 0, said
    assert " passed" in said and "skipped" not in said, said


@pytest.fixture
def no_gpu():
    from numba import cuda

    if cuda.is_available():
        pytest.skip("there is a GPU here")


@pytest.mark.usefixtures("no_gpu")
def test_without_a_gpu_one_sentence_says_what_is_missing_and_how_to_simulate_one():
    before = cnnlab.backend()
    x = np.ones((1, 3, 3, 1))
    net = cnnlab.Sequential(cnnlab.Flatten(), input_shape=(3, 3, 1))
    for wanted in (
        lambda: cnnlab.use("cuda"),
        lambda: ops.relu(x, backend="cuda"),
        lambda: net.to("cuda"),
    ):
        with pytest.raises(
            RuntimeError, match=r'"cuda" cannot be used here .*NUMBA_ENABLE_CUDASIM=1 before Python'
        ):
            wanted()
    assert cnnlab.backend() == before and net.predict(x).shape == (1,)


@pytest.mark.slow
def test_nothing_of_the_gpu_is_imported_until_it_is_asked_for():
    program = """
import sys, warnings
warnings.simplefilter("error")
import numpy as np, cnnlab
layers = cnnlab.Conv2d(2, 3), cnnlab.Flatten(), cnnlab.Linear(2)
net = cnnlab.Sequential(*layers, input_shape=(5, 5, 1))
data = np.ones((4, 5, 5, 1)), np.array([0, 1, 0, 1])
cnnlab.train(net, data, epochs=1, batch_size=2, progress=False)
assert not [name for name in sys.modules if name.startswith(("numba.cuda", "cnnlab.kernels.gpu"))]
"""
    code, said = python("-c", program)
    assert code == 0, said
