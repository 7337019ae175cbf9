"""Backends hold the same functions, each a chain of modules; choosing one is simple and safe."""

import inspect
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

import cnnlab
from cnnlab import kernels, ops
from helpers.backends import BACKENDS, HAS_NUMBA


def functions(module):
    found = inspect.getmembers(module, lambda f: callable(f) and hasattr(f, "__name__"))
    return {name: f for name, f in found if not name.startswith("_")}


@pytest.mark.parametrize("name", BACKENDS)
def test_every_backend_has_the_functions_and_arguments_of_the_reference(name):
    module = functions(kernels.get_backend(name))
    for function, reference in functions(kernels.get_backend("numpy")).items():
        ours = getattr(module[function], "py_func", module[function])
        assert list(inspect.signature(ours).parameters) == list(
            inspect.signature(reference).parameters
        ), function


def test_the_operations_say_which_of_them_take_no_backend():
    without = {
        name.removesuffix("_backward")
        for name in ops.__all__
        if "backend" not in inspect.signature(getattr(ops, name)).parameters
    }
    assert {name for name in ops.__all__ if f"``{name}``" in ops.__doc__} - without == {
        "avg_pool2d"
    }
    assert all(f"``{name}``" in ops.__doc__ for name in without)


def test_of_a_chain_the_first_module_that_has_a_kernel_serves():
    reference = kernels.get_backend("numpy")
    assert reference.softmax_cross_entropy.__module__ == "cnnlab.kernels.reference.dense"
    if not HAS_NUMBA:
        return
    loops, im2col, tiled = map(kernels.get_backend, ("loops", "im2col", "tiled"))
    assert len({backend.conv2d for backend in (reference, loops, im2col, tiled)}) == 4
    assert tiled.max_pool2d is im2col.max_pool2d is loops.max_pool2d
    assert tiled.softmax_cross_entropy is reference.softmax_cross_entropy


def test_use_chooses_a_backend_for_good_or_for_a_while():
    before = cnnlab.backend()
    with cnnlab.use("numpy"):
        assert cnnlab.backend() == "numpy"
    assert cnnlab.backend() == before
    cnnlab.use("numpy")
    assert cnnlab.backend() == "numpy"
    cnnlab.use(before)


def test_an_unknown_backend_leaves_the_one_in_use():
    before = cnnlab.backend()
    with pytest.raises(ValueError, match='backend "tpu" is not known: use "numpy", "numba"'):
        cnnlab.use("tpu")
    assert cnnlab.backend() == before


@pytest.mark.skipif(not HAS_NUMBA, reason="Numba is not installed")
def test_the_default_backend_is_numba_where_it_is_installed():
    assert cnnlab.backend() == "numba"


def test_without_numba_the_reference_serves_and_says_so_once():
    program = """
        import sys, warnings
        sys.modules["numba"] = None
        warnings.simplefilter("always")
        with warnings.catch_warnings(record=True) as said:
            import cnnlab, numpy as np
            y = cnnlab.ops.conv2d(np.ones((1, 3, 3, 1)), np.ones((1, 3, 3, 1)))
            cnnlab.ops.relu(y)
        assert y.item() == 9 and cnnlab.backend() == "numpy"
        print(*(str(w.message) for w in said))
        try:
            cnnlab.use("numba")
        except ImportError as error:
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Numba is not installed") == 1
    assert 'backend "numba" needs Numba' in done.stdout


@pytest.mark.slow
def test_operations_may_run_side_by_side_in_several_threads(backend, rng):
    x = rng.standard_normal((8, 16, 17, 8), dtype=np.float32)
    w = rng.standard_normal((16, 3, 3, 8), dtype=np.float32)
    truth = ops.conv2d(x, w, backend=backend)
    wrong = []

    def work():
        for _ in range(3):
            if not np.array_equal(ops.conv2d(x, w, backend=backend), truth):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong
