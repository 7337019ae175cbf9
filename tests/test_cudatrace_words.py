"""The words of the traced CUDA say how things are used, and nothing of how they are made."""

import re
import sys
from contextlib import suppress
from types import ModuleType

import numpy as np
import pytest

from cnnlab.cudatrace import cuda, launch, ptx

INTERNALS = re.compile(
    r"Memory|Triple|Word|Submodule|Opaque|OneNumber|SeveralNumbers|_[A-Z]| at 0x"
    r"|cnnlab\.cudatrace\.[a-z]+\."
)


def sentence(kernel):
    """What a launch of this kernel in one thread raises, if it names nothing of ours."""
    with pytest.raises(Exception) as raised:
        launch(kernel, 1, 1, np.zeros((3, 4), np.float32))
    text = str(raised.value)
    assert not INTERNALS.search(text) and len(text.splitlines()) == 1
    return text


ARRAY = (
    "x is an array, and a thread works on single numbers: take one, as x[i, j], and write the loops"
)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: x * x,
        lambda x: np.float32(2) * x,
        lambda x: 2 - x,
        lambda x: x @ x,
        lambda x: -x,
        lambda x: abs(x),
        lambda x: divmod(x, 2),
        lambda x: round(x),
        lambda x: x == 0,
        lambda x: x > 0,
        lambda x: not x,
        lambda x: 3 in x,
        lambda x: float(x),
        lambda x: range(x),
        lambda x: x(0, 0),
        lambda x: x.__delitem__((0, 0)),
        lambda x: np.dot(x, x),
        lambda x: np.maximum(x, 0),
        lambda x: setattr(x, "shape", (1,)),
        lambda x: x.__setitem__((x, 0), 1),
    ],
)
def test_an_array_is_no_number(wrong):
    assert sentence(wrong) == ARRAY


def test_what_is_no_number_is_not_written():
    assert "x[…] = takes one number, not the array x" in sentence(
        lambda x: x.__setitem__((0, 0), x)
    )
    assert sentence(lambda x: x.__setitem__((0, 0), None)).endswith("not None")
    assert sentence(lambda x: x.__setitem__((0, 0), np.complex64(1j))).endswith("not a complex64")


def test_a_complex_array_takes_complex_numbers():
    y = np.zeros(1, np.complex64)
    launch(lambda y: y.__setitem__(0, 2j), 1, 1, y)
    assert y[0] == 2j


@pytest.mark.parametrize(
    "wrong",
    [
        lambda x: sum(cuda.threadIdx),
        lambda x: cuda.threadIdx + 1,
        lambda x: cuda.threadIdx < 3,
        lambda x: cuda.threadIdx[0],
        lambda x: cuda.threadIdx(),
        lambda x: cuda.threadIdx.X,
        lambda x: x[cuda.threadIdx, 0],
        lambda x: setattr(cuda.threadIdx, "x", 3),
    ],
)
def test_three_numbers_are_taken_by_their_names(wrong):
    assert sentence(wrong).endswith("write cuda.threadIdx.x, cuda.threadIdx.y or cuda.threadIdx.z")


@pytest.mark.parametrize(
    ("wrong", "example"),
    [
        (lambda x: cuda.grid(), "cuda.grid is called like this: `j, i = cuda.grid(2)`"),
        (lambda x: cuda.grid(2, 2), "`j, i = cuda.grid(2)`"),
        (lambda x: cuda.grid.x, "`j, i = cuda.grid(2)`"),
        (lambda x: cuda.grid[2], "`j, i = cuda.grid(2)`"),
        (lambda x: [*cuda.grid], "`j, i = cuda.grid(2)`"),
        (lambda x: cuda.gridsize(), "`columns, rows = cuda.gridsize(2)`"),
        (lambda x: cuda.syncthreads(1), "`cuda.syncthreads()`"),
        (lambda x: cuda.atomic.add(x, 1), "`cuda.atomic.add(y, (i, j), value)`"),
        (
            lambda x: cuda.atomic.add(x[0, 0], 0, 1),
            "with the array itself, the index and the number to add",
        ),
        (lambda x: cuda.atomic(x, 0, 1), "`cuda.atomic.add(y, (i, j), value)`"),
        (lambda x: cuda.shared.array((4, 4)), "`cuda.shared.array((4, 4), np.float32)`"),
        (lambda x: cuda.shared.array((4, 4), "flaot"), "with whole numbers and a type of numbers"),
        (lambda x: cuda.shared.array(-1, np.float32), "with whole numbers and a type of numbers"),
        (lambda x: cuda.local.array("a", np.float32), "`cuda.local.array((4, 4), np.float32)`"),
        (lambda x: cuda.grid(4), "the number of axes, 1, 2 or 3, not 4"),
        (lambda x: cuda.grid(x), "the number of axes, 1, 2 or 3, not the array x"),
        (lambda x: cuda.grid(True), "the number of axes, 1, 2 or 3, not True"),
    ],
)
def test_a_word_that_is_called_otherwise_shows_how(wrong, example):
    assert example in sentence(wrong)


