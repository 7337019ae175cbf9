"""What the kernels of the processor are to reach, by median ratios, and what holds back the rows
that fall short.
"""

from cpu_shapes import SHAPES

FORWARD = {"torch": 1.0, "last": 0.95}
GRADIENT = {"torch": 1.0}
FIRST_LAYER = {"torch": 0.9}
MAPS = "max pooling 2x2, 64 x 32x32x32", "max pooling 3x3, stride 2, 64 x 32x32x32"
SMALL = "one small image, 3→16 at 32"
NAMES = {"torch": "PyTorch", "last": "its channels last", "peak": "of the peak"}


def targets():
    """``(threads, row, direction)`` with the least each ratio is to be."""
    found = {}
    for name, shape in SHAPES.items():
        if name == SMALL:
            continue
        wide = shape.kernel == 3 and shape.C >= 32 and shape.groups == 1
        found[2, name, "forward"] = FORWARD
        if wide and shape.stride == 1:
            found[1, name, "forward"] = {"peak": 0.85}  # one core's: two slow each other down
        found[2, name, "dX"] = GRADIENT
        found[2, name, "dW"] = FIRST_LAYER if shape.C <= 3 else GRADIENT
    for name in MAPS:
        found[2, name, "forward"], found[2, name, "backward"] = {"torch": 10}, {"torch": 1.2}
    found[2, "LeNet", "training step, batch 64"] = {"torch": 1.5, "last": 1.1}
    found[2, "CIFAR net", "training step, batch 64"] = {"torch": 1.2, "last": 1.1}
    found[1, SMALL, "forward"] = {"torch": 1.25}
    return found


MEMORY = "the memory: a few operations for each number read, and PyTorch meets the same wall"
LIMITS = {
    "depthwise, 64 at 28": (
        "the copy of the padded image and the memory: one multiply-add for every number loaded"
    ),
    SMALL: (
        "what a call costs before the first multiplication: shapes, arguments, and packing the "
        "weights, near 10 µs"
    ),
    "dilation 2, 32→32 at 28": (
        "the columns of a window lie apart, so the sum goes in runs of 32 numbers only"
    ),
    "64→128 at 28, stride 2": (
        "the copy of the padded rows, whose cells are read by two taps in nine on average"
    ),
    "LeNet": (
        "first layers of 1 and 20 channels, pooling, and the 431,080 weights the optimizer "
        "goes over at each step"
    ),
    "CIFAR net": (
        "maps of 8 MB: ReLU, pooling and bias sums, an eighth of a step, run at the "
        "memory's pace for both"
    ),
    **dict.fromkeys(MAPS, MEMORY),
}
OTHERWISE = "not known yet"


def judged(medians):
    """A row for each target: reached or not, by how much, and what limits it."""
    for (threads, name, what), least in targets().items():
        found = medians.get((threads, name, what))
        if found is None:
            continue
        for other, wanted in least.items():
            if other in found:
                reached = round(found[other], 2) >= wanted
                why = "" if reached else LIMITS.get(name, OTHERWISE)
                said = "yes" if reached else "**no**"
                yield [name, what, threads, NAMES[other], wanted, f"{found[other]:.2f}", said, why]
