"""What each kind of layer does for one of its units, as parts: the maps it reads, weights, what
each part gives.

Each maker takes the nodes, the node, its inputs in float64 and the unit, and returns fields of an
Decomposition.
"""

from itertools import pairwise, product

import numpy as np

from .. import ops
from ..shapes import geometry, pads, pair, windows
from .graph import flattened_shape


def channel(a, unit):
    """Unit ``unit`` of an activation, as (H, W); of a row of numbers as (1, 1)."""
    return a[..., unit].reshape(a.shape[:-1] or (1, 1))


def _alone(size):
    """Every place reads itself."""
    return tuple(((at, 0),) for at in range(size))


def _summed(units, x, w, y, rows, columns, bias):
    """The parts of a sum, channels first."""
    x, y = np.moveaxis(x, -1, 0), np.moveaxis(y, -1, 0)
    result = y.sum(axis=0) + (0 if bias is None else bias)
    return {
        "way": "sum",
        "units": tuple(units),
        "x": x,
        "w": w,
        "y": y,
        "rows": rows,
        "columns": columns,
        "bias": bias,
        "result": result,
    }


def _bias(layer, place):
    return np.asarray(layer.params["bias"][place], float).reshape(1, 1) if layer.bias else None


def _window_pairs(size, kernel, stride, padding, dilation, fit):
    """For each output row, and column, its (place in the input, tap) pairs."""
    geo = geometry(size, kernel, stride, padding, dilation, fit)
    axes = zip(size, geo.kernel, geo.stride, geo.pads, geo.dilation, strict=True)
    return tuple(
        tuple(tuple((at, u) for u, at in enumerate(window)) for window in windows(*a, fit))
        for a in axes
    )


def _conv(nodes, node, inputs, k):
    (x,), layer = inputs, node.layer
    w = np.asarray(layer.params["weight"][k], float)
    C = w.shape[2]
    first = k // (node.units // layer.groups) * C
    image, slices = x[..., first : first + C], w.transpose(2, 0, 1)
    options = {
        "stride": layer.stride,
        "padding": layer.padding,
        "dilation": layer.dilation,
        "fit": layer.fit,
    }
    y = ops.conv2d(image[None], slices[..., None], groups=C, **options)[0]
    read = _window_pairs(
        x.shape[:2], w.shape[:2], layer.stride, layer.padding, layer.dilation, layer.fit
    )
    return _summed(range(first, first + C), image, slices, y, *read, _bias(layer, k))


def _transpose(nodes, node, inputs, k):
    (x,), layer = inputs, node.layer
    w = np.asarray(layer.params["weight"], float)
    C, K = len(w) // layer.groups, node.units // layer.groups
    first = k // K * C
    image, slices = x[..., first : first + C], w[first : first + C, :, :, k % K]
    options = {
        "padding": layer.padding,
        "output_padding": layer.output_padding,
        "dilation": layer.dilation,
    }
    y = ops.conv_transpose2d(
        image[None], slices[..., None], stride=layer.stride, groups=C, **options
    )[0]
    sizes = x.shape[:2], slices.shape[1:], y.shape[:2]
    steps = pair(layer.stride, "stride"), pads(layer.padding), pair(layer.dilation, "dilation")
    read = (_stamps(*axis) for axis in zip(*sizes, *steps, strict=True))
    return _summed(range(first, first + C), image, slices, y, *read, _bias(layer, k))


def _stamps(W, F, out, S, P, D):
    """For each output, the (input, tap) pairs whose stamp covers it."""
    hits = [[] for _ in range(out)]
    for at, u in product(range(W), range(F)):
        place = at * S + u * D - P[0]
        if 0 <= place < out:
            hits[place].append((at, u))
    return tuple(map(tuple, hits))


def _local(nodes, node, inputs, k):
    (x,), layer = inputs, node.layer
    w = np.asarray(layer.params["weight"][:, :, k : k + 1], float)
    options = {
        "stride": layer.stride,
        "padding": layer.padding,
        "dilation": layer.dilation,
        "fit": layer.fit,
    }
    C = x.shape[2]
    each = [
        ops.locally_connected2d(x[None, ..., c : c + 1], w[..., c : c + 1], **options)[0]
        for c in range(C)
    ]
    bias = np.asarray(layer.params["bias"][..., k], float) if layer.bias else None
    read = _window_pairs(
        x.shape[:2], w.shape[3:5], layer.stride, layer.padding, layer.dilation, layer.fit
    )
    return _summed(
        range(C), x, np.moveaxis(w[:, :, 0], -1, 0), np.concatenate(each, axis=-1), *read, bias
    )


def _linear(nodes, node, inputs, k):
    """Where the numbers are those of an image, its channels are the parts, each with a weight for
    every pixel.
    """
    (x,), layer = inputs, node.layer
    shape = flattened_shape(nodes, node.inputs[0]) or (1, 1, len(x))
    image = x.reshape(shape)
    w = np.asarray(layer.params["weight"][k], float).reshape(shape)
    y = (image * w).sum(axis=(0, 1))[None, None]
    rows, columns = (((*((at, at) for at in range(n)),),) for n in shape[:2])
    return _summed(range(shape[2]), image, w.transpose(2, 0, 1), y, rows, columns, _bias(layer, k))


