"""The image moved by some pixels and pooled again, to see which outputs stay the same.

Zeros roll in where the image comes from. A shift by the stride moves the outputs along; any other
mixes them.
"""

import numpy as np

from ..shared.view import packed
from .arrays import inside_windows, overlap, shifted
from .ledger import made_of


def shift(view, read, y, pool, winners):
    """The moved image, its outputs and ledgers, which outputs changed, and the sentence with
    their count.
    """
    down, right = view.shift_down, view.shift_right
    x = shifted(view.x, down, right)
    after = pool(x)
    changed = ~((after == y) | (np.isnan(after) & np.isnan(y)))
    moved = {
        "x": packed(x),
        "y": packed(after),
        "changed": packed(changed, "uint8"),
        "count": int(changed.sum()),
        "ledgers": made_of(view.mode, inside_windows(x, read), view.say),
        "sentence": _sentence(view, changed, moves_along(y, after, down, right, view.stride)),
    }
    return moved | ({"switches": packed(winners(x), "int32")} if view.mode == "max" else {})


def moves_along(y, after, down, right, S):
    """Are the outputs ``after`` those before, moved by a whole number of places, wherever both can
    be seen?
    """
    if down % S or right % S:
        return False
    OH, OW, _ = y.shape
    down, right = down // S, right // S
    seen = overlap(OH, down)[0], overlap(OW, right)[0]
    return bool(after[seen].size) and np.array_equal(
        shifted(y, down, right)[seen], after[seen], equal_nan=True
    )


def _sentence(view, changed, along):
    down, right = view.shift_down, view.shift_right
    ways = [
        ("down" if down > 0 else "up", abs(down)),
        ("right" if right > 0 else "left", abs(right)),
    ]
    way = ", ".join(view.say(f"pooling.way_{name}", n=n) for name, n in ways if n)
    words = view.say("pooling.shift", way=way, changed=int(changed.sum()), outputs=changed.size)
    return " ".join((words, view.say("pooling.moves_along"))) if along else words
