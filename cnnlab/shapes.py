"""How big is the output, and which input cells does each output see?

Plain integers, no arrays: every other module asks here, so the arithmetic of windows is written once.
Letters: W input size along one axis, F filter extent, S stride, P padding, D dilation.
"""

from functools import lru_cache
from math import floor
from typing import NamedTuple

FITS = ("floor", "exact", "ceil")


class MisfitError(ValueError):
    """A window that does not fit the input; the message holds the numbers and the nearest choice that works."""


def pair(value, name, minimum=1):
    """Return ``value`` as two plain ints (height, width); an int serves for both.

    Raises ValueError if it is neither, or smaller than ``minimum``.
    """
    both = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(both) != 2 or not all(_is_int(v) for v in both):
        raise ValueError(f"{name} {value!r} is not an int or a pair of ints (height, width)")
    if min(both) < minimum:
        raise ValueError(f"{name} {value!r} is too small: use at least {minimum}")
    return int(both[0]), int(both[1])


def _is_int(value):
    return hasattr(value, "__index__") and not isinstance(value, bool)


def extent(F, D=1):
    """Cells from the first to the last tap of a dilated filter: ``D·(F − 1) + 1``. Dilation 1 is dense."""
    return D * (F - 1) + 1


def pads(padding, size=(1, 1), kernel=(1, 1), stride=(1, 1), dilation=(1, 1)):
    """Return any form of padding as ``((top, bottom), (left, right))``.

    ``padding`` is an int, ``(ph, pw)``, ``((top, bottom), (left, right))``, ``"valid"`` (none) or ``"same"``:
    as much as makes the output ``ceil(W / S)`` long, the odd cell going to the bottom or right.
    """
    if isinstance(padding, str):
        return tuple(_pads_of_word(padding, *axis) for axis in zip(size, kernel, stride, dilation, strict=True))
    if isinstance(padding, (tuple, list)) and len(padding) == 2 and all(isinstance(p, (tuple, list)) for p in padding):
        return tuple(pair(p, "padding", 0) for p in padding)
    ph, pw = pair(padding, "padding", 0)
    return (ph, ph), (pw, pw)


