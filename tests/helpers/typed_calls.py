"""Calls of public functions for a type checker: the right ones pass, the wrong ones do not.

``# type: ignore[...]`` stands where an error must be found, for mypy reports an ignore that it does
not need. Nothing here is run.
"""

import numpy as np

import cnnlab
from cnnlab import Adam, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Residual, explain, ops, shapes
from cnnlab.typing import Array, Padding, Size


def operations(x: Array, w: Array) -> float:
    padding: Padding = ((0, 1), (1, 0))
    stride: Size = (2, 1)
    y: Array = ops.conv2d(x, w, stride=stride, padding=padding, fit="ceil")
    ops.conv2d([[[[1.0]]]], w, padding="same", out=y, backend="numpy")
    ops.conv2d(x, w, fit="round")  # type: ignore[arg-type]
    ops.conv2d(x, w, padding="full")  # type: ignore[arg-type]
    ops.conv2d(x, w, stride=(1, 2, 3))  # type: ignore[arg-type]
    ops.conv2d(x, w, strides=2)  # type: ignore[call-arg]
    dx, dw, db = ops.conv2d_backward(y, x, w, need_dx=False)
    dw += 1
    dx.sum()  # type: ignore[union-attr]
    size: int = shapes.out_size(227, 11, S=4)
    shapes.out_size("227", 11)  # type: ignore[arg-type]
    return float(db.sum()) + size


def nets(x: Array, labels: Array) -> cnnlab.History:
    net = cnnlab.Sequential(
        Conv2d(8, (3, 5), padding="same"),
        ReLU(),
        Residual(Conv2d(8, 3, padding=1), shortcut=()),
        MaxPool2d(2, stride=None),
        Flatten(),
        Linear(10),
        input_shape=(28, 28, 1),
    )
    cnnlab.Sequential(Linear(10), input_shape="28")  # type: ignore[arg-type]
    Conv2d("8", 3)  # type: ignore[arg-type]
    Linear(10, biases=False)  # type: ignore[call-arg]
    classes: Array = net.predict(x)
    loss, dscores = cnnlab.softmax_cross_entropy(net.forward(x, training=True), labels)
    loss.upper()  # type: ignore[attr-defined]
    net.backward(dscores, need_dx=False)
    Adam(lr=1e-3, betas=(0.9, 0.99)).step(net.params, net.grads)
    Adam(lr="fast")  # type: ignore[arg-type]
    net.copy().to("cuda").save("net.npz")
    patches = explain.best_patches(net, x, layer="0", unit=3)
    print(classes, patches.values)
    history = cnnlab.train(net, (x, labels), epochs=2, schedule="cosine", seed=None)
    for step in cnnlab.steps(net, (x, labels), epochs=1):
        print(step.loss + step.accuracy, step.last)
    history.loss.append("low")  # type: ignore[arg-type]
    return history


def loading() -> tuple[int, ...]:
    data = cnnlab.data.load("digits")
    split: cnnlab.data.Split = data.train.take(10)
    name: str = data.classes[0]
    name += 1  # type: ignore[operator]
    errors: dict[str, float] = cnnlab.gradcheck(Linear(2), (3,), seed=np.random.default_rng(0))
    print(split, errors)
    return cnnlab.load("net.npz").input_shape
