"""The static image of the FilterGallery: the filters of the page, and best patches of one.

matplotlib is imported here and only when the image is asked for.
"""


def draw_static(view, figure):
    """Draw it on a matplotlib figure."""
    from ... import figures

    left, right = figure.subplots(1, 2, width_ratios=(1.5, 1))
    if view.number is None:
        for ax in (left, right):
            ax.set_axis_off()
        return figure.suptitle(view.scene["sentence"])
    figures.filters(view.weights[view.shown()], left, title=view.title(), scope=view.scope)
    title = view.say("gallery.patches_of", unit=view.unit)
    figures.best_patches(view.best(view.unit), ax=right, columns=3, title=title)
    for ax in figure.axes:
        ax.title.set_fontsize(9)
