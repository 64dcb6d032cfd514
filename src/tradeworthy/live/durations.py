"""Lengths of time in words."""

from tradeworthy.core.clock import DAY_NS, HOUR_NS, MINUTE_NS, SECOND_NS

_UNITS = ((2 * DAY_NS, DAY_NS, "days"), (2 * HOUR_NS, HOUR_NS, "h"), (2 * MINUTE_NS, MINUTE_NS, "min"))


def spoken(length_ns: int) -> str:
    """`0.4 s`, `75 s`, `2.5 min`, `26 h`, `3.1 days`: the largest unit of which there are two, one digit after the point.

    The digits are cut and not rounded, so that no length seems longer than it is.
    """
    unit, name = next(((unit, name) for least, unit, name in _UNITS if abs(length_ns) >= least), (SECOND_NS, "s"))
    tenths = abs(length_ns) * 10 // unit
    whole, rest = divmod(tenths, 10)
    sign = "-" if length_ns < 0 and tenths else ""
    return f"{sign}{whole:,}{f'.{rest}' if rest else ''} {name}"
