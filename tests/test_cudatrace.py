"""The trace of CUDA threads: it computes what the loops compute, and reports every race."""

from pathlib import Path

import numpy as np
import pytest

from cnnlab.cudatrace import cuda, launch, samples
from cnnlab.exercises.lesson05 import one_output

ROOT = Path(__file__).parents[1]


def floats(*shape):
    return np.random.default_rng(0).integers(-3, 4, shape).astype(np.float32)


def convolved(x, w):
    """The convolution by brute force."""
    OH, OW = x.shape[0] - w.shape[0] + 1, x.shape[1] - w.shape[1] + 1
    y = np.empty((OH, OW), np.float32)
    for i, j in np.ndindex(OH, OW):
        y[i, j] = (x[i : i + w.shape[0], j : j + w.shape[1]] * w).sum()
    return y


@pytest.mark.parametrize("threads", [(4, 4), (3, 2), (8, 1), (5, 7)])
def test_a_kernel_computes_what_loops_do_and_every_touch_is_known(threads):
    x, w, y = floats(8, 7, 2), floats(3, 2, 2), np.empty((6, 6), np.float32)
    blocks = tuple(-(-6 // n) for n in threads)
    found = launch(one_output, blocks, threads, x, w, y)
    np.testing.assert_array_equal(y, convolved(x, w))
    assert found.clean and found.where == "trace" and (found.written("y") == 1).all()
    assert len(found.threads) == np.prod(blocks) * np.prod(threads)
    window = {(i, j, c) for i in (2, 3, 4) for j in (1, 2) for c in (0, 1)}
    thread = found.thread(1, 2)
    assert {index for name, index in thread.reads if name == "x"} == window
    assert thread.writes == (("y", (2, 1)),) and len(thread.reads) == 2 * len(window)
    readers = np.zeros(x.shape, int)
    for i, j in np.ndindex(6, 6):
        readers[i : i + 3, j : j + 2] += 1
    np.testing.assert_array_equal(found.read("x"), readers)


def test_the_story_counts_who_wrote_and_who_was_idle():
    found = launch(one_output, (2, 2), (4, 4), floats(8, 8, 2), floats(3, 3, 2), np.zeros((6, 6)))
    assert (
        str(found)
        == repr(found)
        == (
            "64 threads in 4 blocks of 4 × 4: 36 wrote one element each, 28 were idle; "
            "every element of y was written exactly once."
        )
    )
    assert str(launch(samples.doubled, 1, 1, np.ones(3), np.ones(3))) == (
        "1 thread in 1 block of 1: 1 wrote one element; 2 of 3 elements of y were never written."
    )


def test_x_is_counted_first_and_all_words_answer():
    seen = []

    def kernel(y):
        here = [(cuda.threadIdx.x, cuda.blockIdx.x, cuda.blockDim.x, cuda.gridDim.x)]
        here.append((cuda.threadIdx.y, cuda.blockIdx.y, cuda.blockDim.y, cuda.gridDim.y))
        assert cuda.grid(2) == tuple(b * n + t for t, b, n, _ in here)
        assert (
            cuda.grid(1) == cuda.grid(3)[0] and cuda.gridsize(2) == (6, 4) and cuda.gridsize(1) == 6
        )
        seen.append(cuda.grid(2))

    launch(kernel, (2, 4), (3, 1), np.zeros(1))
    assert seen[:4] == [(0, 0), (1, 0), (2, 0), (3, 0)] and len(set(seen)) == 24


def test_a_thread_out_of_range_is_stopped_and_the_others_go_on():
    y = np.zeros(10)
    found = launch(samples.unchecked, 3, 4, np.arange(10.0), y)
    np.testing.assert_array_equal(y, 2 * np.arange(10))
    assert [thread.position[0] for thread in found.threads if thread.did == "stopped"] == [10, 11]
    assert found.faults[0] == (
        "thread 10 reads x[10], but x has shape (10,): the `if` that keeps threads inside is "
        "missing "
        "or lets too many through, or an index is off"
    )
    assert "2 were stopped" in str(found) and "(and 1 more)" in str(found) and not found.clean


def test_a_negative_index_does_not_count_from_the_end():
    def kernel(x, y):
        y[cuda.grid(1) - 1] = x[0]

    found = launch(kernel, 1, 2, np.ones(3), np.zeros(3))
    assert len(found.faults) == 1
    assert found.faults[0].startswith(
        "thread 0 writes y[-1], but y has shape (3,) (a thread does not count from the end)"
    )


def test_the_place_of_a_thread_in_two_axes_is_named():
    def kernel(y):
        y[cuda.grid(2)] = 1

    assert (
        launch(kernel, 1, (3, 2), np.zeros((2, 2)))
        .faults[0]
        .startswith("thread (x=2, y=0) writes y[2, 0]")
    )


def test_threads_that_write_one_element_are_a_race_though_the_sum_comes_out():
    total = np.zeros(1)
    found = launch(samples.racing, 3, 4, np.arange(10.0), total)
    assert total[0] == 45 and len(found.races) == 1 and not found.clean
    assert (
        str(found.races[0])
        == "total[0] is written by thread 0 and read by thread 1, with no barrier between"
    )
    assert "every element of total was written 10 times" in str(found)


def test_atomic_additions_are_no_race_but_a_plain_read_among_them_is():
    def peeking(x, total):
        cuda.atomic.add(total, 0, x[0])
        x[1 + cuda.grid(1)] = total[0]

    total = np.zeros(1)
    assert launch(samples.in_line, 3, 4, np.arange(10.0), total).clean and total[0] == 45
    assert [race.array for race in launch(peeking, 1, 2, np.ones(3), total).races] == ["total"]


def test_an_atomic_addition_gives_what_was_there():
    def kernel(total, before):
        i = cuda.grid(1)
        before[i] = cuda.atomic.add(total, 0, 2)

    before = np.zeros(3)
    launch(kernel, 1, 3, np.zeros(1), before)
    np.testing.assert_array_equal(before, [0, 2, 4])


def summed(x, y, wait):
    """Every block adds up its numbers in shared memory."""
    t = cuda.threadIdx.x
    shared = cuda.shared.array(4, np.float32)
    shared[t] = x[cuda.grid(1)]
    if wait:
        cuda.syncthreads()
    if t == 0:
        total = np.float32(0)
        for k in range(4):
            total += shared[k]
        y[cuda.blockIdx.x] = total


def test_a_barrier_orders_the_threads_of_a_block():
    x, y = np.arange(8, dtype=np.float32), np.zeros(2, np.float32)
    found = launch(summed, 2, 4, x, y, True)
    np.testing.assert_array_equal(y, [6, 22])
    assert found.clean and [thread.phase for thread in found.threads] == [1] * 8


def test_without_the_barrier_numbers_are_not_there_yet_and_it_is_a_race():
    y = np.zeros(2, np.float32)
    found = launch(summed, 2, 4, np.arange(8, dtype=np.float32), y, False)
    assert np.isnan(y).all() and len(found.races) == 6
    assert str(found.races[0]) == (
        "shared1[1] of block 0 is written by thread 1 and read by thread 0, with no barrier between"
    )


def test_a_barrier_does_not_order_threads_of_two_blocks():
    def kernel(x, y):
        x[cuda.grid(1)] = 1
        cuda.syncthreads()
        y[cuda.grid(1)] = x[(cuda.grid(1) + 1) % 4]

    assert launch(kernel, 1, 4, np.zeros(4), np.zeros(4)).clean
    assert {race.index for race in launch(kernel, 2, 2, np.zeros(4), np.zeros(4)).races} == {
        (0,),
        (2,),
    }


def test_a_barrier_that_some_never_reach_is_told():
    def kernel(y):
        if cuda.grid(1) != 1:
            cuda.syncthreads()
        y[cuda.grid(1)] = 1

    found = launch(kernel, 1, 3, np.zeros(3))
    assert len(found.faults) == 2 and found.thread(1).did == "wrote"
    assert found.faults[0].startswith(
        "thread 0 waits at cuda.syncthreads() for 1 thread of its block that never comes"
    )


def test_two_barriers_and_one_in_a_helper():
    def rotate(x):
        i = cuda.grid(1)
        for _ in range(2):
            value = x[(i + 1) % 3]
            meet()
            x[i] = value
            meet()

    x = np.arange(3.0)
    assert launch(rotate, 1, 3, x).clean
    np.testing.assert_array_equal(x, [2, 0, 1])


def meet():
    cuda.syncthreads()


def test_an_error_behind_a_barrier_comes_out_and_leaves_no_thread_waiting():
    def kernel(x):
        cuda.syncthreads()
        x[0] = 1 / cuda.threadIdx.x

    with pytest.raises(ZeroDivisionError):
        launch(kernel, 1, 4, np.zeros(1))


def test_shared_memory_belongs_to_a_block_and_local_memory_to_a_thread():
    def kernel(y):
        mine, ours = cuda.local.array(1, np.int32), cuda.shared.array((1, 2), "float64")
        mine[0] = cuda.grid(1)
        ours[0, cuda.threadIdx.x] = mine[0]
        cuda.syncthreads()
        y[cuda.grid(1)] = ours[0, 1 - cuda.threadIdx.x]

    y = np.zeros(4)
    assert launch(kernel, 2, 2, y).clean
    np.testing.assert_array_equal(y, [1, 0, 3, 2])
