"""The static image of a view: a PNG from matplotlib, and HTML that shows it in a reopened notebook.

It is seen where no widget can be: in a saved notebook, on a page of a code host, without a browser.
matplotlib is imported here and only when an image is asked for.
"""

import warnings
from base64 import b64encode
from html import escape
from io import BytesIO

from ...numbers import format_number

WIDTH, DPI = 9.0, 80  # inches, dots an inch

# Shown by style alone, for no program runs in a reopened notebook. The output with the widget comes
# right before the one with the image, which is hidden as long as there is a widget.
REOPENED = """<style>
.jp-OutputArea-child:has(+ .jp-OutputArea-child .cnnlab-static):not(:has(.cnnlab))
  {{ display: none; }}
.jp-OutputArea-child:not(:has(.cnnlab)) + .jp-OutputArea-child > * > .cnnlab-static
  {{ display: block !important; }}
.jp-OutputArea-child:has(.cnnlab) + .jp-OutputArea-child:has(.cnnlab-static) {{ display: none; }}
</style>
<div class="cnnlab-static" style="display: none">
<img style="max-width: 100%" alt="{alt}" src="data:image/png;base64,{png}">
<p>{words}</p></div>"""


def png(draw, width=WIDTH, height=4.2):
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


def reopened_html(png, alt, words):
    """The image with a sentence as HTML, for a notebook that is reopened without a kernel."""
    return REOPENED.format(png=b64encode(png).decode(), alt=escape(alt), words=escape(words))
