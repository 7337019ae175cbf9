"""The same kernels on a real GPU and as PTX; what is missing is said in a sentence."""

import warnings
from importlib.util import find_spec

import numpy as np
import pytest

from cnnlab import cudatrace
from cnnlab.cudatrace import cuda, samples
from cnnlab.kernels import learner_kernel


def test_without_a_gpu_run_takes_the_trace(monkeypatch):
    monkeypatch.setattr(learner_kernel, "device", lambda: None)
    y = np.zeros(10)
    assert cudatrace.run(samples.doubled, 3, 4, np.arange(10.0), y).where == "trace" and y[9] == 18


def test_with_a_gpu_run_says_so(monkeypatch):
    started = []
    monkeypatch.setattr(learner_kernel, "device", lambda: "a GPU")
    monkeypatch.setattr(learner_kernel, "start", lambda *arguments: started.append(arguments))
    found = cudatrace.run(samples.doubled, 3, 4, np.ones(2), np.ones(2))
    assert found.where == "gpu" and str(found) == "doubled ran on a GPU, in blocks 3 of threads 4."
    assert started[0][0] is samples.doubled and started[0][1] is cuda


def test_for_the_gpu_the_words_are_exchanged_in_globals_and_closures():
    real = object()
    here = cuda

    def inner():
        return cuda, here

    assert learner_kernel.with_words(inner, cuda, real)() == (real, real) and inner() == (
        cuda,
        cuda,
    )


def test_the_gpu_is_looked_for_in_silence():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        learner_kernel.device.cache_clear()
        assert learner_kernel.device() is None or isinstance(learner_kernel.device(), str)


def test_the_stored_ptx_is_that_of_the_lessons_kernel():
    text = cudatrace.stored_ptx()
    assert ".visible .entry one_output(" in text and ".target sm_75" in text
    assert text.count("fma.rn.f32") == 7 and text.count("st.global.f32") == 1 and "_ZN" not in text


def test_ptx_without_a_compiler_names_the_way_out(monkeypatch):
    monkeypatch.setattr(learner_kernel, "find_spec", lambda name: None)
    with pytest.raises(
        ImportError, match=r'no CUDA compiler here: install it with pip install "cnnlab\[cuda\]"'
    ):
        cudatrace.ptx(samples.doubled, np.ones(1), np.ones(1))


@pytest.mark.skipif(find_spec("numba_cuda") is None, reason="needs the extra [cuda]")
def test_ptx_of_a_kernel_and_of_what_does_not_compile():
    x = np.ones(1, np.float32)
    assert ".entry doubled(" in cudatrace.ptx(samples.doubled, x, x, cc=(9, 0))
    with pytest.raises(ValueError, match="nonsense does not run on a GPU"):
        cudatrace.ptx(nonsense, x)


def nonsense(x):
    x[0] = "text" + cuda.grid(1)
