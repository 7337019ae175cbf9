"""The operations of convolutional networks on NumPy arrays, forward and backward.

Channels last: images are ``(N, H, W, C)``. Every function checks its arguments, allocates its
result (or writes ``out``) and calls a kernel of the backend in use, or of the one that ``backend``
names. Those without ``backend`` need no kernel to choose: ``tanh``, ``sigmoid``, ``softmax`` and
``log_softmax`` are NumPy's arithmetic, where the arrays lie, ``global_avg_pool2d`` averages by
``avg_pool2d``, and ``dropout_mask``, ``join_channels``, ``take_channels`` and ``fractional_grid``
only draw or move numbers.
"""

from .columns import col2im, im2col
from .conv import conv2d, conv2d_backward, conv_transpose2d, conv_transpose2d_backward
from .dense import linear, linear_backward, log_softmax, softmax
from .fractional import fractional_grid, fractional_max_pool2d
from .local import locally_connected2d, locally_connected2d_backward
from .lp_pool import lp_pool2d, lp_pool2d_backward
from .norm import (
    batch_norm,
    batch_norm_backward,
    group_norm,
    group_norm_backward,
)
from .pointwise import (
    dropout_mask,
    join_channels,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    take_channels,
    tanh,
    tanh_backward,
)
from .pool import (
    avg_pool2d,
    avg_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from .pool_global import global_avg_pool2d, global_avg_pool2d_backward, global_max_pool2d
from .response_norm import local_response_norm, local_response_norm_backward

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "col2im",
    "conv2d",
    "conv2d_backward",
    "conv_transpose2d",
    "conv_transpose2d_backward",
    "dropout_mask",
    "fractional_grid",
    "fractional_max_pool2d",
    "global_avg_pool2d",
    "global_avg_pool2d_backward",
    "global_max_pool2d",
    "group_norm",
    "group_norm_backward",
    "im2col",
    "join_channels",
    "linear",
    "linear_backward",
    "local_response_norm",
    "local_response_norm_backward",
    "locally_connected2d",
    "locally_connected2d_backward",
    "log_softmax",
    "lp_pool2d",
    "lp_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "take_channels",
    "tanh",
    "tanh_backward",
]
