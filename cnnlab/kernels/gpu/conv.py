"""Convolution on the GPU: three implicit GEMMs, whose matrices are fetched from the images.

Forward, a row of A is the window of one output place and a column of B one filter. For the gradient
of the input a row of A is all that one cell gave to, for that of the weights it is one filter's dy
at all places. Formulas: see ``reference.conv``.
"""

from typing import NamedTuple

from numba import cuda

from .boundary import accepts_numpy
from .gemm import Operand, Result, gemm, tiles
from .launch import launch_1d
from .memory import scratch

SHARE = 512  # places that dw adds up in one block at least


class Geometry(NamedTuple):
    """What the kernels know of a convolution; letters as in ``ops.conv``."""

    H: int
    W: int
    C: int
    K: int
    FH: int
    FW: int
    OH: int
    OW: int
    SH: int
    SW: int
    PH: int
    PW: int
    DH: int
    DW: int
    channels: int  # of a group
    filters: int  # of a group
    groups: int
    places: int  # outputs of all images
    share: int  # places that one block adds up for dw


def _geometry(x, w, y, window, groups, share=0):
    _, H, W, C = x.shape
    K, FH, FW, _ = w.shape
    N, OH, OW, _ = y.shape
    _, (SH, SW), (PH, PW), (DH, DW) = window
    return Geometry(
        H=H,
        W=W,
        C=C,
        K=K,
        FH=FH,
        FW=FW,
        OH=OH,
        OW=OW,
        SH=SH,
        SW=SW,
        PH=PH,
        PW=PW,
        DH=DH,
        DW=DW,
        channels=C // groups,
        filters=K // groups,
        groups=groups,
        places=N * OH * OW,
        share=share,
    )


def _flat(*arrays):
    return [a.reshape(-1) for a in arrays]


@cuda.jit(device=True)
def _output(g, index, o):
    """An output place: where the rows of its image begin, and the cell its window begins at."""
    return (
        index // (o.OH * o.OW) * o.H,
        index // o.OW % o.OH * o.SH - o.PH,
        index % o.OW * o.SW - o.PW,
    )


@cuda.jit(device=True)
def _tap(g, index, o):
    """A tap: how far it lies from the window's first cell, and its channel in the image."""
    c = index % o.channels
    u = index // (o.FW * o.channels)
    v = index // o.channels % o.FW
    return u * o.DH, v * o.DW, g % o.groups * o.channels + c


@cuda.jit(device=True)
def _cell_of_tap(x, output, tap, o):
    """The number that a tap of an output's window reads; 0 in the padding."""
    h, w = output[1] + tap[0], output[2] + tap[1]
    if h < 0 or h >= o.H or w < 0 or w >= o.W:
        return x.dtype.type(0)
    return x[((output[0] + h) * o.W + w) * o.C + tap[2]]


@cuda.jit(device=True)
def _filter(g, index, o):
    """A filter: where its numbers begin."""
    return (g * o.filters + index) * o.FH * o.FW * o.channels, 0, 0


@cuda.jit(device=True)
def _itself(g, index, o):
    return index, 0, 0


@cuda.jit(device=True)
def _sum_of_both(w, one, other, o):
    return w[one[0] + other[0]]


@cuda.jit(device=True)
def _first_filter(g, o):
    return g * o.filters


@cuda.jit(device=True)
def _write_output(y, b, k, m, n, value, o):
    y[m * o.K + k + n] = value + b[k + n]


FORWARD = Operand(_output, _tap, _cell_of_tap, True), Operand(_filter, _itself, _sum_of_both, True)
OUTPUT = Result(_first_filter, _write_output)


@accepts_numpy(writes=("y",))
def conv2d(x, w, b, y, window, groups):
    """See ``reference.conv.conv2d``."""
    o = _geometry(x, w, y, window, groups)
    size = o.places, o.filters, o.FH * o.FW * o.channels
    gemm(*FORWARD, OUTPUT, *_flat(x, w, y), b, size, groups, o)


@cuda.jit(device=True)
def _cell(g, index, o):
    """A cell of the input, shifted by the padding, and where the rows of dy of its image begin."""
    return index // (o.H * o.W) * o.OH, index // o.W % o.H + o.PH, index % o.W + o.PW


@cuda.jit(device=True)
def _tap_and_filter(g, index, o):
    """A tap's distance from the window's first cell, and a filter, which runs fastest, as in dy."""
    k = index % o.filters
    u = index // (o.FW * o.filters)
    v = index // o.filters % o.FW
    return u * o.DH, v * o.DW, g * o.filters + k


