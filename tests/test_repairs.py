"""What an error advises works: every repair of a MisfitError is tried."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlab import MisfitError, ops, shapes


def pairs(low, high):
    return st.one_of(st.integers(low, high), st.tuples(*[st.integers(low, high)] * 2))


arguments = st.fixed_dictionaries(
    {
        "kernel_size": pairs(1, 9),
        "stride": pairs(1, 5),
        "padding": st.one_of(
            pairs(0, 4), st.tuples(st.tuples(*[st.integers(0, 4)] * 2), st.just((0, 1)))
        ),
        "dilation": pairs(1, 4),
        "fit": st.sampled_from(["floor", "exact", "ceil"]),
    }
)
sizes = st.tuples(st.integers(1, 9), st.integers(1, 9))


def refused(call, given_arguments):
    """The MisfitError of a call, or None."""
    try:
        call(**given_arguments)
    except MisfitError as error:
        return error
    return None


@settings(max_examples=300, deadline=None)
@given(sizes, arguments, st.booleans())
def test_every_way_out_fits_and_is_something_else(size, given_arguments, pooling):
    def call(**changed):
        shapes.geometry(size, **changed, pooling=pooling)

    error = refused(call, given_arguments)
    if error is None:
        return
    assert error.repairs
    for way in error.repairs:
        assert any(given_arguments[name] != value for name, value in way.items())
        assert refused(call, given_arguments | way) is None, (str(error), way)
        for name, value in way.items():
            said = f'fit="{value}"' if name == "fit" else str(value)
            assert said in str(error)


@settings(max_examples=60, deadline=None)
@given(sizes, arguments, st.sampled_from([ops.max_pool2d, ops.avg_pool2d, ops.lp_pool2d]))
def test_every_way_out_of_a_pooling_pools(size, given_arguments, pool):
    x = np.ones((1, *size, 1), np.float32)
    error = refused(lambda **changed: pool(x, **changed, backend="numpy"), given_arguments)
    for way in error.repairs if error else ():
        assert 0 not in pool(x, **given_arguments | way, backend="numpy").shape


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 9))
def test_every_way_out_of_a_transposed_convolution_leaves_an_output(size, F, padding):
    error = refused(
        lambda **changed: shapes.transposed_out((size, size), F, **changed), {"padding": padding}
    )
    for way in error.repairs if error else ():
        assert min(shapes.transposed_out((size, size), F, **way)) >= 1


def test_padding_only_with_dilation_is_answered_by_what_works():
    x = np.ones((1, 1, 1, 1))
    with pytest.raises(MisfitError, match="use dilation 1") as error:
        ops.max_pool2d(x, 2, 1, 1, dilation=2)
    for way in error.value.repairs:
        assert ops.max_pool2d(
            x, **{"kernel_size": 2, "stride": 1, "padding": 1, "dilation": 2} | way
        ).size


@pytest.mark.parametrize(
    "value",
    [2.0, True, np.float32(2), np.True_, "2", None, [2.0, 2], (True, 2), np.array(2.5), 2**40],
)
@pytest.mark.parametrize("name", ["stride", "padding", "dilation", "kernel_size"])
def test_what_is_taken_for_a_whole_number_does_not_depend_on_what_was_asked_before(name, value):
    x = np.ones((1, 7, 7, 1), np.float32)
    options = {"kernel_size": 2, "stride": 2, "padding": 1, "dilation": 1}
    for good in (1, 2, (1, 2), (2, 2)):
        refused(lambda **changed: ops.max_pool2d(x, **changed), options | {name: good})
        shapes.windows(7, 2, 2)
    if name == "stride" and value is None:
        return
    with pytest.raises(ValueError, match=f'{name} (must be |"2" is not known)'):
        ops.max_pool2d(x, **options | {name: value})
    with pytest.raises(ValueError):
        shapes.windows(7, 2, value)


@pytest.mark.parametrize("value", [np.int64(2), np.array(2), np.uint8(2)])
def test_whole_numbers_of_numpy_are_whole_numbers(value):
    assert shapes.geometry((7, 7), value, value, value, value) == shapes.geometry(
        (7, 7), 2, 2, 2, 2
    )


@pytest.mark.parametrize("fit", ["Floor", "cei", None, 1, ["floor"], np.array("floor")])
def test_a_fit_that_is_misspelt_is_answered_with_the_known_ones(fit):
    with pytest.raises(ValueError, match='is not known: use "floor", "exact" or "ceil"'):
        shapes.geometry((5, 5), 2, fit=fit)
