"""Pauses the views that an earlier run of the same cell has made, once the cell runs again."""

import sys
from weakref import WeakSet

_made = {}  # of each cell: (which run of it, the views that run has made)


def pause_previous_views(view):
    """Note that the running cell has made ``view``; pause what an earlier run of the same cell has
    made.
    """
    cell, run = _running_cell()
    if cell is None:
        return
    before, views = _made.get(cell, (run, WeakSet()))
    if before != run:
        for old in list(views):
            old.pause()
        views = WeakSet()
    views.add(view)
    _made[cell] = run, views


def _running_cell():
    """``(id of the cell, id of this run of it)``, or twice None outside of a notebook."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if not hasattr(shell, "get_parent"):
        return None, None
    asked = shell.get_parent()
    return asked.get("metadata", {}).get("cellId"), asked.get("header", {}).get("msg_id")
