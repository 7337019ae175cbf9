"""The still picture of a view, for a saved notebook, a page of a code host, or a run without a
browser.

matplotlib is imported here and only when a picture is asked for.
"""

import warnings
from io import BytesIO

from ...numbers import format_number

STILL_WIDTH, DPI = 9.0, 80  # inches, dots an inch


def png(draw, width=STILL_WIDTH, height=4.2):
    """The bytes of the PNG that ``draw(figure)`` makes, on a white ground; pyplot's own figures are
    left alone.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.text import Text

    figure = Figure(figsize=(width, height), layout="constrained", facecolor="white")
    FigureCanvasAgg(figure)
    draw(figure)
    for text in figure.findobj(Text):
        text.set_parse_math(False)  # names may hold any signs, a dollar too
    stream = BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", "Glyph"
        )  # a sign that no font of matplotlib's has is drawn as a box
        figure.savefig(stream, format="png", dpi=DPI, metadata={"Software": None})
    return stream.getvalue()


def cells(ax, values, title="", limit=None, digits=True, grey=False):
    """Draw a matrix ``values (H, W)`` on ``ax`` as coloured cells with their numbers; NaN stays
    empty.
    """
    import numpy as np

    values = np.asarray(values, float)
    limit = limit or np.abs(values[np.isfinite(values)]).max(initial=0) or 1.0
    colours = (
        {"cmap": "gray", "vmin": 0, "vmax": limit}
        if grey
        else {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit}
    )
    ax.imshow(values, **colours)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=9, family="monospace")
    if digits and values.size <= 200:
        for (i, j), value in np.ndenumerate(values):
            if value == value:
                dark = abs(value) > 0.6 * limit if not grey else value < 0.5 * limit
                ax.text(
                    j,
                    i,
                    format_number(value),
                    ha="center",
                    va="center",
                    fontsize=8,
                    color="white" if dark else "black",
                )
    return ax
