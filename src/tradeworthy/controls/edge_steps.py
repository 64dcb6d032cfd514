"""Whether a share has reached an edge, rounding aside."""

from tradeworthy.indicators.compiling import compiled

NOISE = 1e-9
"""Sums of money carry errors of 1e-13 of their size; a cent in ten million is 1e-9."""


@compiled()
def reached(share: float, edge: float) -> bool:
    """At or above the edge: a loss of 5% that rounding made 4.9999999999999% is a loss of 5%. NaN reaches nothing."""
    return share >= edge - NOISE
