"""The GPU's benchmark in the simulator: it checks, calls and counts; its times mean nothing here."""

import pytest
from scripts import benchmark


@pytest.fixture(scope="module")
def gpu():
    return benchmark("gpu")


@pytest.fixture
def shape(gpu):
    return type(next(iter(gpu.SHAPES.values())))(1, 5, 2, 3, 3, padding=1)


def test_each_direction_is_compared_before_it_is_timed(gpu, shape, monkeypatch):
    arrays = gpu.arrays_of(shape, 2)
    calls, results = gpu.our_calls(arrays, shape)
    truth, found = gpu.truth_of(arrays, shape), {}
    for name, call in calls.items():
        call()
        found[name] = gpu.error(results[name].numpy(), truth[name], name, 2)
    assert set(found) == {"forward", "dX", "dW"} and all(error < gpu.EXACT for error in found.values())
    monkeypatch.setattr(gpu, "error", lambda found, exact, name, N: float("nan") if name == "dX" else 0.0)
    monkeypatch.setattr(gpu, "turns", lambda calls: [{name: gpu.seconds(call, 1) for name, call in calls.items()}])
    kept = {}
    rows = list(gpu.convolutions({"tiny": shape}, [1], 1.0, kept))
    assert [row[2] for row in rows] == ["forward", "dX", "dW"] and len({len(row) for row in rows}) == 1
    assert rows[1][3] == "wrong by nan" and rows[0][3].endswith("µs")
    assert kept["tiny", 1, "dX"] == "wrong by nan"


def test_a_batch_repeats_the_few_images_that_are_compared(gpu, shape, monkeypatch):
    monkeypatch.setattr(gpu, "FEW", 1)
    arrays = gpu.arrays_of(shape, 2)
    calls, results = gpu.our_calls(arrays, shape)
    for name, exact in gpu.truth_of(arrays, shape).items():
        calls[name]()
        assert gpu.error(results[name].numpy(), exact, name, 2) < gpu.EXACT, name


def test_one_failure_does_not_cost_the_other_rows(gpu, shape, monkeypatch):
    monkeypatch.setattr(gpu, "our_calls", lambda arrays, shape: 1 / 0)
    kept = {}
    rows = list(gpu.convolutions({"tiny": shape}, [1], 1.0, kept))
    assert len(rows) == 3 and all(row[3].startswith("failed: ZeroDivisionError") for row in rows)
    assert {row[-1] for row in gpu.targets(kept)} == {"**no**"}


def test_targets_are_judged(gpu):
    kept = {("one", 64, "dW"): {"torch": 0.4}, ("CIFAR net", 64, "step"): {"processor": 21.0}}
    assert [row[-1] for row in gpu.targets(kept)] == ["**no**, not known yet why", "yes"]


def test_nothing_is_claimed_of_a_simulated_gpu(gpu):
    assert "**not measured**" in gpu.text() and "only simulated" in gpu.text()
