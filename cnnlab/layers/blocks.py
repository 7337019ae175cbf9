"""Blocks: layers around a shortcut (Residual) and layers side by side (Branches).

Each is a layer itself, so blocks may stand in a net, in a block, or in one another.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .. import ops
from ..shapes import MisfitError
from ..typing import Array, Shape
from .base import Layer
from .container import (
    Container,
    LayerList,
    check_layers,
    infer_child,
    run_child,
    run_child_backward,
    without_checks,
)


class Residual(Container):
    """``y = body(x) + shortcut(x)``; without a shortcut x itself is added.

    Where the body changes the shape, the shortcut must change it alike. Source: He et al., Deep
    Residual Learning, 2015.

    Arguments:
        *layers: the body, the first layer first.
        shortcut: a layer or several for the other path.

    Examples:
        >>> from cnnlab import Conv2d, ReLU, Residual
        >>> block = Residual(Conv2d(16, 3, padding=1), ReLU(), Conv2d(16, 3, padding=1))
        >>> cnnlab.Sequential(block, input_shape=(8, 8, 16)).output_shape
        (8, 8, 16)
    """

    def __init__(self, *layers: Layer, shortcut: Layer | Iterable[Layer] = ()) -> None:
        shortcut = (shortcut,) if isinstance(shortcut, Layer) else tuple(shortcut)
        self.body, self.shortcut = LayerList(*layers), LayerList(*shortcut)
        check_layers([self.body, self.shortcut])

    def children(self) -> dict[str, Layer]:
        return {"body": self.body, "shortcut": self.shortcut}

    def infer_shapes(self, input_shape: Shape) -> Shape:
        body, shortcut = (
            infer_child(name, part, input_shape) for name, part in self.children().items()
        )
        if body != shortcut:
            what = (
                "the shortcut gives"
                if self.shortcut.layers
                else "the input that is added to it has"
            )
            way = f"Conv2d({body[-1]}, 1, stride=...)" if len(body) == 3 else f"Linear({body[-1]})"
            raise MisfitError(
                f"the body gives {body}, but {what} {shortcut}: use padding in the body, or a "
                f"shortcut such as {way}"
            )
        self.input_shape, self.output_shape = tuple(input_shape), body
        return body

    def forward(self, x: Array, training: bool = False) -> Array:
        self.training = training
        y = self.buffer("y", (len(x), *self.output_shape), x.dtype)
        return np.add(*(run_child(*part, x, training) for part in self.children().items()), out=y)

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        body, shortcut = (
            run_child_backward(*part, dy, need_dx) for part in self.children().items()
        )
        if not need_dx:
            return None
        return np.add(body, shortcut, out=self.buffer("dx", body.shape, body.dtype))

    def config(self) -> dict[str, Any]:
        return {"layers": self.body.layers, "shortcut": self.shortcut.layers}

    @classmethod
    def from_config(cls, config):
        return cls(*config["layers"], shortcut=config["shortcut"])

    def __str__(self):
        shortcut = f", shortcut=[{self.shortcut.inside()}]" if self.shortcut.layers else ""
        return f"Residual({self.body.inside()}{shortcut})"

    __repr__ = __str__


class Branches(Container):
    """The same input through several branches, their outputs next to each other as channels.

    The branches must agree in height and width. Source: Szegedy et al., Going Deeper with
    Convolutions, 2014.

    Arguments:
        *branches: each a layer or a list of layers; an empty list passes the input on.

    Examples:
        >>> from cnnlab import Branches, Conv2d, MaxPool2d
        >>> block = Branches(Conv2d(64, 1), [MaxPool2d(3, 1, 1), Conv2d(32, 1)])
        >>> cnnlab.Sequential(block, input_shape=(8, 8, 16)).output_shape
        (8, 8, 96)
    """

    def __init__(self, *branches: Layer | list[Layer] | tuple[Layer, ...]) -> None:
        if not branches:
            raise ValueError("Branches needs at least one branch: a layer or a list of layers")
        self.branches = tuple(
            LayerList(*b) if isinstance(b, (list, tuple)) else without_checks(b) for b in branches
        )
        check_layers(self.branches)

    def children(self) -> dict[str, Layer]:
        return {str(number): branch for number, branch in enumerate(self.branches)}

    def infer_shapes(self, input_shape: Shape) -> Shape:
        outs = [infer_child(name, part, input_shape) for name, part in self.children().items()]
        if len({out[:-1] for out in outs}) > 1:
            raise MisfitError(
                f"the branches give {', '.join(map(str, outs))}: make height and width agree by "
                f"padding"
            )
        self._ends = np.cumsum([0, *(out[-1] for out in outs)]).tolist()
        self.input_shape, self.output_shape = tuple(input_shape), (*outs[0][:-1], self._ends[-1])
        return self.output_shape

    def forward(self, x: Array, training: bool = False) -> Array:
        self.training = training
        y = self.buffer("y", (len(x), *self.output_shape), x.dtype)
        return ops.join_channels(
            [run_child(*part, x, training) for part in self.children().items()], out=y
        )

    def backward(self, dy: Array, need_dx: bool = True) -> Array | None:
        total = None
        for named, start, end in zip(
            self.children().items(), self._ends, self._ends[1:], strict=False
        ):
            part = self.buffer(f"dy{start}", (*dy.shape[:-1], end - start), dy.dtype)
            ops.take_channels(dy, start, end, out=part)
            dx = run_child_backward(*named, part, need_dx)
            if need_dx and total is None:
                total = self.buffer("dx", dx.shape, dx.dtype)
                total[...] = dx
            elif need_dx:
                total += dx
        return total

    def config(self) -> dict[str, Any]:
        return {"branches": [b.layers if isinstance(b, LayerList) else b for b in self.branches]}

    @classmethod
    def from_config(cls, config):
        return cls(*config["branches"])

    def __str__(self):
        branches = (
            f"[{b.inside()}]" if isinstance(b, LayerList) else str(b) for b in self.branches
        )
        return f"Branches({', '.join(branches)})"

    __repr__ = __str__
