"""Every kernel of the GPU is compiled for an old and a new one: [cuda] needs no GPU for it."""

import importlib.util
import sys

import pytest

from helpers.scripts import benchmark

if importlib.util.find_spec("numba_cuda") is None or sys.platform != "linux":
    pytest.skip("needs the extra [cuda] on Linux", allow_module_level=True)


@pytest.fixture(scope="module")
def ptx():
    return benchmark("ptx")


def test_every_kernel_compiles_for_two_generations_and_spills_nothing(ptx):
    kernels = ptx.used()
    names = {ptx.name_of(kernel) for kernel, _ in kernels}
    assert {
        "gemm, write_output, 128x128",
        "add_shares",
        "adam",
        "max_pool2d",
        "max_pool2d_gather",
        "record_metrics",
        "softmax_cross_entropy",
    } <= names
    for kernel, types in kernels:
        for cc, target in ptx.TARGETS.items():
            text = ptx.compiled(kernel, types, cc)
            assert f".target {target}" in text and ".entry" in text
            registers, _, spilled = ptx.resources(text, target)
            assert 0 < registers <= 255 and spilled == 0, (
                ptx.name_of(kernel),
                target,
                registers,
                spilled,
            )
