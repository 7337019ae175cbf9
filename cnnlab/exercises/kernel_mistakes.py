"""The common wrong kernels for the exercise 05.kernel, each under the name of its mistake."""

from itertools import product
from math import prod

from ..cudatrace import cuda


def _grid(y):
    return cuda.grid(2)[::-1]


def _inside(i, j, x, y):
    return i < y.shape[0] and j < y.shape[1]


def _at(x, w, i, j, u, v, c):
    return x[i + u, j + v, c] * w[u, v, c]


def _put(y, i, j, total):
    y[i, j] = total


def _kernel(where=_grid, inside=_inside, term=_at, put=_put):
    """The kernel with another index, bounds check, product or way to write."""

    def kernel(x, w, y):
        i, j = where(y)
        if inside(i, j, x, y):
            put(y, i, j, _sum(x, w, i, j, term))

    return kernel


def _sum(x, w, i, j, term=_at):
    return sum(term(x, w, i, j, *tap) for tap in product(*map(range, w.shape)))


def _flipped(x, w, i, j, u, v, c):
    return x[i + u, j + v, c] * w[w.shape[0] - 1 - u, w.shape[1] - 1 - v, c]


def _since(axes):
    """The products since the sum was last set to 0, as in the loops over so many axes."""

    def term(x, w, i, j, *tap):
        last = tuple(n - 1 for n in w.shape[:axes])
        return _at(x, w, i, j, *tap) * (tap[:axes] == last)

    return term


def _added(y, i, j, total):
    y[i, j] += total


def _turned(y, i, j, total):
    y[j, i] = total


def _as_whole(rounding):
    def put(y, i, j, total):
        y[i, j] = rounding(total)

    return put


def _in_memory(start):
    """The kernel that adds up in y, with or without a start at 0."""

    def kernel(x, w, y):
        i, j = _grid(y)
        if _inside(i, j, x, y):
            if start:
                y[i, j] = 0
            for u, v, c in product(*map(range, w.shape)):
                y[i, j] += _at(x, w, i, j, u, v, c)

    return kernel


def _in_the_loop(axes):
    """The kernel that writes its sum at each step of the loops over so many axes."""

    def kernel(x, w, y):
        i, j = _grid(y)
        if _inside(i, j, x, y):
            for _ in range(prod(w.shape[:axes])):
                y[i, j] = _sum(x, w, i, j)

    return kernel


def _looping(rows, columns, alone=False):
    """The kernel whose threads walk over all rows, or all columns, or both; ``alone``: only the
    first one does.
    """

    def kernel(x, w, y):
        i, j = _grid(y)
        own = range(i, i + 1), range(j, j + 1)
        if _inside(0 if rows else i, 0 if columns else j, x, y) and not (alone and (i or j)):
            for a, b in product(
                range(y.shape[0]) if rows else own[0], range(y.shape[1]) if columns else own[1]
            ):
                y[a, b] = _sum(x, w, a, b)

    return kernel


def _grid_index(first, size, second):
    """The index in the grid counted in another way, from the words of y and of x."""

    def where(y):
        return tuple(first(axis) * size(axis) + second(axis) for axis in "yx")

    return where


def _word(name):
    return lambda axis: getattr(getattr(cuda, name), axis)


def _other_size(axis):
    return cuda.blockDim.x if axis == "y" else cuda.blockDim.y


_block, _thread = _word("blockIdx"), _word("threadIdx")


def _none(axis):
    return 0


def _one(axis):
    return 1


BOUNDS = (
    ("no_bounds_check", _kernel(inside=lambda i, j, x, y: True)),
    ("checks_one_axis", _kernel(inside=lambda i, j, x, y: i < y.shape[0])),
    ("checks_one_axis", _kernel(inside=lambda i, j, x, y: j < y.shape[1])),
    ("checks_with_or", _kernel(inside=lambda i, j, x, y: i < y.shape[0] or j < y.shape[1])),
    ("checks_the_input", _kernel(inside=lambda i, j, x, y: i < x.shape[0] and j < x.shape[1])),
    ("one_too_far", _kernel(inside=lambda i, j, x, y: i <= y.shape[0] and j <= y.shape[1])),
    ("one_too_far", _kernel(inside=lambda i, j, x, y: i <= y.shape[0] and j < y.shape[1])),
    ("one_too_far", _kernel(inside=lambda i, j, x, y: i < y.shape[0] and j <= y.shape[1])),
    ("one_too_few", _kernel(inside=lambda i, j, x, y: i < y.shape[0] - 1 and j < y.shape[1] - 1)),
    ("swapped_bounds", _kernel(inside=lambda i, j, x, y: j < y.shape[0] and i < y.shape[1])),
    ("check_turned_round", _kernel(inside=lambda i, j, x, y: i >= y.shape[0] and j >= y.shape[1])),
    ("check_turned_round", _kernel(inside=lambda i, j, x, y: not _inside(i, j, x, y))),
)
INDEXING = (
    ("swapped_i_j", _kernel(where=lambda y: cuda.grid(2))),
    ("swapped_in_y", _kernel(put=_turned)),
    ("forgot_block", _kernel(where=_grid_index(_none, _one, _thread))),
    ("forgot_thread", _kernel(where=_grid_index(_block, _one, _none))),
    ("miscounted_place", _kernel(where=_grid_index(_block, _one, _thread))),
    ("miscounted_place", _kernel(where=_grid_index(_block, _word("gridDim"), _thread))),
    ("miscounted_place", _kernel(where=_grid_index(_block, _other_size, _thread))),
    ("one_number_of_the_grid", _kernel(where=lambda y: divmod(cuda.grid(1), y.shape[1]))),
    ("one_thread_alone", _looping(True, True, alone=True)),
    ("loops_over_outputs", _looping(True, True)),
    ("loops_over_outputs", _looping(True, False)),
    ("loops_over_outputs", _looping(False, True)),
)
SUMS = (
    ("added_to_y", _kernel(put=_added)),
    ("whole_numbers", _kernel(put=_as_whole(int))),
    ("whole_numbers", _kernel(put=_as_whole(round))),
    ("no_start_at_zero", _in_memory(start=False)),
    ("sums_in_memory", _in_memory(start=True)),
    ("writes_in_the_loop", _in_the_loop(3)),
    ("writes_in_the_loop", _in_the_loop(2)),
    ("writes_in_the_loop", _in_the_loop(1)),
    ("last_product", _kernel(term=_since(3))),
    ("starts_again", _kernel(term=_since(2))),
    ("starts_again", _kernel(term=_since(1))),
    ("forgot_offset", _kernel(term=lambda x, w, i, j, u, v, c: x[i, j, c] * w[u, v, c])),
    ("swapped_in_x", _kernel(term=lambda x, w, i, j, u, v, c: x[j + u, i + v, c] * w[u, v, c])),
    ("swapped_u_v", _kernel(term=lambda x, w, i, j, u, v, c: x[i + v, j + u, c] * w[u, v, c])),
    ("swapped_u_v", _kernel(term=lambda x, w, i, j, u, v, c: x[i + u, j + v, c] * w[v, u, c])),
    ("forgot_filter", _kernel(term=lambda x, w, i, j, u, v, c: x[i + u, j + v, c])),
    ("flipped_filter", _kernel(term=_flipped)),
    ("one_channel", _kernel(term=lambda x, w, i, j, u, v, c: _at(x, w, i, j, u, v, 0) * (c == 0))),
)
MISTAKES = BOUNDS + INDEXING + SUMS
