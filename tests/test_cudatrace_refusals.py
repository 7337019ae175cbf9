"""What the traced CUDA refuses, ends or cannot do, each in one sentence."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cnnlab.cudatrace import cuda, launch, samples

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    ("kernel", "sentence"),
    [
        (lambda x: x[0:2, 0], "x[…] with a slice: a thread works on single numbers"),
        (lambda x: x[...], "with a slice"),
        (lambda x: x[0], "x[0]: x has 2 axes, give an index for each"),
        (lambda x: x[0, 0.5], "x[0, 0.5]: an index is a whole number"),
        (lambda x: x.__setitem__((0, 0), [1]), "takes one number, not a list"),
        (lambda x: list(x), "loop over range(len(x))"),
        (lambda x: np.sum(x), "a thread works on single numbers"),
    ],
)
def test_what_no_thread_can_do_is_refused_in_a_sentence(kernel, sentence):
    with pytest.raises(TypeError) as error:
        launch(kernel, 1, 1, np.zeros((3, 4)))
    assert sentence in str(error.value) and len(str(error.value).splitlines()) == 1


def test_other_words_and_attributes_are_named_with_those_there_are():
    with pytest.raises(
        AttributeError, match=r"x\.sum is not for a thread: use x\.shape and single numbers"
    ):
        launch(lambda x: x.sum(), 1, 1, np.zeros(3))
    with pytest.raises(
        AttributeError, match=r"cuda\.gird is not among the words .* it has grid, gridsize"
    ):
        launch(lambda x: cuda.gird(1), 1, 1, np.zeros(3))


@pytest.mark.parametrize("word", [lambda: cuda.grid(1), lambda: cuda.threadIdx, cuda.syncthreads])
def test_outside_a_launch_the_words_say_where_they_belong(word):
    with pytest.raises(
        RuntimeError, match=r"works in a running kernel only: start it with launch\(kernel, blocks"
    ):
        word()


@pytest.mark.parametrize(
    ("error", "arguments", "sentence"),
    [
        (
            ValueError,
            (samples.doubled, 1, 1025, np.ones(1), np.ones(1)),
            "at most 1024 threads, not 1025",
        ),
        (
            ValueError,
            (samples.doubled, 999, 999, np.ones(1), np.ones(1)),
            "998001 threads are too many to follow",
        ),
        (
            ValueError,
            (samples.doubled, 0, 4, np.ones(1), np.ones(1)),
            "positive integer",
        ),
        (
            ValueError,
            (samples.doubled, (1, 1, 1, 1), 4, np.ones(1), np.ones(1)),
            "blocks must be one to three positive integers",
        ),
        (
            TypeError,
            (samples.doubled, 1, 4, np.ones(1)),
            "doubled(x, y), but the launch gives it 1 argument",
        ),
        (
            TypeError,
            (samples.doubled, 1, 4, [1], np.ones(1)),
            "x is a list: a kernel takes NumPy arrays and numbers",
        ),
        (TypeError, ("doubled", 1, 4, np.ones(1)), "a kernel is a function, not str"),
    ],
)
def test_a_launch_that_cannot_be_is_refused_in_a_sentence(error, arguments, sentence):
    with pytest.raises(error) as raised:
        launch(*arguments)
    assert sentence in str(raised.value)


def test_a_launch_knows_its_threads_and_arrays():
    found = launch(samples.doubled, 2, 2, np.ones(3), np.ones(3))
    with pytest.raises(ValueError, match="there is no thread 4 in a grid of 4 threads"):
        found.thread(4)
    with pytest.raises(ValueError, match="doubled has no array 'z': it has x, y"):
        found.written("z")


def test_numbers_pass_as_they_are_and_a_closure_is_fine():
    factor = 3

    def kernel(x, times):
        x[cuda.grid(1)] *= times * factor

    x = np.ones(2)
    launch(kernel, 1, 2, x, 2)
    np.testing.assert_array_equal(x, [6, 6])


def test_importing_it_is_light():
    code = (
        "import sys, cnnlab.cudatrace; print([name for name in ('numba', 'matplotlib') if "
        "name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert result.stdout.strip() == "[]", result.stderr


def endless(x):
    while True:
        pass


def endless_behind_a_barrier(x):
    cuda.syncthreads()
    while x.shape:
        pass


@pytest.mark.parametrize("kernel", [endless, endless_behind_a_barrier])
def test_a_kernel_without_an_end_is_ended(kernel, monkeypatch):
    monkeypatch.setattr("cnnlab.cudatrace.watch.LIMIT", 0.3)
    with pytest.raises(
        TimeoutError, match=r"thread 0 did not end within 0.3 s: look for a loop without an end"
    ):
        launch(kernel, 1, 2, np.zeros(2))


def test_true_is_no_index():
    def marked(y):
        y[True] = 1

    with pytest.raises(TypeError, match="an index is a whole number"):
        launch(marked, 1, 1, np.zeros(2))
