"""How a number is written for people, the same in Python and in ``shared/web/dom.js``.

Whole numbers in full, else three digits, of which none before the point is lost; what is not 0 is
not written as 0. ``abs_max`` is the end of the scale on which numbers are coloured.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from math import isfinite

import numpy as np

LARGE = 1e6  # from here on with a power of ten
DIGITS = 3


@lru_cache(maxsize=4096)
def format_number(value, digits=DIGITS, large=LARGE):
    """A number in ``digits`` digits, or decimals below 1: "0.123", "12.3", "−3704", "1.23e6",
    "5e−5", "∞".

    Ties are rounded away from 0, and the minus is a true one.
    """
    value = float(value)
    if not isfinite(value):
        return "NaN" if value != value else "∞" if value > 0 else "−∞"
    size = abs(value)
    sign = "−" if value < 0 else ""
    if value.is_integer() and size < large:
        return f"{sign}{size:.0f}"
    text = _fixed(size, digits)
    if float(text) >= large:
        return sign + _power(size, digits)
    if float(text) == 0:  # one digit more, or as a power
        text = _fixed(size, digits + 1)
    return sign + (text if float(text) else _power(size, 1))


def format_percent(share, digits=DIGITS):
    """A share in per cent, by the same rule: "87.1 %", "100 %", "0.012 %"; "NaN" has no sign."""
    share = float(share)
    return f"{format_number(100 * share, digits)} %" if share == share else "NaN"


def _fixed(size, digits):
    """A number with the decimals that ``digits`` leaves after the point, without trailing zeros."""
    decimals = digits if size < 1 else max(0, digits - len(str(int(size))))
    step = Decimal(1).scaleb(-decimals)
    text = f"{Decimal(size).quantize(step, ROUND_HALF_UP, Context(prec=400)):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _power(size, digits):
    """Digits and a power of ten: "1.23e6", "5e−5"."""
    rounded = Context(digits, ROUND_HALF_UP).create_decimal(Decimal(size))
    mantissa, power = f"{rounded:e}".lower().split("e")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return f"{mantissa}e{int(power)}".replace("-", "−")


def abs_max(values):
    """The largest finite magnitude of the values, the end of a colour scale; 1 where all are 0."""
    values = np.asarray(values, float)
    return float(np.abs(values[np.isfinite(values)]).max(initial=0)) or 1.0
