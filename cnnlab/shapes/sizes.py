"""How big is the output, and which input cells does each output see?

Plain integers, no arrays: every other module asks here, so the arithmetic of windows is written
once. Letters: W input size along one axis, F filter extent, S stride, P padding, D dilation.
"""

from functools import lru_cache
from typing import NamedTuple

from .arguments import FITS, padding_of, pads, pair, word
from .counting import count, extent
from .misfits import Fitting, MisfitError, misfit


def out_size(W, F, S=1, P=0, D=1, fit="floor", axis="width"):
    """How many windows fit along one axis: ``(W − F + 2P)/S + 1`` with F the dilated extent.

    ``P`` is an int or ``(before, after)``. ``fit`` says what happens to a remainder: ``"floor"``
    ignores the leftover cells, ``"exact"`` raises MisfitError, ``"ceil"`` adds a last window that
    hangs over the edge, if it begins inside the input or the padding before it. Raises MisfitError
    if not even one window fits.
    """
    numbers = _axis(W, F, S, P, D, fit)
    windows = count(*numbers, fit)
    if not windows:
        raise misfit([numbers], [axis], Fitting(fit, pooling=False))
    return windows


def _axis(W, F, S, P, D, fit):
    """The numbers of one axis as plain ints, or ValueError."""
    word(fit, "fit", FITS)
    least = {"size": (W, 0), "kernel_size": (F, 1), "stride": (S, 1), "dilation": (D, 1)}
    W, F, S, D = (
        pair((value, value), name, minimum)[0] for name, (value, minimum) in least.items()
    )
    return W, F, S, pair(P, "padding", 0), D


def windows(W, F, S=1, P=0, D=1, fit="floor"):
    """For each output, the input positions its window reads: a tuple of tuples of F ints.

    Positions below 0 or from W on lie in the padding (or, with ``fit="ceil"``, past it).
    """
    out_size(W, F, S, P, D, fit)
    return _windows(*_axis(W, F, S, P, D, fit), fit)


@lru_cache(maxsize=512)
def _windows(W, F, S, P, D, fit):
    starts = (i * S - P[0] for i in range(count(W, F, S, P, D, fit)))
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
        """Padding above and to the left: all a kernel must know, for outputs tell it where to
        stop.
        """
        return self.pads[0][0], self.pads[1][0]


def geometry(size, kernel_size, stride=1, padding=0, dilation=1, fit="floor", *, pooling=False):
    """Everything a kernel needs to know of one sliding over an input of ``size = (H, W)``, as a
    Geometry.

    Raises MisfitError where no window fits and, in ``pooling``, where one would hold padding only.
    """
    word(fit, "fit", FITS)
    # Plain ints before anything is looked up: for a dict, 2.0 and True are the same as 2 and 1.
    plain = (
        pair(kernel_size, "kernel_size"),
        pair(stride, "stride"),
        padding_of(padding),
        pair(dilation, "dilation"),
    )
    return _geometry(pair(size, "size", 0), *plain, fit, bool(pooling))


@lru_cache(maxsize=1024)
def _geometry(size, kernel, stride, padding, dilation, fit, pooling):
    both = pads(padding, size, kernel, stride, dilation)
    axes = tuple(zip(size, kernel, stride, both, dilation, strict=True))
    fits = Fitting(fit, pooling)
    if not all(fits(*axis) for axis in axes):
        raise misfit(axes, ("height", "width"), fits)
    return Geometry(kernel, stride, both, dilation, tuple(count(*axis, fit) for axis in axes))


def check_pixels_in_windows(size, geometry, fit):
    """Refuse a pooling window that holds padding only: there is nothing in it to pool."""
    axes = tuple(
        zip(size, geometry.kernel, geometry.stride, geometry.pads, geometry.dilation, strict=True)
    )
    fits = Fitting(fit, pooling=True)
    if not all(fits(*axis) for axis in axes):
        raise misfit(axes, ("height", "width"), fits)


def conv_out(size, kernel_size, stride=1, padding=0, dilation=1, fit="floor"):
    """Output (OH, OW) of a convolution or pooling over an input of ``size = (H, W)``; see
    out_size.
    """
    return geometry(size, kernel_size, stride, padding, dilation, fit).out


def transposed_out(size, kernel_size, stride=1, padding=0, output_padding=0, dilation=1):
    """Output of a transposed convolution:
    ``(H − 1)·S − top − bottom + D·(F − 1) + 1 + output_padding`` an axis.

    ``output_padding`` must be smaller than the stride or the dilation: it only says which of the
    inputs that the convolution maps to the same output size is meant.
    """
    kernel, stride = pair(kernel_size, "kernel_size"), pair(stride, "stride")
    dilation, extra = pair(dilation, "dilation"), pair(output_padding, "output_padding", 0)
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
    axes = zip(pair(size, "size"), kernel, stride, extra, dilation, strict=True)
    whole = [(n - 1) * s + extent(f, d) + e for n, f, s, e, d in axes]
    out = tuple(cells - sum(p) for cells, p in zip(whole, both, strict=True))
    if min(out) < 1:
        most = (min(whole) - 1) // 2
        said = (
            f"padding {padding!r} leaves an output of {out[0]}x{out[1]}: use a padding of at "
            f"most {most}."
        )
        raise MisfitError(said, [{"padding": most}])
    return out
