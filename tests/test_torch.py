"""The same operations in PyTorch, where it is installed: both implementations must agree."""

import numpy as np
import pytest

from cnnlab import ops

torch = pytest.importorskip(
    "torch", reason="PyTorch is not installed: pip install torch to compare with it"
)
F = torch.nn.functional


def first(a):
    """Channels last to PyTorch's channels first."""
    return torch.tensor(np.moveaxis(a, -1, 1).copy(), requires_grad=True)


def last(t):
    return np.moveaxis(t.detach().numpy(), 1, -1)


def agree(ours, theirs):
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {},
        dict(stride=2, padding=1),
        dict(stride=(2, 1), padding=(1, 2), dilation=(1, 2)),
        dict(groups=2, padding=1),
        dict(groups=4, stride=2),
    ],
)
def test_conv2d_and_its_gradients(options, backend, rng):
    groups = options.get("groups", 1)
    x, w, b = (
        rng.standard_normal((2, 9, 8, 4)),
        rng.standard_normal((8, 3, 2, 4 // groups)),
        rng.standard_normal(8),
    )
    tx, tw, tb = first(x), first(w), torch.tensor(b, requires_grad=True)
    theirs = F.conv2d(tx, tw, tb, **options)
    ours = ops.conv2d(x, w, b, backend=backend, **options)
    agree(ours, last(theirs))
    dy = rng.standard_normal(ours.shape)
    theirs.backward(first(dy))
    for a, t in zip(
        ops.conv2d_backward(dy, x, w, backend=backend, **options), (tx, tw), strict=False
    ):
        agree(a, last(t.grad))
    agree(ops.conv2d_backward(dy, x, w, backend=backend, **options)[2], tb.grad.numpy())


@pytest.mark.parametrize(
    "options",
    [{}, dict(stride=2, padding=1, output_padding=1), dict(stride=(3, 2), dilation=2, groups=2)],
)
def test_conv_transpose2d(options, backend, rng):
    groups = options.get("groups", 1)
    x, w, b = (
        rng.standard_normal((2, 4, 5, 4)),
        rng.standard_normal((4, 3, 2, 6 // groups)),
        rng.standard_normal(6),
    )
    agree(
        ops.conv_transpose2d(x, w, b, backend=backend, **options),
        last(F.conv_transpose2d(first(x), first(w), torch.tensor(b), **options)),
    )


@pytest.mark.parametrize("ceil", [False, True])
@pytest.mark.parametrize("options", [dict(kernel_size=2), dict(kernel_size=3, stride=2, padding=1)])
def test_max_and_average_pooling(options, ceil, backend, rng):
    x = rng.standard_normal((2, 8, 7, 3))
    fit = "ceil" if ceil else "floor"
    y, switches = ops.max_pool2d(x, **options, fit=fit, return_switches=True, backend=backend)
    theirs, places = F.max_pool2d(first(x), **options, ceil_mode=ceil, return_indices=True)
    agree(y, last(theirs))
    np.testing.assert_array_equal(switches, last(places))
    for count in (False, True):
        ours = ops.avg_pool2d(x, **options, fit=fit, count_include_pad=count, backend=backend)
        agree(
            ours, last(F.avg_pool2d(first(x), **options, ceil_mode=ceil, count_include_pad=count))
        )


def test_dilated_max_pooling(backend, rng):
    x = rng.standard_normal((2, 8, 7, 3))
    ours = ops.max_pool2d(x, 3, 2, 1, dilation=2, backend=backend)
    agree(ours, last(F.max_pool2d(first(x), 3, 2, 1, dilation=2)))


def test_lp_pooling(backend, rng):
    x = np.abs(rng.standard_normal((2, 8, 7, 3)))
    agree(ops.lp_pool2d(x, 3, 2, p=3, backend=backend), last(F.lp_pool2d(first(x), 3, 3, 2)))


def test_normalisation(backend, rng):
    x, weight, bias = (
        rng.standard_normal((3, 4, 5, 6)),
        rng.standard_normal(6),
        rng.standard_normal(6),
    )
    tw, tb = torch.tensor(weight), torch.tensor(bias)
    mean, var = np.zeros(6), np.ones(6)
    tm, tv = torch.zeros(6, dtype=torch.float64), torch.ones(6, dtype=torch.float64)
    ours = ops.batch_norm(x, weight, bias, running_mean=mean, running_var=var, backend=backend)
    agree(ours, last(F.batch_norm(first(x), tm, tv, tw, tb, training=True)))
    agree(mean, tm.numpy())
    agree(var, tv.numpy())
    agree(ops.group_norm(x, 3, weight, bias), last(F.group_norm(first(x), 3, tw, tb)))
    for size in (3, 4):
        ours = ops.local_response_norm(x, size, alpha=0.2, beta=0.7, k=2.0, backend=backend)
        agree(ours, last(F.local_response_norm(first(x), size, 0.2, 0.7, 2.0)))


def test_softmax(rng):
    x = rng.standard_normal((4, 5))
    agree(ops.softmax(x), F.softmax(torch.tensor(x), dim=1).numpy())
    agree(ops.log_softmax(x), F.log_softmax(torch.tensor(x), dim=1).numpy())