def test_what_is_not_offered_is_told_with_what_there_is():
    told = (
        "cuda.atomic.max is not offered here: of cuda.atomic this small cuda has "
        "cuda.atomic.add alone"
    )
    assert sentence(lambda x: cuda.atomic.max(x, (0, 0), 1)) == told
    assert "this small cuda has cuda.shared.array alone" in sentence(lambda x: cuda.shared.zeros(3))
    assert "leave out @cuda.jit" in sentence(lambda x: cuda.jit(x))


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("threadidx", "threadIdx"),
        ("block_idx", "blockIdx"),
        ("BlockDim", "blockDim"),
        ("syncthread", "syncthreads"),
    ],
)
def test_a_word_written_nearly_right_is_found(name, meant):
    assert (
        f"cuda.{name} is not among the words of this small cuda (did you mean cuda.{meant}?)"
        in sentence(lambda x: getattr(cuda, name))
    )


def test_a_word_far_from_all_is_no_guess():
    assert "did you mean" not in sentence(lambda x: cuda.texture)


def test_memory_that_no_gpu_has_is_not_given():
    assert "40000000000 bytes is too large: a block has 49152 bytes of shared memory" in sentence(
        lambda x: cuda.shared.array(10**10, np.float32)
    )
    assert "a thread has 524288 bytes of local memory" in sentence(
        lambda x: cuda.local.array((10**5, 10), "float64")
    )


def test_one_number_is_not_two_and_two_are_not_one():
    def two(x):
        _, x[0, 0] = cuda.grid(1)

    assert sentence(two) == "cuda.grid(1) gives one number, x: for two write `j, i = cuda.grid(2)`"
    for wrong in (
        lambda x: cuda.grid(2) < 3,
        lambda x: 3 + cuda.grid(2),
        lambda x: cuda.grid(2) * 4,
    ):
        told = "cuda.grid(2) gives 2 numbers at once: take them apart, `j, i = cuda.grid(2)`"
        assert sentence(wrong) == told
    assert "`k, j, i = cuda.gridsize(3)`" in sentence(lambda x: cuda.gridsize(3) - 1)


def test_a_word_cannot_be_changed():
    assert "cuda.grid = … would change a word of cuda" in sentence(
        lambda x: setattr(cuda, "grid", 3)
    )


def test_print_shows_numbers_and_names(capsys):
    def kernel(x):
        print(cuda.blockDim, x, f"{cuda.grid}")

    launch(kernel, 1, (2, 1), np.zeros(1))
    assert capsys.readouterr().out.splitlines()[0] == "(x=2, y=1, z=1) the array x cuda.grid"


def returns_a_number(x):
    return np.float32(2.5)


def returns_its_array(x):
    return x


def returns_behind_a_barrier(x):
    cuda.syncthreads()
    return 10**400


def generates(x):
    x[0, 0] = 1
    yield


async def waits(x):
    x[0, 0] = 1


def calls_itself(x):
    if x[0, 0] > 0:
        calls_itself(x)


def calls_in_a_circle(x):
    helps_it(x)


def helps_it(x):
    calls_in_a_circle(x)


@pytest.mark.parametrize(
    ("kernel", "why"),
    [
        (
            returns_a_number,
            "thread 0 returns 2.5, but a kernel gives nothing back: write the result into an array",
        ),
        (returns_its_array, "thread 0 returns the array x, but"),
        (returns_behind_a_barrier, "thread 0 returns a value, but"),
        (
            generates,
            (
                "`yield` makes a generator, which does not run when it is called: write into "
                "an array "
                "instead"
            ),
        ),
        (
            waits,
            (
                "`async def` makes a coroutine, which does not run when it is called: write "
                "`def` alone"
            ),
        ),
        (
            calls_itself,
            (
                "calls_itself calls itself: the launch starts it once for every thread, so "
                "leave the "
                "call out"
            ),
        ),
        (
            calls_in_a_circle,
            "thread 0 calls functions without an end: one calls itself, write a loop",
        ),
    ],
)
def test_a_function_that_is_no_kernel_is_refused(kernel, why):
    assert why in sentence(kernel)


def test_a_kernel_within_a_function_that_calls_itself_is_refused():
    def inner(x):
        inner(x)

    assert "inner calls itself" in sentence(inner)


def test_the_compiler_is_not_asked_about_what_is_no_kernel():
    with pytest.raises(ValueError, match="`yield` makes a generator"):
        ptx(generates, np.zeros((1, 1)))


def test_the_cuda_of_numba_and_its_decorator_are_told(monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "cuda", ModuleType("numba.cuda"))
    told = "`cuda` is that of numba, which needs a GPU: write `from cnnlab.cudatrace import cuda`"
    assert sentence(lambda x: cuda.grid(1)) == told

    def compiled(x): ...

    compiled.py_func = compiled
    assert "@cuda.jit has compiled it already: leave the decorator out" in sentence(compiled)


def test_a_thread_out_of_bounds_is_reported_though_the_kernel_catches_the_error():
    def kernel(y):
        with suppress(IndexError):
            y[cuda.grid(1)] = 1

    found = launch(kernel, 1, 3, np.zeros(2))
    assert [thread.did for thread in found.threads] == ["wrote", "wrote", "stopped"]
