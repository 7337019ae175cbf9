"""The report on the machine: an old driver, a missing extra, a terminal without "−"."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

import cnnlab
from cnnlab import machine as describe_machine
from cnnlab.printable import PLAIN, printable

machine = sys.modules["cnnlab.machine"]
ROOT = Path(__file__).parents[1]


def child(code, **environment):
    """What a new Python prints that runs ``code``."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        timeout=120,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def answering(monkeypatch, says, installed=None):
    """NVIDIA's tool answers ``says``; ``installed`` is the version of CUDA that Numba's compiler
    was installed for.
    """
    monkeypatch.setattr("shutil.which", lambda name: name)
    monkeypatch.setattr("subprocess.run", lambda *args, **options: SimpleNamespace(stdout=says))
    monkeypatch.setattr(machine, "find_spec", lambda name: installed)
    version = machine._version
    monkeypatch.setattr(
        machine, "_version", lambda name: installed if name == "cuda-bindings" else version(name)
    )
    return describe_machine().gpu


DRIVERS = [
    ("550.54.15", "cuda12"),
    ("579.99", "cuda12"),
    ("580.65.06", "cuda"),
    ("525.60.13", "cuda12"),
    ("610.1", "cuda"),
]


@pytest.mark.parametrize("driver, extra", DRIVERS)
def test_the_machine_names_the_extra_that_fits_its_driver(monkeypatch, driver, extra):
    line = f"Tesla T4, 15360 MiB, {driver}"
    assert answering(monkeypatch, line + "\n") == f'{line}; pip install "cnnlab[{extra}]" to use it'
    assert (
        extra
        in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
            "optional-dependencies"
        ]
    )


def test_the_extra_that_is_installed_is_not_advised_unless_the_driver_needs_the_other(monkeypatch):
    new, old = "H100, 81559 MiB, 580.1", "T4, 15360 MiB, 550.1"
    assert answering(monkeypatch, new, "13.0.1").endswith("the extra [cuda] is installed")
    assert answering(monkeypatch, old, "12.9.2").endswith("the extra [cuda12] is installed")
    assert answering(monkeypatch, old, "13.0.1").endswith('pip install "cnnlab[cuda12]" to use it')


def test_a_driver_that_is_too_old_or_says_nothing(monkeypatch):
    assert "driver 470.1 is too old for CUDA 12: update it to 525" in answering(
        monkeypatch, "K80, 11441 MiB, 470.1"
    )
    assert answering(monkeypatch, "A, 1 MiB, 550.1\nB, 2 MiB, 550.1\n").startswith(
        "A, 1 MiB, 550.1; B, 2 MiB, 550.1;"
    )
    assert answering(monkeypatch, "\n") == "the NVIDIA driver reports no GPU"
    assert "[N/A] is too old" in answering(monkeypatch, "A, 1 MiB, [N/A]")


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["matplotlib", "anywidget", "ipywidgets"])
def test_without_the_extra_the_way_to_install_it_is_said(missing):
    code = f"""
import sys
sys.modules[{missing!r}] = None
import cnnlab
for line in ("from cnnlab import views", "import cnnlab.views", "cnnlab.views",
             "from cnnlab.views import FilterLab", "from cnnlab import figures",
             "cnnlab.figures.image"):
    try:
        exec(line)
    except ImportError as error:
        assert error.name == {missing!r}
        print(line, "|", error)
import cnnlab.exercises, cnnlab.explain, cnnlab.cudatrace
"""
    said = child(code).decode().splitlines()
    assert len(said) == (6 if missing == "matplotlib" else 4)
    for line in said:
        module = "cnnlab.figures" if "figures" in line else "cnnlab.views"
        assert line.endswith(
            f'| {module} needs {missing}, which is not installed: run pip install "cnnlab[lab]"'
        )


PRINTED = """
import numpy as np, cnnlab
from cnnlab import cudatrace, exercises
from cnnlab.exercises.table import keys
cnnlab.use("numpy")
layers = cnnlab.Conv2d(2, 3), cnnlab.ReLU(), cnnlab.Flatten(), cnnlab.Linear(3)
net = cnnlab.Sequential(*layers, input_shape=(6, 6, 1))
print(net, repr(net), net.summary())
x, y = np.random.default_rng(0).random((8, 6, 6, 1), np.float32), np.arange(8) % 3
split = cnnlab.data.Split(x, y)
data = cnnlab.data.Dataset("mine", split, split, ("a", "b", "c"), "me")
print(data, cnnlab.train(net, data, epochs=1, progress=True), cnnlab.machine(), cnnlab.Film(net))
for key in keys():
    print(exercises.check(key, None), exercises.solution(key))
    shown = exercises.hint(key)
    while not shown.last:
        shown = exercises.hint(key)
    print(shown)
def kernel(x):
    i = cudatrace.cuda.grid(1)
    x[0] = i
launch = cudatrace.launch(kernel, 2, (4, 2), np.zeros(4))
print(launch, *launch.races)
"""


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_all_that_is_printed_can_be_printed_on_a_terminal_without_these_signs(encoding):
    text = child(PRINTED, PYTHONIOENCODING=encoding).decode(encoding)
    assert "params" in text and " epochs" in text and "in 2 blocks" in text


STREAMS = [
    ("utf-8", "2 − 1 × 3 ≈ 🙂"),
    ("cp1252", "2 - 1 × 3 ~ ?"),
    ("ascii", "2 - 1 x 3 ~ ?"),
    (None, "2 − 1 × 3 ≈ 🙂"),
]


@pytest.mark.parametrize("encoding, shown", STREAMS)
def test_only_what_a_stream_lacks_is_made_plain(monkeypatch, encoding, shown):
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(encoding=encoding))
    assert printable("2 − 1 × 3 ≈ 🙂") == shown


def test_every_sign_of_the_exercises_has_a_plain_one():
    text = (Path(cnnlab.__file__).parent / "exercises" / "texts" / "en.json").read_text("utf-8")
    assert {sign for sign in text if not sign.isascii()} <= PLAIN.keys()
    assert all(plain.isascii() for plain in PLAIN.values())
