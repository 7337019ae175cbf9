"""A lock for views: the traits of all of them are set by one thread at a time.

Some kernels answer sliders in a thread beside the running cell.

One lock serves all views, because views that are linked set each other's traits.
"""

from contextlib import contextmanager
from functools import wraps
from threading import RLock

from .view import View

_LOCK = RLock()
WHOLE = ("frame", "draw_static", "export", "refresh")  # methods that read more than one trait


def locked(method):
    """The method, run while no other thread changes a view."""

    @wraps(method)
    def whole(self, *arguments, **options):
        with _LOCK:
            return method(self, *arguments, **options)

    return whole


class LockedView(View):
    """A view of which a change and all that follows from it happens before the next one begins."""

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        for name in WHOLE:
            if name in vars(cls):
                setattr(cls, name, locked(vars(cls)[name]))

    __setattr__ = locked(View.__setattr__)
    set_trait = locked(View.set_trait)
    set_state = locked(View.set_state)
    get_state = locked(View.get_state)
    send_state = locked(View.send_state)
    _handle_msg = locked(View._handle_msg)

    @contextmanager
    def hold_sync(self):
        with _LOCK, super().hold_sync():
            yield

    @contextmanager
    def hold_trait_notifications(self):
        with _LOCK, super().hold_trait_notifications():
            yield
