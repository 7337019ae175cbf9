"""Which maps of a layer the NetworkExplorer shows, where it has too many for one column.

They are the most active ones for the image, a page at a time; layers that hand maps on show the
same ones.
"""

import numpy as np

from ...explain.graph import chain_starts

ROOMY, CROWDED = 16, 10  # maps a column
MANY_COLUMNS = 11
LARGE = 64  # rows or columns of a map; larger ones are shrunk


def shown_units(view):
    """For each node the units shown, in order: of more than there is room for, a page of the most
    active ones.
    """
    first = chain_starts(view.nodes)
    last = {head: n for n, head in enumerate(first)}
    chosen = {head: _page(view, head, last[head]) for head in last}
    return [chosen[head] for head in first]


def _page(view, head, last):
    node = view.nodes[head]
    if node.flat:
        return list(range(node.units))
    most = most_units(view.nodes, node)
    if node.units <= most:
        return list(range(node.units))
    with np.errstate(all="ignore"):
        activity = (
            np.abs(np.asarray(view.activations[last], float)).reshape(-1, node.units).mean(axis=0)
        )
    ranked = np.argsort(-np.nan_to_num(activity, nan=np.inf), kind="stable")
    first = most * (int(view.pages.get(node.name, 0)) % -(-node.units // most))
    return sorted(int(unit) for unit in ranked[first : first + most])


def most_units(nodes, node):
    """How many maps a node can show: fewer in a net of many columns, and in a lane beside
    others.
    """
    crowded = nodes[-1].column > MANY_COLUMNS
    low, high = node.lane
    return max(2, int((CROWDED if crowded else ROOMY) * (high - low) + 1e-9))
