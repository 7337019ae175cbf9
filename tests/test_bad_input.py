"""Bad input to the operations: one clear sentence each, with the numbers and the way out."""

import numpy as np
import pytest

from cnnlab import MisfitError, ops

X = np.ones((2, 5, 6, 4), np.float32)
W = np.ones((6, 3, 3, 4), np.float32)


def refused(error, sentence, call, *arguments, **options):
    with pytest.raises(error, match=sentence):
        call(*arguments, **options)


def test_a_wrong_rank_names_the_shape_and_the_axes_needed():
    refused(
        ValueError,
        r"x has shape \(5, 6, 4\), but \(N, H, W, C\) is needed: add a batch axis",
        ops.conv2d,
        X[0],
        W,
    )
    refused(
        ValueError,
        r"w has shape \(6, 3\), but \(K, FH, FW, C // groups\)",
        ops.conv2d,
        X,
        W[:, :, 0, 0],
    )
    refused(ValueError, "x has shape", ops.max_pool2d, X[0], 2)
    refused(ValueError, r"\(N, D\) is needed", ops.linear, X, W)


def test_a_wrong_channel_count_names_both():
    refused(
        ValueError, "the filters expect 3 input channels.*but x has 4", ops.conv2d, X, W[..., :3]
    )
    refused(
        ValueError, "the filters expect 6 input channels, but x has 4", ops.conv_transpose2d, X, W
    )
    refused(
        ValueError, "w expects 3 inputs, but x has 4", ops.linear, np.ones((2, 4)), np.ones((5, 3))
    )


def test_groups_must_divide_channels_and_filters():
    refused(
        ValueError,
        "groups must divide the 4 input .* 3 does not: .* such as 2",
        ops.conv2d,
        X,
        W[..., :1],
        groups=3,
    )
    refused(
        ValueError,
        "groups must .* the 6 filters evenly, but 4 ",
        ops.conv2d,
        X,
        W[..., :1],
        groups=4,
    )
    refused(ValueError, "groups must be a positive integer, not 0", ops.conv2d, X, W, groups=0)


def test_a_kernel_larger_than_the_padded_input_is_a_misfit():
    refused(
        MisfitError,
        "kernel_size 9 does not fit an input of height 5",
        ops.conv2d,
        X,
        np.ones((1, 9, 3, 4)),
    )
    refused(
        MisfitError, "kernel_size 7 does not fit an input of width 6", ops.max_pool2d, X, (2, 7)
    )


@pytest.mark.parametrize("value", [0, -1, (1, 0)])
@pytest.mark.parametrize("name", ["stride", "dilation"])
def test_stride_and_dilation_start_at_one(name, value):
    for call, argument in (
        (ops.conv2d, W),
        (ops.max_pool2d, 2),
        (ops.avg_pool2d, 2),
        (ops.lp_pool2d, 2),
    ):
        refused(
            ValueError,
            f"{name} must be a positive integer .* not",
            call,
            X,
            argument,
            **{name: value},
        )


def test_negative_padding_is_refused():
    refused(
        ValueError, "padding must be a non-negative integer .* not -1", ops.conv2d, X, W, padding=-1
    )


def test_unknown_words_are_answered_with_the_known_ones():
    refused(
        ValueError,
        'padding "full" is not known: use "same", "valid"',
        ops.conv2d,
        X,
        W,
        padding="full",
    )
    refused(ValueError, 'fit "round" is not known: use "floor"', ops.conv2d, X, W, fit="round")
    refused(
        ValueError,
        'backend "tpu" is not known: use "numpy"',
        ops.conv2d,
        X,
        W,
        backend="tpu",
    )
    refused(ValueError, 'pattern "even" is not known', ops.fractional_max_pool2d, X, pattern="even")


def test_integers_are_converted(backend):
    whole = np.arange(20).reshape(1, 4, 5, 1)
    y = ops.conv2d(whole, np.ones((1, 2, 2, 1), int), backend=backend)
    assert y.dtype == np.float32 and y[0, 0, 0, 0] == 0 + 1 + 5 + 6
    assert (
        ops.conv2d(whole.astype(bool), np.ones((1, 2, 2, 1), np.float16), backend=backend).dtype
        == np.float32
    )


@pytest.mark.parametrize(
    "bad", [X.astype(object), X.astype(complex), X.astype(str)], ids=["object", "complex", "text"]
)
def test_arrays_that_hold_no_real_numbers_are_refused(bad):
    refused(TypeError, "x holds .* values: give an array of numbers", ops.conv2d, bad, W)
    refused(TypeError, "x holds", ops.relu, bad)


def test_ragged_lists_are_refused():
    refused(ValueError, "x is a ragged list", ops.relu, [[1, 2], [3]])


def test_images_without_pixels_are_refused():
    refused(ValueError, "at least one pixel", ops.conv2d, X[:, :0], W, padding=3)
    refused(ValueError, "at least one pixel", ops.max_pool2d, X[..., :0], 2)


def test_a_bias_or_gradient_of_the_wrong_shape_is_refused():
    refused(
        ValueError,
        r"b has shape \(5,\), but one bias for each filter needs \(6,\)",
        ops.conv2d,
        X,
        W,
        np.ones(5),
    )
    refused(ValueError, r"dy has shape .* needs \(2, 3, 4, 6\)", ops.conv2d_backward, X, X, W)
    refused(
        ValueError,
        "switches must be positions from 0 to 3",
        ops.max_pool2d_backward,
        [[[[1.0]]]],
        [[[[4]]]],
        (1, 2, 2, 1),
    )
    for shape, wrong in (
        ((2, 2, 2, 1), r"dy has shape \(1, 1, 1, 1\), which is not a pooling of x_shape"),
        ((1, 2, 2, 2), r"dy has shape \(1, 1, 1, 1\), which is not a pooling of x_shape"),
        ((2, 2), r"x_shape \(2, 2\) is not the shape of images: give four integers"),
    ):
        refused(ValueError, wrong, ops.max_pool2d_backward, [[[[1.0]]]], [[[[0]]]], shape)
    refused(TypeError, "out is not a pair", ops.max_pool2d, X, 2, out=np.ones(3))


def test_an_out_array_that_does_not_fit_is_refused():
    refused(ValueError, "out is float64", ops.conv2d, X, W, out=np.ones((2, 3, 4, 6)))


def test_a_norm_of_infinite_power_points_to_max_pooling():
    refused(ValueError, "for infinity use max_pool2d", ops.lp_pool2d, X, 2, p=np.inf)
    refused(
        ValueError, "p must be a finite number of at least 1, not 0.5", ops.lp_pool2d, X, 2, p=0.5
    )


def test_locally_connected_filters_must_match_the_places():
    refused(
        ValueError,
        "filters for 2x4 places, but 3x4 fit",
        ops.locally_connected2d,
        X,
        np.ones((2, 4, 1, 3, 3, 4)),
    )
