"""Layers that shrink the image: each window of a channel becomes one number, without weights.

A ``stride`` of None is as large as the window, so that windows lie side by side.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal

import numpy as np

from .. import ops
from ..shapes import fractional_out, geometry
from ..typing import Array, Fit, Padding, Shape, Size
from ..validation import integer
from .base import Layer, image_shape


class _Pool(Layer):
    """Shapes and arguments that all pooling over sliding windows shares."""

    def infer_shapes(self, input_shape: Shape) -> Shape:
        H, W, C = image_shape(self, input_shape)
        stride = self.kernel_size if self.stride is None else self.stride
        geo = geometry(
            (H, W), self.kernel_size, stride, self.padding, self.dilation, self.fit, pooling=True
        )
        return super().infer_shapes(input_shape, (*geo.out, C))

    def window(self):
        return self.kernel_size, self.stride, self.padding

    def options(self):
        return {"dilation": self.dilation, "fit": self.fit}

    def _y(self, x):
        return self.buffer("y", (len(x), *self.output_shape), x.dtype)


class _MaxPooling(Layer):
    """Max pooling: the backward pass follows the switches, the positions of the largest values."""

    def _pooled(self, pool, x, training, *window, **options):
        self.training = training
        shape = (len(x), *self.output_shape)
        out = self.buffer("y", shape, x.dtype), self.buffer("switches", shape, np.int32)
        y, switches = pool(x, *window, **options, return_switches=True, out=out)
        self.save_for_backward(training, switches, x.shape)
        return y

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        switches, x_shape = self.saved()
        if not need_dx:
            return None
        out = self.buffer("dx", x_shape, dy.dtype)
        return ops.max_pool2d_backward(
            dy, switches, x_shape, *self.window(), **self.options(), out=out
        )

    def window(self):
        """The size of the window, its stride and its padding, where all windows are alike."""
        return ()

    def options(self):
        """The other keyword arguments of the operation."""
        return {}


@dataclass(eq=False)
class MaxPool2d(_Pool, _MaxPooling):
    """The largest value of each window: (H, W, C) → (OH, OW, C). See ``ops.max_pool2d``.

    Arguments:
        kernel_size: extent of the window, an int or ``(FH, FW)``.
        stride: cells from one window to the next; None for ``kernel_size``.
        padding: cells around the image, which never win: see ``shapes.pads``.
        dilation: cells from one tap of the window to the next; 1 is dense.
        fit: what becomes of cells that no window reaches: see ``shapes.out_size``.

    Examples:
        >>> cnnlab.Sequential(cnnlab.MaxPool2d(2), input_shape=(28, 28, 8)).output_shape
        (14, 14, 8)
    """

    kernel_size: Size
    stride: Size | None = None
    padding: Padding = 0
    _: KW_ONLY
    dilation: Size = 1
    fit: Fit = "floor"

    def forward(self, x: Array, training: bool = False) -> Array:
        return self._pooled(ops.max_pool2d, x, training, *self.window(), **self.options())


@dataclass(eq=False)
class AvgPool2d(_Pool):
    """The mean of each window: (H, W, C) → (OH, OW, C). See ``ops.avg_pool2d``.

    Arguments:
        kernel_size, stride, padding, dilation, fit: as in ``MaxPool2d``.
        count_include_pad: True divides by the cells of padding as well.

    Examples:
        >>> cnnlab.Sequential(cnnlab.AvgPool2d(3, 2), input_shape=(9, 7, 8)).output_shape
        (4, 3, 8)
    """

    kernel_size: Size
    stride: Size | None = None
    padding: Padding = 0
    _: KW_ONLY
    dilation: Size = 1
    fit: Fit = "floor"
    count_include_pad: bool = False

    ranges = {"count_include_pad": bool}  # noqa: RUF012

    def options(self):
        return {**super().options(), "count_include_pad": self.count_include_pad}

    def forward(self, x: Array, training: bool = False) -> Array:
        self.save_for_backward(training, x.shape)
        return ops.avg_pool2d(x, *self.window(), **self.options(), out=self._y(x))

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (x_shape,) = self.saved()
        if not need_dx:
            return None
        dx = self.buffer("dx", x_shape, dy.dtype)
        return ops.avg_pool2d_backward(dy, x_shape, *self.window(), **self.options(), out=dx)


@dataclass(eq=False)
class LpPool2d(_Pool):
    """The p-norm of each window: (H, W, C) → (OH, OW, C). See ``ops.lp_pool2d``.

    Arguments:
        kernel_size, stride, padding, dilation, fit: as in ``MaxPool2d``.
        p: the power, at least 1.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.LpPool2d((1, 2)), input_shape=(1, 2, 1))
        >>> net([[[[3.0], [4.0]]]]).item()
        5.0
    """

    kernel_size: Size
    _: KW_ONLY
    stride: Size | None = None
    padding: Padding = 0
    dilation: Size = 1
    fit: Fit = "floor"
    p: float = 2

    ranges = {"p": (1, 1e6)}  # noqa: RUF012

    def options(self):
        return {**super().options(), "p": self.p}

    def forward(self, x: Array, training: bool = False) -> Array:
        self.training = training
        y = ops.lp_pool2d(x, *self.window(), **self.options(), out=self._y(x))
        self.save_for_backward(training, x, y)
        return y

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        x, y = self.saved()
        if not need_dx:
            return None
        dx = self.buffer("dx", x.shape, x.dtype)
        return ops.lp_pool2d_backward(dy, x, y, *self.window(), **self.options(), out=dx)


@dataclass(eq=False)
class FractionalMaxPool2d(_MaxPooling):
    """Max pooling that shrinks by a ratio: (H, W, C) → (floor(H/ratio), floor(W/ratio), C).

    See ``ops.fractional_max_pool2d``. In training each batch draws other windows; otherwise they
    follow from the seed alone, so that the same image always gets the same answer. On the GPU the
    gradients of windows that overlap are added in any order, so they may differ in their last bits.

    Arguments:
        ratio: input size over output size, 1 to 2.
        overlapping: True for windows that reach one cell further.
        pattern: ``"pseudorandom"`` spreads the lengths evenly, ``"random"`` shuffles them.
        seed: of the windows.

    Examples:
        >>> cnnlab.Sequential(cnnlab.FractionalMaxPool2d(1.5), input_shape=(9, 12, 3)).output_shape
        (6, 8, 3)
    """

    ratio: float = 2**0.5
    _: KW_ONLY
    overlapping: bool = False
    pattern: Literal["pseudorandom", "random"] = "pseudorandom"
    seed: int = 0

    ranges = {"ratio": (1, 2), "overlapping": bool}  # noqa: RUF012

    def infer_shapes(self, input_shape: Shape) -> Shape:
        H, W, C = image_shape(self, input_shape)
        integer("seed", self.seed, least=0)
        out = fractional_out(H, self.ratio), fractional_out(W, self.ratio)
        self._grid(self.seed, input_shape)
        return super().infer_shapes(input_shape, (*out, C))

    def init(self, rng: np.random.Generator, dtype: Any = np.float32) -> None:
        super().init(rng, dtype)
        self.rng = np.random.default_rng(self.seed)

    def _grid(self, rng, input_shape):
        return ops.fractional_grid(input_shape[:2], self.ratio, pattern=self.pattern, rng=rng)

    def forward(self, x: Array, training: bool = False) -> Array:
        if training and self.rng is None:
            raise self.not_initialised("random generator")
        grid = self._grid(self.rng if training else self.seed, x.shape[1:])
        options = {"grid": grid, "overlapping": self.overlapping}
        return self._pooled(ops.fractional_max_pool2d, x, training, **options)


@dataclass(eq=False)
class GlobalAvgPool2d(Layer):
    """The mean of every channel: (H, W, C) → (C,).

    Examples:
        >>> cnnlab.Sequential(cnnlab.GlobalAvgPool2d(), input_shape=(7, 7, 512)).output_shape
        (512,)
    """

    def infer_shapes(self, input_shape: Shape) -> Shape:
        return super().infer_shapes(input_shape, image_shape(self, input_shape)[2:])

    def forward(self, x: Array, training: bool = False) -> Array:
        self.save_for_backward(training, x.shape)
        return ops.global_avg_pool2d(x, out=self.buffer("y", (len(x), x.shape[3]), x.dtype))

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        (x_shape,) = self.saved()
        if not need_dx:
            return None
        return ops.global_avg_pool2d_backward(dy, x_shape, out=self.buffer("dx", x_shape, dy.dtype))
