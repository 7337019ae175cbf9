"""Make the films that travel with the library: the nets of lessons 11 and 12, from untrained to
trained.

Every checkpoint is evaluated as it will be shown: with weights rounded to a byte, on the held-out
images.
"""

from dataclasses import replace
from pathlib import Path

from cnnlab import (
    Adam,
    Conv2d,
    Film,
    Flatten,
    Linear,
    MaxPool2d,
    ReLU,
    Sequential,
    data,
    softmax_cross_entropy,
    steps,
)
from cnnlab.train.evaluate import Evaluator
from cnnlab.train.series import DownsampledSeries

OUT = Path(__file__).parents[1] / "cnnlab" / "data" / "files"


def block(K):
    return [Conv2d(K, 3, padding=1), ReLU()]


def clothes():
    """The net of the README and of lesson 11."""
    layers = [*block(8), MaxPool2d(2), *block(16), MaxPool2d(2), Flatten(), Linear(10)]
    return Sequential(*layers, input_shape=(28, 28, 1), seed=0)


def looking():
    """The net of lesson 12, two convolutions deeper."""
    layers = [
        *block(8),
        *block(8),
        MaxPool2d(2),
        *block(16),
        MaxPool2d(2),
        *block(24),
        MaxPool2d(2),
    ]
    return Sequential(*layers, Flatten(), Linear(10), input_shape=(28, 28, 1), seed=4)


def shoot(net, dataset):
    """Train ``net`` by the lessons' recipe, and keep its checkpoints."""
    film = Film(
        net, "fashion", "Adam at 0.008, falling to 0 along a line; 10 epochs of batches of 32"
    )
    loss, accuracy = DownsampledSeries(), DownsampledSeries()
    film.record(net, 0)
    recipe = {
        "epochs": 10,
        "batch_size": 32,
        "optimizer": Adam(8e-3),
        "schedule": "linear",
        "seed": net.seed,
    }
    for step in steps(net, dataset, **recipe):
        loss.add(step.step, step.loss)
        accuracy.add(step.step, step.accuracy)
        if film.is_due(step.step):
            film.record(net, step.step, loss=loss.recent(), accuracy=accuracy.recent())
    film.record(net, step.step, loss=loss.recent(), accuracy=accuracy.recent())
    return film


def evaluated(film, dataset):
    """The same film with the held-out loss and accuracy of every checkpoint."""
    evaluator = Evaluator(film.net(0), *dataset.test, softmax_cross_entropy)
    for t, checkpoint in enumerate(film.checkpoints):
        evaluation = evaluator.whole(film.net(t), checkpoint.step)
        film.checkpoints[t] = replace(
            checkpoint, test_loss=evaluation.loss, test_accuracy=evaluation.accuracy
        )
    return film


if __name__ == "__main__":
    fashion = data.load("fashion")
    for make in (clothes, looking):
        path = OUT / f"film-{make.__name__}.npz"
        rounded = Film.load(shoot(make(), fashion).save(path))
        evaluated(rounded, fashion).save(path)
        print(
            f"{path.name}: {path.stat().st_size:,} bytes, {rounded}, "
            f"{rounded.history['test_accuracy'][-1]:.1%}"
        )
