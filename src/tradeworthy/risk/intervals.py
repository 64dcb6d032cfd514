"""From where to where a number may lie."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """low and high in the unit of the number, and the confidence (0.95 for 95%) with which it covers the true one.

    high is infinite where the data cannot bound it.
    """

    low: float
    high: float
    confidence: float
