"""Draw docs/lesson-11.png, the picture in the README: a net trained here and now, and what is inside it.

python tools/build_picture.py
"""

from pathlib import Path

from matplotlib import pyplot as plt

import cnnlab
from cnnlab import Adam, Conv2d, Flatten, Linear, MaxPool2d, ReLU, figures

PICTURE = Path(__file__).parents[1] / "docs" / "lesson-11.png"


def main():
    data = cnnlab.data.load("fashion")
    first = Conv2d(8, 3, padding=1), ReLU(), MaxPool2d(2)
    second = Conv2d(16, 3, padding=1), ReLU(), MaxPool2d(2)
    net = cnnlab.Sequential(*first, *second, Flatten(), Linear(10), input_shape=data.input_shape)
    history = cnnlab.train(net, data, epochs=10, batch_size=32, optimizer=Adam(8e-3), schedule="linear")
    figure = plt.figure(figsize=(13, 6.5), layout="constrained")
    above, below = figure.subfigures(2, 1)
    curves, filters = above.subplots(1, 2, width_ratios=(1, 1.2))
    figures.training_curves(history, curves)
    figures.filters(net.params["0.weight"], filters, title="its eight filters of 3 x 3")
    figures.inside(net, data.test.x[7], data.classes, data.test.y[7], figure=below)
    figure.savefig(PICTURE, dpi=100)


if __name__ == "__main__":
    main()
