"""The sizes of outputs, and the input cells that each output sees.

Plain integers, no arrays. Letters: W input size along one axis, F filter extent, S stride, P
padding, D dilation.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from ..typing import Fit, Padding, Pads, Size
from ..validation import choice, integer, pair
from .arguments import FITS, padding_of, pads
from .counting import count, extent
from .misfits import Fitting, MisfitError, misfit


def out_size(
    W: int,
    F: int,
    S: int = 1,
    P: int | tuple[int, int] = 0,
    D: int = 1,
    fit: Fit = "floor",
    axis: str = "width",
) -> int:
    """How many windows fit along one axis: ``(W − F + 2P)/S + 1`` with F the dilated extent.

    Arguments:
        W: input size.
        F: taps of the filter.
        S: stride.
        P: padding, an int or ``(before, after)``.
        D: dilation; 1 is dense.
        fit: what happens to a remainder: ``"floor"`` ignores the leftover cells, ``"exact"`` raises
            MisfitError, ``"ceil"`` adds a last window that hangs over the edge, if it begins inside
            the input or the padding before it.
        axis: what to call the axis in an error.

    Returns:
        Windows along the axis.

    Raises:
        MisfitError: not even one window fits, or one is left over and ``fit`` is ``"exact"``.
        ValueError: a number is out of its range.

    Examples:
        >>> shapes.out_size(7, 3, S=2)
        3
        >>> shapes.out_size(227, 11, S=4)  # AlexNet's first layer
        55
    """
    numbers = _axis(W, F, S, P, D, fit)
    windows = count(*numbers, fit)
    if not windows:
        raise misfit([numbers], [axis], Fitting(fit, pooling=False))
    return windows


def _axis(W, F, S, P, D, fit):
    """The numbers of one axis as plain ints, or ValueError."""
    choice("fit", fit, FITS)
    W = _length("size", W, least=0)
    F = _length("kernel_size", F)
    S = _length("stride", S)
    D = _length("dilation", D)
    return W, F, S, pair("padding", P, least=0), D


def _length(name, value, least=1):
    return pair(name, integer(name, value, least), least)[0]


def windows(
    W: int,
    F: int,
    S: int = 1,
    P: int | tuple[int, int] = 0,
    D: int = 1,
    fit: Fit = "floor",
) -> tuple[tuple[int, ...], ...]:
    """For each output, the input positions its window reads: a tuple of tuples of F ints.

    Positions below 0 or from W on lie in the padding (or, with ``fit="ceil"``, past it).

    Arguments:
        W, F, S, P, D, fit: as in ``out_size``.

    Returns:
        One tuple of F ints for each window.

    Raises:
        MisfitError: as in ``out_size``.

    Examples:
        >>> shapes.windows(4, 3, P=1)
        ((-1, 0, 1), (0, 1, 2), (1, 2, 3), (2, 3, 4))
    """
    out_size(W, F, S, P, D, fit)
    return _windows(*_axis(W, F, S, P, D, fit), fit)


@lru_cache(maxsize=512)
def _windows(W, F, S, P, D, fit):
    starts = (i * S - P[0] for i in range(count(W, F, S, P, D, fit)))
    return tuple(tuple(start + u * D for u in range(F)) for start in starts)


class Geometry(NamedTuple):
    """One sliding of a window over an image, along (height, width).

    Attributes:
        kernel: extent of the window.
        stride: cells from one window to the next.
        pads: padding ``((top, bottom), (left, right))``.
        dilation: cells from one tap to the next.
        out: windows that fit.
    """

    kernel: tuple[int, int]
    stride: tuple[int, int]
    pads: Pads
    dilation: tuple[int, int]
    out: tuple[int, int]

    @property
    def pad_before(self):
        """Padding above and to the left: all a kernel must know, for outputs say where to stop."""
        return self.pads[0][0], self.pads[1][0]


def geometry(
    size: Size,
    kernel_size: Size,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    fit: Fit = "floor",
    *,
    pooling: bool = False,
) -> Geometry:
    """Everything a kernel needs to know of one sliding over an input.

    Arguments:
        size: height and width ``(H, W)`` of the input.
        kernel_size: extent of the window.
        stride: cells from one window to the next.
        padding: any form that ``pads`` takes.
        dilation: cells from one tap to the next.
        fit: as in ``out_size``.
        pooling: True where every window must hold a pixel.

    Returns:
        A Geometry.

    Raises:
        MisfitError: no window fits or, in pooling, one would hold padding only.

    Examples:
        >>> shapes.geometry((5, 7), 3, stride=2).out
        (2, 3)
    """
    choice("fit", fit, FITS)
    # Plain ints before anything is looked up: for a dict, 2.0 and True are the same as 2 and 1.
    plain = (
        pair("kernel_size", kernel_size),
        pair("stride", stride),
        padding_of(padding),
        pair("dilation", dilation),
    )
    return _geometry(pair("size", size, least=0), *plain, fit, bool(pooling))


@lru_cache(maxsize=1024)
def _geometry(size, kernel, stride, padding, dilation, fit, pooling):
    both = pads(padding, size, kernel, stride, dilation)
    axes = tuple(zip(size, kernel, stride, both, dilation, strict=True))
    fits = Fitting(fit, pooling)
    if not all(fits(*axis) for axis in axes):
        raise misfit(axes, ("height", "width"), fits)
    return Geometry(kernel, stride, both, dilation, tuple(count(*axis, fit) for axis in axes))


def check_pixels_in_windows(size: tuple[int, int], geometry: Geometry, fit: Fit) -> None:
    """Refuse a pooling window that holds padding only: there is nothing in it to pool.

    Arguments:
        size: height and width ``(H, W)`` of the input.
        geometry: how the window slides.
        fit: as in ``out_size``.

    Raises:
        MisfitError: there is such a window.

    Examples:
        >>> shapes.check_pixels_in_windows((5, 7), shapes.geometry((5, 7), 3), "floor")
    """
    axes = tuple(
        zip(size, geometry.kernel, geometry.stride, geometry.pads, geometry.dilation, strict=True)
    )
    fits = Fitting(fit, pooling=True)
    if not all(fits(*axis) for axis in axes):
        raise misfit(axes, ("height", "width"), fits)


def conv_out(
    size: Size,
    kernel_size: Size,
    stride: Size = 1,
    padding: Padding = 0,
    dilation: Size = 1,
    fit: Fit = "floor",
) -> tuple[int, int]:
    """Output (OH, OW) of a convolution or pooling.

    Arguments:
        size, kernel_size, stride, padding, dilation, fit: as in ``geometry``.

    Returns:
        ``(OH, OW)``.

    Raises:
        MisfitError: no window fits.

    Examples:
        >>> shapes.conv_out((32, 32), 5, padding="same")
        (32, 32)
    """
    return geometry(size, kernel_size, stride, padding, dilation, fit).out


def transposed_out(
    size: Size,
    kernel_size: Size,
    stride: Size = 1,
    padding: Padding = 0,
    output_padding: Size = 0,
    dilation: Size = 1,
) -> tuple[int, int]:
    """Output of a transposed convolution.

    ``(H − 1)·S − top − bottom + D·(F − 1) + 1 + output_padding`` along each axis.

    Arguments:
        size: height and width ``(H, W)`` of the input.
        kernel_size, stride, padding, dilation: of the convolution that it transposes.
        output_padding: smaller than the stride or the dilation; it only says which of the inputs
            that the convolution maps to the same output size is meant.

    Returns:
        ``(OH, OW)``.

    Raises:
        MisfitError: the padding leaves no output.
        ValueError: the output_padding is too large, or the padding is ``"same"``.

    Examples:
        >>> shapes.transposed_out((3, 4), 2, stride=2)
        (6, 8)
    """
    kernel = pair("kernel_size", kernel_size)
    stride = pair("stride", stride)
    dilation = pair("dilation", dilation)
    extra = pair("output_padding", output_padding, least=0)
    if padding == "same":
        raise ValueError(
            'padding "same" is not defined for a transposed convolution: give the numbers'
        )
    both = pads(padding)
    for e, s, d in zip(extra, stride, dilation, strict=True):
        if e and e >= max(s, d):
            raise ValueError(
                f"output_padding {e} must be smaller than the stride {s} or the dilation {d}"
            )
    axes = zip(pair("size", size), kernel, stride, extra, dilation, strict=True)
    whole = [(n - 1) * s + extent(f, d) + e for n, f, s, e, d in axes]
    out = tuple(cells - sum(p) for cells, p in zip(whole, both, strict=True))
    if min(out) < 1:
        most = (min(whole) - 1) // 2
        message = (
            f"padding {padding!r} leaves an output of {out[0]}x{out[1]}: use a padding of at "
            f"most {most}"
        )
        raise MisfitError(message, [{"padding": most}])
    return out
