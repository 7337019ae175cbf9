"""The filters to start from: neighbourhood filters of any odd size, and mixes of channels.

Weights that add up to 1 keep the brightness, weights that add up to 0 leave only changes.
"""

from math import comb

import numpy as np

from ..shared.inputs import GREY

MODES = ("grey", "colour", "each", "mix")
SPATIAL = ("identity", "box", "gaussian", "sharpen", "vertical", "horizontal", "outline", "emboss")
PRESETS = {
    "grey": SPATIAL,
    "colour": ("red", "blue", *SPATIAL),
    "each": SPATIAL,
    "mix": ("identity", "grey", "only_red", "swap", "sepia", "negative"),
}
FIRST = {"grey": "vertical", "colour": "red", "each": "sharpen", "mix": "sepia"}
SIGNED = ("vertical", "horizontal", "outline", "emboss", "red", "blue")  # results around zero

MIXES = {
    "identity": np.eye(3),
    "grey": np.tile(GREY, (3, 1)),
    "only_red": np.diag([1.0, 0, 0]),
    "swap": np.eye(3)[::-1],
    "sepia": np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]]),
    "negative": -np.eye(3),
}


def weights(mode, preset, F):
    """``(w, b)`` of a preset: w ``(K, F, F, C // groups)``; mixes are 1x1."""
    if mode == "mix":
        return MIXES[preset].reshape(3, 1, 1, 3).copy(), np.full(3, float(preset == "negative"))
    if preset in ("red", "blue"):
        return _favourite(2 * ("red", "blue").index(preset), F), np.zeros(1)
    one = spatial(preset, F)
    if mode == "grey":
        return one[None, :, :, None], np.zeros(1)
    if mode == "each":
        return np.repeat(one[None, :, :, None], 3, 0), np.zeros(3)
    return np.repeat(one[None, :, :, None], 3, 3) / 3, np.zeros(1)


def shown(preset):
    """How the result of a preset is best coloured: "signed" where it lies around zero, else as a
    "picture".
    """
    return "signed" if preset in SIGNED else "picture"


def _favourite(channel, F):
    """One channel minus half of each of the others, at the middle alone."""
    w = np.zeros((1, F, F, 3))
    w[0, F // 2, F // 2] = -0.5
    w[0, F // 2, F // 2, channel] = 1
    return w


def spatial(preset, F):
    """The preset on a square of F cells a side, F odd and at least 3."""
    middle = np.zeros((F, F))
    middle[F // 2, F // 2] = 1
    bell = np.array([comb(F - 1, n) for n in range(F)], float)
    slope = np.arange(F) - F // 2.0
    made = {
        "identity": lambda: middle,
        "box": lambda: np.full((F, F), 1 / F**2),
        "gaussian": lambda: np.outer(bell, bell) / bell.sum() ** 2,
        "sharpen": lambda: middle + _cross(F),
        "vertical": lambda: np.outer(bell, np.sign(slope)) * 4 / bell.sum(),
        "horizontal": lambda: np.outer(np.sign(slope), bell) * 4 / bell.sum(),
        "outline": lambda: _outline(F),
        "emboss": lambda: (
            np.sign(np.add.outer(slope, slope))
            * (np.abs(np.subtract.outer(slope, slope)) <= F // 2)
        ),
    }
    return made[preset]() + 0.0  # there is no −0


def _cross(F):
    """Four times the middle against the cells straight above, below and beside it; the weights add
    up to 0.
    """
    cells, half = np.zeros((F, F)), F // 2
    cells[half], cells[:, half] = -1 / half, -1 / half
    cells[half, half] = 4
    return cells


def _outline(F):
    """The middle against all cells around it; the weights add up to 0."""
    cells = -np.ones((F, F))
    cells[F // 2, F // 2] = F * F - 1
    return cells
