"""The ledger of a net: shapes, parameters and multiply-accumulates of each layer.

Nothing is allocated for it. Shapes and counts are for one image; a value takes 4 bytes in float32
and 8 in float64, and 1 KiB is 1024 bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from math import log2, prod

from .layers.container import LayerList
from .numbers import format_number
from .texts import say
from .typing import Shape


@dataclass(frozen=True)
class Row:
    """One layer of a Ledger.

    Attributes:
        layer: how it is written; of a frozen layer, with that word behind it.
        output_shape: what it puts out for one image.
        parameters: how many weights and biases it has.
        macs: multiply-accumulates of one forward pass over one image.
        parts: the rows of the layers inside it.
    """

    layer: str
    output_shape: Shape
    parameters: int
    macs: int
    parts: tuple[Row, ...] = ()

    @property
    def values(self):
        """How many numbers it puts out for one image; for a block, those of the layers inside it.

        So layers cost the same in blocks as in a row: the sum of a Residual and the channels that
        Branches join are not counted once more, though training keeps an array for each.
        """
        return sum(part.values for part in self.parts) if self.parts else prod(self.output_shape)


@dataclass(frozen=True, repr=False)
class Ledger:
    """What a net costs: one row for each layer, and their sums.

    Attributes:
        input_shape: the shape of one image.
        rows: a Row for each layer.
        itemsize: bytes of a number.
    """

    input_shape: Shape
    rows: tuple[Row, ...]
    itemsize: int = 4

    @property
    def parameters(self):
        """All weights and biases."""
        return sum(row.parameters for row in self.rows)

    @property
    def macs(self):
        """Multiply-accumulates of one forward pass over one image."""
        return sum(row.macs for row in self.rows)

    @property
    def values(self):
        """Numbers that the rows put out for one image; the image itself is not among them."""
        return sum(row.values for row in self.rows)

    def table(self) -> list[tuple[str, ...]]:
        """Lines of text cells: layer, output, parameters, MACs. Rows inside a row are indented."""
        lines = [line for row in self.rows for line in _lines(row)]
        values = say("ledger.values", values=f"{self.values:,}")
        total = (say("ledger.total"), values, f"{self.parameters:,}", f"{self.macs:,}")
        return [(say("ledger.input"), _size(self.input_shape), "", ""), *lines, total]

    def __str__(self):
        lines = [_heading(), *self.table()]
        widths = [max(len(line[column]) for line in lines) for column in range(4)]
        texts = [_aligned(line, widths) for line in lines]
        rule = "-" * len(texts[0])
        return "\n".join([texts[0], rule, *texts[1:-1], rule, texts[-1], self._memory()])

    __repr__ = __str__

    def _memory(self):
        values, parameters = (in_bytes(n * self.itemsize) for n in (self.values, self.parameters))
        return say("ledger.memory", values=values, parameters=parameters)

    def _repr_html_(self):
        heading = "".join(f"<th>{escape(name)}</th>" for name in _heading())
        body = "".join(_html(line) for line in self.table())
        table = f"<thead><tr>{heading}</tr></thead><tbody>{body}</tbody>"
        return f"<table>{table}</table><p>{escape(self._memory())}</p>"


def row(layer, prefix=""):
    """A row of the ledger, ``prefix`` being where the layer stands inside the row around it."""
    name = type(layer).__name__ if layer.children() else str(layer)
    if layer.param_shapes and not layer.trainable and not layer.children():
        name = say("ledger.frozen", layer=name)
    counts = layer.parameter_count, layer.macs()
    return Row(f"{prefix} {name}".strip(), layer.output_shape, *counts, tuple(_rows_inside(layer)))


def _rows_inside(layer, prefix=""):
    for name, part in layer.children().items():
        if isinstance(part, LayerList):
            yield from _rows_inside(part, f"{prefix}{name}.")
        else:
            yield row(part, f"{prefix}{name}")


def in_bytes(count):
    """A number of bytes for people: ``"58.1 MiB"``; each unit is 1024 of the one before."""
    unit = min(int(log2(max(count, 1)) // 10), 4)
    if not unit:
        return say("ledger.bytes", count=count)
    return f"{format_number(count / 1024**unit)} {('', 'KiB', 'MiB', 'GiB', 'TiB')[unit]}"


def _heading():
    return tuple(say(f"ledger.{name}") for name in ("layer", "output", "parameters", "macs"))


def _size(shape):
    return "x".join(str(n) for n in shape)


def _lines(row, depth=0):
    cells = _size(row.output_shape), f"{row.parameters:,}", f"{row.macs:,}"
    inner = [line for part in row.parts for line in _lines(part, depth + 1)]
    return [("  " * depth + row.layer, *cells), *inner]


def _aligned(line, widths):
    name, *cells = line
    numbers = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
    return "  ".join([name.ljust(widths[0]), *numbers])


def _html(line):
    name = escape(line[0]).replace("  ", "&emsp;")
    cells = "".join(f'<td style="text-align: right">{cell}</td>' for cell in line[1:])
    return f'<tr><td style="text-align: left">{name}</td>{cells}</tr>'
