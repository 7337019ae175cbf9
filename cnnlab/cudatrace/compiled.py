"""The same kernel on a real GPU, and in the language that GPUs are given it in."""

import re
from dataclasses import dataclass
from importlib.resources import files

from ..kernels import learner_kernel
from ..texts import say
from .launching import launch
from .namespace import cuda
from .refusing import refuse


@dataclass(frozen=True)
class GpuRun:
    """A kernel that ran on a GPU, where nobody watches the threads: its name, the grid and the
    ``device``.
    """

    kernel: str
    blocks: object
    threads: object
    device: str
    where = "gpu"

    def __str__(self):
        return say("cudatrace.ran", **vars(self))

    __repr__ = __str__


def run(kernel, blocks, threads, *arrays):
    """Run the kernel on the GPU if there is one, else by ``launch``: a GpuRun, or a Launch.

    Both have ``where``, "gpu" or "trace", and print what happened; ``arrays`` are written either
    way. On a GPU it needs the extra [cuda], and raises ValueError for a kernel that does not
    compile; see ``launch`` for the rest.
    """
    device = learner_kernel.device()
    if device is None:
        return launch(kernel, blocks, threads, *arrays)
    refuse(kernel)
    learner_kernel.start(kernel, cuda, blocks, threads, arrays)
    return GpuRun(kernel.__name__, blocks, threads, device)


def ptx(kernel, *arrays, cc=(7, 5)):
    """What the compiler makes of the kernel for such arrays: PTX, the assembly that every NVIDIA
    GPU understands.

    ``cc`` is the compute capability, (7, 5) for a GPU of 2018. It needs the extra [cuda] but no
    GPU. Raises an ImportError without it, and ValueError for a kernel that does not compile, each
    in one sentence.
    """
    refuse(kernel)
    return _readable(learner_kernel.compile_ptx(kernel, cuda, arrays, cc), kernel.__name__)


def stored_ptx():
    """The PTX of the lesson's own kernel, one thread for one output, as it travels with the
    library.
    """
    return (files("cnnlab.data") / "files" / "one_output.ptx").read_text("utf-8")


def _readable(text, name):
    """With the kernel's own name, where Numba writes one that holds all types."""
    text = re.sub(r"^\.common.*\n", "", text, flags=re.MULTILINE)
    entry = re.search(r"\.entry\s+(\w+)", text)
    return text.replace(entry[1], name) if entry else text
