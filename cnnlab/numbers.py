"""How a number is written where people read it; the views' JavaScript writes it the same way.

Whole numbers in full, else three digits, of which none before the point is lost; what is not 0 is
not written as 0.
"""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from math import isfinite

LARGE = 1e6  # from here on with a power of ten
PLACES = 3


@lru_cache(maxsize=4096)
def said(value, places=PLACES):
    """A number in ``places`` digits, or decimals below 1: "0.123", "12.3", "−3704", "1.23e6",
    "5e−5", "∞".

    Ties are rounded away from 0, and the minus is a true one.
    """
    value = float(value)
    if not isfinite(value):
        return "NaN" if value != value else "∞" if value > 0 else "−∞"
    size = abs(value)
    sign = "−" if value < 0 else ""
    if value.is_integer() and size < LARGE:
        return f"{sign}{size:.0f}"
    text = _fixed(size, places)
    if float(text) >= LARGE:
        return sign + _power(size, places)
    if float(text) == 0:  # one digit more, or as a power
        text = _fixed(size, places + 1)
    return sign + (text if float(text) else _power(size, 1))


def _fixed(size, places):
    """With as many decimals as ``places`` leaves beside the digits before the point; zeros at the
    end are left out.
    """
    decimals = places if size < 1 else max(0, places - len(str(int(size))))
    text = str(
        Decimal(size).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=400))
    )
    return text.rstrip("0").rstrip(".") if "." in text else text


def _power(size, places):
    """Digits and a power of ten: "1.23e6", "5e−5"."""
    digits, power = (
        f"{Context(places, ROUND_HALF_UP).create_decimal(Decimal(size)):e}".lower().split("e")
    )
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return f"{digits}e{int(power)}".replace("-", "−")
