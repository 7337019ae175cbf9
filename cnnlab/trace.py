"""Every multiply of one operation as plain data: windows, products, sums, bias and total.

It is the only place that knows them, so that a picture, a formula or an exercise cannot disagree
with the library. Outputs come one at a time: image by image, filter by filter (channel by channel
in pooling), row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any, NamedTuple

from .ops import check
from .shapes import geometry, windows
from .validation import choice


class Tap(NamedTuple):
    """One cell of a window: place ``(u, v, c)`` in the filter, the cell under it, their product.

    ``c`` counts within the filter, ``channel`` within the image. Outside the image (``inside``
    False) the value is 0.
    """

    u: int
    v: int
    c: int
    row: int
    column: int
    channel: int
    inside: bool
    value: float
    weight: float
    product: float


class ConvStep(NamedTuple):
    """One output ``y[n, i, j, k]``: ``total`` = bias + the ``sums`` of the filter's channels."""

    place: tuple
    taps: tuple
    sums: tuple
    bias: float
    total: float


class ConvBackStep(NamedTuple):
    """What one ``dy[n, i, j, k]`` adds: ``dx`` to each cell in the image, ``dw`` to each weight.

    It adds itself to ``db[k]``. ``dx`` and ``dw`` run as ``taps`` do; outside the image dx is lost.
    """

    place: tuple
    taps: tuple
    dy: float
    dx: tuple
    dw: tuple


class Cell(NamedTuple):
    """One cell of a pooling window; outside the image its value is 0 and it never wins."""

    u: int
    v: int
    row: int
    column: int
    inside: bool
    value: float


class PoolStep(NamedTuple):
    """One output ``y[n, i, j, c]`` of a pooling window.

    ``winner`` is the number of the winning cell in max pooling, ``divisor`` what an average divides
    by; else None.
    """

    place: tuple
    cells: tuple
    winner: int | None
    divisor: int | None
    total: float


class PoolBackStep(NamedTuple):
    """What one ``dy[n, i, j, c]`` adds to the cells of its window: ``dx`` as ``step.cells``."""

    step: PoolStep
    dy: float
    dx: tuple


def trace(op: str, *arguments: Any, **options: Any) -> Iterator[ConvStep | PoolStep | Any]:
    """Every multiply of one operation: a generator of its steps, one for each output.

    Values are floats, exact where the numbers are small integers.

    Arguments:
        op: ``"conv2d"`` yields a ConvStep for each output, ``"max_pool2d"``, ``"avg_pool2d"`` and
            ``"lp_pool2d"`` a PoolStep; ``"conv2d_backward"`` yields a ConvBackStep for each dy, the
            pools' backward passes PoolBackSteps.
        *arguments: those of the operation in ``ops``; of a pool's backward pass
            ``(dy, x, kernel_size)``.
        **options: those of the operation.

    Returns:
        A generator of steps.

    Raises:
        ValueError: another ``op``, or whatever the operation raises.

    Examples:
        >>> from cnnlab.trace import trace
        >>> step = next(trace("conv2d", [[[[3.0], [4.0]]]], [[[[5.0], [6.0]]]], [1.0]))
        >>> [tap.product for tap in step.taps], step.total
        ([15.0, 24.0], 40.0)
    """
    return TRACES[choice("op", op, TRACES)](*arguments, **options)


def _conv2d(x, w, b=None, *, stride=1, padding=0, dilation=1, groups=1, fit="floor"):
    x, w, b = check.floats(x=x, w=w, b=b)
    check.rank("x", x, 4)
    check.rank("w", w, 4)
    check.pixels(x)
    check.channels(x.shape[3], w, groups)
    b = check.bias(b, (len(w),), x).tolist()
    geo = geometry(x.shape[1:3], w.shape[1:3], stride, padding, dilation, fit)
    return _conv_steps(x, w, b, geo, groups, fit)


def _conv_steps(x, w, b, geo, groups, fit):
    rows, columns = _windows(x.shape[1:3], geo, fit)
    K, _, _, C = w.shape
    for n, k in product(range(len(x)), range(K)):
        first = k // (K // groups) * C
        for i, j in product(range(geo.out[0]), range(geo.out[1])):
            taps = tuple(_taps(x[n], w[k], rows[i], columns[j], first))
            sums = tuple(sum(tap.product for tap in taps if tap.c == c) for c in range(C))
            yield ConvStep((n, i, j, k), taps, sums, b[k], sum(sums) + b[k])


def _windows(size, geo, fit):
    """The rows and the columns each window reads, in the image's own counting."""
    axes = zip(size, geo.kernel, geo.stride, geo.pads, geo.dilation, strict=True)
    return tuple(windows(*axis, fit) for axis in axes)


def _taps(image, filter_k, rows, columns, first):
    H, W, _ = image.shape
    for (u, row), (v, column), c in product(
        enumerate(rows), enumerate(columns), range(filter_k.shape[2])
    ):
        inside = 0 <= row < H and 0 <= column < W
        value = float(image[row, column, first + c]) if inside else 0.0
        weight = float(filter_k[u, v, c])
        # A place in the padding is skipped, not multiplied: 0 times an infinite weight would be
        # NaN.
        yield Tap(
            u,
            v,
            c,
            row,
            column,
            first + c,
            inside,
            value,
            weight,
            value * weight if inside else 0.0,
        )


