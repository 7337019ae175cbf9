"""How fast a convolution is on the rungs of the ladder."""

from .canvas import COLOURS, axes


def ladder(found, ax=None):
    """A bar for each rung of ``cnnlab.bench()``: GFLOP/s, with its time and its share of the machine's peak."""
    ax = axes(ax, 7, 0.7 * len(found.rungs) + 1.2)
    names = [rung.name for rung in found.rungs]
    bars = ax.barh(names, [rung.gflops for rung in found.rungs], color=COLOURS[0])
    words = [f" {1e3 * rung.seconds:.3g} ms, {rung.share:.0%} of the peak" for rung in found.rungs]
    ax.bar_label(bars, words)
    ax.axvline(found.peak, color=COLOURS[1], linestyle="--", label="peak")
    ax.invert_yaxis()
    ax.set(xlabel=f"GFLOP/s on {found.threads} thread{'s' * (found.threads > 1)}", xlim=(0, 1.05 * found.peak))
    for label, rung in zip(ax.texts, found.rungs, strict=True):
        if rung.share > 0.5:  # the words would run over the edge: they stand inside the bar
            label.set(ha="right", color="white", text=f"{label.get_text()} ")
    ax.legend(loc="lower right")
    return ax
