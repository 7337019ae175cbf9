"""How many tiles a page of a gallery has, and how large they are.

A tile is a map, or a filter whose slices stand side by side, in several lines where they are many.
"""

from dataclasses import asdict, dataclass

CELLS = (
    48,
    44,
    40,
    36,
    32,
    28,
    24,
    20,
    18,
    16,
    14,
    12,
    10,
    9,
    8,
    7,
    6,
    5,
    4,
    3.5,
    3,
    2.5,
    2,
    1.5,
    1,
    0.75,
    0.5,
    0.25,
)
COUNTS = (
    1024,
    784,
    512,
    384,
    256,
    192,
    128,
    96,
    64,
    48,
    40,
    32,
    24,
    20,
    16,
    12,
    10,
    8,
    6,
    5,
    4,
    3,
    2,
    1,
)
ROOM = 120_000  # values of a page: they all travel to the browser
GAP, LABEL, SIDE = (
    8,
    16,
    42,
)  # between tiles; for the number above a map, or beside a filter of many slices


@dataclass(frozen=True)
class Plan:
    """``count`` tiles a page, ``across`` in a row, each of ``lines`` of ``line`` slices, a cell
    ``cell`` wide.
    """

    count: int
    across: int
    line: int
    lines: int
    cell: float
    gap: int
    label: int
    side: int

    def plain(self):
        """As the browser takes it."""
        return asdict(self)


def plan(total, slices, h, w, width, height):
    """The Plan for ``total`` tiles of ``slices`` slices ``(h, w)`` in a box of the drawing."""
    fewer = [total, *(count for count in COUNTS if count < total)]
    fewer = [count for count in fewer if count * slices * h * w <= ROOM] or [1]
    found = (_largest(count, slices, h, w, width, height) for count in fewer)
    found = [made for made in found if made]
    return next((made for made in found if _readable(made, slices, h, w)), found[-1])


def _readable(made, slices, h, w):
    cell, side = made.cell, made.cell * max(h, w)
    if slices > 1:
        return cell >= 5 or side >= 24
    return cell >= 14 or side >= 30


def _largest(count, slices, h, w, width, height):
    numbers = slices == h == w == 1
    gap, label = (4 if numbers else GAP), (LABEL if count <= 60 or not numbers else 0)
    for cell in CELLS:
        made = _made(count, slices, h, w, width, cell, gap, label)
        if made and made.across and _height(made, slices, h) <= height:
            return made
    return None


def _made(count, slices, h, w, width, cell, gap, label):
    if slices == 1:
        return Plan(
            count, int((width + gap) // (max(w * cell, 14) + gap)), 1, 1, cell, gap, label, 0
        )
    most = int((width - SIDE + cell) // ((w + 1) * cell))
    if most < 1:
        return None
    lines = -(-slices // most)
    line = -(-slices // lines)
    block = SIDE + (line * (w + 1) - 1) * cell
    return Plan(count, int((width + 2 * gap) // (block + 2 * gap)), line, lines, cell, gap, 0, SIDE)


def _height(made, slices, h):
    """How high all tiles together are."""
    rows = -(-made.count // made.across)
    tile = (
        h * made.cell + made.label
        if slices == 1
        else max(16, (made.lines * (h + 1) - 1) * made.cell)
    )
    return rows * (tile + made.gap) - made.gap
