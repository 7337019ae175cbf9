"""The check of what comes into a net: a batch of images of its size, else an error.

The error says what is wrong and what to do.
"""

from __future__ import annotations

import numpy as np

from . import kernels
from .data.scale import scale_sentence
from .layers import BatchNorm2d, GroupNorm
from .shapes import MisfitError
from .typing import Array, ArrayLike


def image_array(x):
    """``x`` as an array. Raises ValueError for a list of images of unequal sizes."""
    try:
        return np.asarray(x)
    except ValueError:
        raise ValueError(
            "x is a ragged list: bring all images to the same size, and their labels into y"
        ) from None


def input_shape_of(input_shape):
    """The shape of one image as ints, or ValueError."""
    shape = tuple(input_shape) if isinstance(input_shape, (tuple, list)) else (input_shape,)
    if not shape or not all(hasattr(n, "__index__") and n >= 1 for n in shape):
        raise ValueError(
            f"input_shape {input_shape!r} is not the size of an image: use (height, width, "
            f"channels)"
        )
    return tuple(int(n) for n in shape)


def misfit_sentence(shape, wanted):
    """Why a batch of this shape does not fit a net for images of the other, and a way out."""
    problem = f"x has shape {shape}, but the net takes {('N', *wanted)}".replace("'", "")
    if shape == wanted:
        return f"{problem}: add a batch axis with x[None]"
    if len(shape) == 4 == len(wanted) + 1 and (*shape[2:], shape[1]) == wanted:
        return f"{problem}: channels come last here, use x.transpose(0, 2, 3, 1)"
    if shape[1:] == wanted[:2] and wanted[2:] == (1,):
        return f"{problem}: add the channel with x[..., None]"
    return f"{problem}: bring the images to that size, or build the net for theirs"


class NetInput:
    """The part of a net that checks its input."""

    def _known(self):
        if self.input_shape is None:
            raise ValueError(
                "the net does not know its input yet: give input_shape=(H, W, C), or call "
                "forward once"
            )

    def accept(self, x: ArrayLike) -> Array:
        """The batch ``x`` as the layers want it, or one sentence about what is wrong with it."""
        return kernels.to(self.checked(x), self.device)

    def checked(self, x: ArrayLike) -> Array:
        """The batch ``x`` of the right shape and dtype, in the memory where it is."""
        x = kernels.to_gpu(x) if kernels.is_on_gpu(x) else image_array(x)
        if x.dtype.kind not in "fiub":
            raise TypeError(f"x holds {x.dtype} values: give an array of numbers, such as float32")
        if self.input_shape is None:
            self.infer_shapes(input_shape_of(x.shape[1:]))
        if x.shape[1:] != self.input_shape:
            raise MisfitError(misfit_sentence(x.shape, self.input_shape))
        self._prepare()
        return (
            x.astype(self.dtype, copy=False)
            if kernels.is_on_gpu(x)
            else np.ascontiguousarray(x, self.dtype)
        )

    def scale_sentence(self, x: ArrayLike) -> str:
        """What ``data.scale`` says about images ``x`` that look like bytes.

        "" where the first layer may scale them: a normalisation, or any custom layer.
        """
        first = self.layers[0] if self.layers else self
        ours = type(first).__module__.partition(".")[0] == __name__.partition(".")[0]
        return scale_sentence(x) if ours and not isinstance(first, (BatchNorm2d, GroupNorm)) else ""
