"""A report on this machine for the lessons: Python, backend, cores, GPU, fonts.

Facts only, gathered in well under a second; nothing is installed or changed.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass, fields
from importlib.util import find_spec

from . import kernels
from .printable import printable
from .texts import say

OLDEST_DRIVER, DRIVER_OF_CUDA_13 = 525, 580  # NVIDIA's CUDA compatibility tables, Linux


@dataclass(frozen=True)
class Machine:
    """The report on a machine: one short sentence a line; ``print`` it.

    Attributes:
        system: the operating system and the processor's kind.
        python: the versions of Python, NumPy and Numba.
        backend: the backend in use.
        cores: how many may be used.
        gpu: the GPU, and what it needs.
        widgets: the versions of what shows the views.
    """

    system: str
    python: str
    backend: str
    cores: str
    gpu: str
    widgets: str

    def __str__(self):
        names = [field.name for field in fields(self)]
        lines = [f"{say(f'machine.{name}'):<8} {getattr(self, name)}" for name in names]
        return printable("\n".join(lines))

    __repr__ = __str__


def machine() -> Machine:
    """What this machine offers to the lessons.

    Returns:
        A Machine, to print at the start of a lesson.

    Examples:
        >>> print(cnnlab.machine())  # doctest: +ELLIPSIS
        system   ...
    """
    libraries = {name: _version(name) for name in ("numpy", "numba")}
    return Machine(
        system=say("machine.platform", system=platform.system(), processor=platform.machine()),
        python=say("machine.versions", python=platform.python_version(), **libraries),
        backend=_backend(),
        cores=_cores(),
        gpu=_gpu(),
        widgets=say(
            "machine.lab", **{name: _version(name) for name in ("ipywidgets", "jupyterlab")}
        ),
    )


def _version(package):
    from importlib import metadata  # brings the whole of email, and is needed here alone

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return say("machine.missing")


def _backend():
    name = f'"{kernels.backend()}"'
    try:
        kernels.get_backend("numba")
    except ImportError as error:
        return say("machine.slow", name=name, error=error)
    return name


def _cores():
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    some = "" if usable == os.cpu_count() else "_of"
    return say(f"machine.usable{some}", usable=usable, all=os.cpu_count())


def _gpu():
    """The GPU, from NVIDIA's own tool, for importing CUDA would take seconds."""
    import shutil
    import subprocess

    tool = shutil.which("nvidia-smi")
    if tool is None:
        return say("machine.no_driver")
    asked = [tool, "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True)
    except (OSError, subprocess.SubprocessError):
        return say("machine.driver_silent")
    gpus = [line.strip() for line in answer.stdout.splitlines() if line.strip()]
    return "; ".join([*gpus, _compiler(gpus[0])]) if gpus else say("machine.no_gpu")


def _compiler(gpu):
    """The extra that fits the driver NVIDIA's tool reports, and whether it is installed."""
    driver = gpu.rpartition(", ")[2]
    major = int(driver.partition(".")[0]) if driver.partition(".")[0].isdigit() else 0
    if major < OLDEST_DRIVER:
        return say("machine.old_driver", driver=driver, oldest=OLDEST_DRIVER)
    cuda, extra = ("13", "cuda") if major >= DRIVER_OF_CUDA_13 else ("12", "cuda12")
    if find_spec("numba_cuda") and _version("cuda-bindings").partition(".")[0] == cuda:
        return say("machine.extra_installed", extra=extra)
    return say("machine.install_extra", extra=extra)
