"""The exercise of lesson 00, start here: one small question, to show how answers are checked.

How many places a filter has is decided by ``shapes.out_size``; lesson 01 gives the formula.
"""

from .. import shapes
from .exercise import ValueExercise

SIDE, EXTENT = 8, 3

SIZE = ValueExercise(
    "00.size",
    shapes.out_size(SIDE, EXTENT),
    (
        ("as_large_as_the_picture", SIDE),
        ("counted_the_steps", SIDE - EXTENT),
        ("side_by_side", SIDE // EXTENT),
        ("with_a_border", shapes.out_size(SIDE, EXTENT, 1, 2)),
        ("whole_output", shapes.out_size(SIDE, EXTENT) ** 2),
    ),
    facts={"side": SIDE, "extent": EXTENT},
    solution="answer = 8 - 3 + 1",
)

EXERCISES = (SIZE,)
