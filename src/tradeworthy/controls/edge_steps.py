"""Whether a share has reached an edge, rounding aside."""

from tradeworthy.indicators.compiling import compiled

NOISE = 1e-12
"""More than the rounding of sums over thousands of trades, less than a cent near an edge for accounts up to 50 million."""


@compiled()
def reached(share: float, edge: float) -> bool:
    """At or above the edge: a loss of 5% that rounding made 4.9999999999999% is a loss of 5%. NaN reaches nothing."""
    return share >= edge - NOISE
