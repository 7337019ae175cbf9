"""The static image of the Strip1D view: the padded row, and lines to the outputs above it."""

from ...numbers import format_number

HIGH = 2.6  # of the outputs above the row, in cells


def draw_static(view, figure):
    """Draw all on one axes of a matplotlib figure; where nothing fits, the row and the reason."""
    scene = view.scene
    ax = figure.subplots()
    ax.set_axis_off()
    ax.set_aspect("equal")
    _row(ax, view)
    if view.outputs:
        _outputs(ax, view, view.shown_outputs())
    weights = ", ".join(format_number(weight) for weight in view.w)
    words = [f"w = [{weights}]   b = {format_number(view.b)}", scene["formula"]]
    if scene["problem"]:
        words.append(scene["problem"]["sentence"])
    ax.set_title("\n".join(words), fontsize=9)
    ax.autoscale_view()


def _row(ax, view):
    P = view.padding
    limit = view.scene["limits"]["x"]
    dropped = set(view.scene["unread"])
    for place in range(-P, view.width + P):
        inside = 0 <= place < view.width
        value = view.x[place] if inside else 0
        _cell(
            ax, place, 0, value, limit, hatch="xxx" if place in dropped else "" if inside else "///"
        )


def _outputs(ax, view, y):
    for j, window in enumerate(view.scene["windows"]):
        middle = (window[0] + window[-1]) / 2
        for place in window:
            ax.plot(
                [middle, place],
                [HIGH - 0.5, 0.5],
                color="black" if j == view.step else "silver",
                lw=1,
            )
        _cell(ax, middle, HIGH, y[j], view.scene["limits"]["y"])


def _cell(ax, x, y, value, limit, hatch=""):
    from matplotlib import colormaps
    from matplotlib.patches import Rectangle

    colour = colormaps["RdBu_r"](0.5 + 0.5 * value / limit)
    box = Rectangle(
        (x - 0.5, y - 0.5), 1, 1, facecolor=colour, edgecolor="grey", hatch=hatch, lw=0.8
    )
    ax.add_patch(box)
    dark = abs(value) > 0.6 * limit
    words = "?" if value != value else format_number(value)
    ax.text(x, y, words, ha="center", va="center", fontsize=8, color="white" if dark else "black")
