"""The Trainer as a static image, from the same figures that papers use."""

import numpy as np

from ... import figures
from ...ops import softmax
from .packet import last_weights


def draw_static(view, figure):
    """Curves, filters, maps and scores of the chosen image on a matplotlib figure."""
    rows = figure.subplots(2, 2, width_ratios=(1, 1.4))
    _curves(view, rows[0, 0])
    net, x = view.training_run.net, view.images[view.picture]
    found = last_weights(net, view.layer)
    if found:
        figures.filters(found[1], rows[0, 1], title=found[0])
    else:
        rows[0, 1].set_axis_off()
    found = net.copy().activations(x[None])
    scores = softmax(found[-1][0].astype(float))
    figures.scores(np.nan_to_num(scores), view.classes, rows[1, 0], int(view.labels[view.picture]))
    maps = found[view.layer][0]
    figures.activations(maps if maps.ndim == 3 else maps[None, :, None], rows[1, 1])


def _curves(view, ax):
    """Held-out accuracy at the checkpoints that were evaluated."""
    metrics = view.training_run.evaluations.columns()
    if len(metrics["step"]) < 2:
        metrics = {
            name.removeprefix("test_"): values
            for name, values in view.film.history.items()
            if name != "accuracy"
        }
    ax.plot(metrics["step"], 100 * metrics["accuracy"], "o-", color="C2")
    ax.set(
        xlabel=view.say("trainer.step"),
        ylabel=view.say("trainer.static_accuracy"),
        ylim=(0, 100),
    )
    ax.set_xscale("symlog")
