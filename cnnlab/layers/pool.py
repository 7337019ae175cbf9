"""Layers that shrink the image: each window of a channel becomes one number, without weights.

A ``stride`` of None is as large as the window, so that windows lie side by side.
"""

from dataclasses import KW_ONLY, dataclass

import numpy as np

from .. import ops
from ..checks import at_least, is_number
from ..shapes import fractional_out, geometry
from .arguments import check_ranges
from .base import Layer, image_shape


class _Pool(Layer):
    """Shapes and arguments that all pooling over sliding windows shares."""

    def infer_shapes(self, input_shape):
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

    def backward(self, dy, need_dx=True):
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
    """The largest value of each window, see ``ops.max_pool2d``: (H, W, C) → (OH, OW, C)."""

    kernel_size: int | tuple
    stride: int | tuple | None = None
    padding: int | tuple | str = 0
    _: KW_ONLY
    dilation: int | tuple = 1
    fit: str = "floor"

    def forward(self, x, training=False):
        return self._pooled(ops.max_pool2d, x, training, *self.window(), **self.options())


@dataclass(eq=False)
class AvgPool2d(_Pool):
    """The mean of each window, see ``ops.avg_pool2d``: (H, W, C) → (OH, OW, C)."""

    kernel_size: int | tuple
    stride: int | tuple | None = None
    padding: int | tuple | str = 0
    _: KW_ONLY
    dilation: int | tuple = 1
    fit: str = "floor"
    count_include_pad: bool = False

    ranges = {"count_include_pad": bool}  # noqa: RUF012

    def options(self):
        return {**super().options(), "count_include_pad": self.count_include_pad}

    def forward(self, x, training=False):
        self.save_for_backward(training, x.shape)
        return ops.avg_pool2d(x, *self.window(), **self.options(), out=self._y(x))

    def backward(self, dy, need_dx=True):
        (x_shape,) = self.saved()
        if not need_dx:
            return None
        dx = self.buffer("dx", x_shape, dy.dtype)
        return ops.avg_pool2d_backward(dy, x_shape, *self.window(), **self.options(), out=dx)


@dataclass(eq=False)
class LpPool2d(_Pool):
    """The p-norm of each window, see ``ops.lp_pool2d``: (H, W, C) → (OH, OW, C)."""

    kernel_size: int | tuple
    _: KW_ONLY
    stride: int | tuple | None = None
    padding: int | tuple | str = 0
    dilation: int | tuple = 1
    fit: str = "floor"
    p: float = 2

    ranges = {"p": (1, 1e6)}  # noqa: RUF012

    def options(self):
        return {**super().options(), "p": self.p}

    def forward(self, x, training=False):
        self.training = training
        y = ops.lp_pool2d(x, *self.window(), **self.options(), out=self._y(x))
        self.save_for_backward(training, x, y)
        return y

    def backward(self, dy, need_dx=True):
        x, y = self.saved()
        if not need_dx:
            return None
        dx = self.buffer("dx", x.shape, x.dtype)
        return ops.lp_pool2d_backward(dy, x, y, *self.window(), **self.options(), out=dx)


@dataclass(eq=False)
class FractionalMaxPool2d(_MaxPooling):
    """Max pooling that shrinks by ``ratio`` between 1 and 2, see ``ops.fractional_max_pool2d``.

    (H, W, C) → (floor(H/ratio), floor(W/ratio), C). In training each batch draws other windows;
    otherwise they follow from ``seed`` alone, so that the same image always gets the same answer.
    On the GPU the gradients of windows that overlap are added in any order, so they may differ in
    their last bits.
    """

    ratio: float = 2**0.5
    _: KW_ONLY
    overlapping: bool = False
    pattern: str = "pseudorandom"
    seed: int = 0

    ranges = {"ratio": (1, 2), "overlapping": bool}  # noqa: RUF012

    def infer_shapes(self, input_shape):
        H, W, C = image_shape(self, input_shape)
        if not is_number(self.ratio):
            check_ranges(self, self.ranges)
        at_least(self.seed, "seed", 0)
        out = fractional_out(H, self.ratio), fractional_out(W, self.ratio)
        self._grid(self.seed, input_shape)
        return super().infer_shapes(input_shape, (*out, C))

    def init(self, rng, dtype=np.float32):
        super().init(rng, dtype)
        self.rng = np.random.default_rng(self.seed)

    def _grid(self, rng, input_shape):
        return ops.fractional_grid(input_shape[:2], self.ratio, pattern=self.pattern, rng=rng)

    def forward(self, x, training=False):
        if training and self.rng is None:
            raise self.not_initialised("random generator")
        grid = self._grid(self.rng if training else self.seed, x.shape[1:])
        options = {"grid": grid, "overlapping": self.overlapping}
        return self._pooled(ops.fractional_max_pool2d, x, training, **options)


@dataclass(eq=False)
class GlobalAvgPool2d(Layer):
    """The mean of every channel: (H, W, C) → (C,)."""

    def infer_shapes(self, input_shape):
        return super().infer_shapes(input_shape, image_shape(self, input_shape)[2:])

    def forward(self, x, training=False):
        self.save_for_backward(training, x.shape)
        return ops.global_avg_pool2d(x, out=self.buffer("y", (len(x), x.shape[3]), x.dtype))

    def backward(self, dy, need_dx=True):
        (x_shape,) = self.saved()
        if not need_dx:
            return None
        return ops.global_avg_pool2d_backward(dy, x_shape, out=self.buffer("dx", x_shape, dy.dtype))
