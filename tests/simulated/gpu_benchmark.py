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
    found = gpu.errors(shape, 1)
    assert set(found) == {"forward", "dX", "dW"} and all(error < gpu.EXACT for error in found.values())
    monkeypatch.setattr(gpu, "errors", lambda shape: {"forward": 0.0, "dX": float("nan"), "dW": 0.0})
    monkeypatch.setattr(gpu, "turns", lambda calls: [{name: gpu.seconds(call, 1) for name, call in calls.items()}])
    rows = list(gpu.convolutions({"tiny": shape}, [1], 1.0, {}))
    assert [row[2] for row in rows] == ["forward", "dX", "dW"] and len({len(row) for row in rows}) == 1
    assert rows[1][3] == "wrong by nan" and rows[0][3].endswith("µs")


def test_targets_are_judged(gpu):
    kept = {("one", 64, "dW"): {"torch": 0.4}, ("CIFAR net", 64, "step"): {"processor": 21.0}}
    assert [row[-1] for row in gpu.targets(kept)] == ["**no**, not known yet why", "yes"]


def test_nothing_is_claimed_of_a_simulated_gpu(gpu):
    assert "**not measured**" in gpu.text() and "only simulated" in gpu.text()
