"""One output of the Pooling view as plain data, read from the trace."""

import numpy as np

from ...numbers import format_number
from ...trace import trace

NAMES = {"max": "max_pool2d", "average": "avg_pool2d", "l2": "lp_pool2d"}


def steps(view):
    """The trace of the whole pooling: PoolSteps, or PoolBackSteps where the backward pass is
    shown.
    """
    x = view.x[None]
    F = view.kernel_size
    name = NAMES[view.mode]
    if view.backward:
        return trace(f"{name}_backward", _array(view.scene["dy"])[None], x, F, **view.settings)
    return trace(name, x, F, **view.settings)


def _array(packed):
    return np.frombuffer(packed["data"], packed["type"]).reshape(packed["shape"])


def frame(view, t, step):
    """Step ``t`` of the trace with its ledger, its line of code and its sentence."""
    forward = step.step if view.backward else step
    _, i, j, c = forward.place
    cells = [cell._asdict() for cell in forward.cells]
    winner = None if forward.winner is None else forward.cells[forward.winner]
    scene = view.scene
    left = scene["ledgers"][t]
    ledger = left if view.backward else f"{left} = {format_number(forward.total)}"
    slices = {"rows": scene["code"]["rows"][i], "columns": scene["code"]["columns"][j]}
    shown = {
        "place": (i, j, c),
        "cells": cells,
        "winner": forward.winner,
        "switch": winner and winner.row * view.width + winner.column,
        "divisor": forward.divisor,
        "total": forward.total,
        "ledger": ledger,
        "formula": scene["formula"],
        "code": view.say(
            _code_key(view), i=i, j=j, c=c, **slices, **_back_words(view, winner, forward)
        ),
        "sentence": view.say("pooling.sentence", i=i, j=j, c=c, ledger=ledger),
    }
    if view.backward:
        shown |= {"dy": step.dy, "dx": list(step.dx)}
    if scene["shift"]:
        shown["after"] = float(_array(scene["shift"]["y"])[i, j, c])
    return shown


def _code_key(view):
    return f"pooling.code_back_{view.mode}" if view.backward else f"pooling.code_{view.mode}"


def _back_words(view, winner, step):
    """What a line of code of the backward pass names besides its slices."""
    if winner is not None:
        return {"row": winner.row, "column": winner.column}
    return {"cells": step.divisor}
