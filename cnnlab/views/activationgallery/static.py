"""The static image of the ActivationGallery: image, maps of the page, best patches of a unit.

matplotlib is imported here and only when the image is asked for.
"""

import numpy as np

from ..galleries.best import in_bytes


def draw_static(view, figure):
    """Draw it on a matplotlib figure."""
    from ... import figures

    left, middle, right = figure.subplots(1, 3, width_ratios=(1, 2, 1.2))
    x = view.x if view.x.ndim == 3 else view.x[None, :, None]
    figures.image(in_bytes(x, view.ends) / 255, left, view.title_of_image)
    if view.number is None:
        for ax in (middle, right):
            ax.set_axis_off()
        return figure.suptitle(view.scene["sentence"])
    limit = (
        max(np.nanmax(np.abs(values), initial=0) for values in view.activations[1:])
        if view.scope == "network"
        else None
    )
    maps = view.maps[..., view.shown()]
    title = view.title().replace("; ", "\n")
    figures.activations(maps, middle, title=title, scope=view.scope, limit=limit)
    title = view.say("gallery.patches_of", unit=view.unit)
    figures.best_patches(view.best(view.unit), ax=right, columns=3, title=title)
    for ax in figure.axes:
        ax.title.set_fontsize(9)
