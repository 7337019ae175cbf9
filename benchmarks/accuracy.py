"""How well do small nets learn real images, and how long does it take? The same nets in PyTorch, if
it is installed.

    python benchmarks/accuracy.py [--mnist FOLDER]

FOLDER holds the four idx files of MNIST, gzipped or not; without it the MNIST row is left out.
"""

import argparse
import gzip
import time
from pathlib import Path

import numpy as np
import report

import cnnlab
from cnnlab import Adam, Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential

SEEDS = (0, 1, 2)


def small_net(input_shape, seed):
    """conv8 – conv16 – fc: 9,098 parameters on 28x28x1."""
    return Sequential(
        *(Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2)),
        *(Conv2d(16, 3, padding=1), ReLU(), MaxPool2d(2)),
        *(Flatten(), Linear(10)),
        input_shape=input_shape,
        seed=seed,
    )


def lenet(input_shape, seed):
    """LeNet with ReLU and max pooling: 6 and 16 filters of 5x5, then 120, 84 and 10 units."""
    return Sequential(
        *(Conv2d(6, 5, padding=2), ReLU(), MaxPool2d(2), Conv2d(16, 5), ReLU(), MaxPool2d(2)),
        *(Flatten(), Linear(120), ReLU(), Linear(84), ReLU(), Linear(10)),
        input_shape=input_shape,
        seed=seed,
    )


def mnist(folder):
    """The full MNIST from the idx files in ``folder``."""

    def read(name, header):
        path = Path(folder) / name
        raw = (
            path.read_bytes()
            if path.exists()
            else gzip.decompress(path.with_name(f"{name}.gz").read_bytes())
        )
        return np.frombuffer(raw, np.uint8, offset=header)

    splits = []
    for part in ("train", "t10k"):
        x = read(f"{part}-images-idx3-ubyte", 16).reshape(-1, 28, 28, 1) / np.float32(255)
        splits.append(cnnlab.data.Split(x, read(f"{part}-labels-idx1-ubyte", 8).astype(np.int64)))
    return cnnlab.data.Dataset("mnist", *splits, tuple("0123456789"), "")


def ours(build, data, epochs, batch_size, lr, schedule, seed):
    """Accuracy on the test images after the last epoch, and the seconds it took."""
    net = build(data.input_shape, seed)
    start = time.perf_counter()
    options = dict(
        epochs=epochs, batch_size=batch_size, optimizer=Adam(lr), schedule=schedule, seed=seed
    )
    history = cnnlab.train(net, data, **options, progress=False)
    return history.test_accuracy[-1], time.perf_counter() - start


def torch_twin(build, input_shape, seed):
    """The same layers in PyTorch, with PyTorch's own initial weights."""
    from torch import manual_seed, nn

    manual_seed(seed)
    layers, before = [], input_shape
    for layer in build(input_shape, seed).layers:
        if isinstance(layer, Conv2d):
            layers.append(
                nn.Conv2d(before[-1], layer.out_channels, layer.kernel_size, padding=layer.padding)
            )
        elif isinstance(layer, Linear):
            layers.append(nn.Linear(before[0], layer.out_features))
        else:
            layers.append(
                {ReLU: nn.ReLU(), MaxPool2d: nn.MaxPool2d(2), Flatten: nn.Flatten()}[type(layer)]
            )
        before = layer.output_shape
    return nn.Sequential(*layers)


def theirs(build, data, epochs, batch_size, lr, schedule, seed):
    """As ``ours``, in PyTorch: accuracy on the test images also taken after every epoch."""
    import torch

    net = torch_twin(build, data.input_shape, seed)
    x, x_test = (torch.tensor(np.moveaxis(s.x, -1, 1).copy()) for s in (data.train, data.test))
    y, y_test = (torch.tensor(s.y) for s in (data.train, data.test))
    optimizer, loss = torch.optim.Adam(net.parameters(), lr), torch.nn.CrossEntropyLoss()
    total = epochs * -(-len(x) // batch_size)
    decay = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: 1 - step / total if schedule else 1
    )
    start = time.perf_counter()
    for _ in range(epochs):
        for images in torch.randperm(len(x)).split(batch_size):
            optimizer.zero_grad()
            loss(net(x[images]), y[images]).backward()
            optimizer.step()
            decay.step()
        with torch.no_grad():
            right = (net(x_test).argmax(1) == y_test).float().mean().item()
    return right, time.perf_counter() - start


def row(label, build, data, epochs, batch_size, lr, schedule, sides):
    """One line: the median accuracy and time over the seeds, sides taking turns."""
    runs = {side: [] for side in sides}
    for seed in SEEDS:
        for side in sides:
            runs[side].append(side(build, data, epochs, batch_size, lr, schedule, seed))
    cells = []
    for side in sides:
        accuracy, seconds = np.array(runs[side]).T
        spread = ", ".join(f"{100 * a:.1f}" for a in accuracy)
        cells += [
            f"**{100 * np.median(accuracy):.1f} %** ({spread})",
            f"{np.median(seconds):.1f} s",
        ]
    return [label, epochs, f"{lr:g} {schedule or 'constant'}, {batch_size}", *cells]


def rows_of(sides, folder):
    """All lines of the table; ``folder`` is that of MNIST, None to leave it out."""
    fashion = cnnlab.data.load("fashion")
    digits = cnnlab.data.load("digits")
    name = "conv8-conv16-fc"
    for side in sides:
        side(small_net, fashion, 1, 32, 2e-3, None, 0)  # to compile
    rows = [
        row(f"fashion 4,000/1,000, {name}", small_net, fashion, 10, 32, 2e-3, None, sides),
        row("the same", small_net, fashion, 10, 32, 8e-3, "linear", sides),
        row(f"digits, last 400 as test, {name}", small_net, digits, 20, 32, 1e-2, "linear", sides),
    ]
    if folder:
        name = "MNIST 60,000/10,000, LeNet 6-16-120-84"
        rows.append(row(name, lenet, mnist(folder), 3, 64, 1e-3, None, sides))
    return rows


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mnist", help="folder with the four idx files of MNIST")
    folder = parser.parse_args().mnist
    sides = [ours, theirs] if report.has("torch") else [ours]
    header = ["data, net", "epochs", "learning rate, batch"]
    for library in ("cnnlab", "PyTorch")[: len(sides)]:
        header += [f"{library}: median (seeds 0, 1, 2)", "time"]
    report.write(
        "Accuracy of small nets",
        "Adam; test accuracy after the last epoch.\n\n"
        + report.table(header, rows_of(sides, folder)),
    )


if __name__ == "__main__":
    main()