@cuda.jit(device=True)
def _given_back(dy, cell, tap, o):
    """What a cell gets back from the output whose window reads it with this tap, or 0."""
    i, j = cell[1] - tap[0], cell[2] - tap[1]
    if i < 0 or j < 0 or i % o.SH != 0 or j % o.SW != 0 or i >= o.OH * o.SH or j >= o.OW * o.SW:
        return dy.dtype.type(0)
    return dy[((cell[0] + i // o.SH) * o.OW + j // o.SW) * o.K + tap[2]]


@cuda.jit(device=True)
def _weights_of_tap(g, index, o):
    """Where the weights of a tap and a filter begin: one for each channel."""
    k, tap = index % o.filters, index // o.filters
    return ((g * o.filters + k) * o.FH * o.FW + tap) * o.channels, 0, 0


@cuda.jit(device=True)
def _first_channel(g, o):
    return g * o.channels


@cuda.jit(device=True)
def _write_cell(dx, extra, channel, m, n, value, o):
    dx[m * o.C + channel + n] = value


GRADIENT_OF_X = (
    Operand(_cell, _tap_and_filter, _given_back, True),
    Operand(_itself, _weights_of_tap, _sum_of_both, False),
)
CELL = Result(_first_channel, _write_cell)


@accepts_numpy(writes=("dx",))
def conv2d_dx(dy, w, dx, window, groups):
    """See ``reference.conv.conv2d_dx``.

    A cell gathers from all windows that read it, so no write is shared. A tap that does not reach
    the cell counts as 0 times its weight; so a weight that is NaN or infinite spreads further than
    in the reference, where that tap is left out.
    """
    o = _geometry(dx, w, dy, window, groups)
    size = dx.size // o.C, o.channels, o.FH * o.FW * o.filters
    gemm(*GRADIENT_OF_X, CELL, *_flat(dy, w, dx), dx, size, groups, o)


# For dw there is a product for each share of the places and each group: g = share · groups + group.


@cuda.jit(device=True)
def _filter_of_group(g, index, o):
    return g % o.groups * o.filters + index, 0, 0


@cuda.jit(device=True)
def _place_of_share(g, index, o):
    return g // o.groups * o.share + index, 0, 0


@cuda.jit(device=True)
def _gradient(dy, k, place, o):
    return dy[place[0] * o.K + k[0]] if place[0] < o.places else dy.dtype.type(0)


@cuda.jit(device=True)
def _output_of_share(g, index, o):
    """As ``_output``; behind the last place a row that no image has."""
    place = g // o.groups * o.share + index
    first, h, w = _output(g, place, o)
    return first, h if place < o.places else -o.H - o.FH * o.DH, w


@cuda.jit(device=True)
def _tap_of_cell(x, tap, output, o):
    return _cell_of_tap(x, output, tap, o)


@cuda.jit(device=True)
def _first_weight(g, o):
    return (g // o.groups * o.K + g % o.groups * o.filters) * o.FH * o.FW * o.channels


@cuda.jit(device=True)
def _write_weight(shares, extra, first, m, n, value, o):
    shares[first + m * o.FH * o.FW * o.channels + n] = value


GRADIENT_OF_W = (
    Operand(_filter_of_group, _place_of_share, _gradient, False),
    Operand(_tap, _output_of_share, _tap_of_cell, False),
)
WEIGHT = Result(_first_weight, _write_weight)


@cuda.jit
def _add_shares(count, shares, dw, parts):
    for p in range(cuda.grid(1), count, cuda.gridsize(1)):
        total = shares[p]
        for part in range(1, parts):
            total += shares[part * count + p]
        dw[p] = total


@accepts_numpy(writes=("dw",))
def conv2d_dw(x, dy, dw, window, groups):
    """See ``reference.conv.conv2d_dw``.

    Blocks add up shares of the places; the shares are added in a fixed order.
    """
    o = _geometry(x, dw, dy, window, groups)
    taps = o.FH * o.FW * o.channels
    if not o.places:
        dw[...] = 0
        return
    parts = max(1, min(tiles(o.filters, taps, groups), o.places // SHARE))
    o = o._replace(share=-(-o.places // parts))
    shares = dw.reshape(-1) if parts == 1 else scratch((parts * dw.size,), dw.dtype, "shares")
    size = o.filters, taps, o.share
    gemm(*GRADIENT_OF_W, WEIGHT, *_flat(dy, x), shares, dw, size, groups * parts, o)
    if parts > 1:
        launch_1d(_add_shares, dw.size, shares, dw.reshape(-1), parts)
