"""The static image of the NetworkExplorer: the columns of all layers, or one decomposed unit.

matplotlib is imported here and only when the image is asked for.
"""


def draw_static(view, figure):
    """Draw it on a matplotlib figure."""
    from ...figures.network import decomposition, network

    if view.unit:
        return decomposition(view.net, view.x, *view.unit, figure=figure)
    return network(view.net, view.x, view.classes, view.truth, figure=figure)
