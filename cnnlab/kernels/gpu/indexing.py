"""From a flat index to row and column, and from an input cell to the outputs that read it."""

from numba import cuda


@cuda.jit(device=True)
def place_of(p, width, height, channels):
    """A flat index of (N, height, width, channels) as image, row, column, channel."""
    return (
        p // (channels * width * height),
        p // (channels * width) % height,
        p // channels % width,
        p % channels,
    )


@cuda.jit(device=True)
def first_reader(cell, F, S, D):
    """The first output along one axis whose window may read the padded ``cell``."""
    rest = cell - (F - 1) * D
    return (rest + S - 1) // S if rest > 0 else 0


@cuda.jit(device=True)
def last_reader(cell, outputs, S):
    """The last output along one axis whose window may read the padded ``cell``."""
    return min(outputs - 1, cell // S)


@cuda.jit(device=True)
def reader_of(cell, tap, outputs, S, P, D):
    """The output whose window reads ``cell`` with ``tap`` along one axis, or -1."""
    i = cell + P - tap * D
    return i // S if i >= 0 and i % S == 0 and i // S < outputs else -1
