"""The arithmetic of windows, against windows placed one by one."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlab import MisfitError, shapes
from cnnlab.validation import pair
from helpers import brute

axis = dict(
    W=st.integers(1, 30),
    F=st.integers(1, 6),
    S=st.integers(1, 5),
    before=st.integers(0, 4),
    after=st.integers(0, 4),
    D=st.integers(1, 3),
)


@given(**axis)
def test_out_size_counts_the_windows_that_fit(W, F, S, before, after, D):
    places = brute.count_windows(W, F, S, before, after, D)
    if places:
        assert shapes.out_size(W, F, S, (before, after), D) == places
    else:
        with pytest.raises(MisfitError):
            shapes.out_size(W, F, S, (before, after), D)


@given(**axis)
def test_exact_fit_is_refused_just_where_cells_are_left_over(W, F, S, before, after, D):
    places = brute.count_windows(W, F, S, before, after, D)
    last = -before + (places - 1) * S + D * (F - 1)
    if places and last == W + after - 1:
        assert shapes.out_size(W, F, S, (before, after), D, "exact") == places
    else:
        with pytest.raises(MisfitError):
            shapes.out_size(W, F, S, (before, after), D, "exact")


@given(**axis)
def test_ceil_adds_one_window_for_leftover_cells_if_it_begins_before_the_end(
    W, F, S, before, after, D
):
    places = brute.count_windows(W, F, S, before, after, D)
    if not places:
        return
    left_over = -before + (places - 1) * S + D * (F - 1) < W + after - 1
    begins_inside = -before + places * S < W
    assert shapes.out_size(W, F, S, (before, after), D, "ceil") == places + (
        left_over and begins_inside
    )


@given(**axis)
def test_every_repair_fits_exactly(W, F, S, before, after, D):
    given_values = {"stride": S, "padding": (before, after), "kernel_size": F}
    for name, value in shapes.repairs(W, F, S, (before, after), D).items():
        changed = given_values | {name: value}
        places = shapes.out_size(
            W, changed["kernel_size"], changed["stride"], changed["padding"], D, "exact"
        )
        assert places >= 1 and value != given_values[name]


@given(**axis)
def test_windows_begin_in_the_padding_and_step_by_the_stride(W, F, S, before, after, D):
    places = brute.count_windows(W, F, S, before, after, D)
    if not places:
        return
    windows = shapes.windows(W, F, S, (before, after), D)
    assert windows == tuple(tuple(-before + i * S + u * D for u in range(F)) for i in range(places))


@given(W=st.integers(1, 40), F=st.integers(1, 7), S=st.integers(1, 4), D=st.integers(1, 3))
def test_same_padding_divides_the_size_by_the_stride_rounded_up(W, F, S, D):
    pads = shapes.pads("same", (W, W), (F, F), (S, S), (D, D))[0]
    assert shapes.out_size(W, F, S, pads, D) == -(-W // S)
    assert pads[1] - pads[0] in (0, 1)


def test_paddings_may_be_written_in_five_ways():
    assert shapes.pads(1) == ((1, 1), (1, 1))
    assert shapes.pads((1, 2)) == ((1, 1), (2, 2))
    assert shapes.pads(((1, 0), (2, 3))) == ((1, 0), (2, 3))
    assert shapes.pads("valid", (5, 5), (3, 3), (1, 1), (1, 1)) == ((0, 0), (0, 0))
    assert shapes.pads("same", (5, 5), (3, 4), (1, 1), (1, 1)) == ((1, 1), (1, 2))


def test_a_misfit_says_the_numbers_and_the_way_out():
    with pytest.raises(MisfitError) as error:
        shapes.out_size(3, 5, axis="height")
    assert str(error.value) == (
        "kernel_size 5 does not fit an input of height 3 with padding 0: use padding 1 or a "
        "kernel of at most 3"
    )
    with pytest.raises(MisfitError) as error:
        shapes.out_size(10, 3, 2, fit="exact")
    assert str(error.value) == (
        "kernel_size 3, stride 2, padding 0 give 4.5 outputs along an input of width 10: use "
        "stride 1 or "
        'padding (0, 1) or kernel_size 2, or fit="floor" to ignore the leftover'
    )


@given(W=st.integers(1, 9), F=st.integers(1, 12), P=st.integers(0, 2), D=st.integers(1, 3))
def test_the_padding_and_the_kernel_a_misfit_names_do_fit(W, F, P, D):
    try:
        shapes.out_size(W, F, 1, P, D)
    except MisfitError as error:
        words = str(error).replace(".", " ").split()
        padding = int(words[len(words) - 1 - words[::-1].index("padding") + 1])
        kernel = int(words[words.index("most") + 1])
        assert shapes.out_size(W, F, 1, padding, D) >= 1
        assert shapes.out_size(W, kernel, 1, P, D) >= 1
        with pytest.raises(MisfitError):
            shapes.out_size(W, kernel + 1, 1, P, D)


@given(
    st.lists(
        st.tuples(st.integers(1, 5), st.integers(1, 3), st.integers(1, 2)), min_size=1, max_size=4
    )
)
def test_receptive_field_is_what_one_unit_can_reach(layers):
    seen = {0}
    for F, S, D in reversed(layers):
        seen = {i * S + u * D for i in seen for u in range(F)}
    field = shapes.receptive_field(layers)
    assert field.size == max(seen) - min(seen) + 1
    jump = 1
    for _, S, _ in layers:
        jump *= S
    assert field.jump == jump


@given(
    size=st.integers(1, 20),
    F=st.integers(1, 5),
    S=st.integers(1, 4),
    D=st.integers(1, 3),
    P=st.integers(0, 2),
)
def test_a_transposed_convolution_undoes_the_size_of_its_convolution(size, F, S, D, P):
    room = size + 2 * P - D * (F - 1) - 1
    if room < 0:
        return
    out = shapes.out_size(size, F, S, P, D)
    extra = room - (out - 1) * S
    assert shapes.transposed_out((out, out), F, S, P, extra if extra < max(S, D) else 0, D)[0] in (
        size,
        size - extra,
    )


@given(W=st.integers(1, 60), ratio=st.floats(1, 2), u=st.floats(0.01, 0.99))
def test_fractional_regions_of_one_or_two_cells_cover_the_input(W, ratio, u):
    out = shapes.fractional_out(W, ratio)
    edges = shapes.fractional_edges(W, out, u)
    assert edges[0] == 0 and edges[-1] == W and len(edges) == out + 1
    assert {b - a for a, b in itertools.pairwise(edges)} <= {1, 2}


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: pair("stride", 0), "stride must be a positive integer or a pair .*, not 0"),
        (lambda: pair("dilation", (1, -2)), r"dilation must be .*, not \(1, -2\)"),
        (lambda: pair("stride", 1.5), "stride must be .*, not 1.5"),
        (lambda: pair("kernel_size", (1, 2, 3)), "kernel_size must be .*, not"),
        (
            lambda: shapes.pads("full", (5, 5), (3, 3), (1, 1), (1, 1)),
            'padding "full" is not known',
        ),
        (lambda: shapes.out_size(5, 3, fit="round"), 'fit "round" is not known'),
        (lambda: shapes.fractional_out(10, 3), "ratio must be a number from 1 to 2, not 3"),
        (lambda: shapes.transposed_out((3, 3), 3, 2, 1, 2), "output_padding 2 must be smaller"),
        (lambda: shapes.transposed_out((1, 1), 1, 1, 1), "leaves an output of"),
    ],
)
def test_bad_sizes_get_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()
