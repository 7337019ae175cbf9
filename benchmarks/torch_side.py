"""PyTorch's side of cpu.py and gpu.py: the same work in both layouts, as functions without
arguments to call.
"""

from functools import partial

import torch
from torch import nn

from cnnlab import Conv2d, Linear, MaxPool2d, ReLU

LAYOUTS = {"torch": torch.contiguous_format, "last": torch.channels_last}


def given(array, layout, device="cpu"):
    """An array ``(N, H, W, C)`` as a tensor ``(N, C, H, W)`` in that layout."""
    return torch.from_numpy(array).permute(0, 3, 1, 2).to(device).contiguous(memory_format=layout)


def flat(array, device="cpu"):
    return torch.from_numpy(array).to(device)


def convolution(x, w, b, dy, shape, layout, device="cpu"):
    """The calls for each direction; each gives its result."""
    xt, wt, dyt = (given(array, layout, device) for array in (x, w, dy))
    bt = flat(b, device)
    pairs = [[size, size] for size in (shape.stride, shape.padding, shape.dilation)]

    def backward(which):
        mask = [which == 0, which == 1, False]
        return torch.ops.aten.convolution_backward(
            dyt, xt, wt, None, *pairs, False, [0, 0], shape.groups, mask
        )[which]

    return {
        "forward": lambda: nn.functional.conv2d(xt, wt, bt, **shape.options),
        "dX": lambda: backward(0),
        "dW": lambda: backward(1),
    }


def pooling(x, dy, size, stride, layout, device="cpu"):
    xt, dyt = given(x, layout, device), given(dy, layout, device)
    pool = torch.ops.aten.max_pool2d_with_indices
    place = [size, size], [stride, stride], [0, 0], [1, 1], False
    where = pool(xt, *place)[1]
    return {
        "forward": lambda: pool(xt, *place)[0],
        "backward": lambda: torch.ops.aten.max_pool2d_with_indices_backward(dyt, xt, *place, where),
    }


def same_net(net):
    """The same layers with weights of their own: only their time is asked."""
    made = []
    for layer in net.layers:
        if isinstance(layer, Conv2d):
            made.append(
                nn.Conv2d(
                    layer.input_shape[2],
                    layer.out_channels,
                    layer.kernel_size,
                    padding=layer.padding,
                )
            )
        elif isinstance(layer, MaxPool2d):
            made.append(nn.MaxPool2d(2))
        elif isinstance(layer, Linear):
            made.append(nn.Linear(*layer.input_shape, layer.out_features))
        else:
            made.append(nn.ReLU() if isinstance(layer, ReLU) else nn.Flatten())
    return nn.Sequential(*made)


def training(net, x, labels, layout, device="cpu"):
    """One step with momentum on a batch that comes from the processor's memory, its loss read."""
    model = same_net(net).to(device, memory_format=layout)
    here = given(x, layout)
    labels = torch.from_numpy(labels)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, fused=True)

    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.cross_entropy(model(here.to(device)), labels.to(device))
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def scores(net, x, layout):
    model, xt = same_net(net).to(memory_format=layout).eval(), given(x, layout)

    def run():
        with torch.inference_mode():
            return model(xt)

    return run


def linear(x, w, b, dy, device="cpu"):
    x, w, b, dy = (flat(array, device) for array in (x, w, b, dy))
    return {
        "forward": lambda: nn.functional.linear(x, w, b),
        "dX": lambda: dy @ w,
        "dW": lambda: dy.T @ x,
    }


def relu(x, dy, layout, device="cpu"):
    x, dy = given(x, layout, device), given(dy, layout, device)
    y = torch.relu(x)
    backward = torch.ops.aten.threshold_backward
    return {
        "forward": lambda: torch.relu(x),
        "backward": lambda: backward(dy, y, 0),
        "sums": lambda: dy.sum((0, 2, 3)),
    }


def norm(x, weight, bias, dy, layout, device="cpu"):
    """Batch normalisation as in training; the way back gives dx and works out the other two as
    well.
    """
    x, dy = given(x, layout, device).requires_grad_(), given(dy, layout, device)
    weight, bias = (flat(array, device).requires_grad_() for array in (weight, bias))
    forward = partial(nn.functional.batch_norm, x, None, None, weight, bias, True)
    y = forward()
    backward = partial(torch.autograd.grad, y, (x, weight, bias), dy, retain_graph=True)
    return {"forward": forward, "backward": lambda: backward()[0]}


def sgd(w, g, device="cpu"):
    """A step with momentum; it gives no result, because the next begins where it ends."""
    parameter = nn.Parameter(flat(w, device))
    parameter.grad = flat(g, device)
    return {"step": torch.optim.SGD([parameter], lr=0.01, momentum=0.9, fused=True).step}


def product(size, device="cpu"):
    """A product of two square matrices."""
    a, b = (torch.randn(size, size, device=device) for _ in range(2))
    out = torch.empty_like(a)
    return lambda: torch.matmul(a, b, out=out)


def as_ours(tensor):
    """A tensor as NumPy's array, images as ``(N, H, W, C)``."""
    tensor = tensor.detach()
    return (tensor.permute(0, 2, 3, 1).contiguous() if tensor.ndim == 4 else tensor).cpu().numpy()
