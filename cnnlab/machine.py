"""What this machine offers to the lessons: Python, backend, cores, GPU, fonts.

Facts only, gathered in well under a second; nothing is installed or changed.
"""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass, fields
from importlib import metadata
from importlib.util import find_spec

from . import kernels
from .printable import printable

OLDEST_DRIVER, DRIVER_OF_CUDA_13 = 525, 580  # NVIDIA's CUDA compatibility tables, Linux


@dataclass(frozen=True)
class Machine:
    """One line a fact, each a short sentence; ``print`` it."""

    system: str
    python: str
    backend: str
    cores: str
    gpu: str
    widgets: str

    def __str__(self):
        return printable(
            "\n".join(f"{field.name:<8} {getattr(self, field.name)}" for field in fields(self))
        )

    __repr__ = __str__


def machine():
    """Look the machine over: a Machine to print at the start of a lesson."""
    return Machine(
        system=f"{platform.system()} on {platform.machine()}",
        python=(
            f"Python {platform.python_version()}, NumPy {_version('numpy')}, Numba "
            f"{_version('numba')}"
        ),
        backend=_backend(),
        cores=_cores(),
        gpu=_gpu(),
        widgets=f"ipywidgets {_version('ipywidgets')}, JupyterLab {_version('jupyterlab')}",
    )


def _version(package):
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _backend():
    name = kernels.backend()
    try:
        kernels.module("numba")
    except ImportError as error:
        return f'"{name}", correct but slow: {error}'
    return f'"{name}"'


def _cores():
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return f"{usable} usable" + ("" if usable == os.cpu_count() else f" of {os.cpu_count()}")


def _gpu():
    """Ask NVIDIA's own tool, which comes with the driver; importing CUDA just to look would take
    seconds.
    """
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return "no NVIDIA driver found; every lesson runs without one"
    asked = [tool, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return "the NVIDIA driver does not answer; every lesson runs without a GPU"
    gpus = [line.strip() for line in answer.stdout.splitlines() if line.strip()]
    return "; ".join([*gpus, _compiler(gpus[0])]) if gpus else "the NVIDIA driver reports no GPU"


def _compiler(gpu):
    """The extra that fits the driver at the end of what NVIDIA's tool says, and whether it is
    installed.
    """
    driver = gpu.rpartition(", ")[2]
    major = int(driver.partition(".")[0]) if driver.partition(".")[0].isdigit() else 0
    if major < OLDEST_DRIVER:
        return (
            f"driver {driver} is too old for CUDA 12: update it to {OLDEST_DRIVER} or newer "
            f"to use the GPU"
        )
    cuda, extra = ("13", "cuda") if major >= DRIVER_OF_CUDA_13 else ("12", "cuda12")
    if find_spec("numba_cuda") and _version("cuda-bindings").partition(".")[0] == cuda:
        return f"the extra [{extra}] is installed"
    return f'pip install "cnnlab[{extra}]" to use it'
