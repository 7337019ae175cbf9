"""What the kernels of the GPU are to reach: half of cuDNN's speed, and a CIFAR net's step 20 times
the processor's.
"""

from cpu_shapes import SHAPES

WRONG = 0.0  # the ratio of what is not right
LEAST = {"torch": 0.5, "last": 0.5, "processor": 20}
NAMES = {"torch": "PyTorch", "last": "its channels last", "processor": "this machine's processor"}


def targets(kept):
    """A row for each target; ``kept[title, batch, direction]``: the median ratios, or why there are
    none.
    """
    for title in SHAPES:
        found = [one for (name, _, _), one in kept.items() if name == title]
        for other in ("torch", "last"):
            yield judged(title, other, found)
    yield judged(
        "CIFAR net", "processor", [one for (name, _, _), one in kept.items() if name == "CIFAR net"]
    )


def judged(title, other, found):
    """The lowest median of all batches and directions; a batch that was left out leaves the row
    open.
    """
    known = [one[other] for one in found if not isinstance(one, str) and other in one]
    wrong = any(WRONG in one.values() for one in found if not isinstance(one, str))
    open_ = sorted({one for one in found if isinstance(one, str)})
    if wrong or not known:
        return [
            title,
            NAMES[other],
            LEAST[other],
            "wrong" if wrong else "not measured",
            "**no**" if wrong else "",
        ]
    lowest = min(known)
    said = "yes" if round(lowest, 2) >= LEAST[other] else "**no**, not known yet why"
    return [
        title,
        NAMES[other],
        LEAST[other],
        f"{lowest:.2f}",
        f"{said} ({', '.join(open_)})" if open_ else said,
    ]