def _pads_of_word(word, W, F, S, D):
    if word == "valid":
        return 0, 0
    if word != "same":
        raise ValueError(f'padding "{word}" is not known: use "same", "valid", an int or pairs of ints')
    total = max(0, (-(-W // S) - 1) * S + extent(F, D) - W)
    return total // 2, total - total // 2


def out_size(W, F, S=1, P=0, D=1, fit="floor", axis="width"):
    """How many windows fit along one axis: ``(W − F + 2P)/S + 1`` with F the dilated extent.

    ``P`` is an int or ``(before, after)``. ``fit`` says what happens to a remainder: ``"floor"`` ignores the
    leftover cells, ``"exact"`` raises MisfitError, ``"ceil"`` adds a last window that hangs over the edge, if
    it begins inside the input or the padding before it. Raises MisfitError if not even one window fits.
    """
    before, after = pair(P, "padding", 0)
    _check_geometry(F, S, D, fit)
    room = W + before + after - extent(F, D)
    if room < 0:
        raise MisfitError(_too_large(W, F, D, before, after, axis))
    steps, left = divmod(room, S)
    if left and fit == "exact":
        raise MisfitError(_uneven(W, F, S, before, after, D, axis))
    if left and fit == "ceil" and (steps + 1) * S < W + before:
        steps += 1
    return steps + 1


def _check_geometry(F, S, D, fit):
    pair(F, "kernel_size")
    pair(S, "stride")
    pair(D, "dilation")
    if fit not in FITS:
        raise ValueError(f'fit "{fit}" is not known: use "floor", "exact" or "ceil"')


def _too_large(W, F, D, before, after, axis):
    missing = extent(F, D) - W - before - after
    padding = before if before == after else (before, after)
    dilated = f" (dilated to {extent(F, D)})" if D > 1 else ""
    more = max(before, after) + -(-missing // 2) if before == after else f"{missing} more"
    largest = (W + before + after - 1) // D + 1
    smaller = f" or a kernel of at most {largest}" if largest >= 1 else ""
    return (
        f"kernel_size {F}{dilated} does not fit an input of {axis} {W} with padding {padding}: "
        f"use padding {more}{smaller}."
    )


def _uneven(W, F, S, before, after, D, axis):
    places = (W + before + after - extent(F, D)) / S + 1
    padding = before if before == after else (before, after)
    ways = repairs(W, F, S, (before, after), D)
    said = " or ".join(f"{name} {value}" for name, value in ways.items())
    return (
        f"kernel_size {F}, stride {S}, padding {padding} give {places:g} outputs along an input of {axis} {W}: "
        f'use {said or "other sizes"}, or fit="floor" to ignore the leftover.'
    )


def repairs(W, F, S=1, P=0, D=1):
    """The nearest stride, padding and kernel_size that fit exactly, each alone: a dict of those that exist.

    For W=10, F=3, S=2, P=0 it is ``{"stride": 1, "padding": (0, 1), "kernel_size": 2}``.
    """
    before, after = pair(P, "padding", 0)

    def fits(F, S, total):
        room = W + total - extent(F, D)
        return room >= 0 and room % S == 0

    found = {
        "stride": _nearest(S, lambda s: s >= 1 and fits(F, s, before + after)),
        "padding": _nearest_padding(before, after, lambda total: fits(F, S, total)),
        "kernel_size": _nearest(F, lambda f: f >= 1 and fits(f, S, before + after)),
    }
    return {name: value for name, value in found.items() if value is not None}


def _nearest(value, good, reach=64):
    around = (value + sign * step for step in range(1, reach) for sign in (-1, 1))
    return next((v for v in around if good(v)), None)


def _nearest_padding(before, after, good, reach=64):
    """Padding alike on both sides if one is near, else a longer last side."""
    if before == after:
        even = next((p for p in range(before + 1, before + 3) if good(2 * p)), None)
        if even is not None:
            return even
    more = next((extra for extra in range(1, reach) if good(before + after + extra)), None)
    return None if more is None else (before, after + more)


@lru_cache(maxsize=512)
def windows(W, F, S=1, P=0, D=1, fit="floor"):
    """For each output, the input positions its window reads: a tuple of tuples of F ints.

    Positions below 0 or from W on lie in the padding (or, with ``fit="ceil"``, past it).
    """
    before, _ = pair(P, "padding", 0)
    starts = (i * S - before for i in range(out_size(W, F, S, P, D, fit)))
    return tuple(tuple(start + u * D for u in range(F)) for start in starts)


class Geometry(NamedTuple):
    """One sliding of a window over an image, along (height, width)."""

    kernel: tuple
    stride: tuple
    pads: tuple
    dilation: tuple
    out: tuple

    @property
    def before(self):
        """Padding above and to the left: all a kernel must know, for outputs tell it where to stop."""
        return self.pads[0][0], self.pads[1][0]


@lru_cache(maxsize=1024)
def _geometry(size, kernel_size, stride, padding, dilation, fit):
    kernel = pair(kernel_size, "kernel_size")
    stride, dilation = pair(stride, "stride"), pair(dilation, "dilation")
    both = pads(padding, size, kernel, stride, dilation)
    axes = zip(size, kernel, stride, both, dilation, (fit, fit), ("height", "width"), strict=True)
    return Geometry(kernel, stride, both, dilation, tuple(out_size(*axis) for axis in axes))


def geometry(size, kernel_size, stride=1, padding=0, dilation=1, fit="floor"):
    """Everything a kernel needs to know of one sliding over an input of ``size = (H, W)``, as a Geometry."""
    return _geometry(*(_hashable(v) for v in (size, kernel_size, stride, padding, dilation)), fit)


def _hashable(value):
    return tuple(_hashable(v) for v in value) if isinstance(value, (list, tuple)) else value


def conv_out(size, kernel_size, stride=1, padding=0, dilation=1, fit="floor"):
    """Output (OH, OW) of a convolution or pooling over an input of ``size = (H, W)``; see out_size."""
    return geometry(size, kernel_size, stride, padding, dilation, fit).out


def transposed_out(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """Output of a transposed convolution: ``(H − 1)·S − top − bottom + D·(F − 1) + 1 + output_padding`` an axis.

    ``output_padding`` must be smaller than the stride or the dilation: it only says which of the inputs that
    the convolution maps to the same output size is meant.
    """
    kernel, stride = pair(kernel_size, "kernel_size"), pair(stride, "stride")
    dilation, extra = pair(dilation, "dilation"), pair(output_padding, "output_padding", 0)
    if padding == "same":
        raise ValueError('padding "same" is not defined for a transposed convolution: give the numbers')
    both = pads(padding)
    for e, s, d in zip(extra, stride, dilation, strict=True):
        if e and e >= max(s, d):
            raise ValueError(f"output_padding {e} must be smaller than the stride {s} or the dilation {d}")
    axes = zip(size, kernel, stride, both, extra, dilation, strict=True)
    out = tuple((n - 1) * s - sum(p) + extent(f, d) + e for n, f, s, p, e, d in axes)
    if min(out) < 1:
        raise MisfitError(f"padding {padding!r} leaves an output of {out[0]}x{out[1]}: use a smaller padding.")
    return out


def check_pixels_in_windows(size, geometry, fit):
    """Refuse a pooling window that holds padding only: there is nothing in it to pool."""
    axes = zip(size, geometry.kernel, geometry.stride, geometry.pads, geometry.dilation, strict=True)
    for W, F, S, P, D in axes:
        if not all(any(0 <= p < W for p in window) for window in windows(W, F, S, P, D, fit)):
            raise MisfitError(
                f"padding {max(P)} with kernel_size {F} makes a window of padding only, with nothing to pool: "
                f"use a padding of at most {F // 2}."
            )


class ReceptiveField(NamedTuple):
    """What one unit sees of the input along an axis: ``size`` cells, ``jump`` between neighbouring units."""

    size: int
    jump: int


def receptive_field(layers):
    """Effective receptive field of a stack of ``(F, S)`` or ``(F, S, D)``, first layer first.

    Each layer adds ``(extent − 1)`` steps of the jump so far, and multiplies the jump by its stride.
    """
    size, jump = 1, 1
    for F, S, *D in layers:
        size += (extent(F, *D) - 1) * jump
        jump *= S
    return ReceptiveField(size, jump)


def fractional_out(W, ratio):
    """Output size of fractional pooling that shrinks by ``ratio``, with 1 ≤ ratio ≤ 2: ``floor(W / ratio)``."""
    if not 1 <= ratio <= 2:
        raise ValueError(f"ratio {ratio} is not between 1 and 2: fractional pooling uses windows of 1 and 2 cells")
    out = floor(W / ratio)
    if 2 * out < W or out < 1:
        out = -(-W // 2)
    return out


def fractional_edges(W, out, u=0.5):
    """Pseudorandom edges of ``out`` regions that cover W cells, each 1 or 2 long: ``out + 1`` ints from 0 to W.

    ``edge[i] = ceil(alpha·(i + u)) − ceil(alpha·u)`` with alpha = W/out and 0 < u < 1 (Graham, Fractional
    Max-Pooling, 2014); rounding at the far end is pinned to W.
    """
    if not out <= W <= 2 * out:
        raise ValueError(f"{out} regions of 1 or 2 cells cannot cover {W} cells: use {-(-W // 2)} to {W} regions")
    first = -int(-(W * u) // out)
    edges = [-int(-(W * (i + u)) // out) - first for i in range(out)]
    return (*edges, W)
