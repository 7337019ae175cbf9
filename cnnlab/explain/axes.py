"""Which input positions each output position of a layer reads, along one axis.

Down and across are independent. Each class answers three questions: ``taps`` lists what every place
reads, ``links`` says the same as bools, and ``boxes`` turns spans of places into spans of what they
read, which may reach beyond the input.
"""

from dataclasses import dataclass

import numpy as np

from ..shapes import extent, geometry


def plane(shape):
    """Height and width of a shape; a row of numbers has a single place."""
    return shape[:2] if len(shape) == 3 else (1, 1)


@dataclass(frozen=True)
class Same:
    """Every place reads itself."""

    size: int

    def taps(self):
        return tuple(((place, 0),) for place in range(self.size))

    def links(self):
        return np.eye(self.size, dtype=bool)

    def boxes(self, spans):
        return spans


@dataclass(frozen=True)
class Whole:
    """Each of ``places`` reads all ``cells``."""

    places: int
    cells: int

    def taps(self):
        return (tuple((cell, cell) for cell in range(self.cells)),) * self.places

    def links(self):
        return np.ones((self.places, self.cells), bool)

    def boxes(self, spans):
        return np.repeat([[0, self.cells]], len(spans), axis=0)


@dataclass(frozen=True)
class Pixel:
    """The only place reads cell ``index`` of ``cells``."""

    index: int
    cells: int

    def taps(self):
        return (((self.index, 0),),)

    def links(self):
        return np.arange(self.cells)[None] == self.index

    def boxes(self, spans):
        return np.repeat([[self.index, self.index + 1]], len(spans), axis=0)


@dataclass(frozen=True)
class Window:
    """Place ``i`` reads the cells ``i·S − P + u·D``, for ``u`` from 0 to ``F − 1``."""

    places: int
    cells: int
    F: int
    S: int
    P: int
    D: int

    def taps(self):
        starts = range(-self.P, self.places * self.S - self.P, self.S)
        return tuple(tuple((start + u * self.D, u) for u in range(self.F)) for start in starts)

    def links(self):
        offset = np.arange(self.cells) - (np.arange(self.places)[:, None] * self.S - self.P)
        return _is_tap(offset, self.F, self.D)

    def boxes(self, spans):
        return spans * self.S - self.P + np.array([0, extent(self.F, self.D) - self.S])


@dataclass(frozen=True)
class Stamp:
    """Cell ``m`` is stamped onto the places ``m·S − P + u·D``, for ``u`` from 0 to ``F − 1``."""

    places: int
    cells: int
    F: int
    S: int
    P: int
    D: int

    def _offsets(self):
        return np.arange(self.places)[:, None] + self.P - self.S * np.arange(self.cells)

    def taps(self):
        offsets = self._offsets()
        return tuple(
            tuple((int(cell), int(row[cell]) // self.D) for cell in np.flatnonzero(hits))
            for row, hits in zip(offsets, self.links(), strict=True)
        )

    def links(self):
        return _is_tap(self._offsets(), self.F, self.D)

    def boxes(self, spans):
        first = -((self.D * (self.F - 1) - self.P - spans[:, 0]) // self.S)
        last = (spans[:, 1] - 1 + self.P) // self.S
        return np.stack([first, last + 1], axis=1)


def _is_tap(offset, F, D):
    """Is an offset from the start of a window one of its F taps, D cells apart?"""
    return (offset >= 0) & (offset < D * F) & (offset % D == 0)


@dataclass(frozen=True, eq=False)
class Regions:
    """Place ``i`` reads from cell ``edges[i]`` up to ``edges[i + 1]``, which too if overlapping."""

    edges: np.ndarray
    cells: int
    overlapping: bool

    def _spans(self):
        stops = np.minimum(self.edges[1:] + self.overlapping, self.cells)
        return np.stack([self.edges[:-1], stops], axis=1)

    def taps(self):
        spans = self._spans().tolist()
        return tuple(tuple((cell, cell - low) for cell in range(low, high)) for low, high in spans)

    def links(self):
        low, high = self._spans()[:, :, None].transpose(1, 0, 2)
        return (np.arange(self.cells) >= low) & (np.arange(self.cells) < high)

    def boxes(self, spans):
        edges = self.edges[np.clip(spans, 0, len(self.edges) - 1)]
        return np.minimum(edges + np.array([0, self.overlapping]), self.cells)


def whole_axes(node, shape, unit=None):
    """Every place of the node reads all places of an input of this shape."""
    return tuple(map(Whole, plane(node.shape), plane(shape)))


def same_axes(node, shape, unit=None):
    """Every place of the node reads the same place of its input."""
    return tuple(map(Same, plane(shape)))


def window_axes(node, shape, unit=None):
    """The windows of a layer with kernel_size, stride, padding, dilation and fit."""
    layer = node.layer
    stride = layer.kernel_size if layer.stride is None else layer.stride
    geo = geometry(shape[:2], layer.kernel_size, stride, layer.padding, layer.dilation, layer.fit)
    before = (pad for pad, _ in geo.pads)
    return tuple(map(Window, geo.out, shape, geo.kernel, geo.stride, before, geo.dilation))
