"""What this machine offers to the lessons: Python, backend, cores, GPU, fonts.

Facts only, gathered in well under a second; nothing is installed or changed.
"""

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass, fields
from importlib import metadata

from . import kernels


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
        return "\n".join(f"{field.name:<8} {getattr(self, field.name)}" for field in fields(self))

    __repr__ = __str__


def machine():
    """Look the machine over: a Machine to print at the start of a lesson."""
    return Machine(
        system=f"{platform.system()} on {platform.machine()}",
        python=f"Python {platform.python_version()}, NumPy {_version('numpy')}, Numba {_version('numba')}",
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
    """Ask NVIDIA's own tool, which comes with the driver; importing CUDA just to look would take seconds."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return "no NVIDIA driver found; every lesson runs without one"
    asked = [tool, "--query-gpu=name,memory.total", "--format=csv,noheader"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=5)
    except (OSError, subprocess.TimeoutExpired):
        return "the NVIDIA driver does not answer; every lesson runs without a GPU"
    return "; ".join(answer.stdout.split("\n")).strip("; ") or "the NVIDIA driver reports no GPU"
