"""What the CUDA compiler makes of the GPU's kernels: registers, shared memory and spills. No GPU is
needed.

    python benchmarks/ptx.py            with the extra [cuda] on Linux

Nets with every layer, loss and optimiser take a step on arrays that only pretend to lie on a GPU;
every kernel that would be started is noted with the types of its arguments, compiled to PTX, and
that to machine code.
"""

import re
import threading
from contextlib import ExitStack
from unittest.mock import patch

import numpy as np
import report
from numba import cuda, typeof

import cnnlab
from cnnlab import kernels, layers, losses, ops, optim
from cnnlab.kernels.gpu import driver, gemm, memory, pointwise, ufuncs
from cnnlab.train.queued_steps import QueuedSteps

TARGETS = {(7, 5): "sm_75", (9, 0): "sm_90"}
IMAGE, BATCH = (8, 8, 4), 32  # so many places that a gradient of weights is shared out


class Pretended(np.ndarray):
    """An array that says it lies on a GPU."""

    def copy_to_host(self):
        return np.array(self)

    def copy_to_device(self, other):
        self[...] = other

    def is_c_contiguous(self):
        return True


def steps():
    """A training step of nets that hold every layer, with every loss and optimiser."""
    convolutions = (
        layers.Conv2d(4, 3, padding=1),
        layers.ConvTranspose2d(4, 2),
        layers.LocallyConnected2d(2, 3),
    )
    norms = layers.BatchNorm2d(), layers.GroupNorm(2), layers.LocalResponseNorm(3)
    pools = (
        layers.MaxPool2d(2),
        layers.AvgPool2d(2),
        layers.LpPool2d(2, p=3),
        layers.FractionalMaxPool2d(),
    )
    rest = layers.ReLU(), layers.Tanh(), layers.Sigmoid(), layers.Dropout(0.5)
    blocks = cnnlab.Residual(layers.Conv2d(4, 1)), cnnlab.Branches(layers.Conv2d(2, 1), [])
    x, y = np.zeros((BATCH, *IMAGE), np.float32), np.arange(BATCH) % 3
    optimizers = optim.SGD(0.1, 0.9), optim.Adagrad(), optim.RMSProp(), optim.Adam()
    for number, layer in enumerate(
        (*convolutions, *norms, *pools, *rest, *blocks, layers.GlobalAvgPool2d())
    ):
        flat = () if isinstance(layer, layers.GlobalAvgPool2d) else (layers.Flatten(),)
        net = cnnlab.Sequential(layer, *flat, layers.Linear(3), input_shape=IMAGE).to("cuda")
        loss = (losses.softmax_cross_entropy, losses.multiclass_svm)[number % 2]
        _, dscores = loss(net.forward(x, training=True), y)
        net.backward(dscores)
        optimizers[number % 4].step(net.params, net.grads)
    QueuedSteps(net, optimizers[0], loss, most=2)(x, y, last=False)
    there = kernels.to_gpu(x)
    columns = ops.im2col(there, 3)
    ops.col2im(columns, x.shape, 3)


def used():
    """Every kernel that the steps start, with the types of its arguments, for both tiles of the
    product.
    """
    found = {}

    def configured(kernel, shape):
        def started(*args):
            types = tuple(
                typeof(np.asarray(a)) if isinstance(a, Pretended) else typeof(a) for a in args
            )
            found[kernel, types] = None

        return started

    with ExitStack() as stack:
        for place, name, stand_in in (
            (type(pointwise._relu), "__getitem__", configured),
            (cuda, "device_array", lambda shape, dtype: np.zeros(shape, dtype).view(Pretended)),
            (cuda, "to_device", lambda a: np.array(a).view(Pretended)),
            (driver, "require", lambda: None),
            (memory, "_kept", threading.local()),
        ):
            stack.enter_context(patch.object(place, name, stand_in))
        for tile in (gemm.SMALL, gemm.LARGE):
            with patch.object(gemm, "tile_for", lambda *sizes, tile=tile: tile):
                steps()
    return list(found)


def name_of(kernel):
    """The kernel's name; of those that are made for a purpose, what they are made of."""
    function = kernel.py_func
    inside = dict(
        zip(
            function.__code__.co_freevars,
            (c.cell_contents for c in function.__closure__ or ()),
            strict=True,
        )
    )
    if "write" in inside:
        return f"gemm, {inside['write'].py_func.__name__.strip('_')}, {inside['BM']}x{inside['BN']}"
    if "term" in inside:
        room = function.__module__.rsplit(".", 1)[-1]
        return f"{room}, sums of {inside['term'].py_func.__name__.strip('_')}"
    if "function" in inside:
        names = [u.__name__ for u, f in ufuncs.FUNCTIONS.items() if f is inside["function"].py_func]
        return f"elementwise, {names[0]}, {function.__code__.co_argcount - 2} inputs"
    return function.__name__.strip("_")


def compiled(kernel, types, cc):
    """PTX for a GPU of compute capability ``cc``. (Numba asks the GPU for it, even where none is
    needed.)
    """
    stand_in = type("Device", (), {"compute_capability": cc})
    with patch("numba.cuda.dispatcher.get_current_device", lambda: stand_in):
        return cuda.compile_ptx(kernel.py_func, types, cc=cc)[0]


def resources(ptx, target):
    """Registers of a thread, bytes of shared memory, and bytes spilled, as the assembler says."""
    from cuda.bindings import nvjitlink

    handle, code = nvjitlink.create(2, [f"-arch={target}", "-verbose"]), ptx.encode()
    nvjitlink.add_data(handle, nvjitlink.InputType.PTX, code, len(code), "kernel")
    nvjitlink.complete(handle)
    said = bytearray(nvjitlink.get_info_log_size(handle))
    nvjitlink.get_info_log(handle, said)
    said = said.decode()
    numbers = [
        re.findall(rf"(\d+) {what}", said)
        for what in ("registers", "bytes smem", "bytes spill stores")
    ]
    return tuple(max(map(int, found), default=0) for found in numbers)


def rows():
    for kernel, types in sorted(used(), key=lambda one: name_of(one[0])):
        found = [resources(compiled(kernel, types, cc), target) for cc, target in TARGETS.items()]
        registers = " / ".join(str(one[0]) for one in found)
        yield [name_of(kernel), registers, found[0][1], " / ".join(str(one[2]) for one in found)]


def main():
    header = [
        "kernel",
        f"registers, {' / '.join(TARGETS.values())}",
        "shared memory, bytes",
        "spilled, bytes",
    ]
    report.write("Kernels of the GPU, compiled", INTRO + report.table(header, rows()))


INTRO = """Compiled without a GPU; this says nothing about their speed. A thread has at most 255
registers, and what does not fit is spilled to memory.

"""

if __name__ == "__main__":
    main()
