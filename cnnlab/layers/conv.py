"""Layers with weights: convolutions, shared, transposed or unshared, and the fully-connected layer.

They start from normal weights that keep the size of the signal through a deep net (He et al.,
Delving Deep into Rectifiers, 2015): variance 2 over the number of inputs an output adds up, or 1
over it where no ReLU follows.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from math import prod, sqrt

from ..ops import check
from ..shapes import MisfitError, conv_out, transposed_out
from ..typing import Fit, Padding, Shape, Size
from ..validation import integer, pair
from .base import image_shape
from .weights import WithWeights, with_bias


def _check_groups(groups, C, K):
    integer("out_channels", K)
    integer("groups", groups)
    if C % groups or K % groups:
        raise MisfitError(check.uneven_groups(groups, C, K))


@dataclass(eq=False)
class Conv2d(WithWeights):
    """K filters that slide over the image: (H, W, C) → (OH, OW, out_channels).

    See ``ops.conv2d``.

    Arguments:
        out_channels: filters, K.
        kernel_size: extent of a filter, F: an int or ``(FH, FW)``.
        stride: cells from one window to the next, S.
        padding: zeros around the image, P: see ``shapes.pads``.
        dilation: cells from one tap of the filter to the next, D; 1 is dense.
        groups: runs of channels that are convolved apart; it divides the channels and K.
        bias: False leaves out the bias.
        fit: what becomes of cells that no window reaches: see ``shapes.out_size``.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.Conv2d(20, 5), input_shape=(28, 28, 1))
        >>> net.output_shape, net.params["0.weight"].shape
        ((24, 24, 20), (20, 5, 5, 1))
    """

    out_channels: int
    kernel_size: Size
    _: KW_ONLY
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    groups: int = 1
    bias: bool = True
    fit: Fit = "floor"

    operation = "conv2d"

    def infer_shapes(self, input_shape: Shape) -> Shape:
        H, W, C = image_shape(self, input_shape)
        K = self.out_channels
        _check_groups(self.groups, C, K)
        OH, OW = conv_out(
            (H, W), self.kernel_size, self.stride, self.padding, self.dilation, self.fit
        )
        weight = (K, *pair("kernel_size", self.kernel_size), C // self.groups)
        self.std = sqrt(2 / prod(weight[1:]))
        return super().infer_shapes(input_shape, (OH, OW, K), with_bias(self, weight, (K,)))

    def options(self):
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "groups": self.groups,
            "fit": self.fit,
        }

    def macs(self) -> int:
        OH, OW, _ = self.output_shape
        return OH * OW * prod(self.param_shapes["weight"])


@dataclass(eq=False)
class ConvTranspose2d(WithWeights):
    """The transpose of a convolution, which enlarges: (H, W, C) → (OH, OW, out_channels).

    See ``ops.conv_transpose2d``.

    Arguments:
        output_padding: cells added at the bottom and right.
        out_channels, kernel_size, stride, padding, dilation, groups, bias: as in ``Conv2d``.

    Examples:
        >>> layer = cnnlab.ConvTranspose2d(3, 2, stride=2)
        >>> cnnlab.Sequential(layer, input_shape=(4, 5, 8)).output_shape
        (8, 10, 3)
    """

    out_channels: int
    kernel_size: Size
    _: KW_ONLY
    stride: Size = 1
    padding: Padding = 0
    output_padding: Size = 0
    dilation: Size = 1
    groups: int = 1
    bias: bool = True

    operation = "conv_transpose2d"

    def infer_shapes(self, input_shape: Shape) -> Shape:
        H, W, C = image_shape(self, input_shape)
        K = self.out_channels
        _check_groups(self.groups, C, K)
        geometry = self.kernel_size, self.stride, self.padding, self.output_padding, self.dilation
        OH, OW = transposed_out((H, W), *geometry)
        FH, FW = pair("kernel_size", self.kernel_size)
        # Stamps lie S cells apart, so an output adds up only every S-th tap of the filter along
        # each axis.
        taps = max(1, FH * FW / prod(pair("stride", self.stride)))
        self.std = sqrt(2 / (taps * C / self.groups))
        weight = (C, FH, FW, K // self.groups)
        return super().infer_shapes(input_shape, (OH, OW, K), with_bias(self, weight, (K,)))

    def options(self):
        return {
            "stride": self.stride,
            "padding": self.padding,
            "output_padding": self.output_padding,
            "dilation": self.dilation,
            "groups": self.groups,
        }

    def macs(self) -> int:
        H, W, _ = self.input_shape
        return H * W * prod(self.param_shapes["weight"])


@dataclass(eq=False)
class LocallyConnected2d(WithWeights):
    """A convolution with separate filters at every position: (H, W, C) → (OH, OW, out_channels).

    See ``ops.locally_connected2d``.

    Arguments:
        out_channels, kernel_size, stride, padding, dilation, bias, fit: as in ``Conv2d``.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.LocallyConnected2d(2, 3), input_shape=(4, 5, 1))
        >>> net.params["0.weight"].shape
        (2, 3, 2, 3, 3, 1)
    """

    out_channels: int
    kernel_size: Size
    _: KW_ONLY
    stride: Size = 1
    padding: Padding = 0
    dilation: Size = 1
    bias: bool = True
    fit: Fit = "floor"

    operation = "locally_connected2d"

    def infer_shapes(self, input_shape: Shape) -> Shape:
        H, W, C = image_shape(self, input_shape)
        K = self.out_channels
        integer("out_channels", K)
        OH, OW = conv_out(
            (H, W), self.kernel_size, self.stride, self.padding, self.dilation, self.fit
        )
        weight = (OH, OW, K, *pair("kernel_size", self.kernel_size), C)
        self.std = sqrt(2 / prod(weight[3:]))
        return super().infer_shapes(input_shape, (OH, OW, K), with_bias(self, weight, (OH, OW, K)))

    def options(self):
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "fit": self.fit,
        }

    def macs(self) -> int:
        return prod(self.param_shapes["weight"])


@dataclass(eq=False)
class Linear(WithWeights):
    """Every output sees every input: (D,) → (out_features,). See ``ops.linear``.

    Arguments:
        out_features: outputs, K.
        bias: False leaves out the bias.

    Examples:
        >>> net = cnnlab.Sequential(cnnlab.Linear(10), input_shape=(64,))
        >>> net.parameter_count
        650
    """

    out_features: int
    _: KW_ONLY
    bias: bool = True

    operation = "linear"

    def infer_shapes(self, input_shape: Shape) -> Shape:
        if len(input_shape) != 1:
            raise MisfitError(
                f"Linear needs a row of numbers (D,), but its input has shape "
                f"{tuple(input_shape)}: "
                f"put Flatten() before it"
            )
        (D,) = input_shape
        K = self.out_features
        integer("out_features", K)
        self.std = sqrt(1 / D)
        return super().infer_shapes(input_shape, (K,), with_bias(self, (K, D), (K,)))

    def macs(self) -> int:
        return prod(self.param_shapes["weight"])