def _conv2d_backward(dy, x, w, **options):
    dy, x, w = check.floats(dy=dy, x=x, w=w)
    steps = tuple(_conv2d(x, w, **options))
    _check_dy(dy, steps)
    return _conv_back_steps(dy, steps)


def _conv_back_steps(dy, steps):
    for step in steps:
        g = float(dy[step.place])
        dx = tuple(g * tap.weight if tap.inside else 0.0 for tap in step.taps)
        dw = tuple(g * tap.value if tap.inside else 0.0 for tap in step.taps)
        yield ConvBackStep(step.place, step.taps, g, dx, dw)


def _check_dy(dy, steps):
    shape = tuple(n + 1 for n in steps[-1].place) if steps else dy.shape
    check.same_shape("dy", dy, shape, "one value for each output")


def _pool(kind, x, kernel_size, stride=None, padding=0, *, dilation=1, fit="floor", **options):
    x = check.floats(x=x)
    check.rank("x", x, 4)
    check.pixels(x)
    stride = kernel_size if stride is None else stride
    geo = geometry(x.shape[1:3], kernel_size, stride, padding, dilation, fit, pooling=True)
    return _pool_steps(x, geo, fit, kind(geo=geo, size=x.shape[1:3], **options))


def _pool_steps(x, geo, fit, pool):
    rows, columns = _windows(x.shape[1:3], geo, fit)
    for n, c in product(range(len(x)), range(x.shape[3])):
        for i, j in product(range(geo.out[0]), range(geo.out[1])):
            cells = tuple(_cells(x[n, :, :, c], rows[i], columns[j]))
            yield PoolStep((n, i, j, c), cells, *pool(cells))


def _cells(image, rows, columns):
    H, W = image.shape
    for (u, row), (v, column) in product(enumerate(rows), enumerate(columns)):
        inside = 0 <= row < H and 0 <= column < W
        yield Cell(u, v, row, column, inside, float(image[row, column]) if inside else 0.0)


def _max(geo, size):
    """NaN counts as largest, and of equals the first wins."""

    def pool(cells):
        inside = [index for index, cell in enumerate(cells) if cell.inside]
        holes = [index for index in inside if cells[index].value != cells[index].value]
        winner = holes[0] if holes else max(inside, key=lambda index: cells[index].value)
        return winner, None, cells[winner].value

    return pool


def _average(geo, size, count_include_pad=False):
    def counts(cell):
        axes = zip((cell.row, cell.column), size, geo.pads, strict=True)
        padded = all(-before <= index < n + after for index, n, (before, after) in axes)
        return cell.inside or (count_include_pad and padded)

    def pool(cells):
        divisor = sum(map(counts, cells))
        return None, divisor, sum(cell.value for cell in cells) / divisor

    return pool


def _lp(geo, size, p=2):
    return lambda cells: (None, None, sum(abs(cell.value) ** p for cell in cells) ** (1 / p))


def _pool_backward(kind, route, dy, x, kernel_size, *window, **options):
    dy, x = check.floats(dy=dy, x=x)
    steps = tuple(_pool(kind, x, kernel_size, *window, **options))
    _check_dy(dy, steps)
    return _pool_back_steps(dy, steps, route, options)


def _pool_back_steps(dy, steps, route, options):
    for step in steps:
        g = float(dy[step.place])
        shares = (
            route(step, index, cell, **options) if cell.inside else 0.0
            for index, cell in enumerate(step.cells)
        )
        yield PoolBackStep(step, g, tuple(g * share if share else 0.0 for share in shares))


def _to_winner(step, index, cell, **options):
    return 1.0 if index == step.winner else 0.0


def _to_all(step, index, cell, **options):
    return 1.0 / step.divisor


def _by_size(step, index, cell, p=2, **options):
    """``sign(x) · (|x| / y)^(p − 1)``, and 0 where the whole window is 0."""
    size = (abs(cell.value) / step.total) ** (p - 1) if step.total else 0.0
    return size * ((cell.value > 0) - (cell.value < 0))


TRACES: dict[str, Callable] = {
    "conv2d": _conv2d,
    "conv2d_backward": _conv2d_backward,
    "max_pool2d": lambda *a, **o: _pool(_max, *a, **o),
    "max_pool2d_backward": lambda *a, **o: _pool_backward(_max, _to_winner, *a, **o),
    "avg_pool2d": lambda *a, **o: _pool(_average, *a, **o),
    "avg_pool2d_backward": lambda *a, **o: _pool_backward(_average, _to_all, *a, **o),
    "lp_pool2d": lambda *a, **o: _pool(_lp, *a, **o),
    "lp_pool2d_backward": lambda *a, **o: _pool_backward(_lp, _by_size, *a, **o),
}
