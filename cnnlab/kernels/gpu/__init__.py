"""The kernels of the GPU, by Numba's CUDA compiler. Formulas and arguments: see ``reference``.

Each function takes arrays in either memory: those in the processor's are sent, and the results
fetched again.
"""

from .conv import conv2d, conv2d_dw, conv2d_dx
from .device import DeviceArray, NoGPUError, asarray, empty, require, require_real, synchronize
from .groups import (
    local_response_norm,
    local_response_norm_backward,
    standardise_groups,
    standardise_groups_backward,
)
from .linear import linear, linear_dw, linear_dx, multiclass_svm, softmax_cross_entropy
from .norm import channel_sums, moments, normalise, normalise_backward
from .pointwise import dropout_mask, overlap, put_channels, relu, relu_backward, span, take_channels
from .pool import (
    avg_pool2d,
    avg_pool2d_backward,
    fractional_max_pool2d,
    lp_pool2d,
    lp_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from .steps import RULES, step
from .told import tell
from .unshared import (
    col2im,
    im2col,
    locally_connected2d,
    locally_connected2d_dw,
    locally_connected2d_dx,
    turn,
)

__all__ = [
    "RULES",
    "DeviceArray",
    "NoGPUError",
    "asarray",
    "avg_pool2d",
    "avg_pool2d_backward",
    "channel_sums",
    "col2im",
    "conv2d",
    "conv2d_dw",
    "conv2d_dx",
    "dropout_mask",
    "empty",
    "fractional_max_pool2d",
    "im2col",
    "linear",
    "linear_dw",
    "linear_dx",
    "local_response_norm",
    "local_response_norm_backward",
    "locally_connected2d",
    "locally_connected2d_dw",
    "locally_connected2d_dx",
    "lp_pool2d",
    "lp_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "moments",
    "multiclass_svm",
    "normalise",
    "normalise_backward",
    "overlap",
    "put_channels",
    "relu",
    "relu_backward",
    "require",
    "require_real",
    "softmax_cross_entropy",
    "span",
    "standardise_groups",
    "standardise_groups_backward",
    "step",
    "synchronize",
    "take_channels",
    "tell",
    "turn",
]