def _add(nodes, node, inputs, k):
    maps = np.stack([channel(x, k) for x in inputs], axis=-1)
    made = _summed((k, k), maps, None, maps, *map(_alone, maps.shape[:2]), None)
    return {**made, "sources": node.inputs}


def _pool(nodes, node, inputs, c):
    (x,), layer = inputs, node.layer
    size, more = x.shape[:2], {}
    if node.kind == "fractional":
        edges = ops.fractional_grid(size, layer.ratio, pattern=layer.pattern, rng=layer.seed)
        rows, columns = (_regions(e, layer.overlapping) for e in edges)
    elif node.kind == "global":
        rows, columns = ((tuple((at, at) for at in range(n)),) for n in size)
        more = {"divisors": np.full((1, 1), size[0] * size[1])}
    else:
        stride = layer.kernel_size if layer.stride is None else layer.stride
        rows, columns = _window_pairs(
            size, layer.kernel_size, stride, layer.padding, layer.dilation, layer.fit
        )
        more = {"p": layer.p} if node.kind == "lp" else {}
        if node.kind == "average":
            more = {"divisors": _divisors(size, layer, stride, rows, columns)}
    return _one(x, c, rows, columns, "window", more)


def _regions(edges, overlapping):
    reach = 1 if overlapping else 0
    spans = (range(low, min(high + reach, edges[-1])) for low, high in pairwise(edges))
    return tuple(tuple((at, u) for u, at in enumerate(span)) for span in spans)


def _divisors(size, layer, stride, rows, columns):
    """By how many cells each window's sum is divided: those in the image, or in the padding too if
    it counts.
    """
    geo = geometry(size, layer.kernel_size, stride, layer.padding, layer.dilation, layer.fit)
    around = geo.pads if layer.count_include_pad else ((0, 0), (0, 0))
    counts = [
        [sum(-before <= at < n + after for at, _ in window) for window in axis]
        for axis, n, (before, after) in zip((rows, columns), size, around, strict=True)
    ]
    return np.outer(*counts)


def _one(x, unit, rows, columns, way, more):
    """A unit that reads a single map."""
    source = channel(x, unit)[None]
    found = {
        "way": way,
        "units": (unit,),
        "x": source,
        "y": source,
        "rows": rows,
        "columns": columns,
        "more": more,
    }
    return found


def value_by_itself(nodes, node, inputs, unit):
    (x, *_), more = inputs, _numbers(node, inputs, unit)
    size = x.shape[:-1] or (1, 1)
    if (
        x.ndim == 3 and node.flat
    ):  # an unknown layer that makes a row of numbers: the map it might read
        return _one(x, min(unit, x.shape[-1] - 1), (), (), "value", more)
    return _one(x, min(unit, x.shape[-1] - 1), *map(_alone, size), "value", more)


def _flatten(nodes, node, inputs, unit):
    (x,) = inputs
    *place, c = np.unravel_index(unit, x.shape) if x.ndim == 3 else (0, 0, unit)
    rows, columns = ((((int(at), 0),),) for at in place)
    return _one(x, int(c), rows, columns, "value", {})


def _join(nodes, node, inputs, unit):
    """The unit of the path it comes from, as it is."""
    for number, x in zip(node.inputs, inputs, strict=True):
        if unit < x.shape[-1]:
            return {
                **_one(x, unit, *map(_alone, x.shape[:-1] or (1, 1)), "value", {}),
                "sources": (number,),
            }
        unit -= x.shape[-1]
    raise AssertionError("a join has as many units as its paths together")


def _numbers(node, inputs, unit):
    """The numbers of the formula of a layer that treats values by themselves."""
    (x, *_), layer = inputs, node.layer
    if node.kind == "batch":
        return _normal(
            layer, unit, layer.state["running_mean"][unit], layer.state["running_var"][unit]
        )
    if node.kind == "group":
        width = x.shape[-1] // layer.num_groups
        first = unit // width * width
        mine = x[..., first : first + width]
        return _normal(layer, unit, mine.mean(), mine.var())
    if node.kind == "response":
        quiet = ops.local_response_norm(x, layer.size, **layer.options())[..., unit]
        value = channel(x, unit)
        scale = np.where(
            value == 0, 1.0, value / np.where(quiet == 0, 1.0, quiet).reshape(value.shape)
        )
        return {"scale": scale}
    return {}


def _normal(layer, unit, mean, var):
    weight, bias = layer.params["weight"][unit], layer.params["bias"][unit]
    numbers = {"mean": mean, "var": var, "eps": layer.eps, "weight": weight, "bias": bias}
    return {name: float(value) for name, value in numbers.items()}


MAKERS = {
    "conv": _conv,
    "transpose": _transpose,
    "local": _local,
    "linear": _linear,
    "add": _add,
    "join": _join,
    "flatten": _flatten,
    **dict.fromkeys(("max", "average", "lp", "fractional", "global"), _pool),
}
