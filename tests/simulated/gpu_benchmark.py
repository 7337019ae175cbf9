"""The GPU's benchmark in the simulator: it checks, calls and counts; its times mean nothing."""

from functools import partial

import pytest

from cnnlab import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential
from helpers.scripts import benchmark


@pytest.fixture(scope="module")
def gpu():
    return benchmark("gpu")


@pytest.fixture(scope="module")
def work():
    return benchmark("gpu_work")


@pytest.fixture
def at_once(gpu, monkeypatch):
    """Every call is timed once."""

    def clock(calls, *_, **__):
        return [{name: gpu.by_the_wall(call, 1) for name, call in calls.items()}]

    monkeypatch.setattr(gpu, "turns", clock)


MAKES = {
    "convolution": lambda work, shape: partial(work.convolution, shape),
    "pooling": lambda work, shape: partial(work.pooling, 2, 5, 6, 3, 3, 2),
    "relu": lambda work, shape: partial(work.relu, 2, 3, 4, 2),
    "norm": lambda work, shape: partial(work.norm, 2, 3, 4, 2),
    "linear": lambda work, shape: partial(work.linear, 3, 4, 2),
    "optimiser": lambda work, shape: partial(work.optimiser, 7),
}
COUNTS = {"convolution": 3, "pooling": 2, "relu": 3, "norm": 2, "linear": 3, "optimiser": 1}


@pytest.fixture
def shape(gpu):
    return type(next(iter(gpu.SHAPES.values())))(2, 5, 2, 3, 3, padding=1)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("few", [1, 4], ids=["a batch of repetitions", "all drawn"])
@pytest.mark.parametrize("kind", MAKES)
def test_our_calls_of_every_kind_are_right_and_timed(kind, few, gpu, work, shape, monkeypatch):
    monkeypatch.setattr(work, "FEW", few)
    kept = {}
    rows = list(gpu.rows(kind, 2, MAKES[kind](work, shape), (None, 1), kept))
    assert len(rows) == len(kept) == COUNTS[kind] and {len(row) for row in rows} == {9}
    assert all("wrong" not in row[3] and float(row[-1]) < gpu.EXACT for row in rows)


@pytest.mark.usefixtures("at_once")
def test_what_is_wrong_is_said_and_not_timed(gpu, work, shape):
    job = work.linear(2, 3, 4)[0]["forward"]._replace(call=lambda: None)
    kept = {}
    (row,) = gpu.rows("idle", 2, lambda: ({"forward": job}, {}), (None, 1), kept)
    assert (
        row[3] == "**wrong** by nan"
        and len(row) == 9
        and kept == {("idle", 2, "forward"): {"torch": 0.0}}
    )


def test_one_failure_does_not_cost_the_other_rows(gpu, shape, monkeypatch):
    monkeypatch.setattr(gpu.work, "convolution", lambda shape: 1 / 0)
    kept = {}
    rows = list(gpu.convolutions({"one": shape, "other": shape}, [1], (None, 1), kept))
    assert [row[3] for row in rows] == ["**broke off**: ZeroDivisionError: division by zero"] * 2
    assert kept == {("one", 1, ""): "broke off", ("other", 1, ""): "broke off"}
    monkeypatch.setattr(gpu, "LONGEST", -1)
    rows = list(gpu.convolutions({"one": shape}, [1], (None, 1), kept))
    assert (
        rows[0][3] == "left out: no time left"
        and kept["one", 1, ""] == "no time left"
        and len(rows[0]) == 9
    )


@pytest.mark.usefixtures("at_once")
def test_a_net_takes_the_step_it_takes_on_the_processor(gpu, monkeypatch):
    def build():
        return Sequential(
            Conv2d(2, 3), ReLU(), MaxPool2d(2), Flatten(), Linear(3), input_shape=(6, 6, 1)
        )

    kept = {}
    ((title, batch, *_, error),) = gpu.training_step("net", build, 3, kept)
    assert (
        (title, batch) == ("net", 3)
        and float(error) < 1e-5
        and kept["net", 3, "step"]["processor"] > 0
    )
    monkeypatch.setattr(gpu.work, "same_steps", lambda *args: 0.5)
    assert next(gpu.training_step("net", build, 3, kept))[2] == "**wrong** by 5e-01"


def test_targets_are_judged():
    aims = benchmark("gpu_targets")
    first, second = list(aims.SHAPES)[:2]
    kept = {
        (first, 64, "dW"): {"torch": 0.4, "last": 0.6},
        (first, 256, "dW"): {"torch": 0.7, "last": 0.9},
        (second, 64, "dX"): {"torch": aims.WRONG},
        (second, 256, ""): "too large",
        ("CIFAR net", 64, "step"): {"processor": 21.0, "torch": 0.1},
    }
    found = {tuple(row[:2]): row[3:] for row in aims.targets(kept)}
    assert found[first, "PyTorch"] == ["0.40", "**no**, not known yet why"]
    assert found[first, "its channels last"] == ["0.60", "yes"]
    assert found[second, "PyTorch"] == ["wrong", "**no**"]
    assert found["CIFAR net", "this machine's processor"] == ["21.00", "yes"]
    assert {tuple(row[3:]) for row in aims.targets({})} == {("not measured", "")}


def test_nothing_is_claimed_of_a_simulated_gpu(gpu):
    said = gpu.text()
    assert "every row of this benchmark is **not measured**" in said and "only simulated" in said
    assert "yes" not in said and "**no**" not in said
