"""How each output of pooling is computed, written out, such as "(1 + 1 + 5 + 6) / 4".

Padding is left out, because no pool counts it. Long windows are shortened in the middle.
"""

from ...numbers import format_number

MOST, FIRST = 9, 4  # more values than that are shortened to the first few and the last


def in_brackets(value):
    text = format_number(value)
    return f"({text})" if text.startswith("−") else text


def shortened(words):
    return words if len(words) <= MOST else [*words[:FIRST], "…", words[-1]]


def left_side(mode, values, say):
    """What one window becomes, without the result."""
    if mode == "max":
        words = say(
            "pooling.ledger_max", values=", ".join(shortened([format_number(v) for v in values]))
        )
    elif mode == "average":
        words = f"({' + '.join(shortened([in_brackets(v) for v in values]))}) / {len(values)}"
    else:
        squares = [
            text if text == "…" else f"{text}²"
            for text in shortened([in_brackets(v) for v in values])
        ]
        words = f"√({' + '.join(squares)})"
    return words


def made_of(mode, values, say):
    """The left side for every output, in the order of the trace; ``values[c][i][j]`` are those of a
    window.
    """
    return [left_side(mode, window, say) for slice_ in values for row in slice_ for window in row]


def backward_words(view, dy, y, values, switches):
    """Where each ``dy`` goes, for every output, in the order of the trace."""
    return [
        _way_back(
            view,
            dy[i, j, c],
            y[i, j, c],
            len(window),
            None if switches is None else switches[i, j, c],
        )
        for c, slice_ in enumerate(values)
        for i, row in enumerate(slice_)
        for j, window in enumerate(row)
    ]


def _way_back(view, g, y, cells, switch):
    if view.mode == "max":
        row, column = divmod(int(switch), view.width)
        return view.say("pooling.back_max", g=format_number(g), row=row, column=column)
    if view.mode == "average":
        return view.say(
            "pooling.back_average", g=format_number(g), cells=cells, share=format_number(g / cells)
        )
    return view.say("pooling.back_l2", g=in_brackets(g), y=format_number(y))
